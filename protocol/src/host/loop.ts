// The heart of a running engine: inputs are stepped one after the other, all that waits at once, then one commit, and only then the
// effects. So whatever was announced or sent is durable, and a busy moment costs one transaction, not many.

import { BATCH_INPUTS_MAX } from '../limits.ts'
import { holdOf } from '../node/inbox.ts'
import { StoreError } from '../ports.ts'
import { applyInput, applyReceived, createBatch, effectsOf } from './batch.ts'
import { changedRecords } from './records.ts'
import type { Answer, Effect, Env } from '../node/draft.ts'
import type { NodeInput } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { Store } from '../ports.ts'
import type { Batch } from './batch.ts'

export type Change = { readonly before: NodeState; readonly after: NodeState; readonly effects: readonly Effect[] }

export type LoopParts = {
  readonly store: Store
  readonly env: () => Env
  /** After each commit: effects in order, then the state that is durable now. */
  readonly committed: (change: Change) => void
  /** The store failed: nothing more is done. */
  readonly failed: (error: unknown) => void
  /** A step threw. The input is dropped, the state is as before. A blob is held, as if what it needs had not come: it may be our fault. */
  readonly faulty: (error: unknown, input: NodeInput) => void
}

/** What became of an input. */
export type Fate = 'durable' | 'faulty'

type Job = {
  readonly input: NodeInput
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  readonly done: (fate: Fate) => void
}

export type Loop = {
  /** The durable state. */
  readonly state: () => NodeState
  /** `done` is told when the input has become part of the durable state, or could not. */
  readonly push: (input: NodeInput, done?: (fate: Fate) => void) => void
  /** Resolves with the command's answer once everything that it claims is durable. */
  readonly ask: (input: NodeInput) => Promise<Answer>
  /** Resolves when nothing will be written any more; what was not durable by then is rejected. */
  readonly stop: () => Promise<void>
}

export function createLoop(initial: NodeState, parts: LoopParts): Loop {
  let durable = initial
  let state: 'resting' | 'running' | 'stopped' = 'resting'
  const jobs: Job[] = []
  const inFlight: Job[] = []
  let running = Promise.resolve()
  const isStopped = (): boolean => state === 'stopped'

  async function run(): Promise<void> {
    while (jobs.length > 0 && !isStopped()) await runBatch()
    if (!isStopped()) state = 'resting'
  }

  async function runBatch(): Promise<void> {
    const batch = createBatch(durable)
    inFlight.push(...jobs.splice(0, BATCH_INPUTS_MAX))
    const answers: (() => void)[] = []
    for (const job of inFlight) answers.push(await applyJob(batch, job, parts))
    settle(batch, durable, parts)
    if (isStopped()) return rejectAll(new Error('the engine has stopped'))
    const writes = [...batch.writes, ...changedRecords(durable, batch.state)]
    if (writes.length > 0) await parts.store.commit(writes)
    const before = durable
    durable = batch.state
    inFlight.length = 0
    for (const tell of answers) tell()
    parts.committed({ before, after: durable, effects: effectsOf(batch) })
  }

  function rejectAll(error: unknown): void {
    for (const waiting of [...inFlight.splice(0), ...jobs.splice(0)]) waiting.reject(error)
  }

  function fail(error: unknown): void {
    state = 'stopped'
    rejectAll(error)
    parts.failed(error)
  }

  function enqueue(job: Job): void {
    if (isStopped()) return job.reject(new Error('the engine has stopped'))
    jobs.push(job)
    if (state === 'running') return
    state = 'running'
    running = run().catch(fail)
  }

  return {
    state: () => durable,
    push: (input, done = () => {}) => enqueue({ input, resolve: () => {}, reject: () => {}, done }),
    ask: (input) => new Promise((resolve, reject) => enqueue({ input, resolve, reject, done: () => {} })),
    stop: () => {
      if (state === 'resting') rejectAll(new Error('the engine has stopped'))
      state = 'stopped'
      return running
    },
  }
}

/** The result says what became of the job; it is called after the commit. */
async function applyJob(batch: Batch, job: Job, parts: LoopParts): Promise<() => void> {
  const { input, resolve, reject, done } = job
  try {
    const answer = input.kind === 'received' ? await applyReceived(batch, input, parts) : applyInput(batch, input, parts)
    return () => {
      if (answer !== undefined) resolve(answer)
      done('durable')
    }
  } catch (error) {
    if (error instanceof StoreError) throw error
    if (input.kind === 'received' && input.source.kind === 'mailbox') batch.effects.push(holdOf(input.source))
    parts.faulty(error, input)
    return () => {
      reject(error)
      done('faulty')
    }
  }
}

function settle(batch: Batch, since: NodeState, parts: LoopParts): void {
  const input = { kind: 'settle', since } as const
  try {
    applyInput(batch, input, parts)
  } catch (error) {
    parts.faulty(error, input)
  }
}
