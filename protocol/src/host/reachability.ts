// Keeps the network adapter told of whom to be connected with: own relays and those of contacts, and the devices that may come directly.
// A relay is who holds its key, wherever it is found, and anybody can name a wrong place for it (docs/protocol.md §7).

import { toHex } from '../bytes/bytes.ts'
import { outboxesOf } from '../node/inboxes.ts'
import { isReplaced } from '../node/rehome.ts'
import { hasPassed } from '../node/state.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { NodeState, Peer } from '../node/state.ts'
import type { Clock, DirectPeer, Network } from '../ports.ts'
import type { RelayAddress } from '../wire/capability.ts'

/** A relay that is not reached at one of the addresses that are named for it is looked for at the next after this long, ms. */
export const ADDRESS_MS = 30_000

export type Reachability = {
  /** After a change: new relays and contacts. */
  readonly follow: (state: NodeState) => void
  /** Try the contacts and relays that are not connected. Call from time to time; the adapter paces it. */
  readonly dial: (state: NodeState) => void
}

type Addresses = readonly [RelayAddress, ...RelayAddress[]]
type Choice = { readonly address: RelayAddress; readonly among: string; readonly since: number }

const PARTS = ['home', 'conversations', 'peers', 'removals', 'net'] as const

export function createReachability(network: Network, clock: Clock): Reachability {
  const chosen = new Map<string, Choice>()
  let before: NodeState | undefined
  let relays = ''
  let peers = ''

  function follow(state: NodeState): void {
    if (before !== undefined && PARTS.every((part) => before?.[part] === state[part])) return
    before = state
    const peersNow = provenPeersOf(state)
    const peerKeys = peersNow
      .map((peer) => `${peer.device} ${peer.relays.map((relay) => `${toHex(relay.key)} ${relay.url}`).join(' ')}`)
      .join()
    const isNew = peerKeys !== peers
    if (isNew) network.setPeers(peersNow)
    peers = peerKeys
    seek(state)
    if (isNew) dial(state)
  }

  function seek(state: NodeState): void {
    const named = addressesOf(state)
    for (const key of chosen.keys()) if (!named.has(key)) chosen.delete(key)
    for (const [key, addresses] of named)
      chosen.set(key, choose(chosen.get(key), { addresses, isUp: state.net.relays.has(key), now: clock() }))
    const relaysNow = [...named.keys()].flatMap((key) => chosen.get(key)?.address ?? [])
    const relayKeys = relaysNow.map((relay) => `${toHex(relay.key)} ${relay.url}`).join()
    if (relayKeys !== relays) network.setRelays(relaysNow)
    relays = relayKeys
  }

  function dial(state: NodeState): void {
    seek(state)
    for (const { device, relays: theirs } of provenPeersOf(state)) {
      const isNear = theirs.some((relay) => state.net.relays.has(toHex(relay.key)))
      if (isNear && !state.net.links.has(device)) network.dial(device)
    }
  }

  return { follow, dial }
}

type Seen = { readonly addresses: Addresses; readonly isUp: boolean; readonly now: number }

// An address at which the key was proven stays. The others get their turn, so a wrong one costs time and denies nothing.
function choose(before: Choice | undefined, { addresses, isUp, now }: Seen): Choice {
  const among = addresses.map(({ url }) => url).join(' ')
  const at = addresses.findIndex(({ url }) => url === before?.address.url)
  if (before === undefined || at < 0 || (!isUp && before.among !== among)) return { address: addresses[0], among, since: now }
  if (isUp) return { ...before, among, since: now }
  if (!hasPassed({ since: before.since, ms: ADDRESS_MS }, now)) return before
  return { address: addresses[at + 1] ?? addresses[0], among, since: now }
}

/** Relays that anything of this device lies at, and where each may be found: what the page, this device and contacts say before what strangers say. */
function addressesOf(state: NodeState): ReadonlyMap<string, Addresses> {
  const own = [...state.peers.values()].map((peer) => peer.inbox?.keys.relay)
  const invites = [...state.conversations.values()].map((conversation) => conversation.invite?.relay)
  const contacts = acceptedPeersOf(state).flatMap((peer) => peer.relays)
  const others = outboxesOf(state).map((grant) => grant.relay)
  const ends = state.removals.ends.map(({ relay }) => relay)
  const named = [state.home, ...own, ...invites, ...ends, ...contacts, ...state.net.visited, ...others]
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
function acceptedPeersOf(state: NodeState): readonly DirectPeer[] {
  const accepted = [...state.peers.values()].filter(
    (peer): peer is Peer & { readonly outbox: NonNullable<Peer['outbox']> } => peer.pairing !== undefined && peer.outbox !== undefined,
  )
  return accepted.map((peer) => ({
    device: peer.device.id as DeviceId,
    signingKey: peer.device.signingKey,
    relays: placesOf(state, peer.outbox.relay),
  }))
}

// Whoever used the relay that stood where the home relay is now probably uses this one by now, and can be met there.
const placesOf = (state: NodeState, relay: RelayAddress): readonly RelayAddress[] =>
  state.home !== undefined && isReplaced(state, relay) ? [relay, state.home] : [relay]

// A session proves the agreement key alone. Whoever came with somebody else's signing key, which is that one's name on the network, would
// take its place there; only what was signed shows whose key it is.
const provenPeersOf = (state: NodeState): readonly DirectPeer[] =>
  acceptedPeersOf(state).filter(({ device }) =>
    [...state.conversations.values()].some(({ log }) => (log.feeds.get(device)?.tips.length ?? 0) > 0),
  )
