// The relay's storage in Redis or Valkey, one server or a cluster, which several relays may share.

import { randomBytes } from 'node:crypto'
import { STORAGE_CALLS_MAX, STORAGE_QUEUE_BYTES_MAX } from '../../limits.ts'
import { bytesOf, StorageError, toStorage } from '../storage.ts'
import { handleOperations } from './handles.ts'
import { heldOperations } from './held.ts'
import { forEachBucket, mailboxOperations } from './mailboxes.ts'
import { parcelOperations } from './parcels.ts'
import { recordOperations } from './records.ts'
import { SCRIPTS } from './scripts.ts'
import { openServers } from './servers.ts'
import { lookAtSettings } from './settings.ts'
import { listenForWakes } from './wakes.ts'
import type { OperationName, SharedStore, Storage, Wake } from '../storage.ts'
import { listOf, textOf } from './replies.ts'
import type { Access, Reply, Server } from './connection.ts'
import type { SettingsFound } from './settings.ts'

export type RedisOptions = {
  readonly servers: readonly Server[]
  readonly access: Access
  /** Replicas of each master that must have a write before it counts. */
  readonly replicas: number
  readonly warn: (warning: string) => void
  /** How long a call may wait for servers that are away. Default: as in limits.ts. */
  readonly patienceMs?: number
}

/** How the servers are set, for whoever wants to know before the relay starts. */
export async function lookAtStore({ servers: seeds, access, replicas }: Omit<RedisOptions, 'warn'>): Promise<SettingsFound> {
  const servers = await openServers({ seeds, access, replicas, onAgain: () => {} })
  return lookAtSettings(servers.topology(), access, replicas).finally(() => servers.close())
}

/** Rejects with {@link StorageError} when the store cannot be used; its message says what to change. */
export async function openRedisStorage({ servers: seeds, access, replicas, warn, ...patience }: RedisOptions): Promise<Storage> {
  const me = randomBytes(6).toString('base64url')
  let onWake: (wake: Wake) => void = () => {}
  const wake = (one: Wake): void => onWake(one)
  const servers = await openServers({ seeds, access, replicas, ...patience, onAgain: () => wake({ kind: 'all' }) })
  try {
    const { refusals, warnings } = await lookAtSettings(servers.topology(), access, replicas)
    const [refusal] = refusals
    if (refusal !== undefined) throw new StorageError('disk', refusal)
    warnings.forEach(warn)
    const wakes = await listenForWakes(servers, me, wake)
    const parts = { servers, me, onWake: wake }
    const operations = {
      ...mailboxOperations(parts),
      ...parcelOperations(parts),
      ...heldOperations(servers),
      ...handleOperations(servers),
      ...recordOperations(servers),
    }
    const shared: SharedStore = {
      subscribe: (listener) => void (onWake = listener),
      listen: (mailboxes) =>
        forEachBucket(mailboxes, (bucket, ids) => servers.write({ script: SCRIPTS.listen, bucket, args: [me, ...ids] })),
      takeTurn: async (name, ms) => Number(await servers.write({ script: SCRIPTS.takeTurn, bucket: 0, args: [name, String(ms)] })) === 1,
      time: async () => earliestOf(await servers.askMasters(['TIME'])),
    }
    const bounded = bound((name, ask) => (operations[name] as (ask: unknown) => Promise<unknown>)(ask))
    const close = async (): Promise<void> => {
      await bounded.settle()
      wakes.close()
      servers.close()
    }
    return toStorage(bounded.perform, { copies: 'each', shared, close })
  } catch (error) {
    servers.close()
    throw error
  }
}

/** The clocks of several servers are never quite the same: by the one that is behind nothing is over too early. */
const earliestOf = (times: readonly Reply[]): number =>
  Math.min(
    ...times.map((time) => listOf(time).map((part) => Number(textOf(part)))).map(([s = 0, us = 0]) => s * 1_000 + Math.floor(us / 1_000)),
  )

type Perform = (name: OperationName, ask: unknown) => Promise<unknown>

/** As many calls, and as many bytes, as may wait for the servers. */
function bound(perform: Perform): { readonly perform: Perform; readonly settle: () => Promise<void> } {
  const underWay = new Set<Promise<unknown>>()
  let bytes = 0
  let isClosed = false
  return {
    perform(name, ask) {
      if (isClosed) return Promise.reject(new StorageError('disk', 'the storage is closed'))
      const size = bytesOf(ask)
      if (underWay.size >= STORAGE_CALLS_MAX || bytes + size > STORAGE_QUEUE_BYTES_MAX)
        return Promise.reject(new StorageError('busy', 'too much waits for the store'))
      bytes += size
      const call = perform(name, ask).finally(() => {
        bytes -= size
        underWay.delete(call)
      })
      underWay.add(call)
      return call
    },
    async settle() {
      isClosed = true
      await Promise.allSettled(underWay)
    },
  }
}
