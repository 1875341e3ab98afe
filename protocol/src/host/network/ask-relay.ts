// One question to a relay that may only just be connecting.

import { toHex } from '../../bytes/bytes.ts'
import { RELAY_WAIT_MS_MAX } from '../../limits.ts'
import { NetworkError } from '../../ports.ts'
import type { Clock, Network, Timer } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'

const RELAY_POLL_MS = 150

export type AskParts = { readonly network: Network; readonly clock: Clock; readonly timer: Timer; readonly loop: Pick<Loop, 'state'> }

/** The answer; undefined where there was none for RELAY_WAIT_MS_MAX. `toRequest`: made for the stream that it goes out on. */
export async function askRelay(
  parts: AskParts,
  relay: RelayAddress,
  toRequest: (challenge: Uint8Array) => RelayRequest,
): Promise<RelayAnswer | undefined> {
  const key = toHex(relay.key)
  const deadline = parts.clock() + RELAY_WAIT_MS_MAX
  for (;;) {
    try {
      const challenge = parts.loop.state().net.relays.get(key)?.challenge
      if (challenge !== undefined) return await parts.network.request(key, toRequest(challenge))
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
    }
    if (parts.clock() >= deadline) return undefined
    await new Promise<void>((resolve) => void parts.timer(RELAY_POLL_MS, resolve))
  }
}
