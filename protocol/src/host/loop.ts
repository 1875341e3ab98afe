// The heart of a running engine: inputs are stepped one after the other, all that waits at once, then one commit, and only then the
// effects. So whatever was announced or sent is durable, and a busy moment costs one transaction, not many. What people and this device
// itself want goes before what comes from outside. While the disk is full, commands say so, and what comes from outside waits.

import { BATCH_INPUTS_MAX } from '../limits.ts'
import { holdOf } from '../node/incoming/hold.ts'
import { PartNeededError } from '../node/part.ts'
import { AsleepError } from '../node/rest-map.ts'
import { hasPassed } from '../node/moment.ts'
import { StoreError } from '../ports.ts'
import { applyInput, applyReceived, applyUnopened, createBatch, effectsOf } from './batch.ts'
import { changedRows, readAsleep, withWoken } from './records/index.ts'
import { relateIn } from './rows/relate.ts'
import { createTurns } from './turns.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { Answer, Effect, Env } from '../node/draft.ts'
import type { NodeInput } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { Store, StoreWrite } from '../ports.ts'
import type { Batch } from './batch.ts'
import type { WokenRecords } from './records/index.ts'
import type { Turns } from './turns.ts'

/** A transaction takes no more inputs after this long, ms: what comes in meanwhile waits for it. */
const BATCH_MS = 100

export type Change = {
  readonly before: NodeState
  readonly after: NodeState
  readonly effects: readonly Effect[]
  /** What the commit put down. */
  readonly writes: readonly StoreWrite[]
  /** `passing`: what others sent waits already, and nobody here waits for an answer. So another commit follows, and what is shown may wait for that. */
  readonly moment: 'passing' | 'at rest'
}

export type LoopParts = {
  readonly store: Store
  readonly env: () => Env
  /** Resolves when the part of the node that is loaded later is at hand. */
  readonly loadPart: () => Promise<void>
  /** Verifies what signatures it can before the step; the rest, and all without it, is verified in the step. */
  readonly verifier?: () => PlatformVerify | undefined
  /** Resolves when whatever else waits for the processor has had its turn. */
  readonly pause: () => Promise<void>
  /** After each commit: effects in order, then the state that is durable now. */
  readonly committed: (change: Change) => void
  /** The disk has no room, or has room again. */
  readonly full: (state: 'full' | 'free') => void
  /** The store failed: nothing more is done. */
  readonly failed: (error: unknown) => void
  /** A step threw. The input is dropped, the state is as before. A blob is held, as if what it needs had not come: it may be our fault. */
  readonly faulty: (error: unknown, input: NodeInput) => void
}

/** What became of an input. */
export type InputFate = 'durable' | 'faulty'

type Job = {
  readonly input: NodeInput
  /** Somebody waits for an answer, and so for nothing that comes from outside: that goes into a later commit. */
  readonly isAsked: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  readonly done: (fate: InputFate) => void
}

export type Loop = {
  /** The durable state. */
  readonly state: () => NodeState
  /** `done` is told when the input has become part of the durable state, or could not. */
  readonly push: (input: NodeInput, done?: (fate: InputFate) => void) => void
  /** Resolves with the command's answer once everything that it claims is durable. */
  readonly ask: (input: NodeInput) => Promise<Answer>
  /** Resolves when nothing will be written any more; what was not durable by then is rejected. */
  readonly stop: () => Promise<void>
}

