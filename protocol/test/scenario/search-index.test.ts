// The search index over a store that crashes, against a plain look at every line: whatever is written, edited, deleted or removed in whatever order.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/bytes/codec.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { changeLine, dropLine, putLine, takeLine } from '../../src/conversation/lines.ts'
import { timelineRow } from '../../src/conversation/timeline-row.ts'
import { HITS_MAX, LINES_PER_PLACE_MAX, LOOKS_MAX } from '../../src/host/search/limits.ts'
import { createSearchKeeper } from '../../src/host/search/keeper.ts'
import { StoreError } from '../../src/ports.ts'
import { isFoundIn, parseQuery } from '../../src/search/query.ts'
import { segmentHead } from '../../src/search/segment.ts'
import { readTermBlock } from '../../src/search/term-block.ts'
import { termsOf } from '../../src/search/terms.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { ANA, chatOf, CHATS, createDevice, idOf, ME, messageRow, settled, stateWith } from '../fixtures/searched.ts'
import type { AccountId, ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { TimelineRow } from '../../src/conversation/timeline-row.ts'
import type { SearchHit, SearchOutcome, SearchQuery } from '../../src/engine.ts'
import type { Store, StoreWrite } from '../../src/ports.ts'
import type { MemoryStore } from '../contract/memory-store.ts'
import type { Device } from '../fixtures/searched.ts'

const WORDS = ['ferry', 'ferryman', 'café', '船', '明日の船', 'https://kith.example/x', 'Straße', 'nine', 'zinnwald', '안녕하세요']

const deletedRow = (row: TimelineRow): TimelineRow => ({ ...row, content: { kind: 'deleted' } })

function removed(chat: ConversationId): readonly StoreWrite[] {
  const all = { from: `${chat}/`, to: `${chat}/~` }
  return (['timeline', 'index'] as const).map((table) => ({ kind: 'delete-range', table, ...all }))
}

/** One whose index is level with its timeline, in which there is nothing yet. */
async function started(state = stateWith(CHATS)): Promise<Device> {
  const device = createDevice(createMemoryStore(), state)
  await device.find(asking('x'))
  await settled(device)
  return device
}

const asking = (text: string, filter: Partial<SearchQuery> = {}): SearchQuery => ({ text, limit: 100, ...filter })

async function hitsOf(device: Device, query: SearchQuery): Promise<readonly SearchHit[]> {
  const outcome = await device.find(query)
  if (outcome.kind !== 'found') throw new Error(outcome.reason)
  return outcome.hits
}

/** All pages, and whether the last one says that it looked at everything. */
async function allHits(device: Device, query: SearchQuery): Promise<{ readonly ids: readonly EntryId[]; readonly isWhole: boolean }> {
  const ids: EntryId[] = []
  let isWhole = true
  for (let before = query.before; ;) {
    const outcome: SearchOutcome = await device.find({ ...query, before })
    if (outcome.kind !== 'found') throw new Error(outcome.reason)
    ids.push(...outcome.hits.map(({ message }) => message))
    isWhole &&= outcome.isWhole
    if (outcome.next === undefined) return { ids, isWhole }
    before = outcome.next
  }
}

async function scan(store: Store, { text, conversation, account, since = 0, until = Infinity }: SearchQuery): Promise<readonly EntryId[]> {
  const query = parseQuery(text)
  const rows = (await store.read({ table: 'timeline' })).map(({ key, value }) => ({
    chat: key.slice(0, 64),
    row: decode(timelineRow, value),
  }))
  return rows
    .filter(({ chat, row }) => row.content.kind === 'text' && isFoundIn(query, row.content.text) && (conversation ?? chat) === chat)
    .filter(({ row }) => (account ?? row.account) === row.account && row.time >= since && row.time < until)
    .toSorted((a, b) => (a.row.orderKey < b.row.orderKey ? 1 : -1))
    .map(({ row }) => row.id)
}

/** Every term that the index has of anything. */
async function termsIn(store: Store): Promise<ReadonlySet<string>> {
  const terms = new Set<string>()
  for (const { value } of await store.read({ table: 'index', from: 'search/segment/', to: 'search/segment/~' }))
    for (const { row } of decode(segmentHead, value).termBlocks) {
      const block = await store.get('index', `search/block/${row.toString(16).padStart(12, '0')}`)
      readTermBlock(block ?? new Uint8Array(0), ({ term }) => void terms.add(term))
    }
  return terms
}

async function blocksIn(store: Store): Promise<{ readonly there: number; readonly needed: number }> {
  const heads = await store.read({ table: 'index', from: 'search/segment/', to: 'search/segment/~' })
  const needed = heads.reduce(
    (sum, { value }) => sum + decode(segmentHead, value).termBlocks.length + decode(segmentHead, value).lineBlocks.length,
    0,
  )
  return { there: (await store.read({ table: 'index', from: 'search/block/', to: 'search/block/~' })).length, needed }
}

const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))
type Deed =
  | { readonly kind: 'say'; readonly text: string; readonly chat: number; readonly mine: boolean }
  | { readonly kind: 'edit' | 'delete' | 'expire' | 'drop'; readonly which: number; readonly text: string }
  | { readonly kind: 'remove'; readonly chat: number }
  | { readonly kind: 'crash' | 'settle' | 'search' }
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('say' as const), text, chat: fc.nat(), mine: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit' as const, 'delete' as const, 'expire' as const, 'drop' as const),
      which: fc.nat(),
      text,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), chat: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'settle' as const, 'search' as const) }) },
)
const query: fc.Arbitrary<SearchQuery> = fc.record({
  text: fc.oneof(fc.constantFrom(...WORDS, 'fer', 'の', 'kith.ex', 'str', 'ferry nine'), text),
  limit: fc.constantFrom(1, 3, 100),
  conversation: fc.option(fc.constantFrom(...CHATS), { nil: undefined }),
  account: fc.option(fc.constantFrom(ME, ANA), { nil: undefined }),
  since: fc.option(fc.integer({ min: 1_000, max: 1_030 }), { nil: undefined }),
  until: fc.option(fc.integer({ min: 1_000, max: 1_030 }), { nil: undefined }),
})

