// Summaries of what rests lie in pages, by the first digits of their ids: so there are never more pages than those digits can name, and whoever wakes
// and changes is taken out of one. What is awake has a mark. A start reads the pages, the marks, and the rows of what is marked.

import { concatBytes } from '../../bytes/bytes.ts'
import { bytes, decode, DecodeError, encode, flag, list, oneOf, optional, struct, text, u16, u32, u48 } from '../../bytes/codec.ts'
import { accountId, conversationId, deviceId, mailboxId } from '../../bytes/ids.ts'
import { RestMap } from '../../node/rest-map.ts'
import { isSameRelay, relayAddress } from '../../wire/capability.ts'
import { MANY, row } from './row.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { DeviceId, MailboxId } from '../../bytes/ids.ts'
import type { MailboxKeys } from '../../mailbox/keys.ts'
import type { RestKind } from '../../node/rest-map.ts'
import type { RestingChat, RestingContact } from '../../node/state.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** Hex digits of an id that name its page: 256 pages at most. */
const PAGE_DIGITS = 2
const KEY_BYTES = 32

/** The place of a relay among those of its page: thousands of contacts are at a few relays. */
type ChatItem = Omit<RestingChat, 'invite' | 'devices' | 'signed'> & {
  readonly feeds: readonly { readonly device: DeviceId; readonly hasSigned: boolean }[]
  readonly invite: (Omit<NonNullable<RestingChat['invite']>, 'relay'> & { readonly relay: number }) | undefined
}

