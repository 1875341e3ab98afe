// A device against the relay core alone: no network, a clock that the test moves, and storage in memory.

import { signingKeyOf, sign } from '@kith/protocol'
import { createMemoryStorage, createRelay } from '../src/relay/index.ts'
import { createMailboxKit } from './mailbox-keys.ts'
import type { RelayAnswer, RelayMessage, RelayRequest } from '@kith/protocol'
import type { CallReport, Relay, Storage, TurnIssuer } from '../src/relay/index.ts'
import type { WakeUps } from '../src/web-push/wake-ups.ts'
import type { Greeting, MailboxKit } from './mailbox-keys.ts'

export type World = {
  readonly relay: Relay
  readonly key: Uint8Array
  readonly reports: unknown[]
  /** How often an address had to wait. */
  crowded: number
  /** How often it had used up its share. */
  usedUp: number
  readonly answered: CallReport[]
  now: number
}
export type CoreClient = {
  readonly greeting: Greeting
  /** What was pushed so far. */
  readonly blobs: readonly Uint8Array[]
  /** How many blobs each push brought. */
  readonly pushes: readonly number[]
  /** Answers and pushes in the order in which they came. */
  readonly heard: readonly RelayMessage['kind'][]
  ask(request: RelayRequest): Promise<RelayAnswer>
  close(): void
}
type Start = {
  readonly storage?: Storage
  readonly seed?: number
  readonly addressBytesMax?: number
  readonly parcelBytesMax?: number
  readonly wakeUps?: WakeUps
  readonly turnCredentials?: TurnIssuer
}

export function createWorld({
  storage = createMemoryStorage(),
  seed = 1,
  addressBytesMax = Infinity,
  parcelBytesMax = Infinity,
  wakeUps,
  turnCredentials,
}: Start = {}): World {
  const relaySeed = new Uint8Array(32).fill(seed)
  const key = signingKeyOf(relaySeed)
  const reports: unknown[] = []
  const answered: CallReport[] = []
  let challenges = 0
  const relay = createRelay({
    storage,
    clock: () => world.now,
    random: (length) => new Uint8Array(length).fill((challenges += 1)),
    key,
    sign: (statement) => sign(relaySeed, statement),
    report: (error) => void reports.push(error),
    onCrowded: () => void (world.crowded += 1),
    addressBytesMax,
    parcelBytesMax,
    wakeUps,
    turnCredentials,
    onShareUsedUp: () => void (world.usedUp += 1),
    onAnswered: (report) => void answered.push(report),
  })
  const world: World = { relay, key, reports, crowded: 0, usedUp: 0, answered, now: 1_800_000_000_000 }
  return world
}

/** A stream that has said nothing yet. */
export function connectSilently({ relay }: Pick<World, 'relay'>, address?: string) {
  const waiting = new Map<number, (answer: RelayAnswer) => void>()
  const blobs: Uint8Array[] = []
  const pushes: number[] = []
  const heard: RelayMessage['kind'][] = []
  let lastId = 0
  const link = relay.connect((message) => {
    heard.push(message.kind)
    if (message.kind === 'push') {
      pushes.push(message.blobs.length)
      blobs.push(...message.blobs.map(({ blob }) => blob))
    } else waiting.get(message.id)?.(message.answer)
  }, address)
  const ask = (request: RelayRequest): Promise<RelayAnswer> =>
    new Promise((resolve) => {
      lastId += 1
      waiting.set(lastId, resolve)
      void link.receive({ id: lastId, request })
    })
  return { ask, blobs, pushes, heard, close: () => link.close() }
}

export async function connectCore(world: World, address?: string): Promise<CoreClient> {
  const client = connectSilently(world, address)
  const answer = await client.ask({ kind: 'hello', version: 1 })
  if (answer.kind !== 'welcome') throw new Error(`no welcome but ${answer.kind}`)
  return { ...client, greeting: { key: world.key, challenge: answer.challenge } }
}

/** Alice, who owns a mailbox and listens to it, and Bob, who may write to it. */
export async function meet(world: World) {
  const kit = createMailboxKit()
  const alice = await connectCore(world)
  const bob = await connectCore(world)
  await alice.ask(kit.create)
  await openMailbox(alice, kit)
  await bindMailbox(bob, kit)
  return { kit, alice, bob }
}

export const openMailbox = (client: CoreClient, ...kits: readonly MailboxKit[]): Promise<RelayAnswer> =>
  client.ask({ kind: 'open-mailboxes', proofs: kits.map((kit) => kit.readProof(client.greeting)) })
export const bindMailbox = (client: CoreClient, ...kits: readonly MailboxKit[]): Promise<RelayAnswer> =>
  client.ask({ kind: 'bind-mailboxes', proofs: kits.map((kit) => kit.sendProof(client.greeting)) })

/** Until everything that was set in motion has come to rest. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
