// All servers of the store as one: each call goes to whichever master is in charge, and again to another when that one has gone. Every script may be run
// twice, so what got no answer is asked once more.

import { setTimeout as pause } from 'node:timers/promises'
import { ErrorReply } from '@redis/client'
import { REDIS_PATIENCE_MS_MAX, REDIS_RETRY_MS } from '../../limits.ts'
import { StorageError } from '../storage.ts'
import { connectTo } from './connection.ts'
import { createMaster, TooFewReplicas } from './master.ts'
import { isSame, readTopology } from './topology.ts'
import type { Access, Connection, Reply, Server, Words } from './connection.ts'
import type { Call, Master } from './master.ts'
import type { Topology } from './topology.ts'

export type ServersOptions = {
  /** Where to begin to look. */
  readonly seeds: readonly Server[]
  readonly access: Access
  /** Of each master, to which a write must have come before it counts. */
  readonly replicas: number
  /** How long a call may wait for them. Default: as in limits.ts. */
  readonly patienceMs?: number
  /** Servers had gone and are there again, or others in their place. */
  readonly onAgain: () => void
}
export type Servers = {
  topology(): Topology
  /** `onRepeat`: it may have been done before without an answer. */
  write(call: Call, onRepeat?: () => void): Promise<Reply>
  read(call: Call): Promise<Reply>
  /** Asks each master, whatever is in its charge. */
  askMasters(words: Words): Promise<readonly Reply[]>
  /** A connection of its own to some server of the store. */
  connect(onEnd: () => void): Promise<Connection>
  close(): void
}

/** The store has moved, or is about to. Whatever else a server says is final. */
const PASSING = /^(?:MOVED|ASK|CLUSTERDOWN|TRYAGAIN|LOADING|MASTERDOWN|READONLY|UNBLOCKED) /

export async function openServers({ patienceMs = REDIS_PATIENCE_MS_MAX, onAgain, ...options }: ServersOptions): Promise<Servers> {
  let isClosed = false
  let isMending = false
  /** Until every bucket has a master that answers. */
  const mend = async (): Promise<void> => {
    if (isMending || isClosed) return
    isMending = true
    for (let isWell = false; !isWell && !isClosed;) {
      await pause(REDIS_RETRY_MS)
      isWell = await masters
        .look()
        .then(() => masters.ask(['PING']))
        .then(
          () => !masters.topology().masterOf.includes(undefined),
          () => false,
        )
    }
    isMending = false
    if (!isClosed) onAgain()
  }
  const masters = createMasters({ ...options, onEnd: () => void mend() })
  const insist = async (act: () => Promise<Reply>, onRepeat: () => void = () => {}): Promise<Reply> => {
    const until = performance.now() + patienceMs
    for (;;) {
      try {
        return await act()
      } catch (cause) {
        const isFinal = cause instanceof ErrorReply && !PASSING.test(cause.message)
        if (isFinal || isClosed || performance.now() > until) throw new StorageError('disk', messageOf(cause), { cause })
        onRepeat()
        await pause(REDIS_RETRY_MS)
        // Who is in charge is no question when merely a replica is slow.
        if (!(cause instanceof TooFewReplicas)) await masters.look().catch(() => {})
      }
    }
  }
  await masters.look()
  return {
    topology: masters.topology,
    write: (call, onRepeat) => insist(() => masters.of(call.bucket).write(call), onRepeat),
    read: (call) => insist(() => masters.of(call.bucket).read(call)),
    askMasters: masters.ask,
    connect: masters.connect,
    close() {
      isClosed = true
      masters.close()
    },
  }
}

type Masters = {
  topology(): Topology
  /** Finds out anew who is in charge. */
  look(): Promise<void>
  of(bucket: number): Master
  ask(words: Words): Promise<readonly Reply[]>
  connect(onEnd: () => void): Promise<Connection>
  close(): void
}

function createMasters({ seeds, access, replicas, onEnd }: Omit<ServersOptions, 'onAgain'> & { readonly onEnd: () => void }): Masters {
  let masters: readonly Master[] = []
  let topology: Topology = { isCluster: false, masters: [], replicas: [], masterOf: [] }
  let looking: Promise<void> | undefined

  const find = async (): Promise<Topology> => {
    let cause: unknown = new Error('none of the servers is a master')
    for (const server of unique([...topology.masters, ...topology.replicas, ...seeds])) {
      try {
        const connection = await connectTo(server, access)
        const found = await readTopology(server, connection).finally(() => connection.close())
        if (found !== undefined && found.masters.length > 0) return found
      } catch (error) {
        cause = error
      }
    }
    throw new StorageError('disk', `no server of the store answers (${messageOf(cause)})`, { cause })
  }
  const take = (found: Topology): void => {
    const kept = found.masters.map(
      (server) => masters.find((master) => isSame(master.server, server)) ?? createMaster({ server, access, replicas, onEnd }),
    )
    for (const master of masters) if (!kept.includes(master)) master.close()
    masters = kept
    topology = found
  }
  const look = async (): Promise<void> => {
    looking ??= find().then(take)
    await looking.finally(() => (looking = undefined))
  }
  return {
    topology: () => topology,
    look,
    of(bucket) {
      const master = masters[topology.masterOf[bucket] ?? -1]
      if (!master) throw new Error('nobody is in charge of it')
      return master
    },
    ask: (words) => Promise.all(masters.map((master) => master.ask(words))),
    async connect(whenOver) {
      let cause: unknown
      for (const { server } of masters) {
        try {
          return await connectTo(server, access, whenOver)
        } catch (error) {
          cause = error
        }
      }
      throw cause
    },
    close: () => masters.forEach((master) => master.close()),
  }
}

const unique = (servers: readonly Server[]): readonly Server[] =>
  servers.filter((server, at) => servers.findIndex((other) => isSame(other, server)) === at)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
