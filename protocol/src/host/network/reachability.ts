// Keeps the network adapter told of whom to be connected with: own relays and those of contacts, and the devices that may come directly.
// A relay is who holds its key, wherever it is found, and anybody can name a wrong place for it (docs/protocol.md §7). Who these are is worked out
// again only after a change that has a say in it, and of many contacts that are away a few are tried at a time.

import { toHex } from '../../bytes/bytes.ts'
import { DIALS_AT_ONCE_MAX } from '../../limits.ts'
import { hasSigned, isPaired, isResting } from '../../node/rest-looks.ts'
import { outboxesOf } from '../../node/mailboxes/inboxes.ts'
import { isReplaced } from '../../node/mailboxes/rehome.ts'
import { neededSpare } from '../../node/mailboxes/turning.ts'
import { hasPassed } from '../../node/moment.ts'
import { isOfBlocked } from '../../node/members.ts'
import { isSpoken } from '../../node/state.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Conversation, NodeState, Peer, RestingContact } from '../../node/state.ts'
import type { Clock, DirectPeer, Network } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** A relay that is not reached at one of the addresses that are named for it is looked for at the next after this long, ms. */
export const ADDRESS_MS = 30_000

export type Reachability = {
  /** After a change: new relays and contacts, and contacts that were heard of. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Try the contacts and relays that are not connected. Call from time to time; the adapter paces it. */
  readonly dial: (state: NodeState) => void
}

type Addresses = readonly [RelayAddress, ...RelayAddress[]]
type ChosenRelay = { readonly address: RelayAddress; readonly among: string; readonly since: number }
/** What the whole state says of whom to reach, and where. */
export type Reach = {
  readonly peers: readonly DirectPeer[]
  readonly byDevice: ReadonlyMap<DeviceId, DirectPeer>
  readonly relays: ReadonlyMap<string, Addresses>
}

type ReachabilityParts = { readonly clock: Clock; readonly initial: NodeState }

export function createReachability(network: Network, { clock, initial }: ReachabilityParts): Reachability {
  const chosen = new Map<string, ChosenRelay>()
  let reach = reachOf(initial)
  let relays = ''
  let peers = ''
  let turn = 0

  function follow(before: NodeState, after: NodeState): void {
    if (isReachChanged(before, after, reach)) {
      reach = reachOf(after)
      tell(after)
    } else if (before.net.relays !== after.net.relays) seek(after)
    dialHeard(before, after)
  }

  function tell(state: NodeState): void {
    const peerKeys = reach.peers
      .map((peer) => `${peer.device} ${peer.relays.map((relay) => `${toHex(relay.key)} ${relay.url}`).join(' ')}`)
      .join()
    const isNew = peerKeys !== peers
    if (isNew) network.setPeers(reach.peers)
    peers = peerKeys
    seek(state)
    if (isNew) dial(state)
  }

  function seek(state: NodeState): void {
    for (const key of chosen.keys()) if (!reach.relays.has(key)) chosen.delete(key)
    for (const [key, addresses] of reach.relays)
      chosen.set(key, choose(chosen.get(key), { addresses, isUp: state.net.relays.has(key), now: clock() }))
    const relaysNow = [...reach.relays.keys()].flatMap((key) => chosen.get(key)?.address ?? [])
    const relayKeys = relaysNow.map((relay) => `${toHex(relay.key)} ${relay.url}`).join()
    if (relayKeys !== relays) network.setRelays(relaysNow)
    relays = relayKeys
  }

  function dial(state: NodeState): void {
    seek(state)
    const { length } = reach.peers
    for (let tried = 0; tried < Math.min(length, DIALS_AT_ONCE_MAX); tried += 1) {
      turn = (turn + 1) % length
      dialOne(state, reach.peers[turn])
    }
  }

  // Who was heard of through a mailbox is there now.
  function dialHeard(before: NodeState, after: NodeState): void {
    if (before.peers === after.peers) return
    const heard = after.peers
      .changedSince(before.peers)
      .filter((device) => hasBeenHeard(before.peers.awake.get(device), after.peers.awake.get(device)))
    for (const device of heard) dialOne(after, reach.byDevice.get(device))
  }

  function dialOne(state: NodeState, peer: DirectPeer | undefined): void {
    const isNear = peer?.relays.some((relay) => state.net.relays.has(toHex(relay.key))) === true
    if (peer !== undefined && isNear && !state.net.links.has(peer.device)) network.dial(peer.device)
  }

  tell(initial)
  return { follow, dial }
}

type ReachInputs = { readonly addresses: Addresses; readonly isUp: boolean; readonly now: number }

// An address at which the key was proven stays. The others get their turn, so a wrong one costs time and denies nothing.
function choose(before: ChosenRelay | undefined, { addresses, isUp, now }: ReachInputs): ChosenRelay {
  const among = addresses.map(({ url }) => url).join(' ')
  const at = addresses.findIndex(({ url }) => url === before?.address.url)
  if (before === undefined || at < 0 || (!isUp && before.among !== among)) return { address: addresses[0], among, since: now }
  if (isUp) return { ...before, among, since: now }
  if (!hasPassed({ since: before.since, ms: ADDRESS_MS }, now)) return before
  return { address: addresses[at + 1] ?? addresses[0], among, since: now }
}

/** From the whole state: what is kept up has to be this, and simulated lives compare the two. */
export function reachOf(state: NodeState): Reach {
  const peers = provenPeersOf(state)
  return { peers, byDevice: new Map(peers.map((peer) => [peer.device, peer])), relays: addressesOf(state) }
}

