// The invite link (docs/protocol.md §3.2): all that matters stands after `#`, which no server is sent. Short, because it becomes a QR code.

import { parseBase64Url, toBase64Url } from '../bytes/bytes.ts'
import { DecodeError, encode, fixed, mapped, struct, text, tryDecode, u32, u8 } from '../bytes/codec.ts'
import { accountId } from '../bytes/ids.ts'
import { RELAY_URL_BYTES_MAX } from '../limits.ts'
import { isRelayUrl } from '../wire/capability.ts'
import { findLinks } from './link-text.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { FoundLink } from './link-text.ts'

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

export const MARK = '#i/'
const VERSION = 1
/** Letters that tell the version and, at this byte, how long the relay's address is; and the bytes of all the rest. */
const HEAD_LETTERS = 48
export const URL_LENGTH_AT = 33
const FIXED_BYTES = 118

export const createInviteLink = (link: Link): string =>
  `${link.origin}/${MARK}${toBase64Url(encode(linkCodec, { version: VERSION, ...link }))}`

/**
 * The first good link in a text of any kind, whatever stands before and behind it, wrapped, quoted or encoded as other apps do. A link of which
 * something is missing is `malformed`.
 */
export function parseInviteLink(input: string): LinkParsing {
  const parsings = findLinks(input).map(parseFound)
  const good = parsings.find(({ kind }) => kind === 'parsed')
  const later = parsings.find((parsing) => parsing.kind === 'refused' && parsing.reason === 'version')
  return good ?? later ?? { kind: 'refused', reason: 'malformed' }
}

function parseFound({ origin, token }: FoundLink): LinkParsing {
  const head = parseBase64Url(token(HEAD_LETTERS).padEnd(HEAD_LETTERS, 'A'))
  if ((head?.[0] ?? 0) > VERSION) return { kind: 'refused', reason: 'version' }
  const bytes = parseBase64Url(token(lettersOf(FIXED_BYTES + (head?.[URL_LENGTH_AT] ?? 0))))
  const fields = bytes && tryDecode(linkCodec, bytes)
  if (fields === undefined || fields.version !== VERSION) return { kind: 'refused', reason: 'malformed' }
  const { relay, account, token: secret, key, expires } = fields
  return { kind: 'parsed', link: { origin, relay, account, token: secret, key, expires } }
}

export const lettersOf = (bytes: number): number => Math.ceil((bytes * 8) / 6)

/** Where the packet lies. `pageOrigin`: of the page that reads the link, where the link does not name its own. */
export function relayOfLink(link: Pick<Link, 'origin' | 'relay'>, pageOrigin: string): RelayAddress {
  const origin = link.origin === '' ? pageOrigin : link.origin
  return link.relay.url === '' ? { key: link.relay.key, url: origin.replace(/^http/, 'ws') } : link.relay
}

export const isExpiredLink = (link: Pick<Link, 'expires'>, now: number): boolean => now >= link.expires * 1_000

export const relayUrl: Codec<string> = mapped(
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
