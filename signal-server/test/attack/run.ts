// A relay, an honest pair, and one attack after the other: what the pair notices of each.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { toHex } from '@kith/protocol'
import { openPassage } from '../passage.ts'
import { NODE, relayEnv, startRelay } from '../start-relay.ts'
import { createHonestPair } from './honest-pair.ts'
import type { AttackName, Tally } from './attacks.ts'

export type AttackOptions = { readonly attacks: readonly AttackName[]; readonly ms: number; readonly onLine: (line: AttackLine) => void }
export type AttackLine = {
  readonly attack: AttackName
  readonly quietP50: number
  readonly quietP99: number
  readonly p50: number
  readonly p99: number
  readonly ratio: number
  readonly tried: number
  readonly refused: number
}

const ATTACKER = fileURLToPath(new URL('attacker.ts', import.meta.url))
/** Linux answers for every address in 127.0.0.0/8. */
const ELSEWHERE = '127.0.0.2'
/** Nobody is there: what is drained is the relay's part of it. */
const TURN = { KITH_TURN: 'turn:127.0.0.1:3478', KITH_TURN_SECRET: 'a-secret-of-the-attacked-relay' }
const ROUNDS = 3
/** Until an attack is under way. */
const BEGIN_MS = 1_500

export async function attackInTurn({ attacks, ms, onLine }: AttackOptions): Promise<void> {
  preferOverOthers(process.pid)
  for (const attack of attacks) {
    // A relay of its own for each: what one attack has used up must not hide what the next one does.
    const relay = await startRelay({ env: TURN })
    preferOverOthers(relay.pid)
    const pair = await createHonestPair(relay)
    const way = await openPassage({ to: relay.port, from: ELSEWHERE })
    const tally: Tally = { tried: 0, refused: 0 }
    const [quiet, during]: [number[], number[]] = [[], []]
    try {
      await pair.measure(ms / 4)
      // In turns, so that what else the machine does falls upon both.
      for (let round = 0; round < ROUNDS; round++) {
        quiet.push(...(await pair.measure(ms / ROUNDS)))
        const attacker = startAttacker([attack, String(way.port), toHex(relay.key), pair.prekeys])
        await attacker.underWay
        await pause(BEGIN_MS)
        during.push(...(await pair.measure(ms / ROUNDS)))
        await attacker.stop()
        tally.tried += attacker.tally.tried
        tally.refused += attacker.tally.refused
        await pause(BEGIN_MS)
      }
      onLine({ attack, ...figuresOf(quiet, during), ...tally })
    } finally {
      await pair.close()
      await way.close()
      await relay.kill()
    }
  }
}

/** A relay and those who use it are measured, not what else runs on this machine. Only root may say so; for others it stays as it is. */
function preferOverOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGHEST)
  } catch {
    // Measured all the same.
  }
}

function startAttacker(args: readonly string[]) {
  const child = fork(ATTACKER, args, { execPath: NODE, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: relayEnv({}) })
  const tally: Tally = { tried: 0, refused: 0 }
  const underWay = Promise.withResolvers<void>()
  child.on('message', (message: Tally) => {
    Object.assign(tally, message)
    if (tally.tried > 0) underWay.resolve()
  })
  // An attack that does nothing would look like one that does no harm.
  child.once('exit', () => underWay.reject(new Error('the attacker ended by itself')))
  return {
    tally,
    underWay: underWay.promise,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

function figuresOf(quiet: readonly number[], during: readonly number[]) {
  const [quietP50, quietP99, p50, p99] = [at(quiet, 0.5), at(quiet, 0.99), at(during, 0.5), at(during, 0.99)]
  return { quietP50, quietP99, p50, p99, ratio: tenths(p99 / quietP99) }
}

const tenths = (value: number): number => Math.round(value * 10) / 10
const at = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return tenths(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN)
}
