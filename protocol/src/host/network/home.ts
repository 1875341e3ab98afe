// Which relay is this device's home: asked of the page's own server, whenever nobody knows it or the network came back.

import { isSameRelay } from '../../wire/capability.ts'
import type { NodeInput } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'
import type { RelayAddress } from '../../wire/capability.ts'

export type HomeParts = {
  readonly relays: () => Promise<readonly RelayAddress[]>
  readonly state: () => NodeState
  readonly push: (input: NodeInput) => void
  readonly log: (line: string) => void
}

/** Asks once; what comes is an input. Calls while it asks change nothing. */
export function createHomeSearch({ relays, state, push, log }: HomeParts): () => void {
  let isSearching = false
  const search = async (): Promise<void> => {
    try {
      const [home] = await relays()
      const before = state().home
      if (home !== undefined && (before === undefined || !isSameRelay(home, before))) push({ kind: 'home', relay: home })
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
