// Devices of a chat that are there on one disk alone: keys, mailboxes at the relay, and a session, which is the same for all of them, since nobody reads
// what is sealed in it. For what it takes to write to very many.

import { deviceIdOf } from '../../src/bytes/ids.ts'
import { signingKeyOf } from '../../src/crypto/sign.ts'
import { addFeed } from '../../src/log/log.ts'
import { createMailboxKeys, grantOf } from '../../src/mailbox/keys.ts'
import { directoryOf } from '../../src/node/directory.ts'
import { createSeeded } from './seeded.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { MailboxKeys } from '../../src/mailbox/keys.ts'
import type { NodeState, Peer } from '../../src/node/state.ts'
import type { RelayAnswer } from '../../src/wire/relay.ts'
import type { SimulatedNetwork } from './network.ts'

/** Devices whose two mailboxes one stream makes. */
const CREATED_PER_STREAM = 100

type Stranger = { readonly device: DeviceId; readonly signingKey: Uint8Array; readonly inbox: MailboxKeys; readonly outbox: MailboxKeys }

export function createStrangers({ address }: SimulatedNetwork, count: number): readonly Stranger[] {
  const { bytes } = createSeeded(77)
  return Array.from({ length: Math.max(0, count) }, () => ({
    device: deviceIdOf(bytes(32)),
    signingKey: signingKeyOf(bytes(32)),
    inbox: createMailboxKeys(address, bytes),
    outbox: createMailboxKeys(address, bytes),
  }))
}

/** As their owners would. */
export async function createMailboxes(
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

export function withStrangers(node: NodeState, id: ConversationId, strangers: readonly Stranger[]): NodeState {
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
