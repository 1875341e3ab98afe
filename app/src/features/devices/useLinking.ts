// A linking that this screen has begun: it ends with the screen, and what was shown of an earlier one is none of it.

import { computed, onScopeDispose, shallowRef } from 'vue'
import type { LinkAct } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'
import { toDeviceName } from './device-name.ts'
import { useDevices } from './useDevices.ts'

export const useLinking = (agent = navigator.userAgent) => {
  const engine = useEngine()
  const notices = useNotices()
  const view = useDevices()
  const begun = shallowRef(false)
  const linking = computed(() => (begun.value ? view.value.linking : undefined))
  const act = async (what: LinkAct): Promise<void> => {
    await notices.attempt(engine.linkDevice(what))
    begun.value = what.kind !== 'stop'
  }
  const name = toDeviceName(agent)
  onScopeDispose(() => void notices.attempt(engine.linkDevice({ kind: 'stop' })))
  return {
    linking,
    show: () => act({ kind: 'show', name }),
    enter: (code: string) => act({ kind: 'enter', code, name }),
    confirm: () => act({ kind: 'confirm' }),
    stop: () => act({ kind: 'stop' }),
  }
}
