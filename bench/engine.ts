// What it costs a device to catch up: 10,000 messages of one pair that wait in its mailbox, read, checked, opened and stored by the engine
// alone, over the relay and the store of the simulation, beside plain Yjs taking over as many in one update.

import * as Y from 'yjs'
import { createNetwork } from '../protocol/test/simulation/network.ts'
import { createPerson } from '../protocol/test/simulation/person.ts'
import { createScheduler, passUntilSettled } from '../protocol/test/simulation/scheduler.ts'
import { createSeeded } from '../protocol/test/simulation/seeded.ts'
import type { ConversationId } from '../protocol/src/bytes/ids.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { Scheduler } from '../protocol/test/simulation/scheduler.ts'

const MESSAGES = 10_000
const SENT_AT_ONCE = 250
const START_MS = 1_800_000_000_000
const STEP_MS = 20
const PATIENCE_MS = 600_000

const textOf = (index: number): string => `message ${String(index).padStart(5, '0')}: about as many words as people write in one message`

async function main(): Promise<void> {
  const messages = Number(process.argv[2] ?? MESSAGES)
  const scheduler = createScheduler(START_MS)
  const luck = createSeeded(1)
  const network = createNetwork(scheduler, luck.fork())
  const [ana, ben] = ['ana', 'ben'].map((name) => createPerson({ name, scheduler, network, luck: luck.fork() })) as [Person, Person]
  for (const person of [ana, ben]) await waitFor(scheduler, person.start())
  const id = await befriend(scheduler, ana, ben)
  ben.crash()

  network.setOnline(ana.device(), 'offline')
  for (let from = 0; from < messages; from += SENT_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(SENT_AT_ONCE, messages - from) }, (_, at) => from + at)
    const sends = indexes.map((at) => ana.engine().send({ conversation: id, text: textOf(at), ref: `${at}` }))
    await waitFor(scheduler, Promise.all(sends))
  }
  network.setOnline(ana.device(), 'online')
  await until(scheduler, async () => (await waitFor(scheduler, ana.look(id)))?.summary.last?.state === 'relay')
  ana.crash()

  const rows = ben.written()
  const cpu = process.cpuUsage()
  await waitFor(scheduler, ben.start())
  await until(scheduler, async () => (await waitFor(scheduler, ben.look(id)))?.summary.last?.text === textOf(messages - 1))
  const engineCpuMs = cpuMs(cpu)
  const yjsCpuMs = measureYjs(messages)
  console.log(
    JSON.stringify({
      bench: 'engine',
      messages,
      engineCpuMs: Math.round(engineCpuMs),
      rows: ben.written() - rows,
      yjsCpuMs: Math.round(yjsCpuMs),
      timesYjs: Math.round((10 * engineCpuMs) / yjsCpuMs) / 10,
    }),
  )
  process.exit(0)
}

async function befriend(scheduler: Scheduler, ana: Person, ben: Person): Promise<ConversationId> {
  const made = await waitFor(scheduler, ana.engine().createConversation({ text: 'Hello', ref: 'hello' }))
  if (made.kind !== 'created') throw new Error('no chat')
  const { conversation } = made
  await until(scheduler, async () => (await waitFor(scheduler, ana.look(conversation)))?.invite?.state === 'waiting')
  await waitFor(scheduler, ben.engine().openInvite({ link: (await waitFor(scheduler, ana.look(conversation)))?.invite?.link ?? '' }))
  ben.say(conversation, 'Hi')
  await until(scheduler, async () => (await waitFor(scheduler, ben.look(conversation)))?.summary.phase === 'open')
  await scheduler.run(5_000)
  return conversation
}

/** As many texts, each an update of its own where it was written, in one update that goes into an empty document. */
function measureYjs(messages: number): number {
  const from = new Y.Doc()
  for (let at = 0; at < messages; at += 1) from.getArray<string>('messages').push([textOf(at)])
  const update = Y.encodeStateAsUpdate(from)
  const cpu = process.cpuUsage()
  const to = new Y.Doc()
  Y.applyUpdate(to, update)
  if (to.getArray('messages').length !== messages) throw new Error('Yjs has lost something')
  return cpuMs(cpu)
}

async function until(scheduler: Scheduler, check: () => Promise<boolean>): Promise<void> {
  const end = scheduler.now() + PATIENCE_MS
  while (!(await check())) {
    if (scheduler.now() > end) throw new Error('what was waited for never came')
    await scheduler.run(STEP_MS)
  }
}

async function waitFor<T>(scheduler: Scheduler, promise: Promise<T>): Promise<T> {
  if (!(await passUntilSettled(scheduler, promise, { patienceMs: PATIENCE_MS, stepMs: STEP_MS })))
    throw new Error('what was waited for never came')
  return promise
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

await main()
