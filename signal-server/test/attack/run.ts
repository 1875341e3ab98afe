// A relay, honest pairs, and one attack after the other: what the pairs notice of each, and what they notice of a neighbour who uses as much of the machine
// and leaves the relay alone.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { toHex } from '@kith/protocol'
import { NODE, relayEnv, startRelay } from '../start-relay.ts'
import { createHonestPair } from './honest-pair.ts'
import { cpuMsOf, setPriorityOfAll, setPriorityOfSession } from './processes.ts'
import type { AttackName, Tally } from './attacks.ts'
import type { HonestPair } from './honest-pair.ts'

export type AttackOptions = { readonly attacks: readonly AttackName[]; readonly ms: number; readonly onLine: (line: AttackLine) => void }
/** `samples`: deliveries during the attack. `idle…`: beside a process that uses as much of a processor as the attacker did, and does not talk to the relay. */
export type AttackLine = {
  readonly attack: AttackName
  readonly samples: number
  readonly quietP50: number
  readonly quietP99: number
  readonly p50: number
  readonly p99: number
  readonly ratio: number
  readonly idleP99: number
  readonly idleRatio: number
  /** Of one processor, in percent: the relay with all its threads, its event loop, and the attacker. */
  readonly relayCpu: number
  readonly loopBusy: number
  readonly attackerCpu: number
  /** How late the event loop came to what was due, ms: the slowest hundredth. */
  readonly loopLateP99: number
  readonly tried: number
  readonly refused: number
}
type Loop = { readonly busy: number; readonly lateMs: number }

const ATTACKER = fileURLToPath(new URL('attacker.ts', import.meta.url))
const PROBE = fileURLToPath(new URL('loop-probe.ts', import.meta.url))
/** Nobody is there: what is drained is the relay's part of it. */
const TURN = { KITH_TURN: 'turn:127.0.0.1:3478', KITH_TURN_SECRET: 'a-secret-of-the-attacked-relay' }
const ROUNDS = 3
/** So that there are enough deliveries for a slowest hundredth. */
const PAIRS = 8
/** Until an attack is under way, and until what it left is over. */
const BEGIN_MS = 700
const { PRIORITY_HIGHEST } = constants.priority

export async function attackInTurn({ attacks, ms, onLine }: AttackOptions): Promise<void> {
  // A relay and those who use it are measured, not what else runs on this machine.
  setPriorityOfAll(process.pid, PRIORITY_HIGHEST)
  setPriorityOfSession(PRIORITY_HIGHEST)
  process.once('exit', () => setPriorityOfSession(0))
  // A relay of its own for each: what one attack has used up must not hide what the next one does.
  for (const attack of attacks) onLine(await measure(attack, ms / ROUNDS))
}

async function measure(attack: AttackName, ms: number): Promise<AttackLine> {
  const relay = await startMeasured()
  const pairs = await Promise.all(Array.from({ length: PAIRS }, () => createHonestPair(relay)))
  const [quiet, during, beside]: [number[], number[], number[]] = [[], [], []]
  const loops: Loop[] = []
  const used = { relay: 0, attacker: 0, ms: 0 }
  const tally: Tally = { tried: 0, refused: 0 }
  try {
    await measureAll(pairs, BEGIN_MS)
    // In turns, so that what else the machine does falls upon all.
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push(...(await measureAll(pairs, ms)))
      const attacker = await startAttacker([attack, String(relay.port), toHex(relay.key), pairs[0]?.prekeys ?? ''])
      await relay.loop()
      const [since, relaySince, attackerSince] = [performance.now(), cpuMsOf(relay.pid), cpuMsOf(attacker.pid)]
      during.push(...(await measureAll(pairs, ms)))
      used.ms += performance.now() - since
      used.relay += cpuMsOf(relay.pid) - relaySince
      used.attacker += cpuMsOf(attacker.pid) - attackerSince
      loops.push(await relay.loop())
      await attacker.stop()
      tally.tried += attacker.tally.tried
      tally.refused += attacker.tally.refused
      await pause(BEGIN_MS)
      const neighbour = await startAttacker(['idle', String(used.attacker / used.ms)])
      beside.push(...(await measureAll(pairs, ms)))
      await neighbour.stop()
    }
  } finally {
    await Promise.all(pairs.map((pair) => pair.close()))
    await relay.end()
  }
  return { attack, ...figuresOf({ quiet, during, beside }), ...sharesOf(used, loops), ...tally }
}

const measureAll = async (pairs: readonly HonestPair[], ms: number): Promise<readonly number[]> =>
  (await Promise.all(pairs.map((pair) => pair.measure(ms)))).flat()

/** A relay that says how its event loop does. */
async function startMeasured() {
  const folder = await mkdtemp(join(tmpdir(), 'kith-attack-'))
  const file = join(folder, 'loop')
  const relay = await startRelay({ env: { ...TURN, NODE_OPTIONS: `--import ${PROBE}`, ATTACK_LOOP_FILE: file } })
  setPriorityOfAll(relay.pid, PRIORITY_HIGHEST)
  return {
    ...relay,
    /** Since it was last asked. */
    async loop(): Promise<Loop> {
      rmSync(file, { force: true })
      process.kill(relay.pid, 'SIGUSR2')
      while (!existsSync(file) || readFileSync(file).length === 0) await pause(10)
      return JSON.parse(readFileSync(file, 'utf8')) as Loop
    },
    async end(): Promise<void> {
      await relay.kill()
      await rm(folder, { recursive: true })
    },
  }
}

/** Once it is under way. */
async function startAttacker(args: readonly string[]) {
  const child = fork(ATTACKER, args, { execPath: NODE, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: relayEnv({}) })
  const tally: Tally = { tried: 0, refused: 0 }
  const underWay = Promise.withResolvers<void>()
  child.on('message', (message: Tally) => {
    Object.assign(tally, message)
    if (tally.tried > 0) underWay.resolve()
  })
  // An attack that does nothing would look like one that does no harm.
  child.once('exit', () => underWay.reject(new Error('the attacker ended by itself')))
  await underWay.promise
  await pause(BEGIN_MS)
  return {
    pid: child.pid ?? 0,
    tally,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

type Took = { readonly quiet: readonly number[]; readonly during: readonly number[]; readonly beside: readonly number[] }
function figuresOf({ quiet, during, beside }: Took) {
  const [quietP50, quietP99, p50, p99, idleP99] = [at(quiet, 0.5), at(quiet, 0.99), at(during, 0.5), at(during, 0.99), at(beside, 0.99)]
  const samples = during.length
  return { samples, quietP50, quietP99, p50, p99, ratio: tenths(p99 / quietP99), idleP99, idleRatio: tenths(idleP99 / quietP99) }
}

function sharesOf(used: { readonly relay: number; readonly attacker: number; readonly ms: number }, loops: readonly Loop[]) {
  const percent = (part: number): number => Math.round(part * 100)
  return {
    relayCpu: percent(used.relay / used.ms),
    loopBusy: percent(loops.reduce((sum, { busy }) => sum + busy, 0) / loops.length),
    attackerCpu: percent(used.attacker / used.ms),
    loopLateP99: tenths(Math.max(...loops.map(({ lateMs }) => lateMs))),
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10
const at = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return tenths(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN)
}
