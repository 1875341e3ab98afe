// Which relays are this device's homes: of those that the page's own server lists, asked for whenever nobody knows them or the network came back.
// Each device ranks the list for itself, so that devices spread over it, and one more or one less moves few of them (docs/decisions/0076).

import { fromHex, toHex } from '../../bytes/bytes.ts'
import { labelHash } from '../../crypto/hash.ts'
import { hasLongBeenSilent } from '../../node/mailboxes/silence.ts'
import { isSameRelay } from '../../wire/capability.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { NodeInput } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

export type HomeParts = {
  readonly relays: () => Promise<readonly RelayAddress[]>
  readonly clock: Clock
  readonly state: () => NodeState
  readonly push: (input: NodeInput) => void
  readonly log: (line: string) => void
}

/** Asks once; what comes is an input. Calls while it asks change nothing. */
export function createHomeSearch({ relays, clock, state, push, log }: HomeParts): () => void {
  let isSearching = false
  const search = async (): Promise<void> => {
    try {
      const [home, second] = homesAmong(await relays(), state(), clock())
      const before = state()
      if (home !== undefined && (!isSame(home, before.home) || !isSame(second, before.second))) push({ kind: 'home', relay: home, second })
    } catch (error) {
      log(`the list of relays is out of reach: ${String(error)}`)
    }
    isSearching = false
  }
  return () => {
    if (isSearching) return
    isSearching = true
    void search()
  }
}

const isSame = (a: RelayAddress | undefined, b: RelayAddress | undefined): boolean =>
  a === undefined || b === undefined ? a === b : isSameRelay(a, b)

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
