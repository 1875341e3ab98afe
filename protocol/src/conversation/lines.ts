// Where the lines of a conversation lie in the store: each under its order key, with an index that finds it by its entry's id, one that
// finds the messages of an account in order, and what has been done to a message, under its id (docs/protocol.md §5.12).

import { decode, encode } from '../bytes/codec.ts'
import { accountId } from '../bytes/ids.ts'
import { ROWS_PER_READ_MAX, TIME_MS_MAX } from '../limits.ts'
import { stance as stanceCodec } from './stance.ts'
import { orderKey as orderKeyCodec, timelineRow } from './timeline-row.ts'
import type { AccountId, ConversationId, EntryId } from '../bytes/ids.ts'
import type { Store, StoreRow, StoreWrite } from '../ports.ts'
import type { Stance } from './stance.ts'
import type { TimelineRow } from './timeline-row.ts'

const DAY_MS = 86_400_000
const NOTHING = new Uint8Array(0)

/** The key under which what was said at `time` is sealed, so that it can be destroyed. */
export const shredOf = (conversation: ConversationId, time: number): string =>
  `${conversation}/${Math.floor(Math.min(time, TIME_MS_MAX) / DAY_MS)}`

const lineKey = (id: ConversationId, orderKey: string): string => `${id}/${orderKey}`
const placeKey = (id: ConversationId, entry: EntryId): string => `${id}/id/${entry}`
const messageKey = (id: ConversationId, { account, orderKey }: Pick<TimelineRow, 'account' | 'orderKey'>): string =>
  `${id}/message/${account}/${orderKey}`
const stancesKey = (id: ConversationId, target: EntryId): string => `${id}/${target}/`

/** A line that was there before, as what it was before: so what finds it finds it still. */
export const changeLine = (id: ConversationId, row: TimelineRow): StoreWrite => ({
  kind: 'put',
  table: 'timeline',
  key: lineKey(id, row.orderKey),
  value: encode(timelineRow, row),
  shred: shredOf(id, row.time),
})

/** Where rows of the table `state` begin that say what is to be done about files (host/attachments). */
export const FILES_WANTED = 'files/wanted'
export const FILES_GONE = 'files/gone'

const filesOf = ({ content }: TimelineRow): readonly unknown[] => (content.kind === 'text' && content.files) || []
const fileMark = (key: string): StoreWrite => ({ kind: 'put', table: 'state', key, value: NOTHING })

/** For a line that goes: so do the chunks of what came with it, whenever there is time for it. Their key goes with the line. */
export const leaveFiles = (id: ConversationId, row: TimelineRow): readonly StoreWrite[] =>
  filesOf(row).length === 0 ? [] : [fileMark(`${FILES_GONE}/${id}/${row.id}`)]

/** A line, with what finds it and what says that files are to come. */
export function putLine(id: ConversationId, row: TimelineRow): readonly StoreWrite[] {
  const index = messageKey(id, row)
  return [
    changeLine(id, row),
    { kind: 'put', table: 'index', key: placeKey(id, row.id), value: encode(orderKeyCodec, row.orderKey) },
    ...(row.content.kind === 'text' ? [{ kind: 'put', table: 'index', key: index, value: NOTHING } as const] : []),
    ...filesOf(row).map((_, item) => fileMark(`${FILES_WANTED}/${id}/${row.id}/${item}`)),
    ...(row.content.kind === 'deleted' ? [{ kind: 'delete', table: 'index', key: index } as const] : []),
  ]
}

/** A line goes. What found it stays, and says that it was here. */
export const takeLine = (id: ConversationId, row: TimelineRow): readonly StoreWrite[] => [
  { kind: 'delete', table: 'timeline', key: lineKey(id, row.orderKey) },
  { kind: 'delete', table: 'index', key: messageKey(id, row) },
]

/** The line of an entry that turned out to say nothing goes. */
export const dropLine = (
  id: ConversationId,
  { orderKey, entry }: { readonly orderKey: string; readonly entry: EntryId },
): readonly StoreWrite[] => [
  { kind: 'delete', table: 'timeline', key: lineKey(id, orderKey) },
  { kind: 'delete', table: 'index', key: placeKey(id, entry) },
]

export type Reader = Pick<Store, 'get' | 'read'>

/** The line of an entry. */
export async function lineOf(store: Pick<Store, 'get'>, id: ConversationId, entry: EntryId): Promise<TimelineRow | undefined> {
  const key = await keyOfLine(store, id, entry)
  const value = key === undefined ? undefined : await store.get('timeline', key)
  return value && decode(timelineRow, value)
}

