// What the relay does in a second, and what a client costs it: `npm run bench -- relay`, with sizes as in SIZES (`--seconds=2 --idle=2000`);
// 0 leaves a figure out. A socket.io server that does the same store-and-forward is measured in the same run, one after the other. Each figure is a line of JSON; `cpuUs` is
// what one deposit takes of all threads of the server, which other work on the machine changes least.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { toHex } from '@kith/protocol'
import { DEPOSITS_PER_FRAME, startKith, startKithRelay } from './relay/kith.ts'
import { quantile } from './quantile.ts'
import { startSocketIo } from './relay/socket-io-subject.ts'
import { depositUntil } from './relay/lanes.ts'
import { cpuMsOf } from '../signal-server/test/attack/processes.ts'
import { memoryKibOf } from './relay/subject.ts'
import type { ChildProcess } from 'node:child_process'
import type { PairsTold } from './relay/pairs.ts'
import type { Subject } from './relay/subject.ts'

const SIZES = { seconds: '4', writers: '8', rounds: '2', idle: '500', pairs: '1000', storm: '1000', fan: '500' }
const SETTLE_MS = 3_000
/** For which is counted what clients cost that only wait. */
const IDLE_MS = 10_000
/** Processes whose clients come at once. */
const COMING_FROM = 4
/** Before it counts: code is compiled while it runs. */
const WARM_MS = 1_500
const MEMORY_PROBE = join(import.meta.dirname, 'relay/memory-probe.ts')
/** One after the other. What one of them brings to 500 mailboxes so often is within a stream's rate. */
const FAN_WRITERS = 4
const FAN_CALLS_MAX = 36
/** Twice that, less a frame, is what a mailbox holds at most. */
const DEPOSITS_PER_MAILBOX = 425

type Case = { readonly start: () => Promise<Subject>; readonly inFlight: number; readonly perCall: number }
const CASES: readonly Case[] = [
  { start: () => startKith(DEPOSITS_PER_FRAME), inFlight: 8, perCall: DEPOSITS_PER_FRAME },
  { start: () => startKith(1), inFlight: 100, perCall: 1 },
  { start: () => startSocketIo('--single'), inFlight: 100, perCall: 1 },
  { start: () => startSocketIo('--group'), inFlight: 100, perCall: 1 },
]
type Rates = { readonly name: string; readonly deposits: number; readonly drained: number }

const values = parseArgs({ options: Object.fromEntries(Object.keys(SIZES).map((name) => [name, { type: 'string' as const }])) }).values
const sizeOf = (name: keyof typeof SIZES): number => Number(values[name] ?? SIZES[name])

if (sizeOf('idle') > 0) await measureIdle(sizeOf('idle'))
if (sizeOf('storm') > 0) await measureStorm(sizeOf('storm'))
if (sizeOf('fan') > 0) for (const each of [() => startKith(1), () => startSocketIo('--group')]) await measureFanOut(each, sizeOf('fan'))
if (sizeOf('pairs') > 0) {
  await measureKithPairs()
  await measureSocketIoPairs()
}
for (let round = 1; round <= sizeOf('rounds'); round += 1) {
  const rates: Rates[] = []
  for (const each of CASES) rates.push(await measure(each))
  const [kith] = rates
  const ratios = rates.slice(1).map(({ name, deposits, drained }) => ({
    against: name,
    deposits: ratio(kith?.deposits, deposits),
    drain: ratio(kith?.drained, drained),
  }))
  print({ figure: 'ratio', round, ratios })
}

