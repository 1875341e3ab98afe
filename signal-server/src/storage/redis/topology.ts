// Which server is in charge of which bucket: one server, the one of several that is the master, or the masters of a cluster.

import { SLOT_OF_BUCKET, SLOTS } from './slots.ts'
import { textOf } from './replies.ts'
import type { Connection, Reply, Server } from './connection.ts'

export type Topology = {
  readonly isCluster: boolean
  readonly masters: readonly Server[]
  readonly replicas: readonly Server[]
  /** Index among the masters; undefined while nobody is in charge. */
  readonly masterOf: readonly (number | undefined)[]
}

/** Undefined when this server is not one that can say. */
export async function readTopology(server: Server, connection: Connection): Promise<Topology | undefined> {
  const slots = await connection.ask(['CLUSTER', 'SLOTS']).catch((error: unknown) => {
    if (error instanceof Error && /cluster support disabled/.test(error.message)) return undefined
    throw error
  })
  if (slots !== undefined) return clusterOf(slots, server)
  const [role] = (await connection.ask(['ROLE'])) as readonly Reply[]
  if (textOf(role) !== 'master') return undefined
  return { isCluster: false, masters: [server], replicas: [], masterOf: SLOT_OF_BUCKET.map(() => 0) }
}

/** Ranges of slots, each with the master that has it, and its replicas. */
function clusterOf(reply: Reply, asked: Server): Topology {
  const masters: Server[] = []
  const replicas: Server[] = []
  const ofSlot = Array.from<number | undefined>({ length: SLOTS })
  for (const range of reply as readonly (readonly Reply[])[]) {
    const [first, last, master, ...others] = range
    const at = indexIn(masters, serverOf(master, asked))
    for (const other of others) indexIn(replicas, serverOf(other, asked))
    ofSlot.fill(at, Number(first), Number(last) + 1)
  }
  return { isCluster: true, masters, replicas, masterOf: SLOT_OF_BUCKET.map((slot) => ofSlot[slot]) }
}

/** A server that does not know its own name is the one that was asked. */
function serverOf(reply: Reply | undefined, asked: Server): Server {
  const [host, port] = reply as readonly Reply[]
  const name = textOf(host)
  return { host: name === '' || name === '?' ? asked.host : name, port: Number(port) }
}

export const isSame = (a: Server, b: Server): boolean => a.host === b.host && a.port === b.port

function indexIn(servers: Server[], server: Server): number {
  const at = servers.findIndex((other) => isSame(other, server))
  return at >= 0 ? at : servers.push(server) - 1
}
