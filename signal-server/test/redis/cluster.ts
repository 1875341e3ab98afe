// A Redis cluster for tests, on 127.0.0.1: masters with a replica each.

import { setTimeout as pause } from 'node:timers/promises'
import { listOf, textOf } from '../../src/storage/redis/replies.ts'
import { SLOTS } from '../../src/storage/redis/slots.ts'
import { DURABLE, freePort, startRedis } from './server.ts'
import type { RedisServer } from './server.ts'

export type RedisCluster = {
  readonly masters: readonly RedisServer[]
  readonly replicas: readonly RedisServer[]
  stop(): Promise<void>
}

const MASTERS = 3
/** How soon the others take a silent server for dead. */
const SILENCE_MS = 1_000
const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(SILENCE_MS)]
/** A replica that has not been written to, if only a ping, does not count as one. */
const REPLICAS = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1']
const SETTINGS = [...DURABLE, ...CLUSTER, ...REPLICAS]

type Member = { readonly id: string; readonly port: number; readonly bus: number; readonly role: string }

/** They begin with what each would know of the others after some time: left to gossip, they would take ten seconds. */
export async function startCluster(more: readonly string[] = []): Promise<RedisCluster> {
  const members = await Promise.all(Array.from({ length: 2 * MASTERS }, (_, n) => memberOf(n)))
  const servers = await Promise.all(
    members.map(({ port, bus }, me) =>
      startRedis([...SETTINGS, ...more, '--cluster-port', String(bus)], { port, files: { 'nodes.conf': nodesFor(members, me) } }),
    ),
  )
  const [masters, replicas] = [servers.slice(0, MASTERS), servers.slice(MASTERS)]
  await until(async () => (await Promise.all([...masters.map(isWell), ...masters.map(hasReplica)])).every((well) => well))
  return { masters, replicas, stop: async () => void (await Promise.all(servers.map((server) => server.stop()))) }
}

const idOf = (n: number): string => String(n).padStart(40, '0')

async function memberOf(n: number): Promise<Member> {
  const [port, bus] = await Promise.all([freePort(), freePort()])
  const [from, to] = [n, n + 1].map((part) => Math.floor((part * SLOTS) / MASTERS)) as [number, number]
  // Whose replica it is, when it was last heard, its term, and its slots.
  const role =
    n < MASTERS ? `master - 0 0 ${n + 1} connected ${from}-${to - 1}` : `slave ${idOf(n - MASTERS)} 0 0 ${n - MASTERS + 1} connected`
  return { id: idOf(n), port, bus, role }
}

function nodesFor(members: readonly Member[], me: number): string {
  const lines = members.map(({ id, port, bus, role }, n) => `${id} 127.0.0.1:${port}@${bus} ${n === me ? 'myself,' : ''}${role}`)
  return [...lines, `vars currentEpoch ${MASTERS} lastVoteEpoch 0`, ''].join('\n')
}

async function isWell(server: RedisServer): Promise<boolean> {
  const ranges = listOf(await server.ask(['CLUSTER', 'SLOTS']))
  // From, to, master, replica.
  const isWhole = ranges.length === MASTERS && ranges.every((range) => listOf(range).length === 4)
  return isWhole && /cluster_state:ok/.test(textOf(await server.ask(['CLUSTER', 'INFO'])))
}

const hasReplica = async (server: RedisServer): Promise<boolean> =>
  /connected_slaves:1[^]*state=online/.test(textOf(await server.ask(['INFO', 'replication'])))

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo().catch(() => false))) await pause(50)
}
