// Opening a link (docs/protocol.md §3.3): what its packet says becomes a conversation that can be read and answered.

import { equalBytes } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { createConversation } from '../../conversation/state.ts'
import { acceptHandout, createChain, keptOf } from '../../group/sender-chain.ts'
import { addFeed, createLog } from '../../log/log.ts'
import { NO_LOOKUPS } from '../../log/lookups.ts'
import { secondGrantOf } from '../../mailbox/keys.ts'
import { withConversation, withPeer } from '../change.ts'
import { createDraft } from '../draft.ts'
import { admitInto } from '../incoming/entries.ts'
import { isSameKey } from '../mailboxes/own.ts'
import { NOTHING_YET } from '../state.ts'
import { createPeer } from './pair.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { ChainHandout, ReceivedChain } from '../../group/sender-chain.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Link } from '../../invite/link.ts'
import type { InvitePacket } from '../../invite/packet.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Answer, Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Invitation } from '../state.ts'

export function openInvite(draft: Draft, input: InputOf<'open-invite'>): void {
  const { packet, inviter } = input
  const known = draft.state.conversations.get(packet.conversation)
  if (known !== undefined) return answer(draft, { kind: 'opened', conversation: known.id })
  if (draft.state.terms.blocked.has(inviter.account)) return answer(draft, refusedFor('blocked'))
  const { answered, erasing } = draft.state.removals
  if (answered.has(packet.conversation)) return answer(draft, refusedFor('used'))
  if (erasing.has(packet.conversation)) return answer(draft, refusedFor('unreachable'))
  // Whether it is what it says shows only in what its entries become: until then, nothing of it is part of this step.
  const attempt = createDraft(draft.state, draft.env)
  const id = openInvitation(attempt, input)
  const device = id && attempt.state.conversations.get(id)?.invitation?.founderDevice
  if (id === undefined || device === undefined) return answer(draft, refusedFor('not-authentic'))
  admitInto(attempt, { device, id, entries: packet.entries, lookups: NO_LOOKUPS })
  if (attempt.state.conversations.get(id)?.view.founder !== inviter.account) return answer(draft, refusedFor('not-authentic'))
  draft.state = attempt.state
  draft.writes.push(...attempt.writes)
  draft.effects.push(...attempt.effects)
  answer(draft, { kind: 'opened', conversation: id })
}

function answer(draft: Draft, value: Answer): void {
  draft.effects.push({ kind: 'answer', answer: value })
}

const refusedFor = (reason: string): Answer => ({ kind: 'refused', reason })

type OpenedLink = { readonly link: Link; readonly relay: RelayAddress; readonly packet: InvitePacket; readonly inviter: PinnedDeviceList }

/** Keeps what a link's packet says as a conversation that can be read and answered. Its entries are admitted by the caller. */
export function openInvitation(draft: Draft, { packet, inviter, link, relay }: OpenedLink): ConversationId | undefined {
  const device = inviter.devices.find((listed) => equalBytes(listed.signingKey, packet.bundle.signingKey))
  const known = device && draft.state.peers.get(device.id)
  if (device === undefined || (known !== undefined && known.account !== inviter.account)) return undefined
  const { self } = draft.state
  const { grant, spare } = placesIn(packet, relay)
  if (known === undefined) draft.state = withPeer(draft.state, createPeer({ device, list: inviter, outbox: grant }))
  else if (known.outbox === undefined) draft.state = withPeer(draft.state, { ...known, outbox: grant })
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
      grant,
      ...(spare && { spare }),
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

/** The answer goes to the relay where the packet was found. */
function placesIn({ grant, second }: InvitePacket, relay: RelayAddress): Pick<Invitation, 'grant' | 'spare'> {
  if (second === undefined || isSameKey(grant.relay, second)) return { grant }
  const other = secondGrantOf(grant, second)
  return isSameKey(second, relay) ? { grant: other, spare: { grant, isFirst: true } } : { grant, spare: { grant: other, isFirst: false } }
}

// Newest first, as chains are kept.
function receivedFrom(device: DeviceId, handouts: readonly ChainHandout[]): readonly ReceivedChain[] {
  return handouts
    .map((handout) => acceptHandout(undefined, handout, device))
    .flatMap((acceptance) => (acceptance.kind === 'accepted' ? [acceptance.received] : []))
    .toReversed()
}
