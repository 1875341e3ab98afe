// Reading: frames of a peer, wherever they came from, change what this device knows. Everything here is authenticated before it counts:
// envelopes by the session, entries by the log's own rules; the path that they took proves nothing.

import { equalBytes } from '../../bytes/bytes.ts'
import { accountIdFromKey } from '../../identity/account.ts'
import { acceptDeviceList, parseDeviceList } from '../../identity/device-list.ts'
import { effortOf, openFrom, skippedInPairing } from '../../session/opening.ts'
import { parsePayload } from '../../session/payload.ts'
import { countOpened, mayOpen } from './budget.ts'
import { withPeer } from '../change.ts'
import { isOver } from '../clocks.ts'
import { refuse } from '../draft.ts'
import { countLookups, mayCost, mayStep } from './effort.ts'
import { endsOf } from './ends.ts'
import { holdOf } from './hold.ts'
import { receiveEntries } from './entries.ts'
import { answerKey } from '../delivery/healing.ts'
import { learnHave } from '../delivery/have.ts'
import { invitedThrough, isInviteMailbox, senderOf } from '../mailboxes/inboxes.ts'
import { acceptItems } from './items.ts'
import { accountOf, mayComeIn } from '../members.ts'
import { laterPart } from '../part.ts'
import { takeScheduledKey } from '../scheduled.ts'
import { NOT_LOOKED_UP } from '../input.ts'
import { openDirectLink } from '../delivery/link.ts'
import { admit, createPeer, isInvitedBy } from '../invites/pair.ts'
import { receiveReceipts } from '../delivery/receipts.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { SessionPayload } from '../../session/payload.ts'
import type { Frame } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'
import type { ReceivedFrames, Source } from '../input.ts'
import type { Conversation, Peer } from '../state.ts'

/** Frames of one source, in order. `introduced`: a device list that came along, of somebody who may be nobody's contact yet. */
export function receive(draft: Draft, { source, frames, lookups, part }: ReceivedFrames): void {
  if (source.kind === 'link' && !draft.state.net.links.has(source.device)) openDirectLink(draft, source.device, 'heard')
  const sender = senderOf(draft.state, source)
  if (sender !== undefined) for (const { places } of lookups.values()) countLookups(draft, sender, places)
  let introduced: PinnedDeviceList | undefined
  let isWhole = true
  for (const frame of frames) {
    const device = senderOf(draft.state, source)
    switch (frame.kind) {
      case 'device-list':
        introduced = receiveDeviceList(draft, { source, device, list: frame.list }) ?? introduced
        break
      case 'envelope':
        isWhole = receiveEnvelope(draft, { source, device, introduced, frame }) && isWhole
        break
      case 'opened':
        if (device !== undefined) receiveOpened(draft, device, frame)
        break
      case 'newest':
        if (device !== undefined) laterPart().takeNewest(draft, device, frame)
        break
      case 'account':
        if (device !== undefined) laterPart().receiveAccount(draft, device, frame)
        break
      case 'let-me-in':
        laterPart().receiveAsk(draft, source, frame)
        break
      case 'entries':
        isWhole = takeEntries(draft, { source, device, frame, lookups }) && isWhole
        break
      case 'receipts':
        if (device !== undefined) receiveReceipts(draft, { device, receipts: frame.receipts, lookups })
        break
      case 'scheduled-key':
        if (device !== undefined) takeScheduledKey(draft, device, frame)
        break
      case 'presence': // On links it goes to those who look (host/presence); what lies in a mailbox is of another time.
        refuse(draft, 'presence', 'in a mailbox')
        break
      case 'have':
        if (device !== undefined && !isInviteMailbox(draft.state, source)) learnHave(draft, { device, source, have: frame.have, lookups })
    }
  }
  if (source.kind === 'mailbox' && (part === 'last' || !isWhole)) releaseOrHold(draft, source, isWhole)
}

// What one's own devices hand over is for all conversations; in a group it may say who takes part in it as well.
function receiveOpened(draft: Draft, device: DeviceId, frame: Extract<Frame, { kind: 'opened' }>): void {
  const isOwn = accountOf(draft.state, device) === draft.state.self.account
  if (isOwn) laterPart().takeHanded(draft, frame.bodies)
  if (!isOwn || draft.state.conversations.get(frame.conversation)?.group !== undefined) laterPart().receiveOpened(draft, device, frame)
}

