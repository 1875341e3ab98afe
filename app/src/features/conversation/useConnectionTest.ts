// A test of the connection, begun by somebody who wants to know: it asks for everything to be tried at once, ends, and says what it found.

import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { AppView, RouteKind } from '@kith/protocol'

/** A first answer before this may be what was known before. */
export const SOONEST_MS = 1_500
export const LONGEST_MS = 10_000

export type TestOutcome = 'no-network' | 'relay-away' | 'direct' | 'direct-only' | 'relay' | 'peer-away'

type Connectivity = { readonly app: AppView | undefined; readonly route: RouteKind }

type Options = { readonly known: () => Connectivity; readonly retry: () => Promise<unknown> }

export const toOutcome = ({ app, route }: Connectivity): TestOutcome => {
  if (app?.network === 'offline') return 'no-network'
  const answers = app?.relay?.state === 'online'
  if (route === 'direct') return answers ? 'direct' : 'direct-only'
  if (!answers) return 'relay-away'
  return route === 'relay' ? 'relay' : 'peer-away'
}

/** What cannot get better by waiting any longer. */
const isFinal = (outcome: TestOutcome): boolean => outcome === 'direct' || outcome === 'no-network'

export const useConnectionTest = ({ known, retry }: Options) => {
  const running = shallowRef(false)
  const outcome = shallowRef<TestOutcome>()
  const early = shallowRef(false)
  const timers: number[] = []
  const clear = (): void => timers.splice(0).forEach((timer) => window.clearTimeout(timer))
  const found = computed(() => toOutcome(known()))

  const end = (): void => {
    clear()
    running.value = false
    outcome.value = found.value
  }
  const start = async (): Promise<void> => {
    if (running.value) return
    running.value = true
    early.value = true
    outcome.value = undefined
    timers.push(
      window.setTimeout(() => (early.value = false), SOONEST_MS),
      window.setTimeout(end, LONGEST_MS),
    )
    await retry()
  }
  watch([running, early, found], () => {
    if (running.value && !early.value && isFinal(found.value)) end()
  })
  onScopeDispose(clear)

  return { running, outcome, start }
}
