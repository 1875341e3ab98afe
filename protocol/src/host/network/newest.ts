// The newest messages of a chat for an own device that has them not, before what was said earlier follows in order (docs/protocol.md §13.9). Each feed goes from
// the first of them to its end, without sealed bodies: its last entry is signed, and through it all of them.

import { decode } from '../../bytes/codec.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { NEWEST_BYTES_MAX, NEWEST_ENTRIES_MAX, NEWEST_LINES_MAX } from '../../limits.ts'
import { entryKeysOf } from '../../log/lookups.ts'
import { entryOfRow } from '../../node/rows/stored-entry.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { Feed } from '../../log/log.ts'
import type { RowEntry } from '../../node/rows/stored-entry.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
import type { Frame } from '../../wire/frame.ts'

type Parts = { readonly store: Pick<Store, 'read'>; readonly state: () => NodeState }

/** Salt and length of what one says. */
const SAID_OVERHEAD_BYTES = 36
/** A little more than the entry of a text takes without its body. */
const USUAL_ENTRY_BYTES = 400

/** Undefined where there is nothing to show. */
export async function newestFrame(
  { store, state }: Parts,
  { conversation: id, to }: { readonly conversation: ConversationId; readonly to: DeviceId },
): Promise<Frame | undefined> {
  const feeds = state().conversations.awake.get(id)?.log.feeds
  const rows = await store.read({ table: 'timeline', from: `${id}/`, to: `${id}/~`, limit: NEWEST_LINES_MAX, order: 'descending' })
  const shown = rows.map(({ value }) => decode(timelineRow, value)).filter(isPlain)
  const ends =
    feeds === undefined ? new Map<DeviceId, number>() : beginnings(shown, (device) => (device === to ? undefined : feeds.get(device)))
  const said = new Map(shown.flatMap((line) => (line.content.kind === 'text' ? [[line.id, line.content.kept] as const] : [])))
  const parts = await Promise.all([...ends].map(([device, from]) => readEnd(store, id, { device, from, to: tipOf(feeds?.get(device)) })))
  const entries = parts.flat().map((entry) => newestEntry(entry, said.get(entry.id)))
  return entries.some((entry) => entry.said !== undefined) ? { kind: 'newest', conversation: id, entries } : undefined
}

// What others have made of a message is proven by their entries alone, so one that was edited comes with those.
const isPlain = ({ content }: TimelineRow): boolean => content.kind === 'text' && content.related?.edit === undefined

const tipOf = (feed: Feed | undefined): number => feed?.tips[0]?.seq ?? -1

/** Where each feed begins, so that as many of these messages as there is room for are in it, the newest first. */
function beginnings(lines: readonly TimelineRow[], feedOf: (device: DeviceId) => Feed | undefined): ReadonlyMap<DeviceId, number> {
  const from = new Map<DeviceId, number>()
  let [entries, bytes] = [0, 0]
  for (const { device, seq, content } of lines) {
    const feed = feedOf(device)
    // Of a feed with branches it is not known which of them is meant.
    if (feed?.tips.length !== 1 || content.kind !== 'text') continue
    const before = from.get(device) ?? tipOf(feed) + 1
    const more = Math.max(0, before - seq)
    entries += more
    bytes += more * USUAL_ENTRY_BYTES + content.kept.content.length + SAID_OVERHEAD_BYTES
    if (entries > NEWEST_ENTRIES_MAX || bytes > NEWEST_BYTES_MAX) break
    from.set(device, Math.min(before, seq))
  }
  return from
}

type End = { readonly device: DeviceId; readonly from: number; readonly to: number }

const readEnd = async (store: Parts['store'], id: ConversationId, end: End): Promise<readonly RowEntry[]> =>
  (await store.read({ table: 'entries', ...entryKeysOf(id, end) })).map(({ value }) => entryOfRow(value))

function newestEntry({ headerBytes: header, header: { ttl }, signature, order }: RowEntry, kept: KeptBody | undefined) {
  return { header, signature, ...order, said: ttl === 0 ? kept : undefined }
}
