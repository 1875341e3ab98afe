// Whom a carry file can be for: the others of a chat, and one's own other devices where there are any.

import { computed, onScopeDispose, shallowRef } from 'vue'
import type { ComputedRef } from 'vue'
import type { AccountId } from '@kith/protocol'
import { useAppStore } from '../app/index.ts'
import { carryWords } from '../carry-words.ts'
import { useEngine } from '../engine/index.ts'

export type Reader = { readonly account: AccountId; readonly name: string }

export const useReaders = (others: () => readonly Reader[]): ComputedRef<readonly Reader[]> => {
  const app = useAppStore()
  const hasOther = shallowRef(false)
  onScopeDispose(useEngine().watchDevices(({ devices }) => (hasOther.value = devices.length > 1)))
  return computed(() => {
    const own = app.view?.account
    return [...others(), ...(own !== undefined && hasOther.value ? [{ account: own, name: carryWords.own }] : [])]
  })
}
