// The one sentence about the connection, if one is due. Nothing is said about trouble that mends itself within five seconds.

import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { AppView } from '@kith/protocol'
import { words } from '../words.ts'

export const TROUBLE_PATIENCE_MS = 5_000

export type Trouble = { readonly kind: 'offline' | 'relay-away'; readonly text: string }

const troubleOf = (view: AppView | undefined): Trouble['kind'] | undefined => {
  if (view?.network === 'offline') return 'offline'
  return view?.relay?.state === 'away' ? 'relay-away' : undefined
}

/** What is left of the patience: a relay that has been away for long gets none of it. */
const patienceFor = (view: AppView | undefined): number => {
  if (view?.network === 'offline' || view?.relay === undefined) return TROUBLE_PATIENCE_MS
  return Math.min(TROUBLE_PATIENCE_MS, Math.max(0, view.relay.since + TROUBLE_PATIENCE_MS - Date.now()))
}

export const useConnectionBanner = (view: () => AppView | undefined) => {
  const kind = computed(() => troubleOf(view()))
  const patient = shallowRef(true)
  let timer: number | undefined

  watch(
    () => kind.value !== undefined,
    (troubled) => {
      window.clearTimeout(timer)
      patient.value = true
      if (troubled) timer = window.setTimeout(() => (patient.value = false), patienceFor(view()))
    },
    { immediate: true },
  )
  onScopeDispose(() => window.clearTimeout(timer))

  return computed((): Trouble | undefined => {
    if (patient.value || kind.value === undefined) return undefined
    return kind.value === 'offline' ? { kind: 'offline', text: words.banner.offline } : { kind: 'relay-away', text: words.banner.relayAway }
  })
}
