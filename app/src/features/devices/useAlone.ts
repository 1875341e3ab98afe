// What would be lost with an own device, asked again while the question about it stands: what is there to be waited for gets less before one's eyes.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { Alone, OwnDeviceView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

const AGAIN_MS = 1_000

/** `device`: left out for this one. Undefined until it is known, and where the engine does not run. */
export const useAlone = (device: OwnDeviceView['device'] | undefined) => {
  const engine = useEngine()
  const alone = shallowRef<Alone>()
  const ask = (): void =>
    void engine.readAlone({ device }).then(
      (answer) => (alone.value = answer),
      () => clearInterval(timer),
    )
  const timer = setInterval(ask, AGAIN_MS)
  ask()
  onScopeDispose(() => clearInterval(timer))
  return shallowReadonly(alone)
}
