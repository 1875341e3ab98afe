// The homes of a device among the relays of a list. Each device ranks them for itself, so that devices spread over them, and one more or one less
// moves few (docs/decisions/0076).

import { fromHex, toHex } from '../../bytes/bytes.ts'
import { labelHash } from '../../crypto/hash.ts'
import { hasLongBeenSilent } from '../../node/mailboxes/silence.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** The first two, those that have not been silent for long before the others. */
export function homesAmong(relays: readonly RelayAddress[], state: NodeState, now: number): readonly RelayAddress[] {
  const ranked = rankedFor(state.self.device.id, relays).map((relay) => ({ relay, isSilent: hasLongBeenSilent(state, relay, now) }))
  return [...ranked.filter(({ isSilent }) => !isSilent), ...ranked.filter(({ isSilent }) => isSilent)].slice(0, 2).map(({ relay }) => relay)
}

/** By rendezvous hashing: each relay at its place whatever others there are, and once. */
export function rankedFor(device: DeviceId, relays: readonly RelayAddress[]): readonly RelayAddress[] {
  const ranks = new Map(relays.map((relay) => [toHex(labelHash('kith/1/home', fromHex(device), relay.key)), relay] as const))
  return [...ranks].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, relay]) => relay)
}
