// How long a relay has not answered, by this device's own connections.

import { toHex } from '../../bytes/bytes.ts'
import { LEAVE_RELAY_MS } from '../../limits.ts'
import { hasPassed } from '../moment.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { NodeState } from '../state.ts'

/** Of a device, from 0 to 1: what all do, they do one after the other. */
export const spreadOf = (self: DeviceId): number => Number.parseInt(self.slice(0, 4), 16) / 0x10000

/** So long that it is left for another. */
export function hasLongBeenSilent({ net, self }: NodeState, { key }: RelayAddress, now: number): boolean {
  const since = net.down.get(toHex(key))
  return since !== undefined && hasPassed({ since, ms: LEAVE_RELAY_MS * (1 + spreadOf(self.device.id)) }, now)
}
