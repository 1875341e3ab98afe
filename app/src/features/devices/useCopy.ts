// Copying a text: the button itself says what came of it.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'

const COPIED_MS = 2_000

/** `failed`: where the browser does not let the page copy. */
export const useCopy = (text: () => string, failed: () => void, device: Pick<Navigator, 'clipboard'> = navigator) => {
  const state = shallowRef<'idle' | 'copied' | 'failed'>('idle')
  let timer: number | undefined
  const copy = async (): Promise<void> => {
    window.clearTimeout(timer)
    try {
      await device.clipboard.writeText(text())
      state.value = 'copied'
      timer = window.setTimeout(() => (state.value = 'idle'), COPIED_MS)
    } catch {
      state.value = 'failed'
      failed()
    }
  }
  onScopeDispose(() => window.clearTimeout(timer))
  return { state: shallowReadonly(state), copy }
}
