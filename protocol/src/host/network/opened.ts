// What goes in front of entries of a group (docs/protocol.md §12): device lists of those whose first entries are among them, and the opened bodies of what
// every member may know, which whoever came later has no key for.

import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { toHex } from '../../bytes/bytes.ts'
import { decode } from '../../bytes/codec.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { laterPart } from '../../node/part.ts'
import { SHARED_KINDS } from '../../wire/content.ts'
import { LISTS_BYTES_MAX, LISTS_PER_FRAME_MAX, OPENED_PER_FRAME_MAX, ROWS_PER_READ_MAX } from '../../limits.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { RowEntry } from '../../node/rows/stored-entry.ts'
import type { Group } from '../../node/groups/group.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
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
  const group = state().conversations.awake.get(id)?.group
  if (group === undefined) return []
  const acts = entries.flatMap(({ id: entry }): readonly OpenedBody[] => {
    const control = group.controls.get(entry)
    return control === undefined ? [] : [{ entry, salt: control.salt, content: control.content }]
  })
  const shared = entries.some(({ header }) => header.device !== state().self.device.id || !isReadBy(group, device, header.members))
    ? (await Promise.all(SHARED_KINDS.map((kind) => readShared(store, id, entries, kind)))).flat()
    : []
  const orphaned = await readOrphaned(store, id, orphansOf(group, entries, device))
  const bodies = [...acts, ...shared, ...orphaned].slice(0, OPENED_PER_FRAME_MAX)
  const lists = listsOf(
    group,
    entries.flatMap(({ header }) => (header.seq === 0 ? [header.device] : [])),
  )
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

async function readOrphaned(store: Parts['store'], id: ConversationId, entries: readonly RowEntry[]): Promise<readonly OpenedBody[]> {
  const [first, last] = [entries[0], entries.at(-1)]
  if (first === undefined || last === undefined) return []
  const range = { from: `${id}/${first.orderKey}`, to: `${id}/${last.orderKey}~` }
  const rows = await store.read({ table: 'timeline', ...range, limit: ROWS_PER_READ_MAX })
  const wanted = new Set(entries.map((entry) => entry.id))
  return rows.flatMap(({ value }) => {
    const { id: entry, content } = decode(timelineRow, value)
    return content.kind === 'text' && wanted.has(entry) ? [{ entry, salt: content.kept.salt, content: content.kept.content }] : []
  })
}

async function readShared(
  store: Parts['store'],
  id: ConversationId,
  entries: readonly RowEntry[],
  kind: (typeof SHARED_KINDS)[number],
): Promise<readonly OpenedBody[]> {
  const [first, last] = [entries[0], entries.at(-1)]
  if (first === undefined || last === undefined) return []
  const range = { from: keptKeyOf(id, { kind, orderKey: first.orderKey }), to: `${keptKeyOf(id, { kind, orderKey: last.orderKey })}~` }
  const rows = await store.read({ table: 'bodies', ...range, limit: ROWS_PER_READ_MAX })
  const wanted = new Set(entries.map((entry) => entry.id))
  return rows.flatMap(({ value }) => {
    const { id: entry, kept } = decode(storedBody, value)
    return wanted.has(entry) ? [{ entry, ...kept }] : []
  })
}

// What does not fit goes when its entries are asked for again.
function listsOf(group: Group, devices: readonly DeviceId[]): readonly Uint8Array[] {
  const accounts = new Set(devices.flatMap((device) => group.authors.get(device) ?? []))
  const lists = [...accounts].flatMap((account) => group.people.get(account)?.signed ?? []).slice(0, LISTS_PER_FRAME_MAX)
  let bytes = 0
  return lists.filter((list) => (bytes += list.length) <= LISTS_BYTES_MAX)
}
