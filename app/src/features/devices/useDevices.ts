// One's own devices, and a linking under way, while somebody looks at them.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { DevicesView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

export const useDevices = () => {
  const view = shallowRef<DevicesView>({ devices: [], linking: undefined })
  onScopeDispose(useEngine().watchDevices((shown) => (view.value = shown)))
  return shallowReadonly(view)
}
