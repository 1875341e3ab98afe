// Brings the index level with the timeline, for some lines: what it says of a line that is another one now is taken out, and what is not in it is put in.

import { buildSegment } from '../../search/build.ts'
import { linesAt, numbered } from '../../search/find.ts'
import { readLineBlock } from '../../search/line-block.ts'
import { LineSet } from '../../search/line-set.ts'
import { newestOf, rowsOf } from '../../search/segment.ts'
import { takeOut } from '../../search/take-out.ts'
import { LETTERS_AT_ONCE } from './limits.ts'
import { indexedLine, lineOfTerms, messagesAtAll, placeOf, placePrefix } from './lines.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { NumberedLine } from '../../search/find.ts'
import type { IndexedLine, Place } from '../../search/line-block.ts'
import type { LoadBlocks, SegmentHead } from '../../search/segment.ts'
import type { Store } from '../../ports.ts'
import type { Catalog, IndexWriter } from './catalog.ts'
import type { PlacedMessage } from './lines.ts'
import type { Mark } from './marks.ts'

export type ReconcileParts = {
  readonly store: Pick<Store, 'read'>
  readonly catalog: Catalog
  readonly pause: () => Promise<unknown>
}

/** What the index has at each of some places, with the segments that say so. */
type Found = ReadonlyMap<string, readonly { readonly segment: number; readonly line: NumberedLine }[]>

/** Cut off at any place, it is done by being called again with the same marks, which go last. */
export async function reconcile(parts: ReconcileParts, marks: ReadonlyMap<string, Mark>): Promise<void> {
  const { store, catalog, pause } = parts
  for (const chat of new Set([...marks.values()].flatMap(({ chats }) => chats))) await takeOutChat(parts, chat)
  const places = markedPlaces(marks.values())
  const found = await findAll(
    parts,
    [...places.values()].map(({ place }) => place),
  )
  const messages = await messagesAtAll(
    store,
    [...places.values()].map(({ place }) => place),
  )
  const there = new Map<string, PlacedMessage[]>()
  for (const message of messages) {
    const prefix = placePrefix(indexedLine(message).place)
    there.set(prefix, [...(there.get(prefix) ?? []), message])
  }
  const gone = new Map<number, number[]>()
  const added: PlacedMessage[] = []
  for (const [prefix, { isGone }] of places) {
    const [had, has] = [found.get(prefix) ?? [], there.get(prefix) ?? []]
    if (!isGone && isLevel(had, has)) continue
    for (const { segment, line } of had) gone.set(segment, [...(gone.get(segment) ?? []), line.number])
    // What the first reading has not come to yet, it will find as it is then.
    if (prefix < (catalog.cursor() ?? '~')) added.push(...has)
  }
  for (const [segment, numbers] of gone) await takeOutLines(parts, segment, numbers)
  for (const some of inSegments(added)) {
    await catalog.commit((writer) => addSegment(writer, some))
    await pause()
  }
  await catalog.commit((writer) => writer.dropMarks(marks.keys()))
}

// A segment has room for that many letters, whatever they are, and making one takes no time that anybody notices.
function inSegments(messages: readonly PlacedMessage[]): readonly (readonly PlacedMessage[])[] {
  const segments: PlacedMessage[][] = []
  let letters = Infinity
  for (const message of messages) {
    const { length } = message.row.content.text
    if (letters + length > LETTERS_AT_ONCE) {
      segments.push([])
      letters = 0
    }
    segments.at(-1)?.push(message)
    letters += length
  }
  return segments
}

export function addSegment(writer: IndexWriter, messages: readonly PlacedMessage[]): void {
  if (messages.length === 0) return
  const { lineBlocks, termBlocks, ...rest } = buildSegment(messages.map(lineOfTerms))
  writer.add({ ...rest, lineBlocks: lineBlocks.map(writer.block), termBlocks: termBlocks.map(writer.block) })
}

