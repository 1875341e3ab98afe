// Somebody with an engine in Node, over a store in memory and real relays.

import { toUnixMs } from '@kith/protocol'
import { openEngine } from '../../../protocol/src/host/open-engine.ts'
import * as later from '../../../protocol/src/host/later.ts'
import { createMemoryStore } from '../../../protocol/test/contract/memory-store.ts'
import { nodeOn } from '../../../protocol/test/simulation/disk.ts'
import { createMemoryDocuments } from '../../../protocol/test/simulation/documents.ts'
import { createNodeNetwork } from './node-network.ts'
import type { ConversationId } from '@kith/protocol'
import type { RunningEngine } from '../../../protocol/src/host/open-engine.ts'
import type { NodeState } from '../../../protocol/src/node/state.ts'
import type { MemoryStoreImage } from '../../../protocol/test/contract/memory-store.ts'
import type { MessageView } from '../../../protocol/src/views.ts'
import type { RelayAddress } from '../../../protocol/src/wire/capability.ts'

export type NodePerson = {
  readonly engine: RunningEngine
  readonly node: () => NodeState
  /** Of the newest thousand messages of a chat. */
  readonly texts: (conversation: ConversationId) => Promise<readonly Extract<MessageView, { kind: 'text' }>[]>
  /** Ends it; what it leaves behind can be started again. */
  readonly close: () => Promise<MemoryStoreImage>
}

const WINDOW = 1_000

export async function startPerson(relays: readonly RelayAddress[], image?: MemoryStoreImage): Promise<NodePerson> {
  const store = createMemoryStore({ ...(image === undefined ? {} : { image }), schedule: (done) => setImmediate(done) })
  const network = createNodeNetwork()
  const engine = await openEngine({
    store,
    documents: createMemoryDocuments({ image: undefined, schedule: (done) => setImmediate(done) }),
    network: () => network,
    clock: () => toUnixMs(Date.now()),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    migrations: () => Promise.resolve([]),
    later: () => Promise.resolve(later),
    timer: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    relays: () => Promise.resolve(relays),
    origin: 'http://127.0.0.1:1',
  })
  return {
    engine,
    node: () => nodeOn(store.image()),
    texts: (conversation) =>
      new Promise((resolve) => {
        const watch = engine.watchConversation({ conversation, anchor: { kind: 'end' }, before: WINDOW, after: 0 }, (view) => {
          if (view === undefined) return
          watch.stop()
          resolve(view.messages.flatMap((message) => (message.kind === 'text' ? [message] : [])))
        })
      }),
    close: async () => {
      await network.close()
      await engine.close()
      return store.image()
    },
  }
}
