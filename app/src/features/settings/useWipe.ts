// Erases everything this browser keeps of Kith, then starts from the first screen.

import { shallowReadonly, shallowRef } from 'vue'
import { useEngine } from '../engine/index.ts'
import { kept, keptByTab } from '../storage/index.ts'
import type { KeptStorage } from '../storage/index.ts'

export type WipeState = 'idle' | 'wiping' | 'failed'

type Options = { readonly storages?: readonly KeptStorage[]; readonly restart?: () => void }

export const useWipe = ({ storages = [kept, keptByTab], restart = () => window.location.replace('/') }: Options = {}) => {
  const engine = useEngine()
  const state = shallowRef<WipeState>('idle')
  const wipe = async (): Promise<void> => {
    if (state.value === 'wiping') return
    state.value = 'wiping'
    try {
      await engine.wipe()
      for (const storage of storages) storage.clear()
      restart()
    } catch {
      // Something still holds the data, most likely another tab; the words say so and the button stays.
      state.value = 'failed'
    }
  }
  return { state: shallowReadonly(state), wipe }
}
