// How a pair comes to be (docs/protocol.md §3.4): the founder creates and invites, the invitee opens and joins, the founder admits.

import { equalBytes, fromHex } from '../bytes/bytes.ts'
import { conversationIdOf, NO_CONVERSATION, NO_ENTRY } from '../bytes/ids.ts'
import { membersHash } from '../conversation/members.ts'
import { createConversation } from '../conversation/state.ts'
import { createDocumentState } from '../documents/state.ts'
import { acceptHandout, createChain, handoutOf, nextKey } from '../group/sender-chain.ts'
import { createInviteSecret, inviteSecretsOf, joinProof } from '../invite/secrets.ts'
import { INVITE_MS_MAX } from '../limits.ts'
import { createEntry, signRun } from '../log/entry.ts'
import { addFeed, appendOwn, createLog } from '../log/log.ts'
import { createMailboxKeys, grantOf } from '../mailbox/keys.ts'
import { initiate } from '../session/pairing.ts'
import { takeOneTime } from '../session/prekeys.ts'
import { found, freshPrekeys, hand, startChain, write } from './author.ts'
import { endsOf } from './ends.ts'
import { entryRow, reduceInto } from './record.ts'
import { withConversation, withPeer } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { ChainHandout, OwnChain, ReceivedChain } from '../group/sender-chain.ts'
import type { DevicePublic } from '../identity/device.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { Link } from '../invite/link.ts'
import type { InvitePacket } from '../invite/packet.ts'
import type { AcceptedEntry, Log } from '../log/log.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'
import type { Content } from '../wire/content.ts'
import type { Draft } from './draft.ts'
import type { Conversation, OwnInvite, Peer } from './state.ts'

/** Founds a pair with an open invite, which waits at `relay`. */
export function createPair(draft: Draft, relay: RelayAddress): ConversationId {
  const { self } = draft.state
  const chain = createChain(draft.env)
  const created = writeCreate(draft, chain)
  const invite = createInvite(draft, { relay, chain })
  const conversation: Conversation = {
    id: created.log.conversation,
    founder: self.account,
    phase: 'inviting',
    view: createConversation({ conversation: created.log.conversation, self: self.account, device: self.device.id }),
    log: created.log,
    chain: created.chain,
    chains: new Map(),
    delivery: new Map(),
    invite,
    invitation: undefined,
    meta: createDocumentState(),
    unsent: undefined,
    authored: draft.env.now,
    missingSince: undefined,
  }
  draft.state = withConversation(draft.state, conversation)
  draft.writes.push(entryRow(conversation.id, created.accepted))
  reduceInto(draft, conversation.id, { entry: created.accepted, content: created.content })
  if (self.name !== undefined) write(draft, conversation.id, { kind: 'profile', name: self.name })
  return conversation.id
}

/** Keeps what a link's packet says as a conversation that can be read and answered. Its entries are admitted by the caller. */
export function openInvitation(draft: Draft, opened: { readonly link: Link; readonly relay: RelayAddress; readonly packet: InvitePacket; readonly inviter: PinnedDeviceList }): ConversationId | undefined {
  const { packet, inviter, link } = opened
  const device = inviter.devices.find((listed) => equalBytes(listed.signingKey, packet.bundle.signingKey))
  if (device === undefined || draft.state.peers.has(device.id)) return undefined
  const { self } = draft.state
  const log = addFeed(addFeed(createLog(packet.conversation), { device: device.id, signingKey: device.signingKey }), { device: self.device.id, signingKey: self.device.signingKey })
  draft.state = withConversation(draft.state, {
    id: packet.conversation,
    founder: inviter.account,
    phase: 'invited',
    view: createConversation({ conversation: packet.conversation, self: self.account, device: self.device.id }),
    log,
    chain: createChain(draft.env),
    chains: new Map([[device.id, receivedFrom(device.id, packet.chains)]]),
    delivery: new Map(),
    invite: undefined,
    invitation: { token: link.token, founderDevice: device.id, bundle: packet.bundle, grant: packet.grant },
    meta: createDocumentState(),
    unsent: undefined,
    authored: 0,
    missingSince: undefined,
  })
  draft.state = withPeer(draft.state, createPeer({ device, list: inviter, outbox: packet.grant }))
  return packet.conversation
}

