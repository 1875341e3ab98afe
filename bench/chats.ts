// What the start of an engine costs that has many chats at rest: from its rows to the first list of them. One chat of the simulation, whose two people
// have talked and gone to rest, stands there as often under ids of its own. The store is in memory: what a browser needs to read and to unseal the rows
// comes on top, so their number and size are told as well.

import { createMemoryStore } from '../protocol/test/contract/memory-store.ts'
import { copiedChats } from './copied-chats.ts'
import { quantile } from './quantile.ts'
import { createSimulatedPeople } from './simulated-people.ts'
import type { ConversationSummary } from '../protocol/src/views.ts'
import type { MemoryStoreImage } from '../protocol/test/contract/memory-store.ts'
import type { Person } from '../protocol/test/simulation/person.ts'

const SIZES = [10, 2_000]
const RUNS = 7
const MESSAGES = 10
const PATIENCE_MS = 60_000

const { scheduler, network, enter, befriend, waitFor } = createSimulatedPeople(PATIENCE_MS)

type Size = { readonly chats: number; readonly disk: MemoryStoreImage; readonly took: number[]; heapMb: number }

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map(Number)
  // A chat is awake while there is a link to its device.
  network.direct.faults = { dials: 0, linkBreaks: 0 }
  const [ana, ben] = [await enter('ana'), await enter('ben')]
  const conversation = await befriend(ana, ben)
  for (let at = 0; at < MESSAGES; at += 1) {
    const writer = at % 2 === 0 ? ana : ben
    writer.say(conversation, `message ${at}`)
    await scheduler.run(1_000)
  }
  // Longer than it takes a chat to go to rest.
  await scheduler.run(5 * PATIENCE_MS)
  ben.crash()
  ana.crash()
  const sizes: Size[] = []
  for (const chats of wanted.length > 0 ? wanted : SIZES) {
    const store = createMemoryStore({ image: ana.disk() })
    await store.commit(await copiedChats(store.read, chats))
    sizes.push({ chats, disk: store.image(), took: [], heapMb: NaN })
  }
  // Before there is anything of a larger one that could go.
  for (const size of sizes) {
    const before = heapBytes()
    await startMs(ana, size)
    size.heapMb = Math.round((heapBytes() - before) / 100_000) / 10
    ana.crash()
  }
  // In turn, so that whatever else the machine does falls on all of them alike; the first round is for the compiler.
  for (let run = 0; run <= RUNS; run += 1)
    for (const size of sizes) {
      const ms = await startMs(ana, size)
      ana.crash()
      if (run > 0) size.took.push(ms)
    }
  for (const { chats, disk, took, heapMb } of sizes) {
    // Of all the chats, not of what is awake.
    const pages = [...(disk.tables.get('state') ?? [])].filter(([key]) => key.startsWith('rest/'))
    const kilobytes = Math.round(pages.reduce((sum, [, { value }]) => sum + value.length, 0) / 1_000)
    console.log(JSON.stringify({ bench: 'chats', chats, startCpuMs: quantile(took, 0.5), heapMb, pages: pages.length, kilobytes }))
  }
  process.exit(0)
}

/** CPU of this thread: those that collect garbage beside it depend on what else the machine does. */
async function startMs(person: Person, { chats, disk }: Size): Promise<number> {
  person.put(disk)
  const before = process.threadCpuUsage()
  await waitFor(person.start())
  const shown = await waitFor(
    new Promise<readonly ConversationSummary[]>((show) => {
      person.engine().watchConversations(show)
    }),
  )
  const { user, system } = process.threadCpuUsage(before)
  if (shown.length !== chats) throw new Error(`${shown.length} of ${chats} chats are shown`)
  return (user + system) / 1_000
}

/** Of objects and of byte strings, without what can be collected. */
function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

await main()
