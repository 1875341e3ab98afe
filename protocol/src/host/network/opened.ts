// What goes in front of entries of a group (docs/protocol.md §12), and of all that goes to own devices (§13.5): device lists of those whose first entries are among them, and the opened bodies of what
// every member may know, which whoever came later has no key for.

import { DELETED_BODY, NO_BODY } from '../../node/devices/handed.ts'
import { accountOf } from '../../node/members.ts'
import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { toHex } from '../../bytes/bytes.ts'
import { decode } from '../../bytes/codec.ts'
import { faceOf } from '../../conversation/faces.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { laterPart } from '../../node/part.ts'
import { SHARED_KINDS } from '../../wire/content.ts'
import { LISTS_BYTES_MAX, LISTS_PER_FRAME_MAX, OPENED_PER_FRAME_MAX, ROWS_PER_READ_MAX } from '../../limits.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { KeptKind } from '../../node/rows/stored-body.ts'
import type { RowEntry } from '../../node/rows/stored-entry.ts'
import type { Group } from '../../node/groups/group.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store, StoreRow } from '../../ports.ts'
import type { Frame, OpenedBody } from '../../wire/frame.ts'

type Parts = { readonly store: Pick<Store, 'read'>; readonly state: () => NodeState }

/** The frame for these entries, which are in order; none where they need none. */
export async function openedFrames(
  { store, state }: Parts,
  {
    conversation: id,
    entries,
    device,
  }: { readonly conversation: ConversationId; readonly entries: readonly RowEntry[]; readonly device: DeviceId },
): Promise<readonly Frame[]> {
  const conversation = state().conversations.awake.get(id)
  const group = conversation?.group
  if (accountOf(state(), device) === state().self.account)
    return openedForOwn(store, { id, entries: entries.filter(isRead), group }, state())
  // Of what was not opened here yet nobody can say that it is gone.
  function isRead({ header: { device: author, seq } }: RowEntry): boolean {
    const feed = conversation?.view.feeds.get(author)
    return feed === undefined || !(feed.unopened.includes(seq) || feed.unreadable.includes(seq))
  }
  if (group === undefined) return []
  const acts = entries.flatMap(({ id: entry }): readonly OpenedBody[] => {
    const control = group.controls.get(entry)
    return control === undefined ? [] : [{ entry, salt: control.salt, content: control.content }]
  })
  const shared = entries.some(({ header }) => header.device !== state().self.device.id || !isReadBy(group, device, header.members))
    ? [...SHARED_KINDS.map((kind) => readShared(store, id, entries, kind)), readFaces(store, { id, entries, group }, state())]
    : []
  const orphaned = await readOrphaned(store, id, orphansOf(group, entries, device))
  const earlier = await readEarlier(store, id, earlierOf(group, entries, device))
  const bodies = [...acts, ...(await Promise.all(shared)).flat(), ...orphaned, ...earlier].slice(0, OPENED_PER_FRAME_MAX)
  const lists = listsOf(group, firstsIn(entries))
  return bodies.length + lists.length === 0 ? [] : [{ kind: 'opened', conversation: id, lists, bodies }]
}

// Of own entries that were written with somebody in mind it has the keys.
function isReadBy(group: Group, device: DeviceId, members: Uint8Array): boolean {
  const account = group.authors.get(device)
  return account !== undefined && laterPart().isForUs(group, account, group.states.get(toHex(members)) ?? [])
}

// Whoever has left hands no key to those who had not got it yet; what was for them they get from others.
function orphansOf(group: Group, entries: readonly RowEntry[], device: DeviceId): readonly RowEntry[] {
  const account = group.authors.get(device)
  return entries.filter(({ header }) => {
    const author = group.authors.get(header.device)
    if (account === undefined || author === undefined || group.membership.members.has(author)) return false
    return laterPart().isForUs(group, account, group.states.get(toHex(header.members)) ?? [])
  })
}

// What was said before somebody came, from where the group shows it on: as long as it does.
function earlierOf(group: Group, entries: readonly RowEntry[], device: DeviceId): readonly RowEntry[] {
  const account = group.authors.get(device)
  if (account === undefined || group.membership.history !== 'all') return []
  return entries.filter(({ header }) => {
    const past = group.states.get(toHex(header.members)) ?? []
    // What is to go in a while is for those who were there.
    if (header.kind === 'control' || header.ttl > 0) return false
    return !laterPart().isForUs(group, account, past) && laterPart().isForLater(group, past)
  })
}

/** Of what was said all that is still here, and what was done to it. */
async function readEarlier(store: Parts['store'], id: ConversationId, entries: readonly RowEntry[]): Promise<readonly OpenedBody[]> {
  if (entries.length === 0) return []
  const done = await Promise.all(DONE_KINDS.map((kind) => readShared(store, id, entries, kind)))
  return [...(await readOrphaned(store, id, entries)), ...done.flat()]
}

/** What is done to messages, as it is kept. */
const DONE_KINDS = ['reaction', 'edit', 'deletion', 'pin', 'change'] as const

const readOrphaned = async (store: Parts['store'], id: ConversationId, entries: readonly RowEntry[]): Promise<readonly OpenedBody[]> =>
  (await readLines(store, id, entries)).flatMap(saidInLine)

