// Relays on SQLite, on one Redis server, and on a cluster of three masters with a replica each: `npm run bench -- shared-store`, with sizes as in SIZES
// (`--seconds=2`). Deposits are durable before they are acknowledged. `cpuUs` is what one deposit takes of all threads of the relays, and of the
// servers: other work on the machine changes that least. Then the time from a deposit at one relay to its delivery at another.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { blobIdOf, hash } from '@kith/protocol'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob } from '../signal-server/test/mailbox-keys.ts'
import { startCluster } from '../signal-server/test/redis/cluster.ts'
import { DURABLE, startRedis } from '../signal-server/test/redis/server.ts'
import { connectClient } from '../signal-server/test/relay-client.ts'
import { quantile } from './quantile.ts'
import { connectWriter, DEPOSITS_PER_FRAME, startKithRelay } from './relay/kith.ts'
import { depositUntil } from './relay/lanes.ts'
import { cpuMsOf } from '../signal-server/test/attack/processes.ts'
import type { StartedRelay } from '../signal-server/test/start-relay.ts'

const SIZES = { seconds: '4', writers: '8', deliveries: '300' }
/** A mailbox holds a thousand. */
const DEPOSITS_PER_MAILBOX = 850
const BETWEEN_MS = 5
/** All relays on a store have the same. */
const KEY = `${'07'.repeat(32)}\n`

type Place = { readonly store: string; readonly env: Readonly<Record<string, string>>; readonly servers: readonly number[] }

const values = parseArgs({ options: Object.fromEntries(Object.keys(SIZES).map((name) => [name, { type: 'string' as const }])) }).values
const sizeOf = (name: keyof typeof SIZES): number => Number(values[name] ?? SIZES[name])
const folder = await mkdtemp(join(tmpdir(), 'kith-bench-'))

await measure({ store: 'sqlite', env: {}, servers: [] }, 1)
const memory = ['--maxmemory', '2gb']
const redis = await startRedis([...DURABLE, ...memory])
const one: Place = { store: 'redis', env: { KITH_STORE: `redis://127.0.0.1:${redis.port}` }, servers: [redis.pid] }
await measure(one, 1)
await measure(one, 2)
await redis.stop()
const cluster = await startCluster(memory)
const servers = [...cluster.masters, ...cluster.replicas].map(({ pid }) => pid)
const KITH_STORE = `redis://127.0.0.1:${cluster.masters[0]?.port}`
for (const replicas of ['0', '1']) {
  const name = replicas === '0' ? 'cluster' : 'cluster, acknowledged by a replica'
  await measure({ store: name, env: { KITH_STORE, KITH_STORE_REPLICAS: replicas }, servers }, 2)
}
await cluster.stop()
await rm(folder, { recursive: true })

async function measure(place: Place, relayCount: number): Promise<void> {
  const relays = await Promise.all(Array.from({ length: relayCount }, () => startOne(place)))
  for (const perCall of [1, DEPOSITS_PER_FRAME]) await measureDeposits(place, relays, perCall)
  if (relays.length > 1) await measureDelivery(place, relays)
  for (const relay of relays) await relay.stop()
}

async function startOne({ env }: Place): Promise<StartedRelay> {
  const dataDir = await mkdtemp(join(folder, 'relay-'))
  await writeFile(join(dataDir, 'relay.key'), KEY)
  return startKithRelay(env, { dataDir })
}

async function measureDeposits({ store, servers: ofStore }: Place, relays: readonly StartedRelay[], perCall: number): Promise<void> {
  const writers = await Promise.all(
    Array.from({ length: sizeOf('writers') }, (_, n) => connectWriter(relays[n % relays.length] as StartedRelay, perCall)),
  )
  const lanes = { inFlight: perCall === 1 ? 100 : 8, perCall, perMailbox: DEPOSITS_PER_MAILBOX }
  const cpuOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  const relayPids = relays.map(({ pid }) => pid)
  const [relayCpu, serverCpu] = [cpuOf(relayPids), cpuOf(ofStore)]
  const begin = performance.now()
  const counts = await Promise.all(writers.map((writer) => depositUntil(begin + sizeOf('seconds') * 1_000, writer, lanes)))
  const count = counts.reduce((sum, each) => sum + each, 0)
  const perSecond = Math.round((count * 1_000) / (performance.now() - begin))
  const usOf = (ms: number): number => Math.round((ms * 10_000) / count) / 10
  const cpuUs = { relays: usOf(cpuOf(relayPids) - relayCpu), servers: usOf(cpuOf(ofStore) - serverCpu) }
  print({ figure: 'deposits', store, relays: relays.length, perCall, count, perSecond, cpuUs })
  await Promise.all(writers.map((writer, at) => writer.drain(counts[at] ?? 0)))
  await Promise.all(writers.map((writer) => writer.close()))
}

/** One after the other, with nothing else to do. */
async function measureDelivery({ store }: Place, [here, there]: readonly StartedRelay[]): Promise<void> {
  const [alice, bob] = await Promise.all([connectClient(here as StartedRelay), connectClient(there as StartedRelay)])
  const kit = createMailboxKit()
  await alice.ask(kit.create)
  await alice.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(alice.greeting)] })
  await bob.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(bob.greeting)] })
  const took: number[] = []
  for (let n = 0; n < sizeOf('deliveries'); n++) {
    const since = performance.now()
    const [{ blob }] = await Promise.all([alice.nextBlob(), bob.ask(depositOf(kit.mailbox, randomBlob()))])
    took.push(performance.now() - since)
    await alice.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blob))]))
    await pause(BETWEEN_MS)
  }
  print({ figure: 'delivery', store, relays: 2, p50: quantile(took, 0.5), p99: quantile(took, 0.99) })
  await Promise.all([alice.close(), bob.close()])
}

function print(figure: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ bench: 'shared-store', ...figure }))
}
