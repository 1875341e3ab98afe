// The search of a hundred thousand messages: how long its index takes to build and how long it holds up anything else meanwhile, what it takes beside the text, and
// how long a search takes, with an index that was not opened before and with one that was, beside a plain look at every line. Over a store in memory: what a disk
// would add follows from the rows and bytes that a search reads. Texts are made up: words of a language's usual frequencies, and some in other scripts.

import { decode } from '../protocol/src/bytes/codec.ts'
import { putLine } from '../protocol/src/conversation/lines.ts'
import { timelineRow } from '../protocol/src/conversation/timeline-row.ts'
import { segmentHead } from '../protocol/src/search/segment.ts'
import { isFoundIn, parseQuery } from '../protocol/src/search/query.ts'
import { createMemoryStore } from '../protocol/test/contract/memory-store.ts'
import { ANA, chatOf, CHATS, createDevice, ME, messageRow, settled, stateWith } from '../protocol/test/fixtures/searched.ts'
import { createSeeded } from '../protocol/test/simulation/seeded.ts'
import { quantile } from './quantile.ts'
import type { MemoryStore, MemoryStoreImage } from '../protocol/test/contract/memory-store.ts'
import type { Timer } from '../protocol/src/ports.ts'
import type { Device } from '../protocol/test/fixtures/searched.ts'

const MESSAGES = Number(process.env['SEARCHED'] ?? 100_000)
const ROUNDS = 20
const VOCABULARY = 40_000
const FIRST_TIME = 1_700_000_000_000
const OTHERS = [
  '明日の船は九時に出ます',
  '안녕하세요 배가 떠나요',
  'สวัสดีครับเรือออกแล้ว',
  'السفينة تغادر عند التاسعة',
  'Café zum Löwen',
  'https://kith.example/x',
]
const QUESTIONS: Readonly<Record<string, string>> = {
  rareWord: 'ombrellino ',
  commonWord: 'ba ',
  beginning: 'ombr',
  oneLetter: 'k',
  fourWords: 'ba be ombrellino the',
  oneHanLetter: '船',
  hanRun: '明日の船',
  thai: 'สวัสดี',
  arabic: 'السفينة',
  accents: 'CAFE ZUM',
  nowhere: 'zinnwald',
}

async function main(): Promise<void> {
  const store = createMemoryStore()
  const textBytes = await fill(store)
  const build = await measureBuild(store)
  const size = await sizeOf(store)
  const index = size.reduce((sum, bytes) => sum + bytes, 0)
  console.log(
    JSON.stringify({
      bench: 'search',
      messages: MESSAGES,
      ...build,
      textMb: mb(textBytes),
      indexMb: size.map(mb),
      indexToText: share(index / textBytes),
    }),
  )
  const image = store.image()
  for (const [name, text] of Object.entries(QUESTIONS))
    console.log(JSON.stringify({ bench: 'search', question: name, ...(await measureQuestion(image, text)) }))
  console.log(JSON.stringify({ bench: 'search', ...(await measureDeletion(image)), ...(await measureKeepingUp(image)) }))
  process.exit(0)
}

function createTexts(): (at: number) => string {
  const luck = createSeeded(7)
  const syllables = ['ba', 'be', 'bi', 'do', 'du', 'fa', 'ka', 'ki', 'lo', 'ma', 'ne', 'ra', 'sa', 'ti', 'vo', 'zu']
  const word = (rank: number): string => {
    let [name, rest] = ['', rank]
    do name += syllables[rest % syllables.length]
    while ((rest = Math.floor(rest / syllables.length)) > 0)
    return name
  }
  // A word's frequency goes down as its rank goes up.
  const anyWord = (): string => word(Math.floor(VOCABULARY ** luck.next()) - 1)
  return (at) => {
    if (at % 1_000 === 500) return `the ombrellino of ${anyWord()} ba be`
    if (at % 50 === 3) return OTHERS[((at / 50) % OTHERS.length) | 0] ?? ''
    return Array.from({ length: 2 + Math.floor(24 * luck.next() ** 2) }, anyWord).join(' ')
  }
}

async function fill(store: MemoryStore): Promise<number> {
  const textOf = createTexts()
  let bytes = 0
  for (let from = 0; from < MESSAGES; from += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, at) => {
      const text = textOf(from + at)
      bytes += Buffer.byteLength(text)
      return putLine(chatOf(at), messageRow(from + at, { text, account: at % 2 === 0 ? ME : ANA }, FIRST_TIME + 60_000 * (from + at)))
    })
    await store.commit(rows.flat())
  }
  return bytes
}

async function measureBuild(store: MemoryStore): Promise<Readonly<Record<string, number>>> {
  const measured = measuredTimer()
  const device = createDevice(store, stateWith(CHATS), measured.timer)
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await device.find({ text: 'x', limit: 1 })
  await untilWhole(device)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  await device.stop()
  return {
    buildMs: Math.round(ms),
    buildCpuMs: Math.round((user + system) / 1_000),
    builtPerSecond: Math.round((1_000 * MESSAGES) / ms),
    longestStretchMs: measured.longestMs(),
  }
}

async function untilWhole(device: Device): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    const outcome = await device.find({ text: 'nothing of this', limit: 1 })
    if (outcome.kind === 'found' && outcome.isWhole) return settled(device)
  }
}