function markedPlaces(marks: Iterable<Mark>): ReadonlyMap<string, { readonly place: Place; readonly isGone: boolean }> {
  const places = new Map<string, { readonly place: Place; readonly isGone: boolean }>()
  for (const { lines } of marks)
    for (const { conversation, orderKey, isGone } of lines) {
      const place = placeOf(conversation, orderKey)
      const prefix = placePrefix(place)
      places.set(prefix, { place, isGone: isGone || places.get(prefix)?.isGone === true })
    }
  return places
}

async function findAll({ catalog, pause }: ReconcileParts, places: readonly Place[]): Promise<Found> {
  const found = new Map<string, { segment: number; line: NumberedLine }[]>()
  for (const [segment, head] of catalog.heads()) {
    const chats = new Set(head.conversations)
    const here = places.filter(({ conversation, time }) => time >= head.oldest && time <= newestOf(head) && chats.has(conversation))
    if (here.length === 0) continue
    const load = remembering(catalog.load)
    for (const place of here)
      for (const line of await linesAt(head, place, load)) {
        const prefix = placePrefix(place)
        found.set(prefix, [...(found.get(prefix) ?? []), { segment, line }])
      }
    await pause()
  }
  return found
}

/** The last blocks are at hand: places that are asked for lie beside each other. */
function remembering(load: LoadBlocks): LoadBlocks {
  let last: { readonly rows: readonly number[]; readonly blocks: readonly Uint8Array[] } | undefined
  return async (rows) => {
    if (last === undefined || last.rows.length !== rows.length || last.rows.some((row, at) => row !== rows[at]))
      last = { rows, blocks: await load(rows) }
    return last.blocks
  }
}

/** Lines of the same place that look the same are not told apart: then both go, and come again. */
function isLevel(had: readonly { readonly line: IndexedLine }[], has: readonly PlacedMessage[]): boolean {
  const sayings = (lines: readonly Pick<IndexedLine, 'account' | 'version'>[]) =>
    lines
      .map(({ account, version }) => `${account}/${version}`)
      .toSorted()
      .join()
  return sayings(had.map(({ line }) => line)) === sayings(has.map(indexedLine))
}

async function takeOutChat(parts: ReconcileParts, chat: ConversationId): Promise<void> {
  const { catalog, pause } = parts
  for (const [segment, head] of catalog.heads()) {
    if (!head.conversations.includes(chat)) continue
    const blocks = await catalog.load(head.lineBlocks.map(({ row }) => row))
    const lines = head.lineBlocks.flatMap(({ time, number }, at) =>
      numbered(number, readLineBlock({ time, bytes: blocks[at] ?? new Uint8Array(0) }, head)),
    )
    await pause()
    const numbers = lines.flatMap(({ place, number }) => (place.conversation === chat ? [number] : []))
    await takeOutLines(parts, segment, numbers)
  }
}

async function takeOutLines({ catalog, pause }: ReconcileParts, segment: number, numbers: readonly number[]): Promise<void> {
  const head = catalog.heads().get(segment)
  if (head === undefined) return
  const gone = new LineSet(head.lines)
  for (const number of numbers) gone.add(number)
  if (gone.size >= head.live) return catalog.commit((writer) => writer.drop(segment))
  await takeOut(head, gone, {
    load: catalog.load,
    pause,
    async replace(before, { terms, lines, head: changed }) {
      let after: SegmentHead = before
      await catalog.commit((writer) => {
        after = {
          ...before,
          ...changed,
          termBlocks: before.termBlocks.flatMap((block) => {
            const by = terms.get(block.row)
            return by !== undefined ? [writer.block(by)] : terms.has(block.row) ? [] : [block]
          }),
          lineBlocks: before.lineBlocks.map((block) => {
            const by = lines.get(block.row)
            return by === undefined ? block : writer.block(by)
          }),
        }
        const kept = new Set(rowsOf(after))
        writer.change(
          segment,
          after,
          rowsOf(before).filter((row) => !kept.has(row)),
        )
      })
      return after
    },
  })
}
