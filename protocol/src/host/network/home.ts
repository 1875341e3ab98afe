// Which relays are this device's homes: asked of the page's own server, whenever nobody knows them or the network came back. Which of several is in
// homes.ts, loaded where there are several.

import { isSameRelay } from '../../wire/capability.ts'
import type { NodeInput } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Later } from '../lazily.ts'

export type HomeParts = {
  readonly relays: () => Promise<readonly RelayAddress[]>
  readonly later: Later
  readonly clock: Clock
  readonly state: () => NodeState
  readonly push: (input: NodeInput) => void
  readonly log: (line: string) => void
}

/** Asks once; what comes is an input. Calls while it asks change nothing. */
export function createHomeSearch({ relays, later, clock, state, push, log }: HomeParts): () => void {
  let isSearching = false
  const search = async (): Promise<void> => {
    try {
      const listed = await relays()
      const [home, second] = listed.length < 2 ? listed : (await later()).homesAmong(listed, state(), clock())
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
