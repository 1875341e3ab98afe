// What of a conversation has changed becomes rows, and its rows become the conversation again.

import { decode, encode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { createConversation } from '../../conversation/state.ts'
import { createLog, withFeed } from '../../log/log.ts'
import { NOTHING_YET } from '../../node/state.ts'
import { accountRow, blobKeysRow, coreRow, deliveryRow, feedRow, forkRow, jointRow, metaRow, missingRow } from './conversation-rows.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { AccountState } from '../../conversation/state.ts'
import type { Feed } from '../../log/log.ts'
import type { Conversation, Delivery, Self } from '../../node/state.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { ConversationCore, StoredFeed } from './conversation-rows.ts'

/** What stands behind the conversation's id in the key of a row; the core has nothing there. */
type Part = 'account' | 'feed' | 'fork' | 'device' | 'meta' | 'missing' | 'joint' | 'blob-keys'

/** Where all rows of a conversation lie. */
export const rowsOfConversation = (id: ConversationId) => ({ table: 'conversations', from: id, to: `${id}~` }) as const

/** The rows that differ. */
export function conversationRows(before: Conversation | undefined, after: Conversation): readonly StoreWrite[] {
  const put = (part: Part | undefined, key: string | undefined, value: Uint8Array): StoreWrite => ({
    kind: 'put',
    table: 'conversations',
    key: [after.id, part, key].filter((piece) => piece !== undefined).join('/'),
    value,
  })
  const accounts = after.view.accounts.changedSince(before?.view.accounts ?? IdMap.empty())
  const sealing = after.blobKeys.changedSince(before?.blobKeys ?? IdMap.empty())
  const deliveries = after.delivery.changedSince(before?.delivery ?? IdMap.empty())
  return [
    ...(isSameCore(before, after) ? [] : [put(undefined, undefined, encode(coreRow, after))]),
    ...missingRows(before, after, put),
    ...(before?.meta === after.meta || after.meta === NO_META ? [] : [put('meta', undefined, encode(metaRow, after.meta))]),
    ...accounts.map((account) => put('account', account, encode(accountRow, after.view.accounts.get(account) as AccountState))),
    ...changedFeeds(before, after).map((device) => put('feed', device, encode(feedRow, storedFeedOf(after, device)))),
    ...changedForks(before, after).map(([device, proof]) => put('fork', device, encode(forkRow, proof))),
    ...sealing.map((device) => put('blob-keys', device, encode(blobKeysRow, after.blobKeys.get(device) ?? []))),
    ...((before?.joint ?? NO_JOINT) === after.joint ? [] : [put('joint', undefined, encode(jointRow, after.joint))]),
    ...deliveries.map((device) => put('device', device, encode(deliveryRow, after.delivery.get(device) as Delivery))),
  ]
}

type Put = (part: Part, key: string | undefined, value: Uint8Array) => StoreWrite

function missingRows(before: Conversation | undefined, { id, missing }: Conversation, put: Put): readonly StoreWrite[] {
  if (missing === before?.missing) return []
  return [
    missing === undefined
      ? { kind: 'delete', table: 'conversations', key: `${id}/missing` }
      : put('missing', undefined, encode(missingRow, missing)),
  ]
}

const NO_META = NOTHING_YET.meta
const NO_JOINT = NOTHING_YET.joint

const isSameCore = (before: Conversation | undefined, after: Conversation): boolean =>
  before !== undefined &&
  CORE.every((name) => before[name] === after[name]) &&
  before.view.founder === after.view.founder &&
  before.view.waiting === after.view.waiting

const CORE = [
  'founder',
  'phase',
  'chain',
  'returned',
  'invite',
  'invitation',
  'unsent',
  'authored',
] as const satisfies readonly (keyof ConversationCore)[]

function changedFeeds(before: Conversation | undefined, after: Conversation): readonly DeviceId[] {
  if (before === undefined) return [...after.log.feeds.keys()]
  return [
    ...new Set([
      ...after.log.feeds.changedSince(before.log.feeds),
      ...after.view.feeds.changedSince(before.view.feeds),
      ...after.chains.changedSince(before.chains),
      ...after.bodyKeys.changedSince(before.bodyKeys),
      ...after.closed.changedSince(before.closed),
    ]),
  ]
}

const changedForks = (before: Conversation | undefined, after: Conversation) =>
  after.log.feeds.changedSince(before?.log.feeds ?? IdMap.empty()).flatMap((device) => {
    const proof = after.log.feeds.get(device)?.fork?.proof
    return proof === undefined || proof === before?.log.feeds.get(device)?.fork?.proof ? [] : [[device, proof] as const]
  })

function storedFeedOf({ log, view, chains, bodyKeys, closed }: Conversation, device: DeviceId): StoredFeed {
  const feed = log.feeds.get(device)
  if (feed === undefined) throw new RangeError('a device without a feed has no row')
  const { signingKey, tips, named, fork } = feed
  return {
    feed: { signingKey, tips, named, fork: fork && { seq: fork.seq, first: fork.ids[0], second: fork.ids[1] } },
    view: view.feeds.get(device),
    chains: chains.get(device) ?? [],
    bodyKeys: bodyKeys.get(device) ?? new Map(),
    closed: closed.get(device),
  }
}

/** The conversations in these rows, which are ordered by key. Throws DecodeError. */
export function conversationsIn(rows: readonly StoreRow[], self: Self): readonly Conversation[] {
  const found: Conversation[] = []
  let at = 0
  while (at < rows.length) {
    const id = idOf(rows[at] as StoreRow)
    let end = at + 1
    while (end < rows.length && idOf(rows[end] as StoreRow) === id) end += 1
    found.push(conversationFrom(id, rows.slice(at, end), self))
    at = end
  }
  return found
}

const idOf = ({ key }: StoreRow): ConversationId => key.split('/', 1)[0] as ConversationId

function conversationFrom(id: ConversationId, rows: readonly StoreRow[], self: Self): Conversation {
  const [core, ...parts] = rows
  if (core === undefined || core.key !== id) throw new RangeError('a conversation has lost its core')
  const { view, ...fields } = decode(coreRow, core.value)
  const empty = createConversation({ conversation: id, self: self.account, device: self.device.id })
  return parts.reduce(withRow, {
    ...NOTHING_YET,
    ...fields,
    id,
    log: createLog(id),
    view: { ...empty, ...view },
  })
}

function withRow(before: Conversation, { key, value }: StoreRow): Conversation {
  const [, part, name] = key.split('/')
  const device = name as DeviceId
  switch (part as Part) {
    case 'meta':
      return { ...before, meta: decode(metaRow, value) }
    case 'missing':
      return { ...before, missing: decode(missingRow, value) }
    case 'joint':
      return { ...before, joint: decode(jointRow, value) }
    case 'blob-keys':
      return { ...before, blobKeys: before.blobKeys.with(device, decode(blobKeysRow, value)) }
    case 'account':
      return { ...before, view: { ...before.view, accounts: before.view.accounts.with(name as AccountId, decode(accountRow, value)) } }
    case 'device':
      return { ...before, delivery: before.delivery.with(device, decode(deliveryRow, value)) }
    case 'feed':
      return withStoredFeed(before, device, decode(feedRow, value))
    case 'fork': {
      const feed = before.log.feeds.get(device)
      if (feed?.fork === undefined) return before
      const fork = { ...feed.fork, proof: decode(forkRow, value) }
      return { ...before, log: withFeed(before.log, { ...feed, fork }) }
    }
  }
}

function withStoredFeed(before: Conversation, device: DeviceId, stored: StoredFeed): Conversation {
  const { view, chains, bodyKeys, closed } = stored
  const { fork, ...fields } = stored.feed
  const feed: Feed = { device, ...fields, fork: fork && { seq: fork.seq, ids: [fork.first, fork.second], proof: undefined } }
  return {
    ...before,
    log: withFeed(before.log, feed),
    view: view === undefined ? before.view : { ...before.view, feeds: before.view.feeds.with(device, view) },
    chains: before.chains.with(device, chains),
    bodyKeys: bodyKeys.size === 0 ? before.bodyKeys : before.bodyKeys.with(device, bodyKeys),
    closed: closed === undefined ? before.closed : before.closed.with(device, closed),
  }
}
