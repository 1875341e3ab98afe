// Summaries of what rests lie in pages, by the first digits of their ids: so there are never more pages than those digits can name, and whoever wakes
// and changes is taken out of one. What is awake has a mark. A start reads the pages, the marks, and the rows of what is marked.

import { decode, encode, fixed, flag, list, oneOf, optional, struct, text, u32, u48 } from '../../bytes/codec.ts'
import { accountId, conversationId, deviceId, mailboxId } from '../../bytes/ids.ts'
import { RestMap } from '../../node/rest-map.ts'
import { mailboxGrant, relayAddress } from '../../wire/capability.ts'
import { inbox } from './people.ts'
import { MANY, row } from './row.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { RestKind } from '../../node/rest-map.ts'
import type { RestingChat, RestingContact } from '../../node/state.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** Hex digits of an id that name its page: 256 pages at most. */
const PAGE_DIGITS = 2

const restingChat: Codec<RestingChat> = struct({
  id: conversationId,
  devices: list(deviceId, MANY),
  signed: list(deviceId, MANY),
  other: accountId,
  name: optional(text(MANY)),
  invite: optional(
    struct({ status: oneOf<'used' | 'revoked' | 'expired'>(['used', 'revoked', 'expired']), relay: relayAddress, mailbox: mailboxId }),
  ),
  token: optional(text(64)),
  last: optional(
    struct({
      text: text(MANY),
      time: u48,
      tick: optional(oneOf<'relay' | 'unreadable' | 'delivered' | 'read'>(['relay', 'unreadable', 'delivered', 'read'])),
    }),
  ),
  unread: u32,
  authored: u48,
  hasTitle: flag,
  hasUnreadable: flag,
})

const restingContact: Codec<RestingContact> = struct({
  device: struct({ id: deviceId, signingKey: fixed(32) }),
  account: accountId,
  inbox: optional(inbox),
  outbox: optional(mailboxGrant),
  isPaired: flag,
})

/** What a page may hold is bounded by what may rest at all. */
const PAGE_ITEMS_MAX = 0xffff_ffff

type Summaries = { readonly chats: RestingChat; readonly contacts: RestingContact }
const PAGES = {
  chats: row(1, list(restingChat, PAGE_ITEMS_MAX)),
  contacts: row(1, list(restingContact, PAGE_ITEMS_MAX)),
} as const satisfies { readonly [Kind in RestKind]: Codec<readonly Summaries[Kind][]> }

/** Where pages and marks lie, all of them in the table `state`. */
export const pagesOf = (kind: RestKind) => ({ table: 'state', from: `rest/${kind}/`, to: `rest/${kind}/~` }) as const
export const marksOf = (kind: RestKind) => ({ table: 'state', from: `awake/${kind}/`, to: `awake/${kind}/~` }) as const

export const markRow = (kind: RestKind, id: string): StoreWrite => ({
  kind: 'put',
  table: 'state',
  key: `awake/${kind}/${id}`,
  value: new Uint8Array(0),
})

export const markedIn = <K extends string>(marks: readonly StoreRow[]): readonly K[] =>
  marks.map(({ key }) => key.slice(key.lastIndexOf('/') + 1) as K)

/** The summaries in these pages. Throws DecodeError. */
export function chatsIn(pages: readonly StoreRow[]): readonly RestingChat[] {
  const shared = createShared()
  return pages
    .flatMap(({ value }) => decode(PAGES.chats, value))
    .map((chat) => (chat.invite === undefined ? chat : { ...chat, invite: { ...chat.invite, relay: shared(chat.invite.relay) } }))
}

export function contactsIn(pages: readonly StoreRow[]): readonly RestingContact[] {
  const shared = createShared()
  return pages
    .flatMap(({ value }) => decode(PAGES.contacts, value))
    .map(({ inbox: own, outbox, ...contact }) => ({
      ...contact,
      inbox: own && { ...own, keys: { ...own.keys, relay: shared(own.keys.relay) } },
      outbox: outbox && { ...outbox, relay: shared(outbox.relay) },
    }))
}

// Thousands of contacts are at a few relays.
function createShared(): (relay: RelayAddress) => RelayAddress {
  const known = new Map<string, RelayAddress>()
  return (relay) => {
    const name = `${relay.key.join()} ${relay.url}`
    const before = known.get(name)
    if (before === undefined) known.set(name, relay)
    return before ?? relay
  }
}

/** Rows for all that went to rest, woke and changed, came or went between two states. */
export function restRows<Kind extends RestKind, K extends string, V>(
  kind: Kind,
  before: RestMap<K, V, Summaries[Kind]> = RestMap.of<K, V, Summaries[Kind]>(kind, []),
  after: RestMap<K, V, Summaries[Kind]>,
): readonly StoreWrite[] {
  const moved = after.pages.changedSince(before.pages)
  const pages = new Set(moved.map((id) => id.slice(0, PAGE_DIGITS)))
  const marks = [...new Set([...moved, ...after.changedSince(before)])].flatMap((id): readonly StoreWrite[] => {
    const [was, is] = [isMarked(before, id), isMarked(after, id)]
    if (was === is) return []
    return is ? [markRow(kind, id)] : [{ kind: 'delete', table: 'state', key: `awake/${kind}/${id}` }]
  })
  return [...marks, ...[...pages].flatMap((digits) => pageRows(kind, digits, after))]
}

const isMarked = <K extends string>(records: RestMap<K, unknown, unknown>, id: K): boolean => records.has(id) && !records.pages.has(id)

// Taken away and not overwritten: what it said of somebody who is not in it any more is unreadable with this very commit.
function pageRows<Kind extends RestKind, K extends string>(
  kind: Kind,
  digits: string,
  { pages }: RestMap<K, unknown, Summaries[Kind]>,
): readonly StoreWrite[] {
  const key = `rest/${kind}/${digits}`
  const summaries = pages.under(digits).map(([, summary]) => summary)
  const gone: StoreWrite = { kind: 'delete', table: 'state', key }
  if (summaries.length === 0) return [gone]
  return [gone, { kind: 'put', table: 'state', key, value: encode(PAGES[kind] as unknown as Codec<readonly Summaries[Kind][]>, summaries) }]
}