const chatItem: Codec<ChatItem> = struct({
  id: conversationId,
  feeds: list(struct({ device: deviceId, hasSigned: flag }), MANY),
  other: accountId,
  name: optional(text(MANY)),
  invite: optional(
    struct({ status: oneOf<'used' | 'revoked' | 'expired'>(['used', 'revoked', 'expired']), relay: u16, mailbox: mailboxId }),
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

const place = struct({ relay: u16, mailbox: mailboxId })

/** `keys`: 32 bytes each: the device's signing key, then those of the mailboxes that there are. One byte string takes less room than six. */
const contactFields = {
  id: deviceId,
  account: accountId,
  isPaired: flag,
  inbox: optional(struct({ relay: u16, mailbox: mailboxId, registered: flag })),
  outbox: optional(place),
  keys: bytes(6 * KEY_BYTES),
}
const contactItem = struct(contactFields)
/** Where own mailboxes lie a second time. */
const contactOfTwo = struct({ ...contactFields, second: optional(struct({ relay: u16, registered: flag })) })
type ContactItem = typeof contactOfTwo extends Codec<infer Item> ? Item : never
type ContactPage = {
  readonly relays: readonly RelayAddress[]
  readonly items: readonly (Omit<ContactItem, 'second'> & Partial<Pick<ContactItem, 'second'>>)[]
}

const page = <T>(item: Codec<T>, version = 1) => row(version, struct({ relays: list(relayAddress, MANY), items: list(item, 0xffff_ffff) }))
const chatPage = page(chatItem)
const contactPage = page(contactItem)
/** Where there is one relay the pages are those of before. */
const TWO_RELAYS = 2
const contactPageOfTwo = page(contactOfTwo, TWO_RELAYS)

type Summaries = { readonly chats: RestingChat; readonly contacts: RestingContact }

const PAGES: { readonly [Kind in RestKind]: (summaries: readonly Summaries[Kind][]) => Uint8Array } = {
  chats(chats) {
    const { relays, placeOf } = createRelays()
    const items = chats.map((chat) => ({
      ...chat,
      feeds: chat.devices.map((device) => ({ device, hasSigned: chat.signed.includes(device) })),
      invite: chat.invite && { ...chat.invite, relay: placeOf(chat.invite.relay) },
    }))
    return encode(chatPage, { relays, items })
  },
  contacts(contacts) {
    const { relays, placeOf } = createRelays()
    const items = contacts.map(({ device, account, isPaired, inbox, outbox }): ContactItem => {
      const own = inbox === undefined ? [] : [inbox.keys.readSeed, inbox.keys.sendSeed, inbox.keys.sealKey]
      const theirs = outbox === undefined ? [] : [outbox.sendSeed, outbox.sealKey]
      return {
        id: device.id,
        account,
        isPaired,
        inbox: inbox && { relay: placeOf(inbox.keys.relay), mailbox: inbox.keys.mailbox, registered: inbox.registered },
        outbox: outbox && { relay: placeOf(outbox.relay), mailbox: outbox.mailbox },
        keys: concatBytes(device.signingKey, ...own, ...theirs),
        second: inbox?.second && { relay: placeOf(inbox.second.relay), registered: inbox.second.registered },
      }
    })
    const isOfTwo = items.some(({ second }) => second !== undefined)
    return isOfTwo ? encode(contactPageOfTwo, { relays, items }) : encode(contactPage, { relays, items })
  },
}

function createRelays() {
  const relays: RelayAddress[] = []
  return {
    relays,
    placeOf(relay: RelayAddress): number {
      const known = relays.findIndex((other) => isSameRelay(other, relay))
      return known < 0 ? relays.push(relay) - 1 : known
    },
  }
}

/** Keys that are one byte string in memory, and are taken out of it when they are asked for. */
class PackedKeys implements MailboxKeys {
  readonly relay: RelayAddress
  readonly mailbox: MailboxId
  readonly #keys: Uint8Array
  readonly #first: number

  /** `first`: the place of the first of its keys. */
  constructor(at: { readonly relay: RelayAddress; readonly mailbox: MailboxId }, keys: Uint8Array, first: number) {
    this.relay = at.relay
    this.mailbox = at.mailbox
    this.#keys = keys
    this.#first = first
  }

  get readSeed(): Uint8Array {
    return keyIn(this.#keys, this.#first - 1)
  }

  get sendSeed(): Uint8Array {
    return keyIn(this.#keys, this.#first)
  }

  get sealKey(): Uint8Array {
    return keyIn(this.#keys, this.#first + 1)
  }
}

const keyIn = (keys: Uint8Array, at: number): Uint8Array => keys.slice(at * KEY_BYTES, (at + 1) * KEY_BYTES)

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
  return pages.flatMap(({ value }) => {
    const { relays, items } = decode(chatPage, value)
    return items.map(({ feeds, other, invite, ...item }): RestingChat => ({
      ...item,
      devices: feeds.map(({ device }) => shared.id(device)),
      signed: feeds.flatMap(({ device, hasSigned }) => (hasSigned ? [shared.id(device)] : [])),
      other: shared.id(other),
      invite: invite && { ...invite, relay: shared.relay(relays, invite.relay) },
    }))
  })
}

export function contactsIn(pages: readonly StoreRow[]): readonly RestingContact[] {
  const shared = createShared()
  return pages.flatMap(({ value }) => {
    const { relays, items }: ContactPage = value[0] === TWO_RELAYS ? decode(contactPageOfTwo, value) : decode(contactPage, value)
    return items.map((item): RestingContact => {
      const { id, account, isPaired, inbox, outbox, keys, second } = item
      const count = 1 + (inbox === undefined ? 0 : 3) + (outbox === undefined ? 0 : 2)
      if (keys.length !== count * KEY_BYTES) throw new DecodeError('a contact without its keys')
      const at = (of: { readonly relay: number; readonly mailbox: MailboxId }) => ({
        relay: shared.relay(relays, of.relay),
        mailbox: of.mailbox,
      })
      return {
        device: { id, signingKey: keyIn(keys, 0) },
        account: shared.id(account),
        isPaired,
        inbox: inbox && {
          keys: new PackedKeys(at(inbox), keys, 2),
          registered: inbox.registered,
          ...(second && { second: { relay: shared.relay(relays, second.relay), registered: second.registered } }),
        },
        outbox: outbox && new PackedKeys(at(outbox), keys, inbox === undefined ? 1 : 4),
      }
    })
  })
}

/** One object for each relay and one text for each id, whatever the number of pages. */
function createShared() {
  const known: RelayAddress[] = []
  const ids = new Map<string, string>()
  return {
    relay(relays: readonly RelayAddress[], at: number): RelayAddress {
      const relay = relays[at]
      if (relay === undefined) throw new DecodeError('a page does not know this relay')
      const before = known.find((other) => isSameRelay(other, relay))
      if (before === undefined) known.push(relay)
      return before ?? relay
    },
    id<Id extends string>(id: Id): Id {
      const before = ids.get(id)
      if (before === undefined) ids.set(id, id)
      return (before ?? id) as Id
    },
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
  return [gone, { kind: 'put', table: 'state', key, value: PAGES[kind](summaries) }]
}
