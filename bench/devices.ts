// What one message costs its author when it goes to many devices through one relay: CPU of its engine and of the relay's core together, rows that the
// author writes, deposits and bytes to the relay. The first message begins a chain, which each device is handed by itself; those after it go jointly.
// One receiver is an engine of its own. The others are devices as the author's disk has them: keys, mailboxes at the relay, and a session, which is the
// same for all of them, since nobody reads what is sealed in it. Nobody but the one engine confirms anything.

import { deviceIdOf } from '../protocol/src/bytes/ids.ts'
import { encode } from '../protocol/src/bytes/codec.ts'
import { signingKeyOf } from '../protocol/src/crypto/sign.ts'
import { addFeed, lengthOf } from '../protocol/src/log/log.ts'
import { createMailboxKeys, grantOf } from '../protocol/src/mailbox/keys.ts'
import { directoryOf } from '../protocol/src/node/directory.ts'
import { relayRequest } from '../protocol/src/wire/relay.ts'
import { diskWith, nodeOn } from '../protocol/test/simulation/disk.ts'
import { createSeeded } from '../protocol/test/simulation/seeded.ts'
import { cpuMs, createSimulatedPeople } from './simulated-people.ts'
import type { ConversationId, DeviceId } from '../protocol/src/bytes/ids.ts'
import type { MailboxKeys } from '../protocol/src/mailbox/keys.ts'
import type { Conversation, NodeState, Peer } from '../protocol/src/node/state.ts'
import type { Deposit, RelayAnswer } from '../protocol/src/wire/relay.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { SimulatedNetwork } from '../protocol/test/simulation/network.ts'

const SIZES = [2, 10, 100, 500, 1_000]
const MESSAGES = 20
const PATIENCE_MS = 600_000
/** Devices whose two mailboxes one stream makes. */
const CREATED_PER_STREAM = 100

type Costs = {
  readonly cpuMs: number
  readonly rows: number
  readonly deposits: number
  readonly mailboxes: number
  readonly uploadBytes: number
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map(Number)
  let base: Costs | undefined
  for (const devices of wanted.length > 0 ? wanted : SIZES) {
    const { first, each, receiverCpuMs } = await measure(devices)
    base ??= each
    const ratios = Object.fromEntries(
      Object.entries(each).map(([name, value]) => [name, round(value / (base?.[name as keyof Costs] ?? 1))]),
    )
    console.log(JSON.stringify({ bench: 'devices', devices, perMessage: each, ratios, firstOfChain: first, receiverCpuMs }))
  }
  process.exit(0)
}

async function measure(devices: number): Promise<{ readonly first: Costs; readonly each: Costs; readonly receiverCpuMs: number }> {
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
    const cpu = process.cpuUsage()
    for (let at = 0; at < count; at += 1) {
      ana.say(id, `message ${before} ${at}`)
      await scheduler.run(2_000)
    }
    const spent = cpuMs(cpu)
    await until(isLeft)
    return costsOf({ cpu: spent, rows: ana.written() - written, deposits: deposits.slice(before), count })
  }
  await scheduler.run(120_000)
  const first = await said(1)
  await scheduler.run(60_000)
  const each = await said(MESSAGES)
  ana.crash()
  const cpu = process.cpuUsage()
  await waitFor(ben.start())
  await until(async () => ((await waitFor(ben.look(id)))?.messages.length ?? 0) > MESSAGES)
  return { first, each, receiverCpuMs: round(cpuMs(cpu) / MESSAGES) }
}

const isLeftFor = ({ delivery, joint, log }: Conversation, ana: Person, device: DeviceId): boolean => {
  const to = delivery.get(device)
  const length = lengthOf(log, ana.ownDevice())
  return to !== undefined && Math.max(to.atRelay, joint.get(to.joint ?? '') ?? 0) >= length
}

type Said = { readonly cpu: number; readonly rows: number; readonly deposits: readonly Deposit[]; readonly count: number }

const costsOf = ({ cpu, rows, deposits, count }: Said): Costs => ({
  cpuMs: round(cpu / count),
  rows: round(rows / count),
  deposits: round(deposits.length / count),
  mailboxes: round(deposits.reduce((sum, { mailboxes }) => sum + mailboxes.length, 0) / count),
  uploadBytes: Math.round(
    deposits.reduce((sum, deposit) => sum + encode(relayRequest, { kind: 'deposit', deposits: [deposit] }).length, 0) / count,
  ),
})

type Stranger = { readonly device: DeviceId; readonly signingKey: Uint8Array; readonly inbox: MailboxKeys; readonly outbox: MailboxKeys }

function createStrangers({ address }: SimulatedNetwork, count: number): readonly Stranger[] {
  const { bytes } = createSeeded(77)
  return Array.from({ length: Math.max(0, count) }, () => ({
    device: deviceIdOf(bytes(32)),
    signingKey: signingKeyOf(bytes(32)),
    inbox: createMailboxKeys(address, bytes),
    outbox: createMailboxKeys(address, bytes),
  }))
}

/** As their owners would. */
async function createMailboxes(
  { relay, address }: SimulatedNetwork,
  strangers: readonly Stranger[],
  waitFor: <T>(promise: Promise<T>) => Promise<T>,
): Promise<void> {
  for (let at = 0; at < strangers.length; at += CREATED_PER_STREAM) {
    const client = { device: deviceIdOf(new Uint8Array(32).fill(at / CREATED_PER_STREAM)), wanted: () => [address], emit: () => {} }
    relay.connect(client)
    await waitFor(relay.request(client, { kind: 'hello', version: 1 }))
    for (const { mailbox, readSeed, sendSeed } of strangers.slice(at, at + CREATED_PER_STREAM).flatMap((one) => [one.outbox, one.inbox])) {
      const [readKey, sendKey] = [signingKeyOf(readSeed), signingKeyOf(sendSeed)]
      done(await waitFor(relay.request(client, { kind: 'create-mailbox', mailbox, readKey, sendKey })))
    }
    relay.disconnect(client)
  }
}

function done(answer: RelayAnswer): void {
  if (answer.kind !== 'done') throw new Error(`a mailbox was not made: ${JSON.stringify(answer)}`)
}

function withStrangers(node: NodeState, id: ConversationId, strangers: readonly Stranger[]): NodeState {
  const [conversation, friend] = [node.conversations.get(id), [...node.peers.values()][0]]
  if (conversation === undefined || friend === undefined) throw new Error('there is no such chat')
  const log = strangers.reduce((feeds, { device, signingKey }) => addFeed(feeds, { device, signingKey }), conversation.log)
  const peers = strangers.reduce((known, one) => known.with(one.device, peerLike(friend, one)), node.peers)
  const conversations = node.conversations.with(id, { ...conversation, log })
  return {
    ...node,
    peers,
    conversations,
    directory: directoryOf({ peers: peers.values(), conversations: conversations.values() }),
  }
}

const peerLike = (friend: Peer, { device, signingKey, inbox, outbox }: Stranger): Peer => ({
  ...friend,
  device: { ...friend.device, id: device, signingKey },
  inbox: { keys: inbox, registered: true },
  outbox: grantOf(outbox),
  envelopes: [],
  bundle: undefined,
})

const round = (value: number): number => Math.round(value * 100) / 100

await main()
