// The link of a group (docs/protocol.md §12.6): a link as that of an invite, of version 2, that tells what it leads to without asking anybody.

import { parseBase64Url, toBase64Url } from '../bytes/bytes.ts'
import { encode, fixed, struct, text, tryDecode, u16, u32, u8 } from '../bytes/codec.ts'
import { accountId, conversationId } from '../bytes/ids.ts'
import { NAME_BYTES_MAX } from '../limits.ts'
import { findLinks } from './link-text.ts'
import { lettersOf, MARK, relayUrl, URL_LENGTH_AT } from './link.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId, ConversationId } from '../bytes/ids.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { FoundLink } from './link-text.ts'

export type GroupLink = {
  /** As of an invite's link. */
  readonly origin: string
  readonly relay: RelayAddress
  readonly conversation: ConversationId
  readonly founder: AccountId
  readonly secret: Uint8Array
  /** Seconds since 1970. */
  readonly expires: number
  /** When the link was shown: how many members there were, and what the group was called; may be empty. */
  readonly members: number
  readonly title: string
}

const VERSION = 2
/** Bytes beside those of the address and the title, the last of which says how long the title is. */
const FIXED_BYTES = 121

export const createGroupLink = (link: GroupLink): string =>
  `${link.origin}/${MARK}${toBase64Url(encode(linkCodec, { version: VERSION, ...link }))}`

/** The first group's link in a text of any kind; undefined where there is none that is whole. */
export function parseGroupLink(input: string): GroupLink | undefined {
  for (const found of findLinks(input)) {
    const link = parseFound(found)
    if (link !== undefined) return link
  }
  return undefined
}

function parseFound({ origin, token }: FoundLink): GroupLink | undefined {
  // Three bytes are four letters, so what stands before a multiple of three can be read without what follows.
  const begun = (bytes: number): Uint8Array => {
    const letters = lettersOf(Math.ceil(bytes / 3) * 3)
    return parseBase64Url(token(letters).padEnd(letters, 'A')) ?? new Uint8Array(0)
  }
  const head = begun(URL_LENGTH_AT + 1)
  if (head[0] !== VERSION) return undefined
  const untitled = FIXED_BYTES + (head[URL_LENGTH_AT] ?? 0)
  const bytes = parseBase64Url(token(lettersOf(untitled + (begun(untitled)[untitled - 1] ?? 0))))
  const fields = bytes && tryDecode(linkCodec, bytes)
  if (fields === undefined) return undefined
  const { relay, conversation, founder, secret, expires, members, title } = fields
  return { origin, relay, conversation, founder, secret, expires, members, title }
}

const linkCodec: Codec<Omit<GroupLink, 'origin'> & { readonly version: number }> = struct({
  version: u8,
  relay: struct({ key: fixed(32), url: relayUrl }),
  conversation: conversationId,
  founder: accountId,
  secret: fixed(16),
  expires: u32,
  members: u16,
  title: text(NAME_BYTES_MAX),
})
