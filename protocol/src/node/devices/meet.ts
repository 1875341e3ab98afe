// How a new own device comes into each conversation (docs/protocol.md §13.5). An own device that is there says what there is; the new one says that it takes
// part, and where it is reached; those who were there let it in, each with a session of its own; and what was said before follows like anything that lacks.

import { devicePublicFromKeys } from '../../identity/device.ts'
import { addFeed, lengthOf } from '../../log/log.ts'
import { createMailboxKeys } from '../../mailbox/keys.ts'
import { isGenuineBundle } from '../../session/prekey-bundle.ts'
import { initiate } from '../../session/pairing.ts'
import { withConversation, withPeer } from '../change.ts'
import { found, refuse } from '../draft.ts'
import { mayJudgeList } from '../incoming/effort.ts'
import { endsOf } from '../incoming/ends.ts'
import { oweHave } from '../delivery/link.ts'
import { deliveryTo, withDelivery } from '../delivery/reach.ts'
import { handChains, handNow } from '../delivery/restore.ts'
import { createPeer } from '../invites/pair.ts'
import { homeNow } from '../mailboxes/own.ts'
import { accountOf, conversationsWith, isPartner, isRevoked } from '../members.ts'
import { isSpoken, ownLength } from '../state.ts'
import { listsItem } from './own-list.ts'
import { shareAll, shareOpened } from './share.ts'
import { takeIn } from './take-in.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { DevicePublic } from '../../identity/device.ts'
import type { CircleSaid } from '../../linking/said.ts'
import type { PayloadItem } from '../../session/payload.ts'
import type { PrekeyBundle } from '../../session/prekey-bundle.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { Peer } from '../state.ts'

/** A device has said where it is written to, for the first time: it gets the chains of what it takes part in, and an own one what there is. */
export function greet(draft: Draft, device: DeviceId): void {
  for (const { id } of conversationsWith(draft.state, device)) handChains(draft, id, device)
  if (accountOf(draft.state, device) === draft.state.self.account) shareAll(draft)
}

/** An own device takes part in a conversation from now on. */
export function takeReach(
  draft: Draft,
  from: DeviceId,
  { conversation: id, bundle, grants }: Extract<CircleSaid, { kind: 'reach' }>,
): void {
  const device = devicePublicFromKeys(bundle)
  const { self } = draft.state
  if (device.id === from && isRevoked(draft.state, from)) return keepFeed(draft, id, device)
  if (device.id !== from || !self.list.devices.some((listed) => listed.id === from)) return refuse(draft, 'reach', 'device')
  const own = grants.find((grant) => grant.device === self.device.id)
  if (own !== undefined) meetAt(draft, from, { bundle, grant: own.grant })
  if (draft.state.conversations.get(id) === undefined) return
  if (id === draft.state.circle?.conversation) passOn(draft, id, from, grants)
  takeIn(draft, id, device)
  serveAll(draft, id, from)
  for (const other of found(draft, id).log.feeds.keys())
    if (accountOf(draft.state, other) !== self.account)
      introduce(draft, id, other, { bundle, grant: grants.find((grant) => grant.device === other)?.grant })
}

// The other own devices cannot be written to by a new one that they have no session with: what it has said so far they get from here.
function passOn(draft: Draft, id: ConversationId, from: DeviceId, grants: readonly { readonly device: DeviceId }[]): void {
  const range = { device: from, from: 0, to: lengthOf(found(draft, id).log, from) - 1 }
  for (const { device } of grants) {
    if (!isPartner(draft.state, found(draft, id), device) || range.to < 0) continue
    // Nothing of a device counts for whoever has not heard of it.
    if (ownLength(draft.state, found(draft, id)) > 0) handNow(draft, device, id, [listsItem(draft.state)])
    const { owed } = deliveryTo(found(draft, id), device)
    withDelivery(draft, id, device, { owed: [...owed.filter((other) => other.device !== from), range] })
    oweHave(draft, device, id)
  }
}

// A device that was revoked before this one heard of it there: others have named what it wrote, so that has its place.
function keepFeed(draft: Draft, id: ConversationId, { id: device, signingKey }: DevicePublic): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation !== undefined && conversation.group === undefined && !conversation.log.feeds.has(device))
    draft.state = withConversation(draft.state, { ...conversation, log: addFeed(conversation.log, { device, signingKey }) })
}

type Way = { readonly bundle: PrekeyBundle; readonly grant: MailboxGrant | undefined }

// Over the session that this device has with it. Whoever was introduced before takes it for what it knows.
function introduce(draft: Draft, id: ConversationId, to: DeviceId, way: Way): void {
  const conversation = found(draft, id)
  if (!isPartner(draft.state, conversation, to) || !isSpoken(conversation) || ownLength(draft.state, conversation) === 0) return
  handNow(draft, to, id, [listsItem(draft.state), { kind: 'device', conversation: id, ...way }])
}

/** A contact, or an own device, speaks of another device of the same account. */
export function acceptDevice(draft: Draft, from: DeviceId, item: Extract<PayloadItem, { kind: 'device' }>): void {
  const peer = draft.state.peers.get(from)
  const conversation = draft.state.conversations.get(item.conversation)
  const device = devicePublicFromKeys(item.bundle)
  if (peer === undefined || conversation === undefined || !isPartner(draft.state, conversation, from))
    return refuse(draft, 'device', 'unknown-conversation')
  if (draft.state.peers.look(device.id)?.account === peer.account && isRevoked(draft.state, device.id))
    return keepFeed(draft, item.conversation, device)
  if (!peer.list.devices.some(({ id }) => id === device.id) || device.id === draft.state.self.device.id)
    return refuse(draft, 'device', 'not-listed')
  const known = draft.state.peers.get(device.id)
  if (known !== undefined && known.account !== peer.account) return refuse(draft, 'device', 'other-account')
  const isNew = !conversation.log.feeds.has(device.id)
  meetAt(draft, device.id, item, peer)
  takeIn(draft, item.conversation, device)
  // The own other devices learn of it from this one.
  if (isNew && draft.state.circle !== undefined && found(draft, item.conversation).log.feeds.has(device.id))
    shareOpened(draft, item.conversation)
}

// A session with it, where there is none.
function meetAt(draft: Draft, device: DeviceId, { bundle, grant }: Way, by?: Peer): void {
  const known = draft.state.peers.get(device)
  if (known?.pairing !== undefined || grant === undefined) return
  const list = by?.list ?? draft.state.self.list
  if (!mayJudgeList(draft, by?.device.id ?? device) || !isGenuineBundle(bundle)) return refuse(draft, 'device', 'bundle')
  const peer = known ?? createPeer({ device: devicePublicFromKeys(bundle), list, outbox: undefined })
  const initiation = initiate(peer.pairing, endsOf(draft.state, peer), bundle, draft.env)
  if (initiation.kind === 'refused') return refuse(draft, 'device', initiation.reason)
  const inbox = peer.inbox ?? { keys: createMailboxKeys(homeNow(draft.state) ?? grant.relay, draft.env.random), registered: false }
  draft.state = withPeer(draft.state, { ...peer, list, pairing: initiation.pairing, inbox, outbox: grant })
}

// Without being asked: of all feeds all that there is.
function serveAll(draft: Draft, id: ConversationId, device: DeviceId): void {
  const { log } = found(draft, id)
  const owed = [...log.feeds.keys()].flatMap((feed) => {
    const to = lengthOf(log, feed) - 1
    return feed === draft.state.self.device.id || feed === device || to < 0 ? [] : [{ device: feed, from: 0, to }]
  })
  withDelivery(draft, id, device, { owed })
  oweHave(draft, device, id)
}
