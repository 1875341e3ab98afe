// Inputs on their way into one commit: each is stepped on top of those before it, and nothing of them counts until the commit does.

import { entryKeysOf, lookupsFor, toLookups, withinLookups } from '../log/lookups.ts'
import { headsIn, lookupsForHeads } from '../log/sync.ts'
import { senderOf } from '../node/inboxes.ts'
import { partnersOf } from '../node/members.ts'
import { step } from '../node/step.ts'
import { knownEntryOf } from '../node/stored-entry.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { FeedRange, KnownEntry, Lookups } from '../log/lookups.ts'
import type { Answer, Effect, Env } from '../node/draft.ts'
import type { NodeInput, Received } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { Store, StoreWrite } from '../ports.ts'
import type { Frame } from '../wire/frame.ts'

export type Batch = {
  state: NodeState
  readonly writes: StoreWrite[]
  readonly effects: Effect[]
}

type Around = { readonly store: Store; readonly env: () => Env }

export const createBatch = (state: NodeState): Batch => ({ state, writes: [], effects: [] })

/** Steps one input; the result is its answer, where it has one. */
export function applyInput(batch: Batch, input: NodeInput, { env }: Pick<Around, 'env'>): Answer | undefined {
  const { state, writes, effects } = step(batch.state, input, env())
  batch.state = state
  batch.writes.push(...writes)
  let answer: Answer | undefined
  for (const effect of effects) {
    if (effect.kind === 'answer') answer = effect.answer
    else batch.effects.push(effect)
  }
  return answer
}

/** Steps what came from outside, part by part, each with the rows that it needs. */
export async function applyReceived(batch: Batch, input: Received, around: Around): Promise<void> {
  const sequence = partsOf(input.frames)
  for (const [at, frames] of sequence.entries()) {
    const part = at === sequence.length - 1 ? 'last' : 'more'
    applyInput(batch, { ...input, frames, part, lookups: await loadLookups(batch, { ...input, frames }, around.store) }, around)
  }
}

/** The effects, without acknowledgements of what is held: one part of a blob that has to wait holds the whole blob. */
export function effectsOf({ effects }: Batch): readonly Effect[] {
  const held = new Set(effects.flatMap((effect) => (effect.kind === 'hold' ? [effect.blob.blob] : [])))
  return held.size === 0 ? effects : effects.filter((effect) => effect.kind !== 'acknowledge' || !held.has(effect.blob))
}

// Frames in the parts in which they have to be stepped: entries and heads apart from what comes before them.
function partsOf(frames: readonly Frame[]): readonly (readonly Frame[])[] {
  const parts: Frame[][] = [[]]
  for (const frame of frames) {
    if (frame.kind === 'entries' || frame.kind === 'have') parts.push([frame], [])
    else parts.at(-1)?.push(frame)
  }
  const filled = parts.filter((part) => part.length > 0)
  return filled.length === 0 ? [[]] : filled
}

type Given = { readonly source: Received['source']; readonly frames: readonly Frame[] }

// What admission must know of stored entries, those of this very batch included. Nothing is read for somebody who takes no part.
async function loadLookups(batch: Batch, { source, frames }: Given, store: Store): Promise<Received['lookups']> {
  const lookups = new Map<ConversationId, Lookups>()
  for (const id of conversationsIn(frames)) {
    const log = batch.state.conversations.get(id)?.log
    const sender = senderOf(batch.state, source)
    if (log === undefined || sender === undefined || !partnersOf(batch.state, id).includes(sender)) continue
    const entries = frames.flatMap((frame) => (frame.kind === 'entries' && frame.conversation === id ? frame.entries : []))
    const heads = frames
      .flatMap((frame) => (frame.kind === 'have' ? frame.have : []))
      .flatMap((have) => (have.conversation === id ? have.heads : []))
    const ranges = [
      ...(entries.length > 0 ? lookupsFor({ log, parking: batch.state.parking, entries: withinLookups(log, entries) }) : []),
      ...lookupsForHeads(log, headsIn(log, heads)),
    ]
    const known = await Promise.all(ranges.map((range) => knownIn(batch, { id, range, store })))
    if (ranges.length > 0) lookups.set(id, toLookups(known.flat()))
  }
  return lookups
}

// Conversations that frames speak about.
const conversationsIn = (frames: readonly Frame[]): readonly ConversationId[] => [
  ...new Set(
    frames.flatMap((frame) =>
      frame.kind === 'entries' ? [frame.conversation] : frame.kind === 'have' ? frame.have.map(({ conversation }) => conversation) : [],
    ),
  ),
]

type Asked = { readonly id: ConversationId; readonly range: FeedRange; readonly store: Store }

async function knownIn(batch: Batch, { id, range, store }: Asked): Promise<readonly KnownEntry[]> {
  const { from, to } = entryKeysOf(id, range)
  const rows = await store.read({ table: 'entries', from, to })
  const fresh = batch.writes.flatMap((write) =>
    write.kind === 'put' && write.table === 'entries' && write.key >= from && write.key < to ? [write] : [],
  )
  return [...rows, ...fresh].map((row) => knownEntryOf(row.value))
}
