// Mailboxes that this device makes for contacts, and what their writers are told. Where the page names two relays each lies at both
// (docs/decisions/0076).

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { createMailboxKeys, grantOf } from '../../mailbox/keys.ts'
import type { PayloadItem } from '../../session/payload.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { Inbox, SecondPlace } from './inbox.ts'
import type { NodeState } from '../state.ts'

export const isSameKey = (a: RelayAddress, b: RelayAddress): boolean => equalBytes(a.key, b.key)

/** The home relay, or where that does not answer and the other one does, the other one: what is told once only is to be there now. */
export function homeNow({ home, second, net }: NodeState): RelayAddress | undefined {
  const isThere = (relay: RelayAddress | undefined): boolean =>
    relay !== undefined && net.relays.get(toHex(relay.key))?.challenge !== undefined
  return !isThere(home) && isThere(second) ? second : home
}

/** A new mailbox at this relay, and where this device has two of them, at its other one. */
export function createInbox({ state, env }: Pick<Draft, 'state' | 'env'>, relay: RelayAddress): Inbox {
  const second = secondBeside(state, relay)
  const inbox = { keys: createMailboxKeys(relay, env.random), registered: false }
  return second === undefined ? inbox : { ...inbox, second }
}

/** Where else than at this relay: undefined where there is one relay only. */
export function secondBeside({ home, second }: NodeState, relay: RelayAddress): SecondPlace | undefined {
  const other = [second, home].find((each) => each !== undefined && !isSameKey(each, relay))
  return second === undefined || other === undefined ? undefined : { relay: other, registered: false }
}

/** What the writer of a mailbox is told. */
export const wordsOf = ({ keys, second }: Inbox): readonly PayloadItem[] => [
  { kind: 'mailbox', grant: grantOf(keys) },
  ...(second === undefined ? [] : [{ kind: 'second', mailbox: keys.mailbox, relay: second.relay } as const]),
]
