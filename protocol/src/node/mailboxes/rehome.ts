// A relay that lost its key is another relay at the same place (docs/protocol.md §8.4): what lay at the first cannot be reached any more.
// What then becomes of own mailboxes is in placing.ts.

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { withNet } from '../change.ts'
import { laterPart } from '../part.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { NodeState } from '../state.ts'

/** True when the home relay has proven that it is the one where this other one used to be. */
export const isReplaced = ({ home, net }: NodeState, relay: RelayAddress): boolean =>
  home !== undefined &&
  home.url === relay.url &&
  !equalBytes(home.key, relay.key) &&
  net.relays.get(toHex(home.key))?.challenge !== undefined

/** The home relay is another one, which may have greeted already: links may have led there. */
export function moveHome(draft: Draft, { relay, second }: InputOf<'home'>): void {
  draft.state = { ...draft.state, home: relay, second }
  // From now on it is known how long they are not there.
  const { net } = draft.state
  const missing = [relay, second].flatMap((named) => (named === undefined ? [] : toHex(named.key))).filter((key) => !net.relays.has(key))
  const down = new Map([...missing.map((key) => [key, draft.env.now] as const), ...net.down])
  draft.state = withNet(draft.state, { down, placed: 0 })
  // Before anybody was met nothing lies anywhere.
  if (draft.state.peers.size > 0) laterPart().rehome(draft)
}
