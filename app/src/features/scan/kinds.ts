// What a scanned text is, told by its mark alone: whoever asked for it reads it as they read a pasted one. Nothing scanned is ever opened as an address.

import { HOST_SHOWN_MAX, SCANNED_LENGTH_MAX } from './limits.ts'

/** What a sheet asks for. */
export type Wanted = 'linking' | 'invite' | 'safety'

/** `elsewhere`: an invite for a Kith at another address. */
export type Scanned = { readonly kind: Wanted | 'other' } | { readonly kind: 'elsewhere'; readonly host: string }

const LINKING = /^Kith-[A-Za-z0-9_-]*$/
export const SAFETY_MARK = 'Kith safety number '
const INVITE = /^#i\/[A-Za-z0-9_-]/

/** `origin`: of this page. */
export const toScanned = (text: string, origin: string): Scanned => {
  if (text.length > SCANNED_LENGTH_MAX) return { kind: 'other' }
  if (LINKING.test(text)) return { kind: 'linking' }
  if (text.startsWith(SAFETY_MARK)) return { kind: 'safety' }
  const address = toAddress(text)
  if (address === undefined || !INVITE.test(address.hash)) return { kind: 'other' }
  return address.origin === origin ? { kind: 'invite' } : { kind: 'elsewhere', host: shown(address.host) }
}

const toAddress = (text: string): URL | undefined => {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  return new URL(text)
}

const shown = (host: string): string => (host.length > HOST_SHOWN_MAX ? `…${host.slice(-HOST_SHOWN_MAX)}` : host)
