// The heart of a running engine: inputs are stepped one after the other, all that waits at once, then one commit, and only then the
// effects. So whatever was announced or sent is durable, and a busy moment costs one transaction, not many.

import { lookupsFor, entryKeysOf, toLookups } from '../log/lookups.ts'
import { conversationsIn, holdOf, partsOf } from '../node/inbox.ts'
import { step } from '../node/step.ts'
import { knownEntryOf } from '../node/stored-entry.ts'
import { StoreError } from '../ports.ts'
import { changedRecords } from './records.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { FeedRange, Lookups } from '../log/lookups.ts'
import type { Answer, Effect, Env } from '../node/draft.ts'
import type { NodeInput, Received } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { Store, StoreWrite } from '../ports.ts'
import type { Frame } from '../wire/frame.ts'

/** Inputs that share one transaction at the most. */
const BATCH_INPUTS_MAX = 64

export type LoopParts = {
  readonly store: Store
  readonly env: () => Env
  /** After each commit: effects in order, then the state that is durable now. */
  readonly committed: (change: { readonly before: NodeState; readonly after: NodeState; readonly effects: readonly Effect[] }) => void
  /** The store failed: nothing more is done. */
  readonly failed: (error: unknown) => void
  /** A step threw. The input is dropped, the state is as before. A blob is held, as if what it needs had not come: it may be our fault. */
  readonly faulty: (error: unknown, input: NodeInput) => void
}

type Done = (result: 'durable' | 'faulty') => void
type Job = { readonly input: NodeInput; readonly resolve: (answer: Answer) => void; readonly reject: (error: unknown) => void; readonly done: Done }
type Answered = { readonly job: Job; readonly answer: Answer }

export type Loop = {
  /** The durable state. */
  readonly state: () => NodeState
  /** `done` is told when the input has become part of the durable state, or could not. */
  readonly push: (input: NodeInput, done?: Done) => void
  /** Resolves with the command's answer once everything that it claims is durable. */
  readonly ask: (input: NodeInput) => Promise<Answer>
  readonly stop: () => void
}

export function createLoop(initial: NodeState, parts: LoopParts): Loop {
  let durable = initial
  let isRunning = false
  let isStopped = false
  const jobs: Job[] = []
  const inFlight: Job[] = []

  async function run(): Promise<void> {
    while (jobs.length > 0 && !isStopped) await runBatch()
    isRunning = false
  }

  async function runBatch(): Promise<void> {
    const batch = createBatch(durable)
    const taken = jobs.splice(0, BATCH_INPUTS_MAX)
    inFlight.push(...taken)
    const results: (() => void)[] = []
    for (const job of taken) {
      const result = await applyJob(batch, job)
      results.push(() => job.done(result))
    }
    settle(batch)
    const writes = [...batch.writes, ...changedRecords(durable, batch.state)]
    if (writes.length > 0) await parts.store.commit(writes)
    const before = durable
    durable = batch.state
    inFlight.length = 0
    for (const { job, answer } of batch.answers) job.resolve(answer)
    for (const tell of results) tell()
    parts.committed({ before, after: durable, effects: withoutHeld(batch.effects) })
  }

  async function applyJob(batch: Batch, job: Job): Promise<'durable' | 'faulty'> {
    try {
      if (job.input.kind === 'received') await applyReceived(batch, job.input)
      else applyInput(batch, job.input, job)
      return 'durable'
    } catch (error) {
      if (error instanceof StoreError) throw error
      if (job.input.kind === 'received' && job.input.source.kind === 'mailbox') batch.effects.push(holdOf(job.input.source))
      parts.faulty(error, job.input)
      job.reject(error)
      return 'faulty'
    }
  }

  function settle(batch: Batch): void {
    const input = { kind: 'settle', since: durable } as const
    try {
      applyInput(batch, input)
    } catch (error) {
      parts.faulty(error, input)
    }
  }

  async function applyReceived(batch: Batch, input: Received): Promise<void> {
    const sequence = partsOf(input.frames)
    for (const [at, frames] of sequence.entries()) {
      const part = at === sequence.length - 1 ? 'last' : 'more'
      applyInput(batch, { ...input, frames, part, lookups: await loadLookups(batch, frames) })
    }
  }

  function applyInput(batch: Batch, input: NodeInput, job?: Job): void {
    const { state, writes, effects } = step(batch.state, input, parts.env())
    batch.state = state
    batch.writes.push(...writes)
    for (const effect of effects) {
      if (effect.kind === 'answer' && job !== undefined) batch.answers.push({ job, answer: effect.answer })
      else batch.effects.push(effect)
    }
  }

  // What admission must know of stored entries, those of this very batch included.
  async function loadLookups(batch: Batch, frames: readonly Frame[]): Promise<Received['lookups']> {
    const lookups = new Map<ConversationId, Lookups>()
    for (const id of conversationsIn(frames)) {
      const log = batch.state.conversations.get(id)?.log
      if (log === undefined) continue
      const entries = frames.flatMap((frame) => (frame.kind === 'entries' && frame.conversation === id ? frame.entries : []))
      const ranges = lookupsFor({ log, parking: batch.state.parking, entries })
      if (ranges.length > 0) lookups.set(id, toLookups((await Promise.all(ranges.map((range) => knownIn(batch, id, range)))).flat()))
    }
    return lookups
  }

  async function knownIn(batch: Batch, id: ConversationId, range: FeedRange) {
    const keys = entryKeysOf(id, range)
    const rows = await parts.store.read({ table: 'entries', ...keys })
    const fresh = batch.writes.flatMap((write) => (write.kind === 'put' && write.table === 'entries' && write.key >= keys.from && write.key < keys.to ? [write] : []))
    return [...rows, ...fresh].map((row) => knownEntryOf(row.value))
  }

  function enqueue(job: Job): void {
    if (isStopped) return job.reject(new Error('the engine has stopped'))
    jobs.push(job)
    if (isRunning) return
    isRunning = true
    run().catch((error: unknown) => {
      isStopped = true
      isRunning = false
      for (const waiting of [...inFlight.splice(0), ...jobs.splice(0)]) waiting.reject(error)
      parts.failed(error)
    })
  }

  return {
    state: () => durable,
    push: (input, done = () => {}) => enqueue({ input, resolve: () => {}, reject: () => {}, done }),
    ask: (input) => new Promise((resolve, reject) => enqueue({ input, resolve, reject, done: () => {} })),
    stop: () => {
      isStopped = true
    },
  }
}

// One part of a blob that has to wait holds the whole blob.
function withoutHeld(effects: readonly Effect[]): readonly Effect[] {
  const held = new Set(effects.flatMap((effect) => (effect.kind === 'hold' ? [effect.blob.blob] : [])))
  return held.size === 0 ? effects : effects.filter((effect) => effect.kind !== 'acknowledge' || !held.has(effect.blob))
}

type Batch = { state: NodeState; readonly writes: StoreWrite[]; readonly effects: Effect[]; readonly answers: Answered[] }

const createBatch = (state: NodeState): Batch => ({ state, writes: [], effects: [], answers: [] })