type EntriesFrame = {
  readonly source: Source
  readonly device: DeviceId | undefined
  readonly frame: Extract<Frame, { kind: 'entries' }>
  readonly lookups: ReceivedFrames['lookups']
}

// False when they have to come again. What an invited account writes can come before the envelope that introduces it.
function takeEntries(draft: Draft, { source, device, frame, lookups }: EntriesFrame): boolean {
  if (device !== undefined)
    return receiveEntries(draft, { device, source, frame, lookups: lookups.get(frame.conversation) ?? NOT_LOOKED_UP })
  if (source.kind !== 'mailbox') return true
  return invitedThrough(draft.state, source.mailbox)?.invite?.status !== 'open'
}

// A blob leaves the relay when all that it carried is durable here. What still waits for an entry before it stays there, within bounds.
function releaseOrHold(draft: Draft, source: Extract<Source, { kind: 'mailbox' }>, isWhole: boolean): void {
  const hold = holdOf(source)
  draft.effects.push(isWhole ? hold.blob : hold)
}

type DeviceListFrame = { readonly source: Source; readonly device: DeviceId | undefined; readonly list: Uint8Array }

function receiveDeviceList(draft: Draft, { source, device, list }: DeviceListFrame): PinnedDeviceList | undefined {
  const peer = device === undefined ? undefined : draft.state.peers.get(device)
  if (peer !== undefined && equalBytes(list, peer.list.signed)) return peer.list
  if (peer?.end?.isRevoked === true) {
    refuse(draft, 'device list', 'revoked')
    return undefined
  }
  // Only while an invite is open may somebody introduce himself who is nobody's contact yet.
  if (peer === undefined ? !isOpenInvite(draft, source) && groupAt(draft, source) === undefined : accountIn(list) !== peer.account) {
    refuse(draft, 'device list', 'stranger')
    return undefined
  }
  if (!mayCost(draft, source)) {
    refuse(draft, 'device list', 'too-many')
    return undefined
  }
  const pinned = peer?.list ?? pinnedOf(draft, source, list)
  const acceptance = acceptDeviceList(pinned, list)
  if (pinned !== undefined) laterPart().compareLists(draft, pinned, list)
  if (acceptance.kind === 'refused') {
    refuse(draft, 'device list', acceptance.reason)
    return undefined
  }
  // A revoked device has the account's key as well, and could sign itself in again under another name.
  if (peer === undefined && pinned !== undefined && !equalBytes(acceptance.pinned.hash, pinned.hash)) {
    refuse(draft, 'device list', 'unheard')
    return undefined
  }
  if (peer !== undefined && acceptance.pinned !== peer.list) laterPart().takeList(draft, acceptance.pinned)
  return acceptance.pinned
}

// Of an account that is known already a stranger is taken by the list that is known, and later ones come from devices of that list alone.
function pinnedOf(draft: Draft, source: Source, list: Uint8Array): PinnedDeviceList | undefined {
  const account = accountIn(list)
  if (account === undefined) return undefined
  if (account === draft.state.self.account) return draft.state.self.list
  const known = [...draft.state.peers.looks()].find((look) => look.account === account)
  const place = groupAt(draft, source)
  return (
    (known && draft.state.peers.get(known.device.id)?.list) ?? (place && draft.state.conversations.get(place)?.group?.people.get(account))
  )
}

function isOpenInvite(draft: Draft, source: Source): boolean {
  const invite = source.kind === 'mailbox' ? invitedThrough(draft.state, source.mailbox)?.invite : undefined
  return invite?.status === 'open' && !isOver(invite, draft.env.now)
}

/** The group whose door a source is. */
const groupAt = (draft: Draft, source: Source): ConversationId | undefined => {
  const conversation = source.kind === 'mailbox' ? invitedThrough(draft.state, source.mailbox) : undefined
  return conversation?.group && conversation.id
}

function accountIn(list: Uint8Array): AccountId | undefined {
  const parsed = parseDeviceList(list)
  return parsed && accountIdFromKey(parsed.accountKey)
}

