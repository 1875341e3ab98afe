// What one message costs its author when it goes to many devices through one relay: CPU of its engine, and of the relay's core (with what the simulation notes
// of what that stores), rows that the author writes, deposits and bytes to the relay. The first message begins a chain, which each device is handed by itself; those after it go jointly.
// One receiver is an engine of its own. The others are devices as the author's disk has them: keys, mailboxes at the relay, and a session, which is the
// same for all of them, since nobody reads what is sealed in it. Nobody but the one engine confirms anything.

import { encode } from '../protocol/src/bytes/codec.ts'
import { lengthOf } from '../protocol/src/log/log.ts'
import { relayRequest } from '../protocol/src/wire/relay.ts'
import { diskWith, nodeOn } from '../protocol/test/simulation/disk.ts'
import { createMailboxes, createStrangers, withStrangers } from '../protocol/test/simulation/strangers.ts'
import { cpuMs, createSimulatedPeople } from './simulated-people.ts'
import type { DeviceId } from '../protocol/src/bytes/ids.ts'
import type { Conversation } from '../protocol/src/node/state.ts'
import type { Deposit } from '../protocol/src/wire/relay.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { RelayPath } from '../protocol/test/simulation/relay-path.ts'

const SIZES = [2, 10, 100, 500, 1_000]
const MESSAGES = 20
const PATIENCE_MS = 600_000

/** `mostCpuMs`, `mostRows`: between two commits of the author, and in one. */
type Costs = {
  readonly mostCpuMs: number
  readonly mostRows: number
  readonly cpuMs: number
  readonly relayCpuMs: number
  readonly rows: number
  readonly deposits: number
  readonly mailboxes: number
  readonly uploadBytes: number
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map(Number)
  let base: Costs | undefined
  for (const devices of wanted.length > 0 ? wanted : SIZES) {
    const { first, each, receiverCpuMs, deliveryRows } = await measure(devices)
    base ??= each
    const ratios = Object.fromEntries(
      Object.entries(each).map(([name, value]) => [name, round(value / (base?.[name as keyof Costs] ?? 1))]),
    )
    const { cpuMs: cpuMsPerMessage, rows: rowsPerMessage, uploadBytes: uploadBytesPerMessage } = each
    const perMessage = { cpuMsPerMessage, rowsPerMessage, uploadBytesPerMessage, receiverCpuMsPerMessage: receiverCpuMs, deliveryRows }
    console.log(JSON.stringify({ bench: 'scale', devices, ...perMessage, perMessage: each, ratios, firstOfChain: first }))
  }
  process.exit(0)
}

async function measure(
  devices: number,
): Promise<{ readonly first: Costs; readonly each: Costs; readonly receiverCpuMs: number; readonly deliveryRows: number }> {
  const { scheduler, network, enter, befriend, until, waitFor } = createSimulatedPeople(PATIENCE_MS)
  const [ana, ben] = [await enter('ana'), await enter('ben')]
  network.direct.faults = { dials: 0, linkBreaks: 0 }
  const id = await befriend(ana, ben)
  for (const person of [ana, ben]) person.crash()
  const strangers = createStrangers(network, devices - 2)
  await createMailboxes(network, strangers, waitFor)
  ana.put(diskWith(ana.disk(), (node) => withStrangers(node, id, strangers)))
  await waitFor(ana.start())
  const deposits: Deposit[] = []
  network.relay.forge = (asked, answer) => {
    if (asked.kind === 'deposit') deposits.push(...asked.deposits)
    return answer
  }
  const relay = watchRelay(network.relay)
  const isLeft = (): boolean => {
    const node = nodeOn(ana.disk())
    const conversation = node.conversations.get(id)
    return (
      conversation !== undefined &&
      [...strangers.map(({ device }) => device), ben.ownDevice()].every((device) => isLeftFor(conversation, ana, device))
    )
  }
  const said = async (count: number): Promise<Costs> => {
    const [before, written] = [deposits.length, ana.written()]
    const steps = watchSteps(ana)
    const cpu = process.cpuUsage()
    const served = relay.cpuMs()
    for (let at = 0; at < count; at += 1) {
      ana.say(id, `message ${before} ${at}`)
      await scheduler.run(2_000)
    }
    const relayCpu = relay.cpuMs() - served
    const [spent, most] = [cpuMs(cpu) - relayCpu, steps()]
    await until(isLeft)
    return { ...costsOf({ cpu: spent, relayCpu, rows: ana.written() - written, deposits: deposits.slice(before), count }), ...most }
  }
  await scheduler.run(120_000)
  const first = await said(1)
  await scheduler.run(60_000)
  const each = await said(MESSAGES)
  ana.crash()
  const cpu = process.cpuUsage()
  await waitFor(ben.start())
  await until(async () => ((await waitFor(ben.look(id)))?.messages.length ?? 0) > MESSAGES)
  const receiverCpuMs = round(cpuMs(cpu) / MESSAGES)
  return { first, each, receiverCpuMs, deliveryRows: deliveryRowsOn(ana) }
}

/** From now on: the most CPU between two commits, whatever took it, and the most rows in one. */
function watchSteps(ana: Person): () => Pick<Costs, 'mostCpuMs' | 'mostRows'> {
  let [mostCpuMs, mostRows] = [0, 0]
  let since = process.cpuUsage()
  ana.refuse = (writes) => {
    mostCpuMs = Math.max(mostCpuMs, cpuMs(since))
    mostRows = Math.max(mostRows, writes.length)
    since = process.cpuUsage()
    return undefined
  }
  return () => {
    ana.refuse = undefined
    return { mostCpuMs: round(mostCpuMs), mostRows }
  }
}

/** CPU that the relay has taken so far: from each request on until all that it started has come to rest. */
function watchRelay(path: RelayPath): { readonly cpuMs: () => number } {
  let spent = 0
  path.serves = () => {
    const since = process.cpuUsage()
    setImmediate(() => {
      spent += cpuMs(since)
    })
  }
  return { cpuMs: () => spent }
}

/** Rows about what goes on between the author and the others. */
const deliveryRowsOn = (ana: Person): number =>
  [...(ana.disk().tables.get('conversations')?.keys() ?? [])].filter((key) => key.split('/')[1] === 'device').length

const isLeftFor = ({ delivery, joint, log }: Conversation, ana: Person, device: DeviceId): boolean => {
  const to = delivery.get(device)
  const length = lengthOf(log, ana.ownDevice())
  return to !== undefined && Math.max(to.atRelay, joint.get(to.joint ?? '')?.entries ?? 0) >= length
}

type Said = {
  readonly cpu: number
  readonly relayCpu: number
  readonly rows: number
  readonly deposits: readonly Deposit[]
  readonly count: number
}

const costsOf = ({ cpu, relayCpu, rows, deposits, count }: Said): Omit<Costs, 'mostCpuMs' | 'mostRows'> => ({
  cpuMs: round(cpu / count),
  relayCpuMs: round(relayCpu / count),
  rows: round(rows / count),
  deposits: round(deposits.length / count),
  mailboxes: round(deposits.reduce((sum, { mailboxes }) => sum + mailboxes.length, 0) / count),
  uploadBytes: Math.round(
    deposits.reduce((sum, deposit) => sum + encode(relayRequest, { kind: 'deposit', deposits: [deposit] }).length, 0) / count,
  ),
})

const round = (value: number): number => Math.round(value * 100) / 100

await main()
