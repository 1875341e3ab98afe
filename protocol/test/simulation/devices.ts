// Further devices of people, put there by the world: what linking a device will do once there is such a thing. The new device has the chat as the
// first one has it, a session and mailboxes with everybody else's devices, and everybody knows it.

import { encodePayload } from '../../src/session/payload.ts'
import { IdMap } from '../../src/bytes/id-map.ts'
import { RestMap } from '../../src/node/rest-map.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { changedRows } from '../../src/host/records/index.ts'
import { formatRow } from '../../src/host/migrations/format.ts'
import { keptOf, createChain } from '../../src/group/sender-chain.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { addFeed, createLog, lengthOf, withFeed } from '../../src/log/log.ts'
import { createMailboxKeys, grantOf } from '../../src/mailbox/keys.ts'
import { startChain } from '../../src/node/author.ts'
import { directoryOf } from '../../src/node/directory.ts'
import { createDraft } from '../../src/node/draft.ts'
import { endsOf } from '../../src/node/incoming/ends.ts'
import { createPeer } from '../../src/node/invites/pair.ts'
import { NO_DELIVERY, NO_REMOVALS, NOTHING_YET } from '../../src/node/state.ts'
import { NO_NET } from '../../src/node/net.ts'
import { openFrom } from '../../src/session/opening.ts'
import { initiate, sealTo } from '../../src/session/pairing.ts'
import { createPrekeys, takeOneTime } from '../../src/session/prekeys.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { diskWith, nodeOn } from './disk.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { Env } from '../../src/node/draft.ts'
import type { Conversation, NodeState, Peer } from '../../src/node/state.ts'
import type { Table } from '../../src/ports.ts'
import type { RelayAddress } from '../../src/wire/capability.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'

export type Linking = {
  readonly conversation: ConversationId
  readonly relay: RelayAddress
  readonly now: number
  readonly random: Env['random']
}

/** The disks of all devices in a chat, `first` and those it is linked to, once there is one device more of the same person; the new one comes last. */
export async function linkDevice(
  first: MemoryStoreImage,
  others: readonly MemoryStoreImage[],
  linking: Linking,
): Promise<readonly MemoryStoreImage[]> {
  const env: Env = { now: toUnixMs(linking.now), random: linking.random }
  const nodes = [first, ...others].map(nodeOn)
  const [owner] = nodes as [NodeState, ...NodeState[]]
  const listed = withList(nodes, owner, createNewcomer(owner, linking))
  const met = listed.known.map((node) => meet(node, listed.newcomer, linking, env))
  const newcomer = met.reduce(
    (node, { node: other, peer }) => withChainOf(withPeers(node, [peer]), other, linking.conversation),
    listed.newcomer,
  )
  const draft = createDraft(newcomer, env)
  startChain(draft, linking.conversation)
  const disks = [first, ...others].map((disk, at) => diskWith(disk, () => (met[at] as Met).node))
  return [...disks, await diskOf(draft.state, first, linking.conversation)]
}

function createNewcomer(owner: NodeState, { conversation: id, now, random }: Linking): NodeState {
  const secret = createDevice(random)
  const device = { ...secret, ...devicePublicOf(secret) }
  const theirs = owner.conversations.get(id)
  if (theirs === undefined) throw new Error('there is no such chat')
  return {
    ...owner,
    self: { ...owner.self, device },
    prekeys: createPrekeys({ device, now, random, oneTime: 1 }),
    conversations: RestMap.of('chats', [[id, copyFor(theirs, owner, { device, now, random })]]),
    peers: RestMap.of('contacts', []),
    removals: NO_REMOVALS,
    net: NO_NET,
  }
}

type NewDevice = Pick<Linking, 'now' | 'random'> & { readonly device: NodeState['self']['device'] }

// The same entries, read with the same chains; nothing of its own yet.
function copyFor(theirs: Conversation, owner: NodeState, { device, now, random }: NewDevice): Conversation {
  const chain = createChain({ now, random })
  const feeds = [...theirs.log.feeds.values()].map((feed) => ({ ...feed, named: undefined }))
  const log = addFeed(feeds.reduce(withFeed, createLog(theirs.id)), { device: device.id, signingKey: device.signingKey })
  return {
    ...theirs,
    log,
    view: { ...theirs.view, device: device.id },
    chain,
    chains: theirs.chains
      .with(owner.self.device.id, [keptOf(theirs.chain, owner.self.device.id)])
      .with(device.id, [keptOf(chain, device.id)]),
    returned: 0,
    delivery: IdMap.empty(),
    joint: NOTHING_YET.joint,
    handing: undefined,
    phase: 'open',
    invite: undefined,
    invitation: undefined,
    unsent: undefined,
    missing: undefined,
    authored: now,
  }
}