/** The key of an entry's line in the timeline. */
export async function keyOfLine(store: Pick<Store, 'get'>, id: ConversationId, entry: EntryId): Promise<string | undefined> {
  const place = await store.get('index', placeKey(id, entry))
  return place && lineKey(id, decode(orderKeyCodec, place))
}

const sealedKey = (id: ConversationId, entry: EntryId): string => `${id}/scheduled/${entry}`

/** Where the entry of a scheduled message stands, whose line is in another place: what it says lies there too, under a key. */
export const putSealed = (id: ConversationId, entry: EntryId, orderKey: string): StoreWrite => ({
  kind: 'put',
  table: 'index',
  key: sealedKey(id, entry),
  value: encode(orderKeyCodec, orderKey),
})

export async function orderKeyOfSealed(store: Pick<Store, 'get'>, id: ConversationId, entry: EntryId): Promise<string | undefined> {
  const place = await store.get('index', sealedKey(id, entry))
  return place && decode(orderKeyCodec, place)
}

/** The last message of an account that is left before a place. */
export async function messageBefore(
  store: Reader,
  id: ConversationId,
  { account, orderKey }: Pick<TimelineRow, 'account' | 'orderKey'>,
): Promise<TimelineRow | undefined> {
  const [from, to] = [messageKey(id, { account, orderKey: '' }), messageKey(id, { account, orderKey })]
  const [row] = await store.read({ table: 'index', from, to, limit: 1, order: 'descending' })
  const value = row && (await store.get('timeline', lineKey(id, row.key.slice(from.length))))
  return value && decode(timelineRow, value)
}

export async function stanceOf(
  store: Pick<Store, 'get'>,
  id: ConversationId,
  { target, account }: { readonly target: EntryId; readonly account: AccountId },
): Promise<Stance | undefined> {
  const value = await store.get('relations', stancesKey(id, target) + account)
  return value && decode(stanceCodec, value)
}

const changeKey = (id: ConversationId, target: EntryId, orderKey: string): string => `${id}/change/${target}/${orderKey}`

/** A change to a living message; what it says lies with the bodies, under the same order key. */
export const putChange = (
  id: ConversationId,
  {
    account,
    content,
    orderKey,
  }: { readonly account: AccountId; readonly content: { readonly target: EntryId }; readonly orderKey: string },
): StoreWrite => ({ kind: 'put', table: 'index', key: changeKey(id, content.target, orderKey), value: encode(accountId, account) })

export type PlacedChange = { readonly orderKey: string; readonly account: AccountId }

/** What was changed in a living message, in order. */
export async function changesOf(store: Pick<Store, 'read'>, id: ConversationId, target: EntryId): Promise<readonly PlacedChange[]> {
  const from = changeKey(id, target, '')
  const rows = await store.read({ table: 'index', from, to: `${from}~` })
  return rows.map(({ key, value }) => ({ orderKey: key.slice(from.length), account: decode(accountId, value) }))
}

export const dropChange = (id: ConversationId, target: EntryId, orderKey: string): StoreWrite => ({
  kind: 'delete',
  table: 'index',
  key: changeKey(id, target, orderKey),
})

export type Stances = ReadonlyMap<AccountId, Stance>

/** What all accounts have done to a message. */
export async function stancesOn(store: Pick<Store, 'read'>, id: ConversationId, target: EntryId): Promise<Stances> {
  const from = stancesKey(id, target)
  const rows = await store.read({ table: 'relations', from, to: `${from}~` })
  return new Map(rows.map(({ key, value }) => [key.slice(from.length) as AccountId, decode(stanceCodec, value)]))
}

export const putStance = (
  id: ConversationId,
  { target, account, stance }: { readonly target: EntryId; readonly account: AccountId; readonly stance: Stance },
): StoreWrite => ({ kind: 'put', table: 'relations', key: stancesKey(id, target) + account, value: encode(stanceCodec, stance) })

export const dropStances = (id: ConversationId, target: EntryId): StoreWrite => ({
  kind: 'delete-range',
  table: 'relations',
  from: stancesKey(id, target),
  to: `${stancesKey(id, target)}~`,
})

/** Ids of all messages of a conversation to which anything was done, here or not; some at a time. */
export async function* targetsIn(store: Pick<Store, 'read'>, id: ConversationId): AsyncGenerator<EntryId> {
  const to = `${id}/~`
  for (let from: string | undefined = `${id}/`; from !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ table: 'relations', from, to, limit: ROWS_PER_READ_MAX })
    const targets = [...new Set(rows.map(({ key }) => key.slice(0, key.lastIndexOf('/') + 1)))]
    for (const target of targets) yield target.slice(id.length + 1, -1) as EntryId
    const last = targets.at(-1)
    from = rows.length < ROWS_PER_READ_MAX || last === undefined ? undefined : `${last}~`
  }
}
