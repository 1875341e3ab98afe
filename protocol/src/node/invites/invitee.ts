// How a pair comes to be, on the invited side (docs/protocol.md §3.5): open the packet, answer, and find out when one came too late.

import { equalBytes } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { createConversation } from '../../conversation/state.ts'
import { acceptHandout, createChain, keptOf } from '../../group/sender-chain.ts'
import { joinProof } from '../../invite/secrets.ts'
import { addFeed, createLog } from '../../log/log.ts'
import { createMailboxKeys, grantOf } from '../../mailbox/keys.ts'
import { initiate } from '../../session/pairing.ts'
import { freshPrekeys, handChain, write } from '../author.ts'
import { withConversation, withNet, withoutItem, withPeer } from '../change.ts'
import { found } from '../draft.ts'
import { endsOf } from '../incoming/ends.ts'
import { createPeer } from './pair.ts'
import { hasPassed } from '../moment.ts'
import { NOTHING_YET } from '../state.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { ChainHandout, ReceivedChain } from '../../group/sender-chain.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Link } from '../../invite/link.ts'
import type { InvitePacket } from '../../invite/packet.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, Peer } from '../state.ts'
import type { Moment } from '../moment.ts'

type OpenedLink = { readonly link: Link; readonly relay: RelayAddress; readonly packet: InvitePacket; readonly inviter: PinnedDeviceList }

/** Keeps what a link's packet says as a conversation that can be read and answered. Its entries are admitted by the caller. */
export function openInvitation(draft: Draft, { packet, inviter, link }: OpenedLink): ConversationId | undefined {
  const device = inviter.devices.find((listed) => equalBytes(listed.signingKey, packet.bundle.signingKey))
  const known = device && draft.state.peers.get(device.id)
  if (device === undefined || (known !== undefined && known.account !== inviter.account)) return undefined
  const { self } = draft.state
  if (known === undefined) draft.state = withPeer(draft.state, createPeer({ device, list: inviter, outbox: packet.grant }))
  else if (known.outbox === undefined) draft.state = withPeer(draft.state, { ...known, outbox: packet.grant })
  const log = addFeed(addFeed(createLog(packet.conversation), { device: device.id, signingKey: device.signingKey }), {
    device: self.device.id,
    signingKey: self.device.signingKey,
  })
  const chain = createChain(draft.env)
  draft.state = withConversation(draft.state, {
    ...NOTHING_YET,
    id: packet.conversation,
    founder: inviter.account,
    phase: 'invited',
    view: createConversation({ conversation: packet.conversation, self: self.account, device: self.device.id }),
    log,
    chain,
    chains: IdMap.of<DeviceId, readonly ReceivedChain[]>([
      [device.id, receivedFrom(device.id, packet.chains)],
      [self.device.id, [keptOf(chain, self.device.id)]],
    ]),
    invite: undefined,
    invitation: {
      token: link.token,
      key: link.key,
      founderDevice: device.id,
      bundle: packet.bundle,
      grant: packet.grant,
      expires: link.expires * 1_000,
      serial: undefined,
      isClaimed: false,
      hasAnswered: false,
      late: undefined,
    },
    authored: draft.env.now,
  })
  return packet.conversation
}

/** The invitee's first word: a session with the founder's device, a mailbox for its answers, and the join entry. */
export function join(draft: Draft, id: ConversationId): void {
  const { self } = draft.state
  const conversation = found(draft, id)
  const { invitation } = conversation
  const peer = invitation && draft.state.peers.get(invitation.founderDevice)
  if (invitation === undefined || peer === undefined) throw new RangeError('nobody was invited to this conversation')
  const inbox = peer.inbox ?? { keys: createMailboxKeys(draft.state.home ?? invitation.grant.relay, draft.env.random), registered: false }
  draft.state = withPeer(draft.state, { ...withSession(draft, peer, invitation.bundle), inbox })
  draft.state = withConversation(draft.state, { ...conversation, phase: 'joining', invitation: { ...invitation, isClaimed: true } })
  askAnew(draft, id)
  handChain(draft, peer.device.id, id, [
    { kind: 'token', conversation: id, token: invitation.token },
    { kind: 'mailbox', grant: grantOf(inbox.keys) },
    ...freshPrekeys(draft, peer.device.id),
  ])
  write(draft, id, { kind: 'join', account: self.account, deviceList: self.list.hash, proof: joinProof(invitation.token, self.account) })
  if (self.name !== undefined) write(draft, id, { kind: 'profile', name: self.name })
}

// Whatever a relay said of the invite while it was only read may be old by now: nothing leaves before it has said so again.
function askAnew(draft: Draft, id: ConversationId): void {
  const relays = [...draft.state.net.relays].map(
    ([relay, session]) => [relay, { ...session, checks: withoutItem(session.checks, id) }] as const,
  )
  draft.state = withNet(draft.state, { relays: new Map(relays) })
}

/** True when somebody else was let in, or was here first, or nobody can come in any more. Should the founder's word come after all, it counts. */
export function isTooLate({ phase, invitation }: Conversation, at: number | Moment): boolean {
  return (phase === 'joining' || phase === 'invited') && invitation?.late !== undefined && hasPassed(invitation.late, at)
}

// With somebody whom this device talks to already, the session that is there serves.
function withSession(draft: Draft, peer: Peer, bundle: InvitePacket['bundle']): Peer {
  if (peer.pairing !== undefined) return peer
  const initiation = initiate(undefined, endsOf(draft.state, peer), bundle, draft.env)
  if (initiation.kind === 'refused') throw new RangeError('the bundle of a packet does not serve')
  return { ...peer, pairing: initiation.pairing }
}

// Newest first, as chains are kept.
function receivedFrom(device: DeviceId, handouts: readonly ChainHandout[]): readonly ReceivedChain[] {
  return handouts
    .map((handout) => acceptHandout(undefined, handout, device))
    .flatMap((acceptance) => (acceptance.kind === 'accepted' ? [acceptance.received] : []))
    .toReversed()
}
