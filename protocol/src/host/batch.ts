// Inputs on their way into one commit: each is stepped on top of those before it, and nothing of them counts until the commit does.

import { signaturesDue } from '../log/ahead.ts'
import { entryKeysOf, NO_LOOKUPS, planLookups, toLookups } from '../log/lookups.ts'
import { headsIn, lookupsForHeads } from '../log/sync.ts'
import { lookupsLeft } from '../node/incoming/effort.ts'
import { senderOf } from '../node/mailboxes/inboxes.ts'
import { isPartner } from '../node/members.ts'
import { step } from '../node/step.ts'
import { knownEntryOf } from '../node/rows/stored-entry.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { DueSignature } from '../log/ahead.ts'
import type { Log } from '../log/log.ts'
import type { FeedRange, KnownEntry } from '../log/lookups.ts'
import type { Answer, Effect, Env } from '../node/draft.ts'
import type { InputOf, LookupResult, NodeInput, ReceivedFrames } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { Store, StoreWrite } from '../ports.ts'
import { openJoint } from './network/joint-blobs.ts'
import type { Head } from '../wire/entry.ts'
import type { Frame, Have } from '../wire/frame.ts'
import type { Receipt } from '../wire/receipt.ts'

export type Batch = {
  state: NodeState
  readonly writes: StoreWrite[]
  readonly effects: Effect[]
}

type BatchParts = { readonly store: Store; readonly env: () => Env; readonly verify?: PlatformVerify | undefined }

export const createBatch = (state: NodeState): Batch => ({ state, writes: [], effects: [] })

/** Steps one input; the result is its answer, where it has one. */
export function applyInput(batch: Batch, input: NodeInput, { env }: Pick<BatchParts, 'env'>): Answer | undefined {
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
export async function applyReceived(batch: Batch, input: ReceivedFrames, around: BatchParts): Promise<void> {
  const sequence = partsOf(input.frames)
  for (const [at, frames] of sequence.entries()) {
    const part = at === sequence.length - 1 ? 'last' : 'more'
    applyInput(batch, { ...input, frames, part, lookups: await loadLookups(batch, { ...input, frames }, around) }, around)
  }
}

/** Steps a blob that did not open: by now there may be a key for it. */
export async function applyUnopened(batch: Batch, input: InputOf<'unopened'>, around: BatchParts): Promise<void> {
  const opened = openJoint(batch.state, input)
  if (opened === undefined) applyInput(batch, input, around)
  else await applyReceived(batch, opened, around)
}

/** The effects, without acknowledgements of what is held: one part of a blob that has to wait holds the whole blob. */
export function effectsOf({ effects }: Batch): readonly Effect[] {
  const held = new Set(effects.flatMap((effect) => (effect.kind === 'hold' ? [effect.blob.blob] : [])))
  return held.size === 0 ? effects : effects.filter((effect) => effect.kind !== 'acknowledge' || !held.has(effect.blob))
}

// Frames in the parts in which they have to be stepped: what names stored entries apart from what comes before it.
function partsOf(frames: readonly Frame[]): readonly (readonly Frame[])[] {
  const parts: Frame[][] = [[]]
  for (const frame of frames) {
    if (frame.kind === 'entries' || frame.kind === 'have' || frame.kind === 'receipts') parts.push([frame], [])
    else parts.at(-1)?.push(frame)
  }
  const filled = parts.filter((part) => part.length > 0)
  return filled.length === 0 ? [[]] : filled
}

type SourceFrames = { readonly source: ReceivedFrames['source']; readonly frames: readonly Frame[] }

// What the node must know of stored entries, those of this very batch included. Nothing is read for somebody who takes no part.
async function loadLookups(
  batch: Batch,
  { source, frames }: SourceFrames,
  { store, env, verify }: BatchParts,
): Promise<ReceivedFrames['lookups']> {
  const lookups = new Map<ConversationId, LookupResult>()
  const sender = senderOf(batch.state, source)
  if (sender === undefined) return lookups
  let left = lookupsLeft(batch.state, sender, env().now)
  for (const id of conversationsIn(frames)) {
    const conversation = batch.state.conversations.get(id)
    if (conversation === undefined || !isPartner(batch.state, conversation, sender)) continue
    const looked = await lookUp(frames, { batch, log: conversation.log, store, verify, left })
    left -= looked.places
    lookups.set(id, looked)
  }
  return lookups
}

type Put = Extract<StoreWrite, { kind: 'put' }>
type LookupParts = { readonly batch: Batch; readonly log: Log; readonly left: number } & Pick<BatchParts, 'store' | 'verify'>

async function lookUp(frames: readonly Frame[], { batch, log, store, verify, left }: LookupParts): Promise<LookupResult> {
  const id = log.conversation
  const load = async (ranges: readonly FeedRange[]): Promise<readonly KnownEntry[]> => {
    if (ranges.length === 0) return []
    const fresh = batch.writes.filter(isEntryOf(id))
    return (await Promise.all(ranges.map((range) => knownIn(store, entryKeysOf(id, range), fresh)))).flat()
  }
  const entries = frames.flatMap((frame) => (frame.kind === 'entries' && frame.conversation === id ? frame.entries : []))
  const heads = headsOf(frames, id)
  if (entries.length === 0) {
    const ranges = lookupsForHeads(log, headsIn(log, heads))
    if (ranges.length > left) return { rows: NO_LOOKUPS, items: 0, places: 0 }
    return { rows: toLookups(await load(ranges)), items: heads.length, places: ranges.length }
  }
  const plan = planLookups({ log, parking: batch.state.parking, entries, placesMax: left })
  const first = await load(plan.first())
  const known = [...first, ...(await load(plan.further(toLookups(first))))]
  const verified = verify === undefined ? undefined : await verifyAhead(verify, signaturesDue(log, entries.slice(0, plan.items())))
  return { rows: toLookups(known), items: plan.items(), places: plan.places(), ...(verified === undefined ? {} : { verified }) }
}

async function verifyAhead(verify: PlatformVerify, due: readonly DueSignature[]): Promise<ReadonlyMap<EntryId, Uint8Array>> {
  const verdicts = await Promise.all(due.map(({ key, statement, signature }) => verify(key, statement, signature)))
  return new Map(due.flatMap(({ id, signature }, at) => (verdicts[at] === true ? [[id, signature] as const] : [])))
}

// What says what somebody has.
function speaksOf(frame: Frame): readonly (Have | Receipt)[] {
  if (frame.kind === 'have') return frame.have
  return frame.kind === 'receipts' ? frame.receipts : []
}

const headsOf = (frames: readonly Frame[], id: ConversationId): readonly Head[] =>
  frames.flatMap(speaksOf).flatMap((said) => {
    if (said.conversation !== id) return []
    return 'heads' in said ? said.heads : said.tips.map((tip) => ({ device: said.feed, ...tip }))
  })

// Conversations that frames speak about.
const conversationsIn = (frames: readonly Frame[]): readonly ConversationId[] => [
  ...new Set(
    frames.flatMap((frame) => {
      if (frame.kind === 'entries') return [frame.conversation]
      return speaksOf(frame).map(({ conversation }) => conversation)
    }),
  ),
]

const isEntryOf =
  (id: ConversationId) =>
  (write: StoreWrite): write is Put =>
    write.kind === 'put' && write.table === 'entries' && write.key.startsWith(id)

async function knownIn(store: Store, { from, to }: { readonly from: string; readonly to: string }, fresh: readonly Put[]) {
  const rows = await store.read({ table: 'entries', from, to })
  return [...rows, ...fresh.filter(({ key }) => key >= from && key < to)].map((row) => knownEntryOf(row.value))
}