async function readLines(store: Parts['store'], id: ConversationId, entries: readonly RowEntry[]): Promise<readonly TimelineRow[]> {
  const rows = await rowsOf(store, { table: 'timeline', keyOf: (orderKey) => `${id}/${orderKey}` }, entries)
  const wanted = new Set(entries.map((entry) => entry.id))
  return rows.map(({ value }) => decode(timelineRow, value)).filter((line) => wanted.has(line.id))
}

const saidInLine = ({ id: entry, content }: TimelineRow): readonly OpenedBody[] =>
  content.kind === 'text' ? [{ entry, salt: content.kept.salt, content: content.kept.content }] : []

type Of = { readonly id: ConversationId; readonly entries: readonly RowEntry[]; readonly group: Group | undefined }

/** For the person's other devices: all that is still here of these entries, and of the others that it is not. */
async function openedForOwn(store: Parts['store'], { id, entries, group }: Of, state: NodeState): Promise<readonly Frame[]> {
  const lines = await readLines(store, id, entries)
  const faces = await readFaces(store, { id, entries, group }, state)
  const shared = await Promise.all(KEPT_KINDS.map((kind) => readShared(store, id, entries, kind)))
  const deleted = lines.flatMap((line) => (line.content.kind === 'deleted' ? [{ entry: line.id, ...DELETED_BODY }] : []))
  const kept = [...lines.flatMap(saidInLine), ...deleted, ...shared.flat(), ...faces]
  const known = new Set(kept.map(({ entry }) => entry))
  const gone = entries.flatMap((entry) => (known.has(entry.id) ? [] : [{ entry: entry.id, ...NO_BODY }]))
  const lists = group === undefined ? [] : listsOf(group, firstsIn(entries))
  const frames: Frame[] = []
  const bodies = [...kept, ...gone]
  for (let at = 0; at < bodies.length; at += OPENED_PER_FRAME_MAX)
    frames.push({ kind: 'opened', conversation: id, lists: at === 0 ? lists : [], bodies: bodies.slice(at, at + OPENED_PER_FRAME_MAX) })
  return frames
}

const KEPT_KINDS = [
  'create',
  'admit',
  'join',
  'act',
  'card',
  'circle',
  'arrived',
  'revoked',
  'profile',
  'document',
  'reaction',
  'edit',
  'deletion',
  'pin',
  'change',
  'scheduled',
] as const

const firstsIn = (entries: readonly RowEntry[]): readonly DeviceId[] =>
  entries.flatMap(({ header }) => (header.seq === 0 ? [header.device] : []))

async function readShared(
  store: Parts['store'],
  id: ConversationId,
  entries: readonly RowEntry[],
  kind: KeptKind,
): Promise<readonly OpenedBody[]> {
  const rows = await rowsOf(store, { table: 'bodies', keyOf: (orderKey) => keptKeyOf(id, { kind, orderKey }) }, entries)
  const wanted = new Set(entries.map((entry) => entry.id))
  return rows.flatMap(({ value }) => {
    const { id: entry, kept } = decode(storedBody, value)
    return wanted.has(entry) ? [{ entry, ...kept }] : []
  })
}

/** Of each author there is the newest alone. */
async function readFaces(store: Parts['store'], { id, entries, group }: Of, state: NodeState): Promise<readonly OpenedBody[]> {
  const wanted = new Set(entries.map((entry) => entry.id))
  const devices = new Set(entries.map(({ header }) => header.device))
  const authors = new Set([...devices].flatMap((device) => group?.authors.get(device) ?? accountOf(state, device) ?? []))
  const rows = await Promise.all([...authors].map((account) => store.read(faceOf(id, account))))
  return rows.flat().flatMap(({ value }) => {
    const { id: entry, kept } = decode(storedBody, value)
    return wanted.has(entry) ? [{ entry, ...kept }] : []
  })
}

type Place = { readonly table: 'timeline' | 'bodies'; readonly keyOf: (orderKey: string) => string }

// Entries that go together mostly lie together. Where much of other feeds lies between them, each is looked up by itself.
async function rowsOf(store: Parts['store'], { table, keyOf }: Place, entries: readonly RowEntry[]): Promise<readonly StoreRow[]> {
  // Branches of one feed come one place after the other, and not in the order of the conversation.
  const inOrder = entries.map(({ orderKey }) => orderKey).toSorted()
  const [first, last] = [inOrder[0], inOrder.at(-1)]
  if (first === undefined || last === undefined) return []
  const rows = await store.read({ table, from: keyOf(first), to: `${keyOf(last)}~`, limit: ROWS_PER_READ_MAX })
  if (rows.length < ROWS_PER_READ_MAX) return rows
  const found = await Promise.all(
    entries.map(({ orderKey }) => store.read({ table, from: keyOf(orderKey), to: `${keyOf(orderKey)}~`, limit: 1 })),
  )
  return found.flat()
}

// What does not fit goes when its entries are asked for again.
function listsOf(group: Group, devices: readonly DeviceId[]): readonly Uint8Array[] {
  const accounts = new Set(devices.flatMap((device) => group.authors.get(device) ?? []))
  const lists = [...accounts].flatMap((account) => group.people.get(account)?.signed ?? []).slice(0, LISTS_PER_FRAME_MAX)
  let bytes = 0
  return lists.filter((list) => (bytes += list.length) <= LISTS_BYTES_MAX)
}