// Whom to reach, and where, follows from few things about few of the records.
function isReachChanged(before: NodeState, after: NodeState, { byDevice }: Reach): boolean {
  if (before.removals !== after.removals || before.terms !== after.terms || isGreeted(before) !== isGreeted(after)) return true
  if (before.second !== after.second || before.net.silent !== after.net.silent) return true
  if (before.home !== after.home || before.net.visited !== after.net.visited || before.directory !== after.directory) return true
  return (
    after.peers
      .changedSince(before.peers)
      .some(
        (device) =>
          isAcceptable(before.peers.look(device)) !== isAcceptable(after.peers.look(device)) ||
          neededSpare(before, device) !== neededSpare(after, device),
      ) ||
    after.conversations.changedSince(before.conversations).some((id) => {
      const [was, is] = [before.conversations.awake.get(id), after.conversations.awake.get(id)]
      return was?.invite?.relay !== is?.invite?.relay || isNewlyProven({ was, is }, after, byDevice)
    })
  )
}

// Only once the home relay has greeted is it known whether it is still the one that it was.
const isGreeted = ({ home, net }: NodeState): boolean => home !== undefined && net.relays.get(toHex(home.key))?.challenge !== undefined

// A device that is proven stays so as long as the conversation is there, so only the others have to be looked at.
function isNewlyProven({ was, is }: Change, state: NodeState, proven: Reach['byDevice']): boolean {
  if (is === undefined || !isOfContacts(is)) return false
  const devices = was?.phase === is.phase ? is.log.feeds.changedSince(was.log.feeds) : [...is.log.feeds.keys()]
  return devices.some(
    (device) => hasSigned(is, device) && !proven.has(device) && !isOfBlocked(state, device) && isAcceptable(state.peers.look(device)),
  )
}

type Change = { readonly was: Conversation | undefined; readonly is: Conversation | undefined }

const hasBeenHeard = (before: Peer | undefined, after: Peer | undefined): boolean =>
  after !== undefined && after.lastHeard > (before?.lastHeard ?? 0)

/** Relays that anything of this device lies at, and where each may be found: what the page, this device and contacts say before what strangers say. */
function addressesOf(state: NodeState): ReadonlyMap<string, Addresses> {
  const own = [...state.peers.looks()].flatMap(({ inbox }) => [inbox?.keys.relay, inbox?.second?.relay])
  const invites = [...state.conversations.looks()].map((chat) => chat.invite?.relay)
  const desks = [...state.conversations.awake.values()].flatMap(({ group, invite, invitation, phase }) => [
    ...(group?.desks.flatMap(({ keys, second }) => [keys.relay, second?.relay]) ?? []),
    invite?.copy?.relay,
    phase === 'joining' ? invitation?.spare?.grant.relay : undefined,
  ])
  const contacts = acceptedPeersOf(state).flatMap((peer) => peer.relays)
  const others = outboxesOf(state).map((grant) => grant.relay)
  const spares = [...state.peers.awake.keys()].map((device) => neededSpare(state, device))
  const ends = [...state.removals.ends.map(({ relay }) => relay), ...state.terms.closing.map(({ keys }) => keys.relay)]
  const named = [state.home, state.second, ...own, ...invites, ...desks, ...ends, ...contacts, ...state.net.visited, ...others, ...spares]
  const places = new Map<string, Addresses>()
  const home = state.home && toHex(state.home.key)
  for (const address of named) {
    if (address === undefined) continue
    const key = toHex(address.key)
    const before = places.get(key)
    if (before === undefined) places.set(key, [address])
    // Where the home relay is, the page knows best.
    else if (key !== home && before.every(({ url }) => url !== address.url)) places.set(key, [...before, address])
  }
  return places
}

// Whoever merely invited has not been accepted: only an answer makes a contact, and only contacts learn addresses.
type KnownPeer = Peer | RestingContact
type AcceptedPeer = KnownPeer & { readonly outbox: NonNullable<Peer['outbox']> }
const isAcceptable = (peer: KnownPeer | undefined): peer is AcceptedPeer =>
  peer !== undefined && isPaired(peer) && peer.outbox !== undefined

function acceptedPeersOf(state: NodeState): readonly DirectPeer[] {
  return [...state.peers.looks()].filter(isAcceptable).map((peer) => ({
    device: peer.device.id as DeviceId,
    signingKey: peer.device.signingKey,
    relays: placesOf(state, peer.outbox.relay),
  }))
}

// Whoever used the relay that stood where the home relay is now probably uses this one by now, and can be met there.
const placesOf = (state: NodeState, relay: RelayAddress): readonly RelayAddress[] =>
  state.home !== undefined && isReplaced(state, relay) ? [relay, state.home] : [relay]

// A session proves the agreement key alone. Whoever came with somebody else's signing key, which is that one's name on the network, would
// take its place there; only what was signed shows whose key it is. And a session that outlived its chat makes nobody a contact again: an
// answer does.
const provenPeersOf = (state: NodeState): readonly DirectPeer[] =>
  acceptedPeersOf(state).filter(
    ({ device }) =>
      !isOfBlocked(state, device) &&
      (state.directory.shared.get(device) ?? []).some((id) => {
        const chat = state.conversations.look(id)
        return chat !== undefined && (isResting(chat) || isOfContacts(chat)) && hasSigned(chat, device)
      }),
  )

// Members of a group whom nobody here has accepted learn no address of this device, and whoever was removed from one does not either.
const isOfContacts = (chat: Conversation): boolean => chat.group === undefined && isSpoken(chat)
