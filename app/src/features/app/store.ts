// What the whole app shows of itself: the engine's status and its view of this account, relay and settings.

import { computed, onScopeDispose, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import type { AppView, Settings } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import type { EngineStatus } from '../engine/index.ts'

const FIRST_SETTINGS: Settings = { theme: 'system', language: 'system', readReceipts: true, enterSends: true, presence: true, typing: true }

export const useAppStore = defineStore('app', () => {
  const engine = useEngine()
  const status = shallowRef<EngineStatus>({ kind: 'starting' })
  const view = shallowRef<AppView>()
  const settings = computed(() => view.value?.settings ?? FIRST_SETTINGS)

  onScopeDispose(engine.watchStatus((shown) => (status.value = shown)))
  onScopeDispose(engine.watchApp((shown) => (view.value = shown)))

  return { status, view, settings }
})
