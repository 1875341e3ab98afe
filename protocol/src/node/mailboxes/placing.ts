// Where own mailboxes lie a second time, kept up (docs/decisions/0076): contacts from before there were two relays are told of the other one, and a
// relay that has been silent for long is left for the one at which they lie already, beside which the next takes its place. A few at a time, so that
// nobody with thousands of contacts wakes them all.

import { toHex } from '../../bytes/bytes.ts'
import { MOVES_AT_ONCE_MAX, MOVES_MS } from '../../limits.ts'
import { handItems } from '../author.ts'
import { secondKeysOf } from '../../mailbox/keys.ts'
import { withNet, withPeer } from '../change.ts'
import { conversationsWith } from '../members.ts'
import { hasPassed } from '../moment.ts'
import { isPaired } from '../rest-looks.ts'
import { isSpoken, ownLength } from '../state.ts'
import { createInbox, isSameKey, secondBeside, wordsOf } from './own.ts'
import { isReplaced } from './rehome.ts'
import { hasLongBeenSilent } from './silence.ts'
import { turnToOthers } from './turning.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { Inbox } from './inbox.ts'
import type { NodeState, Peer } from '../state.ts'

/** Called about once a second: where this device is written to, and where it writes. */
export function lookAfterRelays(draft: Draft): void {
  turnToOthers(draft)
  placeInboxes(draft)
}

function placeInboxes(draft: Draft): void {
  const { net, peers, second } = draft.state
  const { now } = draft.env
  if (second === undefined || !hasPassed({ since: net.placed, ms: MOVES_MS }, now)) return
  noteMissing(draft)
  const moving = [...peers.looks()].filter((peer) => isPaired(peer) && placed(draft.state, peer.inbox, now) !== peer.inbox)
  // Whoever is left goes with the next second.
  if (moving.length <= MOVES_AT_ONCE_MAX) draft.state = withNet(draft.state, { placed: now })
  const devices = moving.slice(0, MOVES_AT_ONCE_MAX).map(({ device }) => device.id as DeviceId)
  peers.getAll(devices)
  draft.state.conversations.getAll([...new Set(devices.flatMap((device) => draft.state.directory.shared.get(device) ?? []))])
  for (const device of devices) move(draft, device)
}

/** From now on it is known how long own relays are not there that never were since the start. */
function noteMissing(draft: Draft): void {
  const { net, peers } = draft.state
  const places = new Set([...peers.looks()].flatMap(({ inbox }) => [inbox?.keys.relay, inbox?.second?.relay]))
  const keys = [...places].flatMap((relay) => (relay === undefined ? [] : toHex(relay.key)))
  const missing = keys.filter((key) => !net.relays.has(key) && !net.down.has(key))
  if (missing.length > 0)
    draft.state = withNet(draft.state, { down: new Map([...net.down, ...missing.map((key) => [key, draft.env.now] as const)]) })
}

/** A mailbox at the relays where it is to lie now. */
function placed(state: NodeState, inbox: Inbox | undefined, now: number): Inbox | undefined {
  if (inbox === undefined) return undefined
  const isLeft = inbox.second !== undefined && isRelayLeft(state, inbox.keys.relay, now)
  const first = isLeft ? promoted(inbox) : inbox
  if (first.second !== undefined && !isRelayLeft(state, first.second.relay, now)) return first
  const second = secondBeside(state, first.keys.relay)
  return second === undefined ? first : { ...first, second }
}

/** The mailbox at the second relay as the first: its writer leaves there already what the other one does not take. */
const promoted = ({ keys, second }: Inbox): Inbox =>
  second === undefined ? { keys, registered: false } : { keys: secondKeysOf(keys, second.relay), registered: second.registered }

const isNamed = ({ home, second }: NodeState, relay: RelayAddress): boolean =>
  [home, second].some((named) => named !== undefined && isSameKey(named, relay))

/** One that the page does not name for this device any more, and that has been silent for long. A list alone moves nothing. */
const isRelayLeft = (state: NodeState, relay: RelayAddress, now: number): boolean =>
  !isNamed(state, relay) && hasLongBeenSilent(state, relay, now)

function move(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  const inbox = placed(draft.state, peer?.inbox, draft.env.now)
  if (peer !== undefined && inbox !== undefined) tell(draft, peer, inbox)
}

/** From now on this is its mailbox. */
function tell(draft: Draft, peer: Peer, inbox: Inbox): void {
  const shared = conversationsWith(draft.state, peer.device.id).find(isSpoken)
  draft.state = withPeer(draft.state, { ...peer, inbox })
  if (shared === undefined) return
  // With the last own entry, which goes out again for it, until the next one has arrived.
  const until = Math.max(1, ownLength(draft.state, shared))
  handItems(draft, peer.device.id, { conversation: shared.id, from: until - 1, until, items: wordsOf(inbox) })
}

/** Once the home relay has greeted: what lay at one that it has replaced lies at it now, or where it lay a second time. */
export function rehome(draft: Draft): void {
  const { home, peers, conversations, directory } = draft.state
  if (home === undefined) return
  const moved = [...peers.looks()].filter((peer) => isPaired(peer) && peer.inbox && isReplaced(draft.state, peer.inbox.keys.relay))
  // What rests of all of them is named at once, and not one by one with all that was done for those before.
  peers.getAll(moved.map(({ device }) => device.id))
  conversations.getAll([...new Set(moved.flatMap(({ device }) => directory.shared.get(device.id) ?? []))])
  for (const { device } of moved) {
    const peer = draft.state.peers.get(device.id)
    if (peer === undefined || !conversationsWith(draft.state, device.id).some(isSpoken)) continue
    const next = peer.inbox?.second === undefined ? createInbox(draft, home) : promoted(peer.inbox)
    tell(draft, peer, { ...next, second: secondBeside(draft.state, next.keys.relay) })
  }
}
