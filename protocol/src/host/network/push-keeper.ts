// Tells the home relay anew, on each of its streams, where this device is woken: what the relay was told holds for the mailboxes of that stream, and a
// relay that forgot, or is another by now, learns it so (docs/protocol.md §8.5).

import { toHex } from '../../bytes/bytes.ts'
import { PUSH_AGAIN_MS } from '../../limits.ts'
import { readPushRow } from './push-row.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock, Network, Store } from '../../ports.ts'

type Parts = {
  readonly rows: Pick<Store, 'get'>
  readonly network: Pick<Network, 'request'>
  readonly clock: Clock
  readonly log: (line: string) => void
}

/** Call after each commit, and about once a second. */
export function createPushKeeper({ rows, network, clock, log }: Parts): (state: NodeState) => void {
  let told: number | undefined
  let againAt = 0
  const tell = async (relay: string): Promise<void> => {
    const subscription = await readPushRow(rows)
    if (subscription === undefined) return
    const answer = await network.request(relay, { kind: 'register-push', subscription })
    if (answer.kind !== 'refused') return
    log(`the relay does not wake this device: ${answer.reason}`)
    if (answer.retryMs > 0) throw new Error(answer.reason)
  }
  return ({ home, net }) => {
    const relay = home && toHex(home.key)
    const session = relay === undefined ? undefined : net.relays.get(relay)
    // Nothing may come before the greeting.
    if (relay === undefined || session?.challenge === undefined || session.serial === told || clock() < againAt) return
    told = session.serial
    void tell(relay).catch(() => {
      told = undefined
      againAt = clock() + PUSH_AGAIN_MS
    })
  }
}