export function createLoop(initial: NodeState, parts: LoopParts): Loop {
  let [durable, running] = [initial, Promise.resolve()]
  let state: 'resting' | 'running' | 'stopped' = 'resting'
  const [jobs, inFlight]: [Turns<Job>, Job[]] = [createTurns(), []]
  /** Full: inputs go one by one, and of what comes from outside one is tried with each tick. */
  let disk: 'free' | 'full' | 'tried' = 'free'
  const suspects = createSuspects(jobs, parts)
  const isStopped = (): boolean => state === 'stopped'
  const served = (): 'own' | 'all' => (disk === 'full' ? 'own' : 'all')

  async function run(): Promise<void> {
    while (jobs.has(served()) && !isStopped()) await runBatch()
    if (!isStopped()) state = 'resting'
  }

  async function runBatch(): Promise<void> {
    const batch = createBatch(durable)
    const answers: (() => void)[] = []
    const time = { since: parts.env().now, ms: BATCH_MS }
    do {
      const job = jobs.next(inFlight.some(({ isAsked }) => isAsked) ? 'own' : served())
      if (job === undefined) break
      inFlight.push(job)
      answers.push(await applyAwake(batch, job, { ...parts, verify: parts.verifier?.(), wake }))
      // What went to rest in a batch cannot wake in it.
      if (job.input.kind === 'rest') break
    } while (disk === 'free' && !suspects.areAny() && inFlight.length < BATCH_INPUTS_MAX && !hasPassed(time, parts.env().now))
    await relateIn(batch, durable, { store: parts.store, faulty: (error) => parts.faulty(error, { kind: 'tick' }) })
    if (isStopped()) return rejectAll(new Error('the engine has stopped'))
    const rows = suspects.rowsOf(durable, batch.state, inFlight)
    if (rows === undefined) return
    const writes = [...batch.writes, ...rows]
    const noRoom = await commitTo(parts.store, writes)
    if (noRoom !== undefined) return wait(noRoom)
    if (writes.length > 0) setDisk('free')
    const [before, moment] = [durable, jobs.has('all') && !inFlight.some(({ isAsked }) => isAsked) ? 'passing' : 'at rest'] as const
    durable = batch.state
    inFlight.length = 0
    for (const tell of answers) tell()
    parts.committed({ before, after: durable, effects: effectsOf(batch), writes, moment })
    // Nothing else lets commands in while what others send costs no commit.
    if (writes.length === 0 && jobs.has(served())) await parts.pause()
  }

  // In the durable state as well: so what differs between the two is only what happened.
  function wake(records: WokenRecords): void {
    const before = durable
    durable = withWoken(durable, records)
    parts.committed({ before, after: durable, effects: [], writes: [], moment: 'at rest' })
  }

  function setDisk(now: 'free' | 'full'): void {
    if ((disk === 'free') !== (now === 'free')) parts.full(now)
    disk = now
  }

  // Of several inputs it is not known which of them need room. What a contact sent can wait; whoever asks here gets an answer.
  function wait(error: StoreError): void {
    setDisk('full')
    const [job, ...others] = inFlight.splice(0)
    if (job === undefined) return
    if (others.length > 0 || laneOf(job.input) !== undefined) return putBack(jobs, [job, ...others])
    job.reject(error)
    job.done('faulty')
  }

  const rejectAll = (error: unknown): void => [...inFlight.splice(0), ...jobs.clear()].forEach((waiting) => waiting.reject(error))

  function fail(error: unknown): void {
    state = 'stopped'
    rejectAll(error)
    parts.failed(error)
  }

  function enqueue(job: Job): void {
    if (isStopped()) return job.reject(new Error('the engine has stopped'))
    jobs.push(laneOf(job.input), job)
    if (job.input.kind === 'tick' && disk === 'full') disk = 'tried'
    if (state === 'running') return
    state = 'running'
    running = run().catch(fail)
  }

  return {
    state: () => durable,
    push: (input, done = () => {}) => enqueue({ input, isAsked: false, resolve: () => {}, reject: () => {}, done }),
    ask: (input) => new Promise((resolve, reject) => enqueue({ input, isAsked: true, resolve, reject, done: () => {} })),
    stop: () => {
      if (state === 'resting') rejectAll(new Error('the engine has stopped'))
      state = 'stopped'
      return running
    },
  }
}

function putBack(jobs: Turns<Job>, inFlight: readonly Job[]): void {
  for (const job of inFlight.toReversed()) jobs.putBack(laneOf(job.input), job)
}

/**
 * Inputs among which one leads to a state that no row can hold. They go one by one until it is known which: that one is dropped, and stops neither
 * this engine nor whoever opens the store again.
 */
