// What one message costs an engine that holds many chats: CPU of writer and reader together, rows written, and what an idle second costs.
// Engines of the simulation over its relay, everybody on a device of their own; the chats at rest belong to people who have gone home.

import { cpuMs, createSimulatedPeople } from './simulated-people.ts'
import type { ConversationId } from '../protocol/src/bytes/ids.ts'
import type { Person } from '../protocol/test/simulation/person.ts'

const SIZES = [1, 10, 100, 300, 1_000]
const WARM_UP_MESSAGES = 60
const MESSAGES = 200
const IDLE_SECONDS = 60
const PATIENCE_MS = 60_000

const { scheduler, enter, befriend } = createSimulatedPeople(PATIENCE_MS)

type Pair = { readonly ana: Person; readonly ben: Person; readonly conversation: ConversationId }

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map(Number)
  const [ana, ben] = [await enter('ana'), await enter('ben')]
  const pair = { ana, ben, conversation: await befriend(ana, ben) }
  let chats = 1
  for (const size of wanted.length > 0 ? wanted : SIZES) {
    for (; chats < size; chats += 1) await meetAndPart(ana, `guest ${chats}`)
    console.log(JSON.stringify({ bench: 'scale', chats: size, ...(await measure(pair)) }))
  }
  process.exit(0)
}

/** One more chat at rest. */
async function meetAndPart(ana: Person, name: string): Promise<void> {
  const guest = await enter(name)
  await befriend(ana, guest)
  guest.crash()
}

async function measure(pair: Pair): Promise<Readonly<Record<string, number>>> {
  await talk(pair, WARM_UP_MESSAGES)
  const rows = countRows([pair.ana, pair.ben])
  const cpu = process.cpuUsage()
  await talk(pair, MESSAGES)
  const cpuMsPerMessage = cpuMs(cpu) / MESSAGES
  const rowsPerMessage = rows.stop() / MESSAGES
  await scheduler.run(10_000)
  const idle = process.cpuUsage()
  await scheduler.run(IDLE_SECONDS * 1_000)
  return {
    cpuMsPerMessage: round(cpuMsPerMessage),
    rowsPerMessage: round(rowsPerMessage),
    idleCpuMsPerSecond: round(cpuMs(idle) / IDLE_SECONDS),
  }
}

/** Each writes in turn, and the next begins when the other has confirmed. */
async function talk({ ana, ben, conversation }: Pair, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const writer = at % 2 === 0 ? ana : ben
    writer.say(conversation, `message ${scheduler.now()}`)
    await scheduler.run(1_000)
  }
}

function countRows(people: readonly Person[]): { readonly stop: () => number } {
  const before = people.map((person) => person.written())
  return { stop: () => people.reduce((sum, person, at) => sum + person.written() - (before[at] ?? 0), 0) }
}

const round = (value: number): number => Math.round(value * 100) / 100

await main()
