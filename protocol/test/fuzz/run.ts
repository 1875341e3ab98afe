// Runs one decoder over mutated bytes, and makes what broke it as short as it can. The same seed gives the same bytes.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { equalBytes, toHex } from '../../src/bytes/bytes.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { CALCULATING_BYTES_FREE, READING_BYTES_FREE, READING_MS_MAX } from './decoder.ts'
import { mutated } from './mutate.ts'
import type { Decoder, Failure, Reading } from './decoder.ts'

export type FuzzBounds = { readonly seed: number; readonly executions?: number; readonly ms?: number }
export type FuzzResult = {
  readonly decoder: string
  readonly executions: number
  readonly read: number
  readonly slowestMs: number
  readonly failures: readonly Failure[]
}

/**
 * Memory is looked at after so many executions at most, and one by one where they took more together than one alone may. That takes a hundred times what
 * a reading does: a decoder whose readings are good by themselves and only too many together has fewer of them looked at together from then on.
 */
const BATCH_MAX = 16
/** As many are told of one decoder, each of another kind. */
const FAILURES_TOLD = 4
const SHRINK_MS = 3_000
/** Other work on the machine is not the decoder's: what was slow has to be so each time. */
const SLOW_TRIES = 4
const MEMORY_TRIES = 3

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heldBytes = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const freeOf = ({ isCalculating = false }: Decoder): number => (isCalculating ? CALCULATING_BYTES_FREE : READING_BYTES_FREE)

export function fuzz(
  decoder: Decoder,
  { seed, executions = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY }: FuzzBounds,
): FuzzResult {
  const luck = createSeeded(seed)
  const failures: Failure[] = []
  let [done, read, slowestMs] = [0, 0, 0]
  let together = BATCH_MAX
  const end = performance.now() + ms
  for (const bytes of decoder.seeds) {
    const { reading, failure } = attempt(decoder, bytes)
    note(failures, failure)
    if (reading?.kind === 'refused') throw new Error(`${decoder.name} refuses what it begins with: ${toHex(bytes.subarray(0, 100))}`)
  }
  while (done < executions && performance.now() < end && failures.length < FAILURES_TOLD) {
    const batch = Array.from({ length: Math.min(together, executions - done) }, () => mutated(decoder.seeds, luck))
    const before = heldBytes()
    for (const bytes of batch) {
      const tried = attempt(decoder, bytes)
      done += 1
      if (tried.reading?.kind === 'read') read += 1
      slowestMs = Math.max(slowestMs, tried.ms)
      note(failures, tried.failure)
    }
    const longest = Math.max(...batch.map((bytes) => bytes.length))
    if (heldBytes() - before <= 2 * longest + freeOf(decoder)) continue
    for (const bytes of batch) note(failures, memoryFailure(decoder, bytes))
    together = Math.max(1, Math.floor(together / 2))
  }
  const shrunk = failures.map((failure) => shrink(decoder, failure))
  return { decoder: decoder.name, executions: done, read, slowestMs: Math.round(slowestMs * 100) / 100, failures: shrunk }
}

function note(failures: Failure[], failure: Failure | undefined): void {
  const isNew = failure !== undefined && !failures.some(({ kind, what }) => kind === failure.kind && what === failure.what)
  if (isNew) failures.push(failure)
}

type Attempt = { readonly reading?: Reading; readonly ms: number; readonly failure?: Failure }

export function attempt(decoder: Decoder, input: Uint8Array): Attempt {
  const started = performance.now()
  try {
    const reading = decoder.read(input)
    const ms = performance.now() - started
    if (reading.kind === 'read' && reading.again !== undefined && !equalBytes(reading.again, input)) {
      return { reading, ms, failure: { kind: 'not canonical', what: 'it is written otherwise than it was read', input } }
    }
    if (ms > READING_MS_MAX && isSlowAgain(decoder, input))
      return { reading, ms, failure: { kind: 'slow', what: 'it takes too long', input } }
    return { reading, ms }
  } catch (error) {
    return { ms: performance.now() - started, failure: { kind: 'thrown', what: String(error).slice(0, 200), input } }
  }
}

const isSlowAgain = (decoder: Decoder, input: Uint8Array): boolean =>
  Array.from({ length: SLOW_TRIES }, () => {
    const started = performance.now()
    decoder.read(input)
    return performance.now() - started
  }).every((ms) => ms > READING_MS_MAX)

/** What one reading alone takes, garbage included. Other things take memory too: what a decoder takes, it takes each time. */
export function memoryFailure(decoder: Decoder, input: Uint8Array): Failure | undefined {
  const allowed = 2 * input.length + freeOf(decoder)
  // The first that is good is enough.
  let tries = 0
  while (tries < MEMORY_TRIES && takenBy(decoder, input) > allowed) tries += 1
  return tries === MEMORY_TRIES ? { kind: 'memory', what: 'it takes too much memory', input } : undefined
}

function takenBy(decoder: Decoder, input: Uint8Array): number {
  collect()
  const before = heldBytes()
  try {
    decoder.read(input)
  } catch {
    // That is a failure of another kind.
    return 0
  }
  return heldBytes() - before
}

export const failureOf = (decoder: Decoder, input: Uint8Array): Failure | undefined =>
  attempt(decoder, input).failure ?? memoryFailure(decoder, input)

/** The same failure of fewer and plainer bytes. */
function shrink(decoder: Decoder, failure: Failure): Failure {
  let { input } = failure
  const end = performance.now() + SHRINK_MS
  const isTime = (): boolean => performance.now() < end
  const isSame = (bytes: Uint8Array): boolean => {
    const found = failure.kind === 'memory' ? memoryFailure(decoder, bytes) : attempt(decoder, bytes).failure
    return found?.kind === failure.kind && found.what === failure.what
  }
  for (let part = Math.ceil(input.length / 2); part >= 1 && isTime(); part = part === 1 ? 0 : Math.ceil(part / 2)) {
    for (let at = 0; at < input.length && isTime();) {
      const without = Uint8Array.from([...input.subarray(0, at), ...input.subarray(at + part)])
      if (isSame(without)) input = without
      else at += part
    }
  }
  for (let at = 0; at < input.length && isTime(); at += 1) {
    const plainer = input.map((byte, here) => (here === at ? 0 : byte))
    if (input[at] !== 0 && isSame(plainer)) input = plainer
  }
  return { ...failure, input }
}