type EnvelopeFrame = {
  readonly source: Source
  readonly device: DeviceId | undefined
  readonly introduced: PinnedDeviceList | undefined
  readonly frame: Extract<Frame, { kind: 'envelope' }>
}

/** False for somebody who may be let in later. */
function receiveEnvelope(draft: Draft, { source, device, introduced, frame }: EnvelopeFrame): boolean {
  const conversation = source.kind === 'mailbox' ? invitedThrough(draft.state, source.mailbox) : undefined
  const known = draft.state.peers.get(frame.from)
  if (known?.end?.isRevoked === true) {
    refuse(draft, 'envelope', 'revoked')
    return true
  }
  if (known !== undefined && (device === frame.from || conversation !== undefined)) {
    const payload = openEnvelope(draft, known, { source, envelope: frame.envelope })
    if (payload === undefined) return true
    acceptItems(draft, frame.from, payload.items)
    answerKey(draft, frame.from, payload.items)
    return true
  }
  const newcomer = introduced?.devices.find((listed) => listed.id === frame.from)
  if (conversation === undefined || introduced === undefined || newcomer === undefined) refuse(draft, 'envelope', 'stranger')
  else {
    const stranger = createPeer({ device: newcomer, list: introduced, outbox: undefined })
    const open = () => openEnvelope(draft, stranger, { source, envelope: frame.envelope })
    if (conversation.group !== undefined) return laterPart().receiveKnock(draft, conversation.id, { stranger, open })
    if (conversation.invite === undefined) refuse(draft, 'envelope', 'stranger')
    else if (!isOpenInvite(draft, source)) refuse(draft, 'envelope', 'token')
    else receiveGuest(draft, conversation, open)
  }
  return true
}

type Opened = { readonly peer: Peer; readonly items: SessionPayload }

function receiveGuest(draft: Draft, conversation: Conversation, open: () => Opened | undefined): void {
  const before = draft.state
  const opened = open()
  if (opened === undefined) return
  if (!hasToken(draft, conversation, opened.items) || !mayComeIn(draft.state, conversation.id, opened.peer.account)) {
    // Who has no right to come in uses up nothing.
    draft.state = before
    return refuse(draft, 'envelope', 'token')
  }
  admit(draft, conversation.id, opened.peer)
  acceptItems(draft, opened.peer.device.id, opened.items)
}

// The peer with its new session state becomes part of the draft only where the peer is already a contact.
function openEnvelope(
  draft: Draft,
  peer: Peer,
  { source, envelope }: { readonly source: Source; readonly envelope: Uint8Array },
): Opened | undefined {
  const effort = effortOf(peer.pairing, envelope)
  if (effort === 'handshake' ? !mayCost(draft, source) : !mayStep(draft, source, effort)) {
    refuse(draft, 'envelope', 'too-many')
    return undefined
  }
  if (!mayOpen(draft, peer.device.id, envelope)) {
    refuse(draft, 'envelope', 'too-much')
    return undefined
  }
  const opening = openFrom(peer.pairing, endsOf(draft.state, peer), draft.state.prekeys, envelope, draft.env)
  if (opening.kind === 'refused') {
    refuse(draft, 'envelope', opening.reason)
    return undefined
  }
  const items = parsePayload(opening.plaintext)
  if (items === undefined) {
    refuse(draft, 'envelope', 'payload')
    return undefined
  }
  const known = { ...peer, pairing: opening.pairing, lastHeard: draft.env.now }
  if (opening.prekeys !== draft.state.prekeys) draft.state = { ...draft.state, prekeys: opening.prekeys }
  if (draft.state.peers.has(peer.device.id)) draft.state = withPeer(draft.state, known)
  countOpened(draft, peer.device.id, { envelope, skipped: skippedInPairing(opening.pairing) - skippedInPairing(peer.pairing) })
  return { peer: draft.state.peers.get(peer.device.id) ?? known, items }
}

function hasToken(draft: Draft, conversation: Conversation, items: SessionPayload): boolean {
  return items.some(
    (item) => item.kind === 'token' && item.conversation === conversation.id && isInvitedBy(conversation, item.token, draft.env.now),
  )
}
