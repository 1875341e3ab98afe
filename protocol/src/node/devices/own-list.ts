// The own device list, one change after the other (docs/protocol.md §2.3), and who hears of it.

import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../identity/device-list.ts'
import { deviceIdFromKeys } from '../../identity/device.ts'
import { LISTS_HANDED_MAX, LISTS_TOLD_AT_ONCE_MAX, OWN_LISTS_KEPT_MAX } from '../../limits.ts'
import { SESSION_PLAINTEXT_BYTES_MAX } from '../../session/limits.ts'
import { addFeed } from '../../log/log.ts'
import { handItems } from '../author.ts'
import { withConversation, withPeer } from '../change.ts'
import { noteMissing } from '../delivery/asking.ts'
import { leftFor } from '../delivery/reach.ts'
import { addPerson } from '../groups/settle.ts'
import { settleSplit } from '../terms/alarms.ts'
import { ensureCircle } from './circle.ts'
import { endUnlisted, resumeListed } from './end.ts'
import { createPeer } from '../invites/pair.ts'
import { conversationsWith } from '../members.ts'
import { isPaired } from '../rest-looks.ts'
import { isSpoken, ownLength } from '../state.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { DeviceKeys } from '../../identity/device.ts'
import type { DeviceList, PinnedDeviceList } from '../../identity/device-list.ts'
import type { PayloadItem } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, NodeState, Self } from '../state.ts'

const DAY_MS = 86_400_000

/** Room in an envelope for what goes with device lists. */
const BESIDE_LISTS_BYTES = 2_500

/** The list after the present one, with one device more. */
export const listWith = (self: Self, { signingKey, agreementKey }: DeviceKeys, now: number): PinnedDeviceList =>
  nextList(self, now, (list) => ({ ...list, devices: [...list.devices, { signingKey, agreementKey, added: now }] }))

/** The same without one that is there. */
export const listWithout = (self: Self, device: DeviceId, now: number): PinnedDeviceList =>
  nextList(self, now, (list) => ({
    ...list,
    devices: list.devices.filter((listed) => deviceIdFromKeys(listed) !== device),
    revoked: [...list.revoked, { device, at: now, cut: new Uint8Array(32) }],
  }))

/**
 * The same once more, since the present one has come to a certain age: signed by whichever own device is there. Two of them that do so on one day make the
 * same bytes, and need not hear of each other.
 */
export function renewList(draft: Draft): void {
  const { now } = draft.env
  ensureCircle(draft)
  takeOwnList(
    draft,
    nextList(draft.state.self, now - (now % DAY_MS), (list) => list),
  )
}

function nextList({ list, secret }: Self, now: number, change: (list: DeviceList) => DeviceList): PinnedDeviceList {
  const present = parseDeviceList(list.signed)
  if (present === undefined) throw new RangeError('the own device list cannot be read')
  const next = change({ ...present, serial: present.serial + 1, prev: list.hash, issued: now })
  const acceptance = acceptDeviceList(list, signDeviceList(next, secret))
  if (acceptance.kind === 'refused') throw new RangeError(`the next device list is not acceptable: ${acceptance.reason}`)
  return acceptance.pinned
}

/** From now on this is the own list, and everybody who is written to hears of it. */
export function takeOwnList(draft: Draft, list: PinnedDeviceList): void {
  const { self, circle } = draft.state
  if (circle === undefined) return
  // Whoever is no device of this person any more has nothing to tell.
  const isListed = list.devices.some(({ id }) => id === self.device.id)
  const untold = isListed
    ? [...draft.state.peers.looks()].flatMap((peer) => (isPaired(peer) || peer.account === self.account ? [peer.device.id] : []))
    : []
  draft.state = {
    ...draft.state,
    self: { ...self, list },
    circle: { ...circle, lists: [...circle.lists, list.signed].slice(-OWN_LISTS_KEPT_MAX), untold },
  }
  for (const device of ownOthers(draft.state)) {
    const peer = draft.state.peers.get(device)
    if (peer !== undefined) draft.state = withPeer(draft.state, { ...peer, list })
  }
  settleSplit(draft, list)
  endUnlisted(draft, list)
  resumeListed(draft, list)
  const conversation = draft.state.conversations.get(circle.conversation)
  if (conversation === undefined) return
  let { log } = conversation
  const fresh = list.devices.filter(({ id }) => id !== self.device.id && !log.feeds.has(id))
  for (const device of list.devices) {
    if (device.id !== self.device.id && !draft.state.peers.has(device.id))
      draft.state = withPeer(draft.state, createPeer({ device, list, outbox: undefined }))
    if (!log.feeds.has(device.id)) log = addFeed(log, { device: device.id, signingKey: device.signingKey })
  }
  if (log !== conversation.log) draft.state = withConversation(draft.state, { ...conversation, log })
  // Each of them begins with a word to the others, which may have come before this list.
  const waiting = fresh.map(({ id }) => ({ device: id, seq: 0 }))
  noteMissing(draft, circle.conversation, { waiting, shut: [], hasProgressed: false })
  for (const { id, group } of draft.state.conversations.awake.values()) if (group !== undefined) addPerson(draft, id, list)
}

/** The person's other devices, as far as they are known here. */
export const ownOthers = ({ peers, self }: NodeState): readonly DeviceId[] =>
  [...peers.looks()].flatMap(({ account, device }) => (account === self.account ? [device.id] : []))

/** A few of those who have not heard of the own list are told, over the sessions that there are. An own device without one waits until it has met this one. */
export function tellLists(draft: Draft): void {
  const { circle } = draft.state
  if (circle === undefined) return
  const unmet = new Set(ownOthers(draft.state).filter((device) => isUnmet(draft.state, device)))
  const now = circle.untold.filter((device) => !unmet.has(device)).slice(0, LISTS_TOLD_AT_ONCE_MAX)
  if (now.length === 0) return
  for (const device of now) {
    const place = conversationsWith(draft.state, device).find((chat) => isSpoken(chat) && ownLength(draft.state, chat) > 0)
    if (place !== undefined) tell(draft, device, place)
  }
  const { circle: told = circle } = draft.state
  draft.state = { ...draft.state, circle: { ...told, untold: told.untold.filter((device) => !now.includes(device)) } }
}

// Where both lists have come to their end, each is the word that lets the other go on: it rides with an entry that is there already.
function tell(draft: Draft, device: DeviceId, place: Conversation): void {
  const until = ownLength(draft.state, place)
  const from = Math.max(1, Math.min(until, leftFor(place, draft.state.self.device.id, device))) - 1
  handItems(draft, device, { conversation: place.id, from, until, items: [listsItem(draft.state)] })
}

const isUnmet = ({ peers }: NodeState, device: DeviceId): boolean => {
  const peer = peers.get(device)
  return peer !== undefined && peer.pairing === undefined && peer.end?.isRevoked !== true
}

/** The newest own lists, as many as go into an envelope: whoever missed one needs that too. */
export function listsItem({ self, circle }: NodeState): Extract<PayloadItem, { kind: 'lists' }> {
  let room = SESSION_PLAINTEXT_BYTES_MAX - BESIDE_LISTS_BYTES
  const newest = (circle?.lists ?? [self.list.signed]).slice(-LISTS_HANDED_MAX).toReversed()
  const end = newest.findIndex((list) => (room -= list.length) < 0)
  return { kind: 'lists', lists: (end === -1 ? newest : newest.slice(0, end)).toReversed() }
}
