// A relay that lost its key is another relay at the same place (docs/protocol.md §8.4): what lay at the first cannot be reached any more.
// Own mailboxes are made again at the one that is there, and their writers hear of it in whatever way is left, directly or by their own relay.

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { handItems } from '../author.ts'
import { withNet, withPeer } from '../change.ts'
import { conversationsWith } from '../members.ts'
import { isPaired } from '../rest-looks.ts'
import { isSpoken, ownLength } from '../state.ts'
import { createInbox, promoted, secondBeside, wordsOf } from './own.ts'
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
  const { net, env } = { net: draft.state.net, env: draft.env }
  const missing = [relay, second].flatMap((named) => (named === undefined ? [] : toHex(named.key))).filter((key) => !net.relays.has(key))
  const down = new Map([...missing.map((key) => [key, env.now] as const), ...net.down])
  draft.state = withNet(draft.state, { down, placed: 0 })
  rehome(draft)
}

/** Once the home relay has greeted. */
export function rehome(draft: Draft): void {
  const { home, peers, conversations, directory } = draft.state
  if (home === undefined) return
  const moved = [...peers.looks()].filter((peer) => isPaired(peer) && peer.inbox && isReplaced(draft.state, peer.inbox.keys.relay))
  // What rests of all of them is named at once, and not one by one with all that was done for those before.
  peers.getAll(moved.map(({ device }) => device.id))
  conversations.getAll([...new Set(moved.flatMap(({ device }) => directory.shared.get(device.id) ?? []))])
  for (const { device } of moved) {
    const shared = conversationsWith(draft.state, device.id).find(isSpoken)
    const peer = draft.state.peers.get(device.id)
    if (shared === undefined || peer === undefined) continue
    // What lies a second time is where its writer can leave things meanwhile.
    const next = peer.inbox?.second === undefined ? createInbox(draft, home) : promoted(peer.inbox)
    const inbox = { ...next, second: secondBeside(draft.state, next.keys.relay) }
    draft.state = withPeer(draft.state, { ...peer, inbox })
    // With the last own entry, which goes out again for it, until the next one has arrived.
    const until = Math.max(1, ownLength(draft.state, shared))
    handItems(draft, device.id, { conversation: shared.id, from: until - 1, until, items: wordsOf(inbox) })
  }
}