/** Heads, blocks of lines, blocks of terms. */
async function sizeOf(store: MemoryStore): Promise<readonly [number, number, number]> {
  const heads = await store.read({ table: 'index', from: 'search/segment/', to: 'search/segment/~' })
  const isOfLines = new Set(heads.flatMap(({ value }) => decode(segmentHead, value).lineBlocks.map(({ row }) => row)))
  const size: [number, number, number] = [0, 0, 0]
  for (const { key, value } of heads) size[0] += key.length + value.length
  for (const { key, value } of await store.read({ table: 'index', from: 'search/block/', to: 'search/block/~' }))
    size[isOfLines.has(Number.parseInt(key.slice('search/block/'.length), 16)) ? 1 : 2] += key.length + value.length
  return size
}

async function measureQuestion(image: MemoryStoreImage, text: string): Promise<Readonly<Record<string, number>>> {
  const [cold, warm, scans]: [number[], number[], number[]] = [[], [], []]
  const store = createMemoryStore({ image })
  let read = { reads: 0, rows: 0, bytes: 0 }
  let hits = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const counted = counting(store)
    const device = createDevice(counted.store)
    cold.push(await timed(async () => void (await device.find({ text, limit: 30 }))))
    read = { ...counted.read }
    warm.push(await timed(async () => void (await device.find({ text, limit: 30 }))))
    await device.stop()
    if (round === 0) scans.push(await timed(async () => void (hits = await scan(store, text))))
  }
  const [coldMs, scanMs] = [quantile(cold, 0.5), quantile(scans, 0.5)]
  return {
    hits,
    coldMs,
    coldP99Ms: quantile(cold, 0.99),
    warmMs: quantile(warm, 0.5),
    warmP99Ms: quantile(warm, 0.99),
    scanMs,
    scanToCold: Math.round(scanMs / coldMs),
    ...read,
  }
}

/** What a search reads of the store. */
function counting(store: MemoryStore) {
  const read = { reads: 0, rows: 0, bytes: 0 }
  const count = (values: readonly (Uint8Array | undefined)[]): void => {
    read.reads += 1
    read.rows += values.length
    for (const value of values) read.bytes += value?.length ?? 0
  }
  const counted: MemoryStore = {
    ...store,
    async get(table, key) {
      const value = await store.get(table, key)
      count([value])
      return value
    },
    async read(range) {
      const rows = await store.read(range)
      count(rows.map(({ value }) => value))
      return rows
    },
  }
  return { store: counted, read }
}

async function scan(store: MemoryStore, text: string): Promise<number> {
  const query = parseQuery(text)
  let hits = 0
  for (const { value } of await store.read({ table: 'timeline' })) {
    const { content } = decode(timelineRow, value)
    if (content.kind === 'text' && isFoundIn(query, content.text)) hits += 1
  }
  return hits
}

/** Until nothing in the index says anything of a message that was deleted, and how long anything else was held up for it. */
async function measureDeletion(image: MemoryStoreImage): Promise<Readonly<Record<string, number>>> {
  const store = createMemoryStore({ image })
  const measured = measuredTimer()
  const device = createDevice(store, stateWith(CHATS), measured.timer)
  await device.find({ text: 'x', limit: 1 })
  const times: number[] = []
  for (let round = 0; round < 20; round += 1) {
    const number = 1_000 * round + 500
    const row = messageRow(number, { text: 'x', account: ME }, FIRST_TIME + 60_000 * number)
    times.push(
      await timed(async () => {
        await device.commit(putLine(chatOf(500), { ...row, content: { kind: 'deleted' } }))
        while ((await store.read({ table: 'index', from: 'search/mark/', to: 'search/mark/~' })).length > 0)
          await new Promise((resolve) => setImmediate(resolve))
      }),
    )
  }
  await device.stop()
  return {
    deletionMs: quantile(times, 0.5),
    deletionP99Ms: quantile(times, 0.99),
    deletionLongestStretchMs: measured.longestMs(),
  }
}

/** Messages that come while the index is there, fifty in a commit, beside the same in a store without one. */
async function measureKeepingUp(image: MemoryStoreImage): Promise<Readonly<Record<string, number>>> {
  const [count, textOf] = [10_000, createTexts()]
  const commits = Array.from({ length: count / 50 }, (_, commit) =>
    Array.from({ length: 50 }, (_of, at) => {
      const number = MESSAGES + 50 * commit + at
      return putLine(chatOf(at), messageRow(number, { text: textOf(number) }, FIRST_TIME + 60_000 * number))
    }).flat(),
  )
  const plain = createMemoryStore({ image })
  const plainMs = await timed(async () => {
    for (const writes of commits) await plain.commit(writes)
  })
  const device = createDevice(createMemoryStore({ image }))
  await device.find({ text: 'x', limit: 1 })
  const indexedMs = await timed(async () => {
    for (const writes of commits) await device.commit(writes)
    await settled(device)
  })
  await device.stop()
  return {
    plainMs: Math.round(plainMs),
    indexedMs: Math.round(indexedMs),
    keptUpPerSecond: Math.round((1_000 * count) / (indexedMs - plainMs)),
  }
}

/** A timer, and the processor's time in the longest stretch of work between two pauses: other work on the machine does not lengthen it. */
function measuredTimer() {
  let longest = 0
  let since: NodeJS.CpuUsage | undefined
  const note = (): void => {
    const { user, system } = since === undefined ? { user: 0, system: 0 } : process.cpuUsage(since)
    longest = Math.max(longest, (user + system) / 1_000)
    since = undefined
  }
  const timer: Timer = (_ms, callback) => {
    note()
    const waiting = setImmediate(() => {
      since = process.cpuUsage()
      callback()
    })
    return () => clearImmediate(waiting)
  }
  return { timer, longestMs: () => Math.round(10 * longest) / 10 }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

const mb = (bytes: number): number => Math.round(bytes / 1e4) / 100
const share = (value: number): number => Math.round(value * 1_000) / 1_000

await main()
