// How a pair comes to be, on the founder's side (docs/protocol.md §3.5): create, invite, let in. The other side is in invitee.ts.

import { equalBytes, fromHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { conversationIdOf, NO_CONVERSATION, NO_ENTRY } from '../../bytes/ids.ts'
import { membersHash } from '../../conversation/members.ts'
import { createConversation } from '../../conversation/state.ts'
import { createChain, handoutOf, keptOf, nextKey } from '../../group/sender-chain.ts'
import { createInviteSecret, inviteSecretsOf } from '../../invite/secrets.ts'
import { createEntry, signRun } from '../../log/entry.ts'
import { addFeed, appendOwn, createLog } from '../../log/log.ts'
import { takeOneTime } from '../../session/prekeys.ts'
import { handItems, startChain, write } from '../author.ts'
import { withConversation, withPeer } from '../change.ts'
import { sayFace } from '../face.ts'
import { laterPart } from '../part.ts'
import { aheadOf, inviteExpiry, isOver } from '../clocks.ts'
import { found } from '../draft.ts'
import { closeInvite } from './invite-end.ts'
import { entryRows, openedBody, reduceInto } from '../rows/record.ts'
import { NOTHING_YET, ownLength } from '../state.ts'
import { createInbox, wordsOf } from '../mailboxes/own.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { OwnChain } from '../../group/sender-chain.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { DevicePublic } from '../../identity/device.ts'
import type { AcceptedEntry, Log } from '../../log/log.ts'
import type { MailboxGrant, RelayAddress } from '../../wire/capability.ts'
import type { Content } from '../../wire/content.ts'
import type { Draft } from '../draft.ts'
import type { OpenedContent } from '../rows/record.ts'
import type { Conversation, OpenInvite, Peer } from '../state.ts'

/** Founds a pair with an open invite, which waits at `relay`. */
export function createPair(draft: Draft, relay: RelayAddress): ConversationId {
  const { name } = draft.state.self
  const chain = createChain(draft.env)
  const invite = createInvite(draft, { relay, chain })
  const id = createdFirst(draft, { phase: 'inviting', invite, invitation: undefined, group: undefined }, chain)
  if (name !== undefined) write(draft, id, { kind: 'profile', name })
  return id
}

type Founded = Pick<Conversation, 'phase' | 'invite' | 'invitation' | 'group'>

/** A conversation in which there is nothing but the entry that creates it, under the first key of a chain. */
export function createdFirst<How extends Founded>(draft: Draft, how: How, chain = createChain(draft.env)): ConversationId {
  const { self } = draft.state
  const created = writeCreate(draft, chain)
  const conversation = {
    ...NOTHING_YET,
    id: created.log.conversation,
    founder: self.account,
    view: createConversation({ conversation: created.log.conversation, self: self.account, device: self.device.id }),
    log: created.log,
    chain: created.chain,
    chains: IdMap.of([[self.device.id, [keptOf(chain, self.device.id)]]]),
    authored: draft.env.now,
    ...how,
  } as Conversation
  draft.state = withConversation(draft.state, conversation)
  draft.writes.push(...entryRows(conversation.id, created.accepted))
  reduceInto(draft, conversation.id, { entry: created.accepted, body: openedBody(created.opened, conversation.meta) })
  return conversation.id
}

/**
 * The founder lets the first account in that showed the token: a mailbox that the link does not open, the admit entry, and a new chain,
 * which it does not open either.
 */
export function admit(draft: Draft, id: ConversationId, peer: Peer): void {
  const conversation = found(draft, id)
  const { invite } = conversation
  if (invite?.status !== 'open') throw new RangeError('this conversation has no open invite')
  const log = addFeed(conversation.log, { device: peer.device.id, signingKey: peer.device.signingKey })
  const admitted = ownLength(draft.state, conversation)
  closeInvite(draft, id, { status: 'used', account: peer.account, guest: peer.device.id, admitted })
  const { invite: used, ...rest } = found(draft, id)
  draft.state = withConversation(draft.state, { ...rest, log, phase: 'open', invite: used, invitation: undefined, group: undefined })
  const inbox = peer.inbox ?? createInbox(draft, invite.relay)
  draft.state = withPeer(draft.state, { ...peer, inbox })
  handItems(draft, peer.device.id, { conversation: id, from: admitted, items: wordsOf(inbox) })
  // The packet that they opened may be older than some of the chains: all but the first are handed once more.
  for (const { handout, from } of invite.handouts.slice(1))
    handItems(draft, peer.device.id, { conversation: id, from, items: [{ kind: 'chain', conversation: id, handout }] })
  write(draft, id, { kind: 'admit', account: peer.account, deviceList: peer.list.hash })
  startChain(draft, id)
  sayFace(draft, id)
  if (draft.state.circle !== undefined) laterPart().shareOpened(draft, id)
}

/** True when `token` opens the invite of this conversation now. */
export function isInvitedBy(conversation: Conversation, token: Uint8Array, now: number): boolean {
  const { invite } = conversation
  if (invite?.status !== 'open' || isOver(invite, now)) return false
  return equalBytes(inviteSecretsOf(invite.secret).token, token)
}

export const createPeer = (known: {
  readonly device: DevicePublic
  readonly list: PinnedDeviceList
  readonly outbox: MailboxGrant | undefined
}): Peer => ({
  ...known,
  account: known.list.account,
  pairing: undefined,
  inbox: undefined,
  envelopes: [],
  bundle: undefined,
  lastHeard: 0,
  taken: undefined,
})

type CreatedConversation = { readonly log: Log; readonly chain: OwnChain; readonly accepted: AcceptedEntry; readonly opened: OpenedContent }

// The create entry names its conversation by its own id, so it is made before there is a record to write into.
function writeCreate(draft: Draft, chain: OwnChain): CreatedConversation {
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
  return { ...appendOwn(log, created, signature), chain: own, opened: { content, kept: created.kept } }
}

function createInvite(draft: Draft, { relay, chain }: { readonly relay: RelayAddress; readonly chain: OwnChain }): OpenInvite {
  const taken = takeOneTime(draft.state.prekeys)
  draft.state = { ...draft.state, prekeys: taken.store }
  const inbox = createInbox(draft, relay)
  return {
    secret: createInviteSecret(draft.env.random),
    relay,
    created: draft.env.now,
    expires: inviteExpiry(draft.env.now, aheadOf(draft.state, relay)),
    inbox,
    copy: inbox.second && { relay: inbox.second.relay, serial: 0, packet: undefined, ends: undefined },
    bundle: taken.bundle,
    handouts: [{ handout: handoutOf(chain), from: 0 }],
    serial: 0,
    packet: undefined,
    status: 'open',
    isUntouched: true,
  }
}
