// Searches: the index says where something may be, the timeline says whether it is there. So nothing is shown that is not there any more, whatever the index says.

import { DecodeError } from '../../bytes/codec.ts'
import { inWords } from '../../conversation/timeline-row.ts'
import { isShownIn } from '../../node/rest-looks.ts'
import { excerptOf } from '../../search/excerpt.ts'
import { EXCERPT_LENGTH_MAX } from '../../search/limits.ts'
import { linesWith, numbered } from '../../search/find.ts'
import { comparePlaces, readLineBlock } from '../../search/line-block.ts'
import { isFoundIn, parseQuery } from '../../search/query.ts'
import { lineBlocksBetween, newestOf } from '../../search/segment.ts'
import { HITS_MAX, LOOKS_MAX } from './limits.ts'
import { toFileView } from '../watch/views.ts'
import { isOfKind, kindTerm, linkIn, messagesAt, orderPrefix, placeOf, placePrefix } from './lines.ts'
import type { MessageContent } from '../../conversation/timeline-row.ts'
import type { SearchHit, SearchOutcome, SearchQuery } from '../../engine.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock, Store } from '../../ports.ts'
import type { IndexedLine, Place } from '../../search/line-block.ts'
import type { Query } from '../../search/query.ts'
import type { SegmentHead } from '../../search/segment.ts'
import type { Catalog } from './catalog.ts'
import type { PlacedMessage } from './lines.ts'
import type { Mark } from './marks.ts'

export type FinderParts = {
  readonly store: Store
  readonly state: () => NodeState
  readonly clock: Clock
  readonly catalog: Catalog
  /** What the index may not say right yet. */
  readonly marks: ReadonlyMap<string, Mark>
  /** A row of the index is not as it was written. */
  readonly rebuild: () => void
}

/** Places that are read at once. */
const READ_AT_ONCE = 16
/** How often a search begins anew because segments went while it read. */
const TRIES = 8

type Asked = { readonly query: Query; readonly of: SearchQuery; readonly limit: number }

export function createFinder(parts: FinderParts): (query: SearchQuery) => Promise<SearchOutcome> {
  const { catalog } = parts
  return async (of) => {
    const query = parseQuery(of.text)
    const isFiltered = of.account !== undefined || of.kind !== undefined || of.since !== undefined || of.until !== undefined
    if (query.parts.length === 0 && !isFiltered) return { kind: 'refused', reason: 'nothing-asked' }
    const asked: Asked = { query, of, limit: Math.min(Math.max(1, Math.floor(of.limit)), HITS_MAX) }
    for (let tried = 1; ; tried += 1) {
      const heads = catalog.heads()
      try {
        return await search(parts, asked)
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
        const isOvertaken = heads !== catalog.heads()
        if (isOvertaken && tried < TRIES) continue
        if (!isOvertaken) parts.rebuild()
        return { kind: 'found', hits: [], next: undefined, isWhole: false }
      }
    }
  }
}

async function search(parts: FinderParts, asked: Asked): Promise<SearchOutcome> {
  // Both at one moment: what a mark is about goes into a segment meanwhile.
  const [pending, heads] = [pendingPlaces(parts, asked), [...parts.catalog.heads().values()]]
  const sources = [only(pending), ...(await Promise.all(heads.map((head) => placesIn(parts, head, asked))))]
  const streams = sources.map(createStream)
  const hits: SearchHit[] = []
  const isWhole = parts.catalog.cursor() === undefined
  for (let looks = 0; looks < LOOKS_MAX; looks += READ_AT_ONCE) {
    const places = await takeNewest(streams)
    if (places.length === 0) return { kind: 'found', hits, next: undefined, isWhole }
    const found = (await Promise.all(places.map((place) => messagesAt(parts.store, place)))).flat()
    hits.push(...hitsAmong(parts, found, asked))
    const last = hits[asked.limit - 1]
    if (last !== undefined) return { kind: 'found', hits: hits.slice(0, asked.limit), next: last.orderKey, isWhole }
    const reached = places.at(-1)
    if (reached !== undefined && looks + READ_AT_ONCE >= LOOKS_MAX) return { kind: 'found', hits, next: orderPrefix(reached), isWhole }
  }
  return { kind: 'found', hits, next: undefined, isWhole }
}

function hitsAmong({ state, clock }: FinderParts, found: readonly PlacedMessage[], { query, of }: Asked): readonly SearchHit[] {
  const { conversations, self } = state()
  return found
    .flatMap(({ conversation, row }): readonly SearchHit[] => {
      const chat = conversations.look(conversation)
      if (
        chat === undefined ||
        !isShownIn(chat, self.account, row.account) ||
        !isAskedFor({ conversation, row }, of) ||
        !isFoundIn(query, row.content.text)
      )
        return []
      const { orderKey, id: message, account } = row
      const common = { conversation, message, account, mine: account === self.account, time: Math.min(row.time, clock()), orderKey }
      return [{ ...common, ...excerptOf(query, said(row.content, { query, of })), ...filesAsked(row.content, of) }]
    })
    .toSorted((a, b) => (a.orderKey < b.orderKey ? 1 : -1))
}

