// What lies on a disk, without an engine.

import { changedRows, nodeFrom } from '../../src/host/records/index.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { Conversation, NodeState, Peer } from '../../src/node/state.ts'
import type { StoreRow, Table } from '../../src/ports.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'

type Row = { readonly value: Uint8Array }
type WithDisk = { readonly disk: () => MemoryStoreImage }

/** The node that a disk holds, all of it awake. */
export function nodeOn(disk: MemoryStoreImage): NodeState {
  const rows = (table: Table): readonly StoreRow[] =>
    [...(disk.tables.get(table) ?? new Map<string, Row>())]
      .map(([key, { value }]) => ({ key, value }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const state = new Map(rows('state').map(({ key, value }) => [key, value]))
  const pages = (kind: string) => rows('state').filter(({ key }) => key.startsWith(`rest/${kind}/`))
  const rest = { chats: pages('chats'), contacts: pages('contacts') }
  return nodeFrom({ state, conversations: rows('conversations'), peers: rows('peers'), ...rest }, 0)
}

export const conversationOn = (of: WithDisk, id: ConversationId): Conversation | undefined => nodeOn(of.disk()).conversations.get(id)

/** The device of a contact; left out: the only one. */
export function peerOn(of: WithDisk, device?: DeviceId): Peer {
  const { peers } = nodeOn(of.disk())
  const peer = device === undefined ? [...peers.values()][0] : peers.get(device)
  if (peer === undefined) throw new Error('no contact')
  return peer
}

/** The disk with another node on it. */
export function diskWith(disk: MemoryStoreImage, change: (node: NodeState) => NodeState): MemoryStoreImage {
  const before = nodeOn(disk)
  const tables = new Map(disk.tables)
  for (const write of changedRows(before, change(before))) {
    if (write.kind !== 'put' && write.kind !== 'delete') throw new Error('nothing but rows is changed on a disk')
    const rows = new Map(tables.get(write.table))
    if (write.kind === 'put') rows.set(write.key, { value: write.value, key: undefined })
    else rows.delete(write.key)
    tables.set(write.table, rows)
  }
  return { ...disk, tables }
}