function createSuspects(jobs: Turns<Job>, parts: LoopParts) {
  let left = 0
  function found(inFlight: readonly Job[], error: unknown, durable: NodeState): void {
    const [job, ...others] = inFlight
    if (job === undefined) throw error
    left = others.length > 0 ? inFlight.length : Math.max(0, left - 1)
    if (others.length > 0) putBack(jobs, inFlight)
    else parts.committed({ before: durable, after: durable, effects: dropped(job, error, parts), writes: [], moment: 'at rest' })
  }
  return {
    areAny: () => left > 0,
    /** The rows of what the inputs have changed; undefined where there is none for it, and the inputs wait or are dropped. */
    rowsOf(before: NodeState, after: NodeState, inFlight: Job[]): readonly StoreWrite[] | undefined {
      try {
        const rows = changedRows(before, after)
        left = Math.max(0, left - 1)
        return rows
      } catch (error) {
        found(inFlight.splice(0), error, before)
        return undefined
      }
    },
  }
}

/** What is left to do about an input that counts for nothing. */
function dropped({ input, reject, done }: Job, error: unknown, parts: LoopParts): readonly Effect[] {
  parts.faulty(error, input)
  reject(error)
  done('faulty')
  return input.kind === 'received' && input.source.kind === 'mailbox' ? [holdOf(input.source)] : []
}

/** The error when there was no room: then nothing of it is kept. */
async function commitTo(store: Store, writes: readonly StoreWrite[]): Promise<StoreError | undefined> {
  if (writes.length === 0) return undefined
  try {
    await store.commit(writes)
    return undefined
  } catch (error) {
    if (error instanceof StoreError && error.code === 'quota') return error
    throw error
  }
}

// What a link or file brings, and the beginning and end of a link, stay in order.
function laneOf(input: NodeInput): string | undefined {
  switch (input.kind) {
    case 'unopened':
      return input.source.mailbox
    case 'received':
      return input.source.kind === 'mailbox' ? input.source.mailbox : input.source.device
    case 'peer-up':
    case 'peer-down':
      return input.device
    default:
      return undefined
  }
}

function applyAny(batch: Batch, input: NodeInput, parts: JobParts): Promise<void> | Answer | undefined {
  switch (input.kind) {
    case 'received':
      return applyReceived(batch, input, parts)
    case 'unopened':
      return applyUnopened(batch, input, parts)
    default:
      return applyInput(batch, input, parts)
  }
}

type JobParts = LoopParts & { readonly verify?: PlatformVerify | undefined }
type Waking = JobParts & { readonly wake: (records: WokenRecords) => void }

// What a job names and rests is read, and the job is done again: once for each name at most, since what was read stays.
async function applyAwake(batch: Batch, job: Job, { wake, ...parts }: Waking): Promise<() => void> {
  const { writes, effects } = batch
  let { state } = batch
  const before = { writes: writes.length, effects: effects.length }
  const named = new Set<string>()
  for (;;) {
    const outcome = await applyJob(batch, job, parts)
    if (typeof outcome === 'function') return outcome
    if (outcome instanceof PartNeededError) {
      if (named.has(outcome.name)) throw outcome
      named.add(outcome.name)
      writes.length = before.writes
      effects.length = before.effects
      batch.state = state
      await parts.loadPart()
      continue
    }
    if (outcome.ids.some((id) => named.has(id))) throw new StoreError('corrupt', 'what was woken rests still')
    for (const id of outcome.ids) named.add(id)
    writes.length = before.writes
    effects.length = before.effects
    const records = await readAsleep(parts.store, state, outcome)
    wake(records)
    state = withWoken(state, records)
    batch.state = state
  }
}

/** The result says what became of the job, and is called after the commit; or it names what rests. */
async function applyJob(batch: Batch, job: Job, parts: JobParts): Promise<(() => void) | AsleepError | PartNeededError> {
  const { input, resolve, reject, done } = job
  try {
    const answer = await applyAny(batch, input, parts)
    return () => {
      if (answer !== undefined) resolve(answer)
      done('durable')
    }
  } catch (error) {
    if (error instanceof AsleepError || error instanceof PartNeededError) return error
    if (error instanceof StoreError) throw error
    if (input.kind === 'received' && input.source.kind === 'mailbox') batch.effects.push(holdOf(input.source))
    parts.faulty(error, input)
    return () => {
      reject(error)
      done('faulty')
    }
  }
}
