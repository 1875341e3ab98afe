// What of a conversation has changed becomes rows, and its rows become the conversation again.

import { decode, encode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { createConversation } from '../../conversation/state.ts'
import { logOf } from '../../log/log.ts'
import { PartNeededError } from '../../node/part.ts'
import { NOTHING_YET } from '../../node/state.ts'
import {
  accountRow,
  blobKeysRow,
  coreRow,
  deliveryRow,
  feedRow,
  forkRow,
  handingRow,
  jointRow,
  metaRow,
  missingRow,
} from './conversation-rows.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { AccountState } from '../../conversation/state.ts'
import type { ForkProof } from '../../log/fork.ts'
import type { Feed } from '../../log/log.ts'
import type { Conversation, Delivery, Self } from '../../node/state.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { ConversationCore, StoredFeed } from './conversation-rows.ts'
import type * as groupRowsOf from './group-rows.ts'

type GroupRows = Pick<typeof groupRowsOf, 'groupIn' | 'groupRows'>
let groups: GroupRows | undefined

export const provideGroupRows = (rows: GroupRows): void => {
  groups = rows
}

/** Throws {@link PartNeededError} until it was provided. */
function rowsOfGroups(): GroupRows {
  if (groups === undefined) throw new PartNeededError('the rows of groups are needed')
  return groups
}

/** What stands behind the conversation's id in the key of a row; the core has nothing there. */
type Part = 'account' | 'feed' | 'fork' | 'device' | 'meta' | 'missing' | 'handing' | 'joint' | 'blob-keys' | GroupPart
/** See group-rows.ts. */
type GroupPart = 'group' | 'control' | 'state' | 'person' | 'card' | 'place' | 'met'

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
    ...optionalRow(before, after, 'missing', () => after.missing && put('missing', undefined, encode(missingRow, after.missing))),
    ...optionalRow(before, after, 'handing', () =>
      after.handing === undefined ? undefined : put('handing', undefined, encode(handingRow, after.handing)),
    ),
    ...(before?.meta === after.meta || after.meta === NO_META ? [] : [put('meta', undefined, encode(metaRow, after.meta))]),
    ...accounts.map((account) => put('account', account, encode(accountRow, after.view.accounts.get(account) as AccountState))),
    ...changedFeeds(before, after).map((device) => put('feed', device, encode(feedRow, storedFeedOf(after, device)))),
    ...changedForks(before, after).map(([device, proof]) => put('fork', device, encode(forkRow, proof))),
    ...sealing.map((device) => put('blob-keys', device, encode(blobKeysRow, after.blobKeys.get(device) ?? []))),
    ...((before?.joint ?? NO_JOINT) === after.joint ? [] : [put('joint', undefined, encode(jointRow, after.joint))]),
    ...(after.group === undefined || after.group === before?.group ? [] : rowsOfGroups().groupRows(after.id, before?.group, after.group)),
    ...deliveries.map((device) => put('device', device, encode(deliveryRow, after.delivery.get(device) as Delivery))),
  ]
}

/** What is there for a while. */
function optionalRow(
  before: Conversation | undefined,
  after: Conversation,
  part: 'missing' | 'handing',
  write: () => StoreWrite | undefined,
): readonly StoreWrite[] {
  if (after[part] === before?.[part]) return []
  return [write() ?? { kind: 'delete', table: 'conversations', key: `${after.id}/${part}` }]
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
  const [core, ...others] = rows
  if (core === undefined || core.key !== id) throw new RangeError('a conversation has lost its core')
  const { view, ...fields } = decode(coreRow, core.value)
  const { accounts, blobKeys, deliveries, feeds, proofs, groupRows, ...single } = partsIn(others)
  const found = groupRows.length === 0 ? undefined : rowsOfGroups().groupIn(id, groupRows)
  const of = found === undefined ? { ...fields, group: undefined } : { ...fields, ...GROUP_ARRIVAL, group: found.group }
  return {
    ...NOTHING_YET,
    ...of,
    ...single,
    id,
    blobKeys: IdMap.of(blobKeys),
    delivery: IdMap.of(deliveries),
    log: logOf(
      id,
      feeds.map(([device, stored]) => feedFrom(device, stored, proofs)),
    ),
    view: {
      ...createConversation({ conversation: id, self: self.account, device: self.device.id }),
      ...view,
      counted: found?.counted,
      accounts: IdMap.of(accounts),
      feeds: present(feeds, ({ view: seen }) => seen),
    },
    chains: IdMap.of(feeds.map(([device, { chains }]) => [device, chains])),
    bodyKeys: present(feeds, ({ bodyKeys }) => (bodyKeys.size === 0 ? undefined : bodyKeys)),
    closed: present(feeds, ({ closed }) => closed),
  }
}

const GROUP_ARRIVAL = { phase: 'open', invite: undefined, invitation: undefined } as const

/** What a conversation has rows of, each map as a list: all are made at once, so that nothing is copied for each row. */
type Parts = {
  meta: Conversation['meta']
  missing: Conversation['missing']
  handing: Conversation['handing']
  joint: Conversation['joint']
  readonly blobKeys: (readonly [DeviceId, readonly Uint8Array[]])[]
  readonly accounts: (readonly [AccountId, AccountState])[]
  readonly deliveries: (readonly [DeviceId, Delivery])[]
  readonly feeds: (readonly [DeviceId, StoredFeed])[]
  readonly proofs: Map<DeviceId, ForkProof>
  readonly groupRows: StoreRow[]
}

function partsIn(rows: readonly StoreRow[]): Parts {
  const parts: Parts = {
    meta: NO_META,
    missing: undefined,
    handing: undefined,
    joint: NO_JOINT,
    blobKeys: [],
    accounts: [],
    deliveries: [],
    feeds: [],
    proofs: new Map(),
    groupRows: [],
  }
  for (const stored of rows) {
    const { key, value } = stored
    const [, part, name] = key.split('/')
    const device = name as DeviceId
    switch (part as Part) {
      case 'meta':
        parts.meta = decode(metaRow, value)
        break
      case 'missing':
        parts.missing = decode(missingRow, value)
        break
      case 'handing':
        parts.handing = decode(handingRow, value)
        break
      case 'joint':
        parts.joint = decode(jointRow, value)
        break
      case 'blob-keys':
        parts.blobKeys.push([device, decode(blobKeysRow, value)])
        break
      case 'account':
        parts.accounts.push([name as AccountId, decode(accountRow, value)])
        break
      case 'device':
        parts.deliveries.push([device, decode(deliveryRow, value)])
        break
      case 'feed':
        parts.feeds.push([device, decode(feedRow, value)])
        break
      case 'fork':
        parts.proofs.set(device, decode(forkRow, value))
        break
      case 'group':
      case 'control':
      case 'state':
      case 'person':
      case 'card':
      case 'place':
      case 'met':
        parts.groupRows.push(stored)
        break
      default:
        throw new RangeError('a conversation has a row of no known kind')
    }
  }
  return parts
}

function feedFrom(device: DeviceId, { feed: { fork, ...fields } }: StoredFeed, proofs: Parts['proofs']): Feed {
  return { device, ...fields, fork: fork && { seq: fork.seq, ids: [fork.first, fork.second], proof: proofs.get(device) } }
}

const present = <T>(feeds: Parts['feeds'], of: (stored: StoredFeed) => T | undefined): IdMap<DeviceId, T> =>
  IdMap.of(
    feeds.flatMap(([device, stored]) => {
      const value = of(stored)
      return value === undefined ? [] : [[device, value] as const]
    }),
  )
