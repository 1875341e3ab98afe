// What one message costs an engine that holds many chats: CPU of writer and reader together, rows written, and what an idle second costs.
// Engines of the simulation over its relay, everybody on a device of their own; the chats at rest belong to people who have gone home.

import { createNetwork } from '../protocol/test/simulation/network.ts'
import { createPerson } from '../protocol/test/simulation/person.ts'
import { createScheduler, passUntilSettled } from '../protocol/test/simulation/scheduler.ts'
import { createSeeded } from '../protocol/test/simulation/seeded.ts'
import type { ConversationId } from '../protocol/src/bytes/ids.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { Scheduler } from '../protocol/test/simulation/scheduler.ts'
import type { Seeded } from '../protocol/test/simulation/seeded.ts'
import type { SimulatedNetwork } from '../protocol/test/simulation/network.ts'

const SIZES = [1, 10, 100, 300, 1_000]
const WARM_UP_MESSAGES = 60
const MESSAGES = 200
const IDLE_SECONDS = 60
const START_MS = 1_800_000_000_000
const STEP_MS = 20
const PATIENCE_MS = 60_000

type World = { readonly scheduler: Scheduler; readonly network: SimulatedNetwork; readonly luck: Seeded; readonly ana: Person }

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map(Number)
  const scheduler = createScheduler(START_MS)
  const luck = createSeeded(1)
  const network = createNetwork(scheduler, luck.fork())
  const world = { scheduler, network, luck, ana: createPerson({ name: 'ana', scheduler, network, luck: luck.fork() }) }
  await waitFor(world, world.ana.start())
  const ben = await befriend(world, 'ben')
  let chats = 1
  for (const size of wanted.length > 0 ? wanted : SIZES) {
    for (; chats < size; chats += 1) (await befriend(world, `guest ${chats}`)).person.crash()
    console.log(JSON.stringify({ bench: 'scale', chats: size, ...(await measure(world, ben)) }))
  }
  process.exit(0)
}

type Friend = { readonly person: Person; readonly conversation: ConversationId }

/** Somebody new answers an invite of Ana's. */
async function befriend(world: World, name: string): Promise<Friend> {
  const { scheduler, network, luck, ana } = world
  const person = createPerson({ name, scheduler, network, luck: luck.fork() })
  await waitFor(world, person.start())
  const made = await waitFor(world, ana.engine().createConversation({ text: 'Hello', ref: name }))
  if (made.kind !== 'created') throw new Error(`no chat for ${name}`)
  const { conversation } = made
  await until(world, async () => (await waitFor(world, ana.look(conversation)))?.invite?.state === 'waiting')
  const link = (await waitFor(world, ana.look(conversation)))?.invite?.link ?? ''
  await waitFor(world, person.engine().openInvite({ link }))
  person.say(conversation, 'Hi')
  await until(world, async () => (await waitFor(world, person.look(conversation)))?.summary.phase === 'open')
  await scheduler.run(3_000)
  return { person, conversation }
}

async function measure(world: World, ben: Friend): Promise<Readonly<Record<string, number>>> {
  await talk(world, ben, WARM_UP_MESSAGES)
  const rows = countRows([world.ana, ben.person])
  const cpu = process.cpuUsage()
  await talk(world, ben, MESSAGES)
  const cpuMsPerMessage = cpuMs(cpu) / MESSAGES
  const rowsPerMessage = rows.stop() / MESSAGES
  await world.scheduler.run(10_000)
  const idle = process.cpuUsage()
  await world.scheduler.run(IDLE_SECONDS * 1_000)
  return {
    cpuMsPerMessage: round(cpuMsPerMessage),
    rowsPerMessage: round(rowsPerMessage),
    idleCpuMsPerSecond: round(cpuMs(idle) / IDLE_SECONDS),
  }
}

/** Each writes in turn, and the next begins when the other has confirmed. */
async function talk(world: World, { person: ben, conversation }: Friend, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const writer = at % 2 === 0 ? world.ana : ben
    writer.say(conversation, `message ${world.scheduler.now()}`)
    await world.scheduler.run(1_000)
  }
}

function countRows(people: readonly Person[]): { readonly stop: () => number } {
  const before = people.map((person) => person.written())
  return { stop: () => people.reduce((sum, person, at) => sum + person.written() - (before[at] ?? 0), 0) }
}

async function until({ scheduler }: World, check: () => Promise<boolean>): Promise<void> {
  const end = scheduler.now() + PATIENCE_MS
  while (!(await check())) {
    if (scheduler.now() > end) throw new Error('what was waited for never came')
    await scheduler.run(STEP_MS)
  }
}

async function waitFor<T>({ scheduler }: World, promise: Promise<T>): Promise<T> {
  if (!(await passUntilSettled(scheduler, promise, { patienceMs: PATIENCE_MS, stepMs: STEP_MS })))
    throw new Error('what was waited for never came')
  return promise
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}
const round = (value: number): number => Math.round(value * 100) / 100

await main()
