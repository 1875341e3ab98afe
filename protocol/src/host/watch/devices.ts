// One's own devices, for whoever looks at them.

import { parseDeviceList } from '../../identity/device-list.ts'
import { deviceIdFromKeys } from '../../identity/device.ts'
import type { NodeState } from '../../node/state.ts'
import type { OwnDeviceView } from '../../views.ts'

/** This one first, then those that were seen last. */
export function ownDevicesOf({ self, circle, peers }: NodeState): readonly OwnDeviceView[] {
  return (parseDeviceList(self.list.signed)?.devices ?? [])
    .map((listed): OwnDeviceView => {
      const device = deviceIdFromKeys(listed)
      const lastHeard = peers.awake.get(device)?.lastHeard ?? 0
      return {
        device,
        isThis: device === self.device.id,
        name: circle?.names.get(device) ?? '',
        added: listed.added,
        lastSeen: lastHeard === 0 ? undefined : lastHeard,
      }
    })
    .toSorted((a, b) => Number(b.isThis) - Number(a.isThis) || (b.lastSeen ?? 0) - (a.lastSeen ?? 0))
}