/** The invitee's first word: a session with the founder's device, a mailbox for its answers, and the join entry. */
export function join(draft: Draft, id: ConversationId): void {
  const { self } = draft.state
  const conversation = found(draft, id)
  const { invitation } = conversation
  const peer = invitation && draft.state.peers.get(invitation.founderDevice)
  if (invitation === undefined || peer === undefined) throw new RangeError('a conversation that nobody invited to')
  const initiation = initiate(peer.pairing, endsOf(draft.state, peer), invitation.bundle, draft.env)
  if (initiation.kind === 'refused') throw new RangeError('the bundle of an opened packet does not serve')
  const inbox = { keys: createMailboxKeys(homeOf(draft, invitation.grant.relay), draft.env.random), registered: false }
  draft.state = withPeer(draft.state, { ...peer, pairing: initiation.pairing, inbox })
  draft.state = withConversation(draft.state, { ...conversation, phase: 'joining' })
  hand(draft, peer.device.id, id, [
    { kind: 'token', conversation: id, token: invitation.token },
    { kind: 'mailbox', grant: grantOf(inbox.keys) },
    freshPrekeys(draft),
  ])
  write(draft, id, { kind: 'join', account: self.account, deviceList: self.list.hash, proof: joinProof(invitation.token, self.account) })
  if (self.name !== undefined) write(draft, id, { kind: 'profile', name: self.name })
}

/** The founder lets the first account in that showed the token: a new chain, which the link does not open, and the admit entry. */
export function admit(draft: Draft, id: ConversationId, peer: Peer): void {
  const conversation = found(draft, id)
  const { invite } = conversation
  if (invite === undefined) throw new RangeError('nobody was invited to this conversation')
  const log = addFeed(conversation.log, { device: peer.device.id, signingKey: peer.device.signingKey })
  draft.state = withConversation(draft.state, { ...conversation, log, invite: { ...invite, status: 'used' }, phase: 'open' })
  draft.state = withPeer(draft.state, peer)
  write(draft, id, { kind: 'admit', account: peer.account, deviceList: peer.list.hash })
  startChain(draft, id)
}

/** True when `token` opens the invite of this conversation now. */
export function isInvitedBy(conversation: Conversation, token: Uint8Array, now: number): boolean {
  const { invite } = conversation
  if (invite === undefined || invite.status !== 'open' || now >= invite.expires) return false
  return equalBytes(inviteSecretsOf(invite.secret).token, token)
}

export const createPeer = (known: { readonly device: DevicePublic; readonly list: PinnedDeviceList; readonly outbox: MailboxGrant | undefined }): Peer => ({
  ...known,
  account: known.list.account,
  pairing: undefined,
  inbox: undefined,
  envelopes: [],
  bundle: undefined,
  lastHeard: 0,
})

type Created = { readonly log: Log; readonly chain: OwnChain; readonly accepted: AcceptedEntry; readonly content: Content }

// The create entry names its conversation by its own id, so it is made before there is a record to write into.
function writeCreate(draft: Draft, chain: OwnChain): Created {
  const { self } = draft.state
  const content: Content = { kind: 'create', shape: 'pair', founder: self.account, deviceList: self.list.hash, nonce: draft.env.random(16) }
  const { own, step, messageKey } = nextKey(chain)
  const created = createEntry({
    conversation: NO_CONVERSATION,
    device: self.device.id,
    seq: 0,
    prev: NO_ENTRY,
    deps: [],
    members: membersHash([]),
    chain: own.chain,
    step,
    ttl: 0,
    time: draft.env.now,
    content,
    messageKey,
    random: draft.env.random,
  })
  const conversation = conversationIdOf(fromHex(created.id))
  const signature = signRun(self.device.signSeed, { conversation, device: self.device.id, seq: 0, id: created.id })
  const log = addFeed(createLog(conversation), { device: self.device.id, signingKey: self.device.signingKey })
  return { ...appendOwn(log, created, signature), chain: own, content }
}

function createInvite(draft: Draft, { relay, chain }: { readonly relay: RelayAddress; readonly chain: OwnChain }): OwnInvite {
  const taken = takeOneTime(draft.state.prekeys)
  draft.state = { ...draft.state, prekeys: taken.store }
  return {
    secret: createInviteSecret(draft.env.random),
    relay,
    created: draft.env.now,
    expires: draft.env.now + INVITE_MS_MAX,
    inbox: { keys: createMailboxKeys(relay, draft.env.random), registered: false },
    bundle: taken.bundle,
    handouts: [handoutOf(chain)],
    serial: 0,
    through: -1,
    isFull: false,
    status: 'open',
    ended: false,
  }
}

// Answers are wanted at the own relay; a visitor who has none yet uses the one that the link names.
const homeOf = (draft: Draft, other: RelayAddress): RelayAddress => draft.state.home ?? other

// Newest first, as chains are kept.
function receivedFrom(device: DeviceId, handouts: readonly ChainHandout[]): readonly ReceivedChain[] {
  return handouts
    .map((handout) => acceptHandout(undefined, handout, device))
    .flatMap((acceptance) => (acceptance.kind === 'accepted' ? [acceptance.received] : []))
    .toReversed()
}