/** A list with one device more, for the person and all who know them. */
function withList(nodes: readonly NodeState[], owner: NodeState, newcomer: NodeState) {
  const before = parseDeviceList(owner.self.list.signed)
  if (before === undefined) throw new Error('not a device list')
  const { signingKey, agreementKey } = newcomer.self.device
  const list = {
    ...before,
    serial: before.serial + 1,
    prev: owner.self.list.hash,
    devices: [...before.devices, { signingKey, agreementKey, added: before.issued }],
  }
  const acceptance = acceptDeviceList(owner.self.list, signDeviceList(list, owner.self.secret))
  if (acceptance.kind === 'refused') throw new Error(`the new device list is refused: ${acceptance.reason}`)
  const { pinned } = acceptance
  const known = nodes.map((node): NodeState => {
    const self = node.self.account === owner.self.account ? { ...node.self, list: pinned } : node.self
    const peers = [...node.peers.values()].map((peer) => (peer.account === owner.self.account ? { ...peer, list: pinned } : peer))
    return withPeers({ ...node, self }, peers)
  })
  return { known, newcomer: { ...newcomer, self: { ...newcomer.self, list: pinned } } }
}

type Met = { readonly node: NodeState; readonly peer: Peer }

// A session that the newcomer has begun and the other has answered, a mailbox in each direction, and whatever is here already is there too.
function meet(node: NodeState, newcomer: NodeState, { conversation: id, relay, random }: Linking, env: Env): Met {
  const conversation = node.conversations.get(id)
  if (conversation === undefined) throw new Error('a device that has not got the chat')
  const [theirs, ours] = [createMailboxKeys(relay, random), createMailboxKeys(relay, random)]
  const taken = takeOneTime(node.prekeys, newcomer.self.device.id)
  const peer = createPeer({ device: publicOf(node), list: node.self.list, outbox: grantOf(theirs) })
  const begun = initiate(undefined, endsOf(newcomer, peer), taken.bundle, env)
  if (begun.kind === 'refused') throw new Error('no session')
  const sealed = sealTo(begun.pairing, encodePayload([]), env)
  const stranger = createPeer({ device: publicOf(newcomer), list: newcomer.self.list, outbox: grantOf(ours) })
  const opened = openFrom(undefined, endsOf(node, stranger), taken.store, sealed.envelope, env)
  if (opened.kind === 'refused') throw new Error(`the session does not open: ${opened.reason}`)
  const length = lengthOf(conversation.log, node.self.device.id)
  const { id: device, signingKey } = newcomer.self.device
  const known: Conversation = {
    ...conversation,
    log: addFeed(conversation.log, { device, signingKey }),
    delivery: conversation.delivery.with(device, { ...NO_DELIVERY, atRelay: length, announced: length }),
  }
  const met = { ...node, prekeys: opened.prekeys, conversations: node.conversations.with(id, known) }
  return {
    node: withPeers(met, [{ ...stranger, pairing: opened.pairing, inbox: { keys: theirs, registered: false } }]),
    peer: { ...peer, pairing: sealed.pairing, inbox: { keys: ours, registered: false } },
  }
}

// What opens the blobs that others seal jointly. A chain that was begun and not written with yet is still under way to the first device.
function withChainOf(node: NodeState, other: NodeState, id: ConversationId): NodeState {
  const [conversation, chain] = [node.conversations.get(id), other.conversations.get(id)?.chain]
  const owner = other.self.device.id
  if (conversation === undefined || chain === undefined) throw new Error('there is no such chat')
  const held = conversation.chains.get(owner) ?? []
  const isHeld = held.some((known) => known.chain === chain.chain)
  const chains = isHeld ? conversation.chains : conversation.chains.with(owner, [keptOf(chain, owner), ...held])
  const own = other.conversations.get(id)?.blobKeys.get(owner)
  const blobKeys = own === undefined ? conversation.blobKeys : conversation.blobKeys.with(owner, own)
  return { ...node, conversations: node.conversations.with(id, { ...conversation, chains, blobKeys }) }
}

const publicOf = ({ self: { device } }: NodeState) => ({ id: device.id, signingKey: device.signingKey, agreementKey: device.agreementKey })

function withPeers(node: NodeState, peers: readonly Peer[]): NodeState {
  const all = peers.reduce((known, peer) => known.with(peer.device.id, peer), node.peers)
  return { ...node, peers: all, directory: directoryOf({ peers: all.values(), conversations: node.conversations.values() }) }
}

// Entries, bodies and lines of the chat are those of the first device.
async function diskOf(node: NodeState, first: MemoryStoreImage, id: ConversationId): Promise<MemoryStoreImage> {
  const store = createMemoryStore()
  await store.commit([formatRow(), ...changedRows(undefined, node)])
  const own = store.image()
  const tables = new Map(own.tables)
  for (const table of ['entries', 'bodies', 'timeline', 'index', 'relations'] satisfies readonly Table[])
    tables.set(table, new Map([...(first.tables.get(table) ?? [])].filter(([key]) => key.startsWith(id))))
  return { tables, shreds: first.shreds }
}

/** True when all have the same entries, and are let in. */
export function isLevel(disks: readonly MemoryStoreImage[], id: ConversationId): boolean {
  const all = disks.map((disk) => nodeOn(disk))
  const heads = all.map(({ conversations }) => headsText(conversations.get(id)))
  const isOpen = all.every(({ conversations }) => {
    const conversation = conversations.get(id)
    return conversation?.phase === 'open' && conversation.missing === undefined
  })
  return isOpen && new Set(heads).size === 1
}

const headsText = (conversation: Conversation | undefined): string =>
  [...(conversation?.log.feeds.values() ?? [])]
    .map(({ device, tips }): string => `${device satisfies DeviceId} ${tips.map(({ id }) => id).join()}`)
    .join('\n')