/** What clients cost that wait for what comes, and how fast they come. The first ones warm it up. */
async function measureIdle(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-bench-'))
  const file = join(folder, 'memory')
  const relay = await startKithRelay({ NODE_OPTIONS: `--expose-gc --import ${MEMORY_PROBE}`, BENCH_MEMORY_FILE: file })
  const memory = async (): Promise<{ readonly held: number; readonly resident: number }> => {
    await pause(SETTLE_MS)
    await rm(file, { force: true })
    process.kill(relay.pid, 'SIGUSR2')
    while (!existsSync(file) || readFileSync(file).length === 0) await pause(100)
    return { held: Number(readFileSync(file, 'utf8')), resident: memoryKibOf(relay.pid) }
  }
  const children: ChildProcess[] = []
  /** From several processes, since one client costs more than the relay's side of it. How long it took, and what CPU time of theirs. */
  const bring = async (clients: number): Promise<{ readonly ms: number; readonly cpuMs: number }> => {
    const share = String(Math.ceil(clients / COMING_FROM))
    const args = [String(relay.port), toHex(relay.key), share]
    const coming = Array.from({ length: COMING_FROM }, () => fork(join(import.meta.dirname, 'relay/idle.ts'), args))
    children.push(...coming)
    await Promise.all(coming.map((child) => once(child, 'message')))
    const begin = performance.now()
    const spent = await Promise.all(coming.map((child) => (child.send('come'), once(child, 'message') as Promise<[number]>)))
    return { ms: performance.now() - begin, cpuMs: spent.reduce((sum, [each]) => sum + each, 0) }
  }
  try {
    await bring(Math.ceil(count / 5))
    const before = await memory()
    const cpuBefore = cpuMsOf(relay.pid)
    const took = await bring(count)
    const cpuMsPerJoin = tenths((cpuMsOf(relay.pid) - cpuBefore) / count)
    const after = await memory()
    const kib = Math.round((after.held - before.held) / count)
    const residentKib = Math.round((after.resident - before.resident) / count)
    const joinsPerSecond = Math.round((count * 1_000) / took.ms)
    const relayAloneMost = Math.round(1_000 / cpuMsPerJoin)
    const clientCpuMs = tenths(took.cpuMs / count)
    const idleSince = { cpuMs: cpuMsOf(relay.pid), at: performance.now() }
    await pause(IDLE_MS)
    /** Of one core, with all that are there. */
    const idleCore = Math.round(((cpuMsOf(relay.pid) - idleSince.cpuMs) / (performance.now() - idleSince.at)) * 1_000) / 1_000
    print({ figure: 'idle', clients: count, kib, residentKib, joinsPerSecond, cpuMsPerJoin, clientCpuMs, relayAloneMost, idleCore })
  } finally {
    for (const child of children) child.kill()
    await relay.stop()
    await rm(folder, { recursive: true })
  }
}

/** All come back at once when their relay was killed and is started again. */
async function measureStorm(clients: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kith-bench-'))
  const relay = await startKithRelay({}, { dataDir })
  // From several processes: a client costs more than the relay's side of it.
  const args = [String(relay.port), toHex(relay.key), String(Math.ceil(clients / COMING_FROM))]
  const children = Array.from({ length: COMING_FROM }, () => fork(join(import.meta.dirname, 'relay/storm.ts'), args))
  await Promise.all(children.map((child) => once(child, 'message')))
  const back = Promise.all(children.map((child) => once(child, 'message') as Promise<[number]>))
  await relay.kill()
  const again = await startKithRelay({}, { dataDir, port: relay.port })
  const cpuBefore = cpuMsOf(again.pid)
  const ms = Math.max(...(await back).map(([each]) => each))
  const cpuMs = Math.round(((cpuMsOf(again.pid) - cpuBefore) / clients) * 10) / 10
  print({ figure: 'storm', clients, msUntilAllAreBack: Math.round(ms), perSecond: Math.round((clients * 1_000) / ms), cpuMs })
  for (const child of children) child.kill()
  await again.stop()
  await rm(dataDir, { recursive: true })
}

/** One message for many mailboxes, as in a large group, one after the other. */
async function measureFanOut(start: () => Promise<Subject>, mailboxes: number): Promise<void> {
  const subject = await start()
  const writers = await Promise.all(Array.from({ length: FAN_WRITERS }, () => subject.connectWriter()))
  for (const writer of writers) await writer.depositForAll(mailboxes)
  const took: number[] = []
  const cpuBefore = cpuMsOf(subject.pid)
  const begin = performance.now()
  while (performance.now() < begin + sizeOf('seconds') * 1_000 && took.length < FAN_WRITERS * FAN_CALLS_MAX) {
    const since = performance.now()
    await writers[took.length % FAN_WRITERS]?.depositForAll(mailboxes)
    took.push(performance.now() - since)
  }
  const cpuMs = Math.round(((cpuMsOf(subject.pid) - cpuBefore) / took.length) * 10) / 10
  const perSecond = Math.round((took.length * mailboxes * 1_000) / (performance.now() - begin))
  print({ figure: 'fan-out', of: subject.name, mailboxes, perSecond, p50: quantile(took, 0.5), p99: quantile(took, 0.99), cpuMs })
  await Promise.all(writers.map((writer) => writer.close()))
  await subject.stop()
}

