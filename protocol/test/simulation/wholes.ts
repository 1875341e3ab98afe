// The whole state of a node of which parts rest: what rests is read from its disk, so that what the host keeps up is compared with what all records say.

import { withWoken } from '../../src/host/records/index.ts'
import { nodeOn } from './disk.ts'
import type { DeviceId } from '../../src/bytes/ids.ts'
import type { Conversation, NodeState, Peer } from '../../src/node/state.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'

/** The disk of each device that runs. */
export const disks = new Map<DeviceId, () => MemoryStoreImage>()

/** Records as they were read, by the summary that stood for them. */
const known = new WeakMap<object, Conversation | Peer>()

export function wholeOf(state: NodeState): NodeState {
  const asleep = {
    conversations: [...state.conversations.keys()].filter((id) => state.conversations.isAsleep(id)),
    peers: [...state.peers.keys()].filter((id) => state.peers.isAsleep(id)),
  }
  if (asleep.conversations.length + asleep.peers.length === 0) return state
  let read: NodeState | undefined
  const whole = (): NodeState => {
    const disk = disks.get(state.self.device.id)
    if (disk === undefined) throw new Error('a node without a disk')
    return (read ??= nodeOn(disk()))
  }
  const record = <T extends Conversation | Peer>(summary: object | undefined, find: () => T | undefined): T => {
    const found = (summary && (known.get(summary) as T | undefined)) ?? find()
    if (summary === undefined || found === undefined) throw new Error('what rests has lost its rows')
    known.set(summary, found)
    return found
  }
  return withWoken(state, {
    conversations: asleep.conversations.map((id) => record(state.conversations.look(id), () => whole().conversations.get(id))),
    peers: asleep.peers.map((id) => record(state.peers.look(id), () => whole().peers.get(id))),
  })
}
