// What is said about the outside at the top of the screen: the network, the home relay, and what left after a silence.

import { toHex } from '../../bytes/bytes.ts'
import { createShown } from './shown.ts'
import type { Shown } from './shown.ts'
import { isFaceRow } from '../../conversation/faces.ts'
import { isTakenOut } from '../../node/members.ts'
import type { AppView, LinkingView, RelayView, Settings } from '../../views.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock, NetworkEvent, StoreWrite } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** A relay that has not answered for so long is called away, ms. */
const CONNECTING_MS = 5_000

type RelayStatus = { readonly state: 'online' | 'silent'; readonly since: number }

export type Outlook = {
  readonly hear: (event: NetworkEvent) => void
  readonly network: () => 'online' | 'offline'
  /** Whoever was found last where this relay ought to be has another key. */
  readonly isElsewhere: (relay: RelayAddress) => boolean
  /** How a linking goes on that was begun here. */
  readonly linking: Shown<LinkingView>
  readonly wentOut: (messages: number) => void
  /** Somebody may look otherwise after a commit. */
  readonly seen: (before: NodeState, after: NodeState, writes: readonly StoreWrite[]) => void
  readonly appView: (settings: Settings) => AppView
}

export function createOutlook({
  clock,
  state,
  changed,
}: {
  readonly clock: Clock
  readonly state: () => NodeState
  readonly changed: () => void
}): Outlook {
  const relays = new Map<string, RelayStatus>()
  /** Of relays whose place another one has, where that was. */
  const elsewhere = new Map<string, string>()
  const started = clock()
  let network: 'online' | 'offline' = 'online'
  let wentOut = 0
  let faces = 0

  function hear(event: NetworkEvent): void {
    if (event.kind === 'relay-up') {
      relays.set(event.relay, { state: 'online', since: clock() })
      elsewhere.delete(event.relay)
    } else if (event.kind === 'relay-replaced') elsewhere.set(event.relay, event.url)
    else if (event.kind === 'relay-down' && relays.get(event.relay)?.state !== 'silent')
      relays.set(event.relay, { state: 'silent', since: clock() })
    else if (event.kind === 'network' && event.state !== network) network = event.state
    else return
    if (event.kind === 'relay-down') wentOut = 0
    changed()
  }

  const isOnline = ({ key }: RelayAddress): boolean => relays.get(toHex(key))?.state === 'online'

  function relayView(): RelayView | undefined {
    const { home: first, second } = state()
    if (first === undefined) return undefined
    // Where one of two answers nothing waits for the other.
    const home = second !== undefined && isOnline(second) && !isOnline(first) ? second : first
    const standing = relays.get(toHex(home.key)) ?? { state: 'silent', since: started }
    if (standing.state === 'online') return { url: home.url, state: 'online', since: standing.since }
    return { url: home.url, state: clock() - standing.since < CONNECTING_MS ? 'connecting' : 'away', since: standing.since }
  }

  return {
    hear,
    network: () => network,
    linking: createShown(changed),
    isElsewhere: ({ key, url }) => elsewhere.get(toHex(key)) === url,
    wentOut: (messages) => {
      wentOut += messages
      changed()
    },
    seen(before, after, writes) {
      if (before.self.face !== after.self.face || before.terms.blocked !== after.terms.blocked || writes.some(isFaceRow)) faces += 1
    },
    appView: (settings) => {
      const { self } = state()
      return {
        account: self.account,
        name: self.name,
        relay: relayView(),
        network,
        settings: { ...settings, readReceipts: self.readReceipts },
        wentOut,
        ...(faces > 0 ? { faces } : {}),
        ...(isTakenOut(state()) ? { isRevoked: true } : {}),
      }
    },
  }
}