async function measureKithPairs(): Promise<void> {
  const relay = await startKithRelay()
  await measurePairs({ name: 'kith', pid: relay.pid }, ['kith', String(relay.port), toHex(relay.key)])
  await relay.stop()
}

async function measureSocketIoPairs(): Promise<void> {
  const subject = await startSocketIo('--group')
  await measurePairs(subject, ['socket.io', subject.url, '-'])
  await subject.stop()
}

/** `cpu`: of one core, in percent, while they write: the server, and those who write and read, who share the machine with it. */
async function measurePairs({ name, pid }: Pick<Subject, 'name' | 'pid'>, where: readonly string[]): Promise<void> {
  const pairs = sizeOf('pairs')
  const args = [...where, String(Math.ceil(pairs / COMING_FROM)), String(sizeOf('seconds') * 4)]
  const begin = performance.now()
  const children = Array.from({ length: COMING_FROM }, () => fork(join(import.meta.dirname, 'relay/pairs.ts'), args))
  await Promise.all(children.map((child) => once(child, 'message')))
  const joinsPerSecond = Math.round((pairs * 2_000) / (performance.now() - begin))
  const [since, cpuBefore] = [performance.now(), cpuMsOf(pid)]
  const told = await Promise.all(children.map((child) => (child.send('write'), once(child, 'message') as Promise<[PairsTold]>)))
  const ms = performance.now() - since
  const percent = (cpuMs: number): number => Math.round((cpuMs * 100) / ms)
  const cpu = { server: percent(cpuMsOf(pid) - cpuBefore), clients: percent(told.reduce((sum, [{ cpuMs }]) => sum + cpuMs, 0)) }
  const took = told.flatMap(([each]) => each.took)
  const sent = told.reduce((sum, [each]) => sum + each.sent, 0)
  const [p50, p95, p99] = [quantile(took, 0.5), quantile(took, 0.95), quantile(took, 0.99)]
  print({ figure: 'delivery', of: name, pairs, joinsPerSecond, sent, delivered: took.length, p50, p95, p99, cpu })
  for (const child of children) child.kill()
}

async function measure({ start, inFlight, perCall }: Case): Promise<Rates> {
  const subject = await start()
  try {
    const writers = await Promise.all(Array.from({ length: sizeOf('writers') }, () => subject.connectWriter()))
    const warm = performance.now() + WARM_MS
    const early = await Promise.all(
      writers.map((writer) => depositUntil(warm, writer, { inFlight, perCall, perMailbox: DEPOSITS_PER_MAILBOX })),
    )
    const cpuBefore = cpuMsOf(subject.pid)
    const begin = performance.now()
    const end = begin + sizeOf('seconds') * 1_000
    const counts = await Promise.all(
      writers.map((writer) => depositUntil(end, writer, { inFlight, perCall, perMailbox: DEPOSITS_PER_MAILBOX })),
    )
    const seconds = (performance.now() - begin) / 1_000
    const count = counts.reduce((sum, each) => sum + each, 0)
    const cpuUs = Math.round(((cpuMsOf(subject.pid) - cpuBefore) * 10_000) / count) / 10
    const deposits = count / seconds
    print({ figure: 'deposits', of: subject.name, perCall, count, perSecond: Math.round(deposits), cpuUs })
    const drainCpu = cpuMsOf(subject.pid)
    const drainBegin = performance.now()
    const all = counts.map((each, at) => each + (early[at] ?? 0))
    await Promise.all(writers.map((writer, at) => writer.drain(all[at] ?? 0)))
    const waited = all.reduce((sum, each) => sum + each, 0)
    const drained = (waited / (performance.now() - drainBegin)) * 1_000
    const drainUs = Math.round(((cpuMsOf(subject.pid) - drainCpu) * 10_000) / waited) / 10
    print({ figure: 'drain', of: subject.name, perCall, perSecond: Math.round(drained), cpuUs: drainUs })
    await Promise.all(writers.map((writer) => writer.close()))
    return { name: `${subject.name}, ${perCall} a call`, deposits, drained }
  } finally {
    await subject.stop()
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

function ratio(ours: number | undefined, theirs: number): number {
  return Math.round(((ours ?? NaN) / theirs) * 100) / 100
}

function print(figure: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ bench: 'relay', ...figure }))
}
