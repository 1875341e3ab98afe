// The invite link (docs/protocol.md §3.2): all that matters stands after `#`, which no server is sent. Short, because it becomes a QR code.

import { parseBase64Url, toBase64Url } from '../bytes/bytes.ts'
import { DecodeError, encode, fixed, mapped, struct, text, tryDecode, u32, u8 } from '../bytes/codec.ts'
import { accountId } from '../bytes/ids.ts'
import { LINK_TEXT_LENGTH_MAX, RELAY_URL_BYTES_MAX } from '../limits.ts'
import { isRelayUrl } from '../wire/capability.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { RelayAddress } from '../wire/capability.ts'

export type Link = {
  /** Scheme, host and port of the page, e.g. `https://chat.example.org`; empty where only the fragment was read. */
  readonly origin: string
  /** An empty `url` stands for the origin itself. */
  readonly relay: RelayAddress
  readonly account: AccountId
  readonly token: Uint8Array
  readonly key: Uint8Array
  /** Seconds since 1970. */
  readonly expires: number
}

/** `version`: a link of a later Kith. */
export type LinkParsing =
  | { readonly kind: 'parsed'; readonly link: Link }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'version' }

const MARK = '#i/'
const VERSION = 1
const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?$/

export const createInviteLink = (link: Link): string =>
  `${link.origin}/${MARK}${toBase64Url(encode(linkCodec, { version: VERSION, ...link }))}`

/** Reads a whole link or only its part from `#` on. White space around it is let pass: people paste. */
export function parseInviteLink(input: string): LinkParsing {
  const given = input.trim()
  const at = given.indexOf(MARK)
  if (at < 0 || given.length > LINK_TEXT_LENGTH_MAX) return { kind: 'refused', reason: 'malformed' }
  const bytes = parseBase64Url(given.slice(at + MARK.length))
  if (bytes !== undefined && bytes[0] !== undefined && bytes[0] > VERSION) return { kind: 'refused', reason: 'version' }
  const origin = parseOrigin(given.slice(0, at))
  const fields = bytes && tryDecode(linkCodec, bytes)
  if (fields === undefined || fields.version !== VERSION || origin === undefined) return { kind: 'refused', reason: 'malformed' }
  const { relay, account, token, key, expires } = fields
  return { kind: 'parsed', link: { origin, relay, account, token, key, expires } }
}

/** Where the packet lies. `pageOrigin`: of the page that reads the link, where the link does not name its own. */
export function relayOfLink(link: Link, pageOrigin: string): RelayAddress {
  const origin = link.origin === '' ? pageOrigin : link.origin
  return link.relay.url === '' ? { key: link.relay.key, url: origin.replace(/^http/, 'ws') } : link.relay
}

export const isExpiredLink = (link: Link, now: number): boolean => now >= link.expires * 1_000

const relayUrl: Codec<string> = mapped(
  text(RELAY_URL_BYTES_MAX),
  (value) => {
    if (value !== '' && !isRelayUrl(value)) throw new DecodeError('not the address of a relay')
    return value
  },
  (value) => value,
)

const linkCodec: Codec<Omit<Link, 'origin'> & { readonly version: number }> = struct({
  version: u8,
  relay: struct({ key: fixed(32), url: relayUrl }),
  account: accountId,
  token: fixed(16),
  key: fixed(32),
  expires: u32,
})

// A page may live under its origin's root only, so the part before `#` is the origin and a slash, or nothing.
function parseOrigin(before: string): string | undefined {
  if (before === '' || before === '/') return ''
  const origin = before.endsWith('/') ? before.slice(0, -1) : before
  return ORIGIN.test(origin) ? origin : undefined
}