/** A line, as the device that runs has it. */
type Line = { readonly chat: ConversationId; readonly row: TimelineRow; readonly first: string }

function writesOf(deed: Deed, lines: Map<EntryId, Line>, number: number): readonly StoreWrite[] {
  if (deed.kind === 'say') {
    const [chat, row] = [chatOf(deed.chat), messageRow(number, { text: deed.text, account: deed.mine ? ME : ANA })]
    lines.set(row.id, { chat, row, first: deed.text })
    return putLine(chat, row)
  }
  if (deed.kind === 'remove') {
    const chat = chatOf(deed.chat)
    for (const [id, line] of lines) if (line.chat === chat) lines.delete(id)
    return removed(chat)
  }
  if (!('which' in deed)) return []
  const all = [...lines.values()]
  const line = all[deed.which % Math.max(1, all.length)]
  if (line === undefined) return []
  const { chat, row, first } = line
  if (deed.kind === 'edit') {
    const edited = { ...messageRow(row.seq, { text: first, account: row.account, edited: { number, text: deed.text } }, row.time) }
    lines.set(row.id, { chat, row: edited, first })
    return [changeLine(chat, edited)]
  }
  lines.delete(row.id)
  if (deed.kind === 'delete') return putLine(chat, deletedRow(row))
  return deed.kind === 'expire' ? takeLine(chat, row) : dropLine(chat, { orderKey: row.orderKey, entry: row.id })
}

