// The newest messages of a chat, which another own device shows this one before their past has come (docs/protocol.md §13.9). Proven like any entry, by
// signature, hash chain and commitment, they are shown and nothing else: no part of the log, nothing that is counted, answered or done to them yet.

import { changeLine } from '../../conversation/lines.ts'
import { shownTimeOf } from '../../conversation/reduce.ts'
import { cleanText } from '../../conversation/text.ts'
import { saidIn } from '../../conversation/timeline-row.ts'
import { contentKeptOf } from '../../log/kept-body.ts'
import { readHeader, verifyRun } from '../../log/entry.ts'
import { belongsTo } from '../../log/fork.ts'
import { lengthOf } from '../../log/log.ts'
import { orderKeyOf } from '../../log/order.ts'
import { TIME_MS_MAX } from '../../limits.ts'
import { isMessage } from '../../wire/content.ts'
import { countBytes } from '../incoming/budget.ts'
import { authorOf, isOwnOther, isPartner, isRevoked } from '../members.ts'
import { refuse } from '../draft.ts'
import { aheadMark, aheadRow } from '../rows/ahead.ts'
import type { AccountId, DeviceId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { ReadHeader } from '../../log/entry.ts'
import type { Frame, NewestEntry } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Conversation } from '../state.ts'

type Newest = ReadHeader & { readonly sent: NewestEntry }

/** Shows what is proven and not here yet. */
export function takeNewest(draft: Draft, from: DeviceId, { conversation: id, entries }: Extract<Frame, { kind: 'newest' }>): void {
  const conversation = draft.state.conversations.get(id)
  if (!isOwnOther(draft.state, from) || conversation === undefined || !isPartner(draft.state, conversation, from))
    return refuse(draft, 'newest', 'unknown-conversation')
  const bytes = entries.reduce((sum, { header, said }) => sum + header.length + (said?.content.length ?? 0), 0)
  if (!countBytes(draft, from, bytes)) return refuse(draft, 'newest', 'too-much')
  const lines = byFeed(entries).flatMap((run) => linesOf(draft, conversation, run))
  if (lines.length === 0) return
  draft.writes.push(...lines.flatMap((line) => [changeLine(id, line), aheadRow(id, line)]), aheadMark(id))
}

/** Entries that follow each other in one feed; none where one does not decode. */
function byFeed(entries: readonly NewestEntry[]): readonly (readonly Newest[])[] {
  const runs: Newest[][] = []
  for (const sent of entries) {
    const read = readHeader(sent.header)
    if (read === undefined) return []
    const run = runs.at(-1)
    if (run?.at(-1)?.header.device === read.header.device) run.push({ ...read, sent })
    else runs.push([{ ...read, sent }])
  }
  return runs
}

function linesOf(draft: Draft, conversation: Conversation, run: readonly Newest[]): readonly TimelineRow[] {
  const device = run[0]?.header.device
  const feed = device && conversation.log.feeds.get(device)
  const account = device && authorOf(draft.state, conversation, device)
  if (feed === undefined || account === undefined || isRevoked(draft.state, feed.device)) return []
  if (!isProven(conversation, feed.signingKey, run)) {
    refuse(draft, 'newest', 'signature')
    return []
  }
  const length = lengthOf(conversation.log, feed.device)
  return run.filter(({ header }) => header.seq >= length).flatMap((entry) => lineOf(entry, account, draft.env.now))
}

/** One after the other in one feed of this conversation, the last of them signed by its author. */
function isProven(conversation: Conversation, signingKey: Uint8Array, run: readonly Newest[]): boolean {
  const follows = ({ header }: Newest, at: number): boolean => {
    const before = run[at - 1]
    return before === undefined || (header.prev === before.id && header.seq === before.header.seq + 1)
  }
  const last = run.at(-1)
  if (last?.sent.signature === undefined) return false
  if (!run.every((entry, at) => belongsTo(conversation.id, entry.header, entry.id) && follows(entry, at))) return false
  const { device, seq } = last.header
  return verifyRun(signingKey, { conversation: conversation.id, device, seq, id: last.id }, last.sent.signature)
}

// What is to go after its time comes with its history alone, which says since when.
function lineOf({ id, header, sent }: Newest, account: AccountId, now: number): readonly TimelineRow[] {
  const { said: kept, time, depth } = sent
  const said = kept === undefined || header.ttl > 0 ? undefined : contentKeptOf(header, kept)
  if (kept === undefined || said === undefined || !isMessage(said)) return []
  const text = cleanText(said.text)
  const more = saidIn(said)
  if (text === '' && more.files === undefined) return []
  const { device, seq } = header
  const shown = shownTimeOf(header.time, Math.min(now, TIME_MS_MAX))
  return [
    { orderKey: orderKeyOf({ time, depth }, id), id, account, device, seq, time: shown, content: { kind: 'text', text, ...more, kept } },
  ]
}

/** Their entries are here, in the log: what was shown somewhere else in the meantime goes. */
export function newestOver(draft: Draft, { writes }: InputOf<'newest-over'>): void {
  draft.writes.push(...writes)
}