/** Whoever asked for links and nothing else is shown the first one, wherever in the text it stands. */
function said(content: MessageContent, { query, of }: Pick<Asked, 'query' | 'of'>): string {
  const words = inWords(content)
  return of.kind === 'link' && query.parts.length === 0 && words.length > EXCERPT_LENGTH_MAX
    ? words.slice(Math.max(0, linkIn(words)))
    : words
}

const filesAsked = ({ files }: MessageContent, { kind }: SearchQuery): Pick<SearchHit, 'files'> =>
  files === undefined || kind === undefined || kind === 'link' || kind === 'reply' ? {} : { files: files.map(toFileView) }

const isAskedFor = ({ conversation, row }: PlacedMessage, { account, kind, before, ...of }: SearchQuery): boolean =>
  (of.conversation === undefined || of.conversation === conversation) &&
  (account === undefined || account === row.account) &&
  (kind === undefined || isOfKind(row, kind)) &&
  (before === undefined || row.orderKey < before)

type Candidate = Pick<IndexedLine, 'place'> & Partial<IndexedLine>

const isCandidate = ({ place, account }: Candidate, of: SearchQuery): boolean =>
  (of.conversation === undefined || of.conversation === place.conversation) &&
  (of.account === undefined || account === undefined || of.account === account) &&
  place.time >= (of.since ?? 0) &&
  place.time < (of.until ?? Infinity) &&
  (of.before === undefined || orderPrefix(place) <= of.before.slice(0, orderPrefix(place).length))

/** Places that changed since the index was brought level: looked at, whatever they say. */
function pendingPlaces({ marks }: FinderParts, { of }: Asked): readonly Place[] {
  const places = [...marks.values()].flatMap(({ lines }) => lines.map(({ conversation, orderKey }) => placeOf(conversation, orderKey)))
  return places.filter((place) => isCandidate({ place }, of)).toSorted(comparePlaces)
}

/** Places of a segment that may have what is asked for, newest first, a block of lines at a time. */
async function placesIn({ catalog }: FinderParts, head: SegmentHead, { query, of }: Asked): Promise<AsyncGenerator<readonly Place[]>> {
  const isElsewhere =
    newestOf(head) < (of.since ?? 0) ||
    head.oldest >= (of.until ?? Infinity) ||
    (of.conversation !== undefined && !head.conversations.includes(of.conversation)) ||
    (of.account !== undefined && !head.accounts.includes(of.account))
  if (isElsewhere) return only([])
  const wanted = [...query.wanted, ...(of.kind === undefined ? [] : [{ kind: 'exact', term: kindTerm(of.kind, of.conversation) } as const])]
  const lines = await linesWith(head, wanted, catalog.load)
  return readPlaces()

  async function* readPlaces(): AsyncGenerator<readonly Place[]> {
    const blocks = lineBlocksBetween(head, { oldest: of.since ?? 0, newest: of.until ?? Infinity })
    for (const { row, time, number } of blocks) {
      const end = head.lineBlocks.find((block) => block.number > number)?.number ?? head.lines
      if (lines !== undefined && lines.between(number, end).next().done === true) continue
      const [bytes = new Uint8Array(0)] = await catalog.load([row])
      yield numbered(number, readLineBlock({ time, bytes }, head)).flatMap((line) =>
        lines?.has(line.number) !== false && isCandidate(line, of) ? [line.place] : [],
      )
    }
  }
}

async function* only(places: readonly Place[]): AsyncGenerator<readonly Place[]> {
  yield places
}

function createStream(source: AsyncGenerator<readonly Place[]>) {
  let places: readonly Place[] = []
  let at = 0
  let isOver = false
  return {
    async peek(): Promise<Place | undefined> {
      while (at >= places.length && !isOver) {
        const next = await source.next()
        isOver = next.done === true
        places = next.done === true ? [] : next.value
        at = 0
      }
      return places[at]
    },
    take: () => void (at += 1),
  }
}

/** The newest places of all streams, each once, in order; all of the last moment among them. */
async function takeNewest(streams: readonly ReturnType<typeof createStream>[]): Promise<readonly Place[]> {
  const places = new Map<string, Place>()
  let last: Place | undefined
  for (;;) {
    let newest: Place | undefined
    for (const stream of streams) {
      const place = await stream.peek()
      if (place !== undefined && (newest === undefined || comparePlaces(place, newest) < 0)) newest = place
    }
    const isNext = last !== undefined && newest !== undefined && orderPrefix(newest) !== orderPrefix(last)
    if (newest === undefined || (isNext && places.size >= READ_AT_ONCE)) break
    last = newest
    places.set(placePrefix(newest), newest)
    for (const stream of streams)
      for (let place = await stream.peek(); place !== undefined && comparePlaces(place, newest) === 0; place = await stream.peek())
        stream.take()
  }
  return [...places.values()]
}