test('finds what a plain look finds, whatever happens and whenever the device goes down; and keeps no word of what went', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 1, maxLength: 60 }),
      fc.array(query, { minLength: 1, maxLength: 4 }),
      async (deeds, queries) => {
        let device = createDevice()
        const lines = new Map<EntryId, Line>()
        for (const [number, one] of deeds.entries()) {
          if (one.kind === 'crash') device = device.restart()
          else if (one.kind === 'settle') await settled(device)
          else if (one.kind === 'search')
            for (const asked of queries) expect((await allHits(device, asked)).ids).toEqual(await foundNow(device, asked))
          else await device.commit(writesOf(one, lines, number))
        }
        await device.find(asking('x'))
        await settled(device)
        for (const asked of queries) expect(await allHits(device, asked)).toEqual({ ids: await scan(device.store, asked), isWhole: true })
        const left = new Set(
          [...lines.values()].flatMap(({ row, first }) => [
            ...termsOf(row.content.kind === 'text' ? row.content.text : ''),
            ...termsOf(first),
          ]),
        )
        const allEver = new Set(deeds.flatMap((one) => ('text' in one ? [...termsOf(one.text)] : [])))
        const wasEdited = deeds.some(({ kind }) => kind === 'edit')
        for (const term of await termsIn(device.store))
          if (!term.startsWith('\u0001') && !wasEdited) expect(left.has(term) || !allEver.has(term), term).toBe(true)
        const { there, needed } = await blocksIn(device.store)
        expect(there).toBe(needed)
        await device.stop()
        expect(device.log).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
}, 120_000)

/** What a plain look finds; while the index is first built, the index may know less, and never anything else. */
async function foundNow(device: Device, asked: SearchQuery): Promise<readonly EntryId[]> {
  const [all, { ids, isWhole }] = [await scan(device.store, asked), await allHits(device, asked)]
  return isWhole ? all : all.filter((id) => ids.includes(id))
}

/** A store with many lines in it that no index has seen. */
async function filled(count: number, textOf: (at: number) => string): Promise<MemoryStore> {
  const store = createMemoryStore()
  await store.commit(Array.from({ length: count }, (_, at) => putLine(chatOf(at), messageRow(at, { text: textOf(at) }))).flat())
  return store
}

