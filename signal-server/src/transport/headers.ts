// The headers of every HTTP answer. The page may load code from here only, and talk to this relay and those the operator names.

export type HeaderOptions = {
  /** More relays that the page may connect to, as sources of a content security policy, e.g. `wss://other.example.org`. */
  readonly connect: readonly string[]
  /** The page is reached over HTTPS. */
  readonly isSecure: boolean
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/i
const PERMISSIONS = [
  'camera=(self)',
  'microphone=(self)',
  'clipboard-write=(self)',
  'display-capture=(self)',
  ...['accelerometer', 'clipboard-read', 'geolocation', 'gyroscope', 'magnetometer', 'midi', 'payment', 'usb'].map((name) => `${name}=()`),
].join(', ')

/** `host`: the request's Host header, as it came. */
export function headersOf({ connect, isSecure }: HeaderOptions, host: string | undefined): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policyOf(connect, host),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': PERMISSIONS,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(isSecure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
}

function policyOf(connect: readonly string[], host: string | undefined): string {
  // Not every browser counts ws: and wss: as 'self', so the host is named. It is the sender's word: anything odd is left out.
  const own = host !== undefined && HOST.test(host) ? [`ws://${host}`, `wss://${host}`] : []
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...own, ...connect].join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types kith vue',
  ].join('; ')
}
