// What it costs a device to catch up: 10,000 messages of one pair that wait in its mailbox, read, checked, opened and stored by the engine
// alone, over the relay and the store of the simulation, beside plain Yjs taking over as many in one update, and beside Jazz, once `npm install --prefix bench/peers`
// has brought it. The engine has what the app gives it: signatures are verified by the platform, and one page shows the end of the chat.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as Y from 'yjs'
import { verify } from '../protocol/test/simulation/native-crypto.ts'
import { cpuMs, createSimulatedPeople } from './simulated-people.ts'

const MESSAGES = 10_000
const SENT_AT_ONCE = 250
const PATIENCE_MS = 600_000
/** Messages that the page shows. */
const SHOWN = 40

const textOf = (index: number): string => `message ${String(index).padStart(5, '0')}: about as many words as people write in one message`

async function main(): Promise<void> {
  const messages = Number(process.argv[2] ?? MESSAGES)
  const { network, enter, befriend, waitFor, until } = createSimulatedPeople(PATIENCE_MS, (...signed) => Promise.resolve(verify(...signed)))
  const [ana, ben] = [await enter('ana'), await enter('ben')]
  const id = await befriend(ana, ben)
  ben.crash()

  network.setOnline(ana.device(), 'offline')
  for (let from = 0; from < messages; from += SENT_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(SENT_AT_ONCE, messages - from) }, (_, at) => from + at)
    const sends = indexes.map((at) => ana.engine().send({ conversation: id, text: textOf(at), ref: `${at}` }))
    await waitFor(Promise.all(sends))
  }
  network.setOnline(ana.device(), 'online')
  await until(async () => (await waitFor(ana.look(id)))?.summary.last?.state === 'relay')
  ana.crash()

  const rows = ben.written()
  const cpu = process.cpuUsage()
  await waitFor(ben.start())
  let last: string | undefined
  ben.engine().watchConversation({ conversation: id, anchor: { kind: 'end' }, before: SHOWN, after: 0 }, (view) => {
    last = view?.summary.last?.text
  })
  await until(() => last === textOf(messages - 1))
  const engineCpuMs = cpuMs(cpu)
  const yjsCpuMs = measureYjs(messages)
  const jazzCpuMs = measureJazz(messages)
  const times = (other: number): number => Math.round((10 * engineCpuMs) / other) / 10
  console.log(
    JSON.stringify({
      bench: 'engine',
      messages,
      engineCpuMs: Math.round(engineCpuMs),
      rows: ben.written() - rows,
      yjsCpuMs: Math.round(yjsCpuMs),
      timesYjs: times(yjsCpuMs),
      ...(jazzCpuMs === undefined ? {} : { jazzCpuMs, timesJazz: times(jazzCpuMs) }),
    }),
  )
  process.exit(0)
}

/** In a process of its own; undefined where it is not installed. */
function measureJazz(messages: number): number | undefined {
  const folder = join(import.meta.dirname, 'peers')
  if (!existsSync(join(folder, 'node_modules'))) return undefined
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'jazz.mjs'), String(messages)], { encoding: 'utf8' })
  const measured = /"cpuMs":(\d+)/.exec(stdout)?.[1]
  if (measured === undefined) throw new Error(`Jazz was not measured: ${stderr}`)
  return Number(measured)
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

await main()