describe('many messages', () => {
  const textOf = (at: number): string => `message ${at} of the ${WORDS[at % WORDS.length]} at pier ${at % 97}`

  test('of before the index was there are read in, in segments that become few', async () => {
    const device = createDevice(await filled(6_000, textOf))
    await device.find(asking('x'))
    await settled(device)
    for (const asked of [
      asking('4711'),
      asking('pier 13 fer'),
      asking('船', { conversation: chatOf(1) }),
      asking('mess', { until: 1_500 }),
    ])
      expect(await allHits(device, asked)).toEqual({ ids: await scan(device.store, asked), isWhole: true })
    const heads = await device.store.read({ table: 'index', from: 'search/segment/', to: 'search/segment/~' })
    expect(heads).toHaveLength(1)
    expect(await blocksIn(device.store)).toMatchObject({ there: (await blocksIn(device.store)).needed })
    await device.stop()
  })

  test('are read on where a crash left off, and stay right at whichever commit it comes', async () => {
    const image = (await filled(2_300, textOf)).image()
    const seen = { cursor: 0, unfinished: 0 }
    for (let commits = 0; commits < 22; commits += 1) {
      let left = commits
      const store = createMemoryStore({ image, schedule: (done) => void (left-- > 0 && setImmediate(done)) })
      void createDevice(store).find(asking('x'))
      for (let turn = 0; turn < 60 + 20 * commits; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      const device = createDevice(createMemoryStore({ image: store.crash() }))
      const before = await blocksIn(device.store)
      if (before.there > before.needed) seen.unfinished += 1
      else if (before.there > 0) seen.cursor += 1
      await device.find(asking('x'))
      await settled(device)
      for (const asked of [asking('2299'), asking('pier 13 fer')])
        expect(await allHits(device, asked)).toEqual({ ids: await scan(device.store, asked), isWhole: true })
      const { there, needed } = await blocksIn(device.store)
      expect(there).toBe(needed)
      await device.stop()
    }
    expect(seen.cursor).toBeGreaterThan(2)
    expect(seen.unfinished).toBeGreaterThan(0)
  }, 60_000)

  test('are found at every moment while they go from a mark into a segment, and from one into another', async () => {
    const device = await started()
    for (let at = 0; at < 1_400; at += 20) {
      await device.commit(
        Array.from({ length: 20 }, (_, one) => putLine(chatOf(0), messageRow(at + one, { text: textOf(at + one) }))).flat(),
      )
      const asked = asking('message', { since: 1_000 + (at >> 1), limit: 100 })
      const [found, { ids }] = await Promise.all([device.find(asked), allHits(device, asked)])
      expect(ids).toHaveLength(20)
      expect(found.kind === 'found' && found.hits).toHaveLength(20)
    }
    await device.stop()
  })

  test('that came, or went, just before a crash are found, or not, after the next start', async () => {
    const first = createDevice(await filled(700, textOf))
    await first.find(asking('x'))
    await settled(first)
    const row = messageRow(900, { text: 'ombrellino' })
    await first.commit(putLine(chatOf(0), row))
    const second = first.restart()
    expect(await allHits(second, asking('ombrellino'))).toEqual({ ids: [row.id], isWhole: true })
    await second.commit(putLine(chatOf(300), deletedRow(messageRow(300, { text: textOf(300) }))))
    const third = second.restart()
    await third.find(asking('x'))
    await settled(third)
    expect((await termsIn(third.store)).has('300')).toBe(false)
    expect((await termsIn(third.store)).has('301')).toBe(true)
    await third.stop()
  })

  test('of a removed chat are gone, and one that was deleted is', async () => {
    const device = createDevice(
      await filled(2_000, (at) => `${textOf(at)} ${at % 3 === 0 ? 'quillwort' : ''} ${at === 1_000 ? 'ombrellino' : ''}`),
    )
    await device.find(asking('x'))
    await settled(device)
    expect((await termsIn(device.store)).has('ombrellino')).toBe(true)
    expect(await hitsOf(device, asking('ombrellino'))).toHaveLength(1)
    await device.commit(putLine(chatOf(1_000), deletedRow(messageRow(1_000, { text: 'x' }))))
    expect(await hitsOf(device, asking('ombrellino'))).toHaveLength(0)
    await device.commit(removed(chatOf(0)))
    expect(await hitsOf(device, asking('quillwort'))).toHaveLength(0)
    await settled(device)
    const terms = await termsIn(device.store)
    expect([terms.has('ombrellino'), terms.has('quillwort'), terms.has('message')]).toEqual([false, false, true])
    const heads = await device.store.read({ table: 'index', from: 'search/segment/', to: 'search/segment/~' })
    expect(heads.some(({ value }) => decode(segmentHead, value).conversations.includes(chatOf(0)))).toBe(false)
    await device.stop()
  })
})

test('a block that is missing, or is none, has the index built anew', async () => {
  const device = createDevice(await filled(1_200, (at) => `message ${at}`))
  await device.find(asking('x'))
  await settled(device)
  for (const damage of ['missing', 'broken'] as const) {
    const blocks = await device.store.read({ table: 'index', from: 'search/block/', to: 'search/block/~' })
    await device.store.commit(
      blocks.map(({ key }): StoreWrite =>
        damage === 'missing'
          ? { kind: 'delete', table: 'index', key }
          : { kind: 'put', table: 'index', key, value: Uint8Array.of(255, 255, 255) },
      ),
    )
    expect(await device.find(asking('message 77'))).toEqual({ kind: 'found', hits: [], next: undefined, isWhole: false })
    await settled(device)
    expect(await allHits(device, asking('message 77'))).toEqual({ ids: await scan(device.store, asking('message 77')), isWhole: true })
  }
  await device.stop()
})

test('an index of another version, or a head that is none, is built anew after a start', async () => {
  for (const key of ['search/state', 'search/segment/']) {
    const device = createDevice(await filled(600, (at) => `message ${at}`))
    await device.find(asking('x'))
    await settled(device)
    const [row] = await device.store.read({ table: 'index', from: key, to: `${key}~`, limit: 1 })
    await device.store.commit([{ kind: 'put', table: 'index', key: row?.key ?? '', value: Uint8Array.of(9, 9, 9, 9) }])
    const next = device.restart()
    await next.find(asking('x'))
    await settled(next)
    expect(await allHits(next, asking('message 599'))).toEqual({ ids: [idOf(599)], isWhole: true })
    await next.stop()
  }
})

test('without room the index waits, and goes on when there is some', async () => {
  let isFull = true
  const store = createMemoryStore({
    image: (await filled(600, (at) => `message ${at}`)).image(),
    refuse: (writes) =>
      isFull && writes.some((write) => 'key' in write && write.key.startsWith('search/block'))
        ? new StoreError('quota', 'full')
        : undefined,
  })
  const device = createDevice(store)
  expect(await device.find(asking('message 5'))).toMatchObject({ isWhole: false })
  await settled(device)
  expect(device.log[0]).toContain('full')
  isFull = false
  await settled(device)
  await settled(device)
  expect(await allHits(device, asking('599'))).toEqual({ ids: [idOf(599)], isWhole: true })
  await device.stop()
})

test('without room in the middle of putting segments together nothing of them stays that is not needed', async () => {
  const image = (await filled(2_300, (at) => `message ${at} at pier ${at % 97}`)).image()
  let refused = 0
  for (let commits = 0; commits < 22; commits += 1) {
    let left = commits
    const store = createMemoryStore({
      image,
      refuse: (writes) => {
        if (!writes.some((write) => 'key' in write && write.key.startsWith('search/block')) || left-- !== 0) return undefined
        refused += 1
        return new StoreError('quota', 'full')
      },
    })
    const device = createDevice(store)
    await device.find(asking('x'))
    for (let turn = 0; turn < 3; turn += 1) await settled(device)
    const { there, needed } = await blocksIn(device.store)
    expect(there, `after ${commits} commits`).toBe(needed)
    expect(await allHits(device, asking('2299'))).toEqual({ ids: [idOf(2_299)], isWhole: true })
    await device.stop()
  }
  expect(refused).toBeGreaterThan(3)
}, 60_000)

test('long messages that come at once become segments that are small enough, whatever they say', async () => {
  const blocks: number[] = []
  const store = createMemoryStore({
    refuse: (writes) => {
      blocks.push(writes.filter((write) => 'key' in write && write.key.startsWith('search/block')).length)
      return undefined
    },
  })
  const device = createDevice(store)
  await device.find(asking('x'))
  await settled(device)
  const han = (at: number): string =>
    Array.from({ length: 1_200 }, (_, one) => String.fromCodePoint(0x4e00 + ((at * 7_919 + one * 104_729) % 20_000))).join('')
  await device.commit(Array.from({ length: 256 }, (_, at) => putLine(chatOf(0), messageRow(at, { text: han(at) }))).flat())
  await settled(device)
  expect(blocks.find((count) => count > 0)).toBeLessThan(100)
  const asked = asking(han(17).slice(3, 9))
  expect(await allHits(device, asked)).toEqual({ ids: await scan(device.store, asked), isWhole: true })
  expect(device.log).toEqual([])
  await device.stop()
}, 60_000)

describe('an answer', () => {
  test('has no more than it may have, and says how to go on', async () => {
    const device = createDevice(await filled(2 * HITS_MAX + 7, (at) => `message ${at}`))
    await device.find(asking('x'))
    await settled(device)
    const outcome = await device.find(asking('message', { limit: 1e9 }))
    expect(outcome.kind === 'found' && outcome.hits).toHaveLength(HITS_MAX)
    expect((await allHits(device, asking('message', { limit: 1e9 }))).ids).toEqual(await scan(device.store, asking('message')))
    await device.stop()
  })

  test('comes after a bounded look at what only seems to have what is asked for', async () => {
    const device = createDevice(await filled(LOOKS_MAX + 600, (at) => (at === 0 ? '明日の船' : `日の明日 ${at}`)))
    await device.find(asking('x'))
    await settled(device)
    const outcome = await device.find(asking('明日の'))
    expect(outcome).toMatchObject({ kind: 'found', hits: [] })
    expect(outcome.kind === 'found' && outcome.next).toHaveLength(20)
    expect((await allHits(device, asking('明日の'))).ids).toEqual([idOf(0)])
    await device.stop()
  })

  test('has the lines of one moment, as many as are looked at', async () => {
    const device = await started()
    const rows = Array.from({ length: LINES_PER_PLACE_MAX + 9 }, (_, at) => messageRow(at, { text: 'ferry' }, 5_000))
    await device.commit(rows.flatMap((row) => putLine(chatOf(0), row)))
    expect((await allHits(device, asking('ferry'))).ids).toHaveLength(LINES_PER_PLACE_MAX)
    await device.commit(Array.from({ length: 600 }, (_, at) => putLine(chatOf(0), messageRow(1_000 + at, { text: 'nine' }))).flat())
    await settled(device)
    expect((await allHits(device, asking('ferry'))).ids).toHaveLength(LINES_PER_PLACE_MAX)
    await device.stop()
  })
})

describe('a search', () => {
  test('asks for something', async () => {
    const device = createDevice()
    expect(await device.find(asking('  '))).toEqual({ kind: 'refused', reason: 'nothing-asked' })
    expect(await device.find(asking('', { account: ANA }))).toMatchObject({ kind: 'found', hits: [] })
    await device.stop()
  })

  test('by what goes with them, newest first, in the chat that is asked about, and with what a page shows of it', async () => {
    const device = await started()
    const of = { size: 3, root: new Uint8Array(32), key: new Uint8Array(32).fill(7), name: '', photo: undefined }
    const photo = { ...of, photo: { width: 4, height: 3, thumbhash: new Uint8Array(5) } }
    const voice = { ...of, voice: { duration: 1_000, waveform: new Uint8Array(1) } }
    const paper = { ...of, name: 'paper.pdf' }
    const rows = [
      messageRow(2, { text: '', files: [photo, paper] }),
      messageRow(4, { text: '', files: [voice] }),
      messageRow(6, { text: 'only words' }),
      messageRow(8, { text: 'look', files: [photo] }),
    ]
    await device.commit(rows.flatMap((row) => putLine(chatOf(0), row)))
    await device.commit(putLine(chatOf(1), messageRow(10, { text: '', files: [photo, voice, paper] })))
    const check = async (): Promise<void> => {
      const ids = async (kind: 'picture' | 'voice' | 'file', conversation?: ConversationId) =>
        (await hitsOf(device, asking('', { kind, conversation }))).map(({ message }) => message)
      expect(await ids('picture', chatOf(0))).toEqual([idOf(8), idOf(2)])
      expect(await ids('file', chatOf(0))).toEqual([idOf(2)])
      expect(await ids('voice', chatOf(0))).toEqual([idOf(4)])
      expect(await ids('picture')).toEqual([idOf(10), idOf(8), idOf(2)])
    }
    await check()
    const filler = Array.from({ length: 300 }, (_, at) => messageRow(1_000 + at, { text: 'so the index reads them in' }))
    await device.commit(filler.flatMap((row) => putLine(chatOf(2), row)))
    await settled(device)
    expect(await termsIn(device.store)).toContain('\u0001picture')
    await check()
    const [hit] = await hitsOf(device, asking('', { kind: 'file', conversation: chatOf(0) }))
    expect(hit?.files?.map(({ name, size }) => [name, size])).toEqual([
      ['', 3],
      ['paper.pdf', 3],
    ])
    expect(JSON.stringify(hit), 'nothing that opens a file').not.toContain('"key"')
    await device.commit(dropLine(chatOf(0), { orderKey: rows[0]?.orderKey ?? '', entry: idOf(2) }))
    expect(await hitsOf(device, asking('', { kind: 'file', conversation: chatOf(0) })), 'gone at once').toEqual([])
    await device.stop()
  })

  test('a long text that is asked for by its link shows that', async () => {
    const device = await started()
    await device.commit(putLine(chatOf(0), messageRow(2, { text: `${'far '.repeat(200)}https://kith.example/end` })))
    const [hit] = await hitsOf(device, asking('', { kind: 'link', conversation: chatOf(0) }))
    expect(hit?.text).toBe('https://kith.example/end')
    await device.stop()
  })

  test('by kind, by person and by date, with and without words', async () => {
    const device = await started()
    const rows = [
      messageRow(2, { text: 'see https://kith.example/ferry' }),
      messageRow(4, { text: 'the ferry', answers: idOf(2), account: ME }),
      messageRow(6, { text: 'no link here: https' }),
    ]
    await device.commit(rows.flatMap((row) => putLine(chatOf(0), row)))
    const ids = async (asked: SearchQuery) => (await hitsOf(device, asked)).map(({ message }) => message)
    expect(await ids(asking('', { kind: 'link' }))).toEqual([idOf(2)])
    expect(await ids(asking('ferry', { kind: 'reply' }))).toEqual([idOf(4)])
    expect(await ids(asking('', { account: ME }))).toEqual([idOf(4)])
    expect(await ids(asking('', { since: 1_002 }))).toEqual([idOf(6), idOf(4)])
    expect(await ids(asking('', { until: 1_002 }))).toEqual([idOf(2)])
    await device.stop()
  })

  test('shows what is asked for, marked where it stands', async () => {
    const device = await started()
    const long = `${'word '.repeat(200)}the Café Ferry 明日の船は${' more'.repeat(200)}`
    await device.commit(putLine(chatOf(0), messageRow(2, { text: long })))
    const [hit] = await hitsOf(device, asking('cafe の船 fer'))
    expect(hit?.text.length).toBeLessThanOrEqual(281)
    expect(hit?.marks.map(([from, to]) => hit.text.slice(from, to))).toEqual(['Café', 'Fer', 'の船'])
    await device.stop()
  })

  test('shows nothing of who is no member, and nothing of a chat that is not there', async () => {
    const device = await started(stateWith([chatOf(0)]))
    const stranger = 'e'.repeat(64) as AccountId
    await device.commit([
      ...putLine(chatOf(0), messageRow(2, { text: 'ferry' })),
      ...putLine(chatOf(0), messageRow(4, { text: 'ferry', account: stranger })),
      ...putLine(chatOf(1), messageRow(6, { text: 'ferry' })),
    ])
    expect((await hitsOf(device, asking('ferry'))).map(({ message }) => message)).toEqual([idOf(2)])
    await device.stop()
  })

  test('where nothing keeps an index is refused, and commits leave no marks', async () => {
    const store = createMemoryStore()
    const keeper = createSearchKeeper({
      store,
      state: () => stateWith(CHATS),
      clock: () => toUnixMs(0),
      timer: () => () => undefined,
      random: () => new Uint8Array(8),
      log: () => {},
      load: undefined,
    })
    await keeper.store.commit(putLine(chatOf(0), messageRow(2, { text: 'ferry' })))
    expect(await keeper.find(asking('ferry'))).toEqual({ kind: 'refused', reason: 'unavailable' })
    expect(await store.read({ table: 'index', from: 'search/' })).toEqual([])
  })
})
