// What can be done where there is no engine: try once more, erase what is left and begin anew, or hand on what is known.

import { shallowReadonly, shallowRef } from 'vue'
import { useEngine } from '../engine/index.ts'

export type StartAgain = 'idle' | 'erasing' | 'failed'

type Options = { readonly page?: Window }

export const useStartAgain = ({ page = window }: Options = {}) => {
  const engine = useEngine()
  const state = shallowRef<StartAgain>('idle')
  const reload = (): void => page.location.reload()

  const eraseAll = async (): Promise<void> => {
    if (state.value === 'erasing') return
    state.value = 'erasing'
    try {
      await engine.wipe()
      page.location.replace('/')
    } catch {
      // Something still holds the data, most likely another tab; the words say so and the button stays.
      state.value = 'failed'
    }
  }
  const copyDetails = (code: string): void => {
    const details = `Kith: ${code}\n${new Date().toISOString()}\n${page.navigator.userAgent}`
    // Where nothing may be copied the code still stands on the screen.
    void page.navigator.clipboard?.writeText(details).catch(() => undefined)
  }
  return { state: shallowReadonly(state), reload, erase: () => void eraseAll(), copyDetails }
}
