// What it costs a new own device to get what was said before: linked to one that has many messages of many chats, over the network and the stores of the
// simulation, both engines in this process. What the network and the disk take is simulated time, what the engines take is this machine's; the seconds
// are both together. Beside it plain Yjs taking over as many messages in one update.

import * as Y from 'yjs'
import { verify } from '../protocol/test/simulation/native-crypto.ts'
import { cpuMs, createSimulatedPeople } from './simulated-people.ts'
import type { ConversationId } from '../protocol/src/bytes/ids.ts'
import type { DevicesView, LinkingView } from '../protocol/src/views.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { SimulatedPeople } from './simulated-people.ts'

const SIZES = [1_000, 10_000, 100_000]
const CHATS = 10
const NEWEST = 50
/** What a chat says of devices and members beside what people have written. */
const NOTICES_MAX = 10
const SENT_AT_ONCE = 100
const PATIENCE_MS = 3_600_000

type Chat = { readonly id: ConversationId; readonly texts: readonly string[] }

const textOf = (index: number): string => `message ${String(index).padStart(6, '0')}: about as many words as people write in one message`

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map((size) => Number(size.replace(/^--messages=/, '')))
  for (const messages of wanted.length > 0 ? wanted : SIZES) await measure(messages)
  process.exit(0)
}

async function measure(messages: number): Promise<void> {
  const people = createSimulatedPeople(PATIENCE_MS, (...signed) => Promise.resolve(verify(...signed)))
  const { scheduler, enter, until, waitFor, cpuOf } = people
  const ana = await enter('ana')
  const chats: Chat[] = []
  for (let at = 0; at < CHATS; at += 1) chats.push(await writeChat(people, ana, { at, messages: messages / CHATS }))
  const fresh = await enter('ana 2')
  await scheduler.run(2_000)
  const lines = await Promise.all(chats.map(({ id }) => linesOf(ana, id)))
  const [newest, all] = [watchLines(lines.map((keys) => keys.slice(-NEWEST))), watchLines(lines)]
  fresh.refuse = (writes) => {
    for (const write of writes)
      if (write.kind === 'put' && write.table === 'timeline') for (const left of [newest, all]) left.delete(write.key)
    return undefined
  }
  await link(people, ana, fresh)
  const [since, began, before, beforeAna] = [scheduler.now(), performance.now(), cpuOf(fresh.name), cpuOf(ana.name)]
  const seconds = (): number => (scheduler.now() - since + performance.now() - began) / 1_000
  // Notices come with the entries that they are about.
  await until(() => newest.size <= CHATS * NOTICES_MAX)
  for (const { id, texts } of chats) {
    const wanted = texts.slice(-NEWEST).join()
    await until(async () => (await waitFor(newestTexts(fresh, id))).join() === wanted)
  }
  const newestSeconds = seconds()
  await until(() => all.size === 0)
  const [allSeconds, simulated] = [seconds(), scheduler.now() - since]
  const [receiverCpuMs, senderCpuMs] = [cpuOf(fresh.name) - before, cpuOf(ana.name) - beforeAna]
  await scheduler.run(30_000)
  const heap = await heapOf(people, fresh)
  const yjs = measureYjs(messages)
  console.log(
    JSON.stringify({
      bench: 'link',
      messages,
      chats: CHATS,
      newestSeconds: round(newestSeconds),
      allSeconds: round(allSeconds),
      simulatedSeconds: round(simulated / 1_000),
      receiverCpuMs: Math.round(receiverCpuMs),
      senderCpuMs: Math.round(senderCpuMs),
      heapMb: heap,
      yjsCpuMs: Math.round(yjs.cpuMs),
      yjsHeapMb: yjs.heapMb,
      timesYjs: round(receiverCpuMs / yjs.cpuMs),
    }),
  )
  ana.crash()
}

/** A chat in which both have written half of it, and who is away afterwards. */
async function writeChat(
  { befriend, enter, until, waitFor }: SimulatedPeople,
  ana: Person,
  { at, messages }: { readonly at: number; readonly messages: number },
): Promise<Chat> {
  const guest = await enter(`guest ${at}`)
  const id = await befriend(ana, guest)
  const texts: string[] = []
  for (let from = 0, turn = 0; from < messages; from += SENT_AT_ONCE, turn += 1) {
    const writer = turn % 2 === 0 ? ana : guest
    const some = Array.from({ length: Math.min(SENT_AT_ONCE, messages - from) }, (_, index) => textOf(from + index))
    await waitFor(Promise.all(some.map((text) => writer.engine().send({ conversation: id, text, ref: `${at} ${text}` }))))
    texts.push(...some)
    const reader = writer === ana ? guest : ana
    await until(async () => (await waitFor(newestTexts(reader, id))).at(-1) === texts.at(-1))
  }
  guest.crash()
  return { id, texts }
}

/** Keys of the lines of a chat, in order. */
const linesOf = async (person: Person, id: ConversationId): Promise<readonly string[]> =>
  (await person.store().read({ table: 'timeline', from: `${id}/`, to: `${id}/~` })).map(({ key }) => key)

const watchLines = (lines: readonly (readonly string[])[]): Set<string> => new Set(lines.flat())

const newestTexts = (person: Person, conversation: ConversationId): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const window = { conversation, anchor: { kind: 'end' }, before: NEWEST + NOTICES_MAX, after: 0 } as const
    const watch = person.engine().watchConversation(window, (view) => {
      watch.stop()
      resolve((view?.messages ?? []).flatMap((message) => (message.kind === 'text' ? message.text : [])).slice(-NEWEST))
    })
  })

/** What of the heap goes with the running engine and the keys of its store in order; its disk stays. */
async function heapOf({ scheduler }: SimulatedPeople, person: Person): Promise<number> {
  const running = heapMb()
  person.crash()
  // What it waited for is let go of.
  await scheduler.run(600_000)
  return round(running - heapMb())
}

function heapMb(): number {
  global.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}

/** As many texts in one update that goes into an empty document. */
function measureYjs(messages: number): { readonly cpuMs: number; readonly heapMb: number } {
  const from = new Y.Doc()
  for (let at = 0; at < messages; at += 1) from.getArray<string>(`${Math.floor(at / 1_000)}`).push([textOf(at)])
  const update = Y.encodeStateAsUpdate(from)
  const before = heapMb()
  const cpu = process.cpuUsage()
  const to = new Y.Doc()
  Y.applyUpdate(to, update)
  const spent = cpuMs(cpu)
  const heap = heapMb() - before
  if (to.share.size === 0) throw new Error('Yjs has lost something')
  return { cpuMs: spent, heapMb: round(heap) }
}

const round = (value: number): number => Math.round(value * 100) / 100

async function link({ until, waitFor }: SimulatedPeople, old: Person, fresh: Person): Promise<void> {
  const [ours, theirs] = [watch(old), watch(fresh)]
  await waitFor(old.engine().linkDevice({ kind: 'show', name: old.name }))
  await until(() => ours()?.kind === 'showing')
  const showing = ours()
  if (showing?.kind !== 'showing') throw new Error('no code')
  await waitFor(fresh.engine().linkDevice({ kind: 'enter', code: showing.code, name: fresh.name }))
  await until(() => ours()?.kind === 'comparing' && theirs()?.kind === 'comparing')
  await waitFor(old.engine().linkDevice({ kind: 'confirm' }))
  await until(() => theirs()?.kind === 'done')
}

function watch(person: Person): () => LinkingView | undefined {
  let shown: DevicesView = { devices: [], linking: undefined }
  person.engine().watchDevices((view) => (shown = view))
  return () => shown.linking
}

await main()
