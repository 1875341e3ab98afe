// Two clocks: this device's own, and that of a relay, which says its time when it greets. Where both sides of a link must mean the same
// moment, it is the relay's; what only this device did is measured by its own clock from beginning to end.

import { toHex } from '../bytes/bytes.ts'
import { INVITE_MS_MAX, TIME_MS_MAX } from '../limits.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { NodeState, OwnInvite } from './state.ts'

/** Clocks that are less apart than this count as the same, so that a link does not change by seconds once the relay has greeted, ms. */
const SAME_CLOCK_MS = 3_600_000

/** By how much a relay's clock is ahead of `now`, where it said so on this stream, ms. */
export const aheadOf = (state: NodeState, relay: RelayAddress | string): number =>
  state.net.relays.get(typeof relay === 'string' ? relay : toHex(relay.key))?.ahead ?? 0

/** The time by the home relay's clock; undefined until it has said it on this stream. */
export function relayTime({ home, net }: NodeState, now: number): number | undefined {
  const session = home && net.relays.get(toHex(home.key))
  return session?.challenge && now + session.ahead
}

export function aheadBy(time: number, now: number): number {
  const ahead = Math.min(time, TIME_MS_MAX) - now
  return Math.abs(ahead) < SAME_CLOCK_MS ? 0 : ahead
}

/** When a relay lets go of what waits there for an invite that was made at `created`; by the relay's clock. */
export const inviteExpiry = (created: number, ahead: number): number => Math.max(0, created + ahead + INVITE_MS_MAX)

/** True once an own invite lets nobody in any more for its age. */
export const isOver = ({ created }: Pick<OwnInvite, 'created'>, now: number): boolean => now - created >= INVITE_MS_MAX
