// A test of the connection, begun by somebody who wants to know: it asks for everything to be tried at once, ends, and says what it found.

import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { AppView, RouteKind } from '@kith/protocol'

/** A first answer before this may be what was known before. */
export const SOONEST_MS = 1_500
export const LONGEST_MS = 10_000

export type TestOutcome = 'no-network' | 'relay-away' | 'direct' | 'direct-only' | 'relay' | 'peer-away'

/** `early`: what is found may still be what was known before. */
type TestState = { readonly kind: 'idle' | 'early' | 'running' } | { readonly kind: 'ended'; readonly outcome: TestOutcome }

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
  const state = shallowRef<TestState>({ kind: 'idle' })
  const running = computed(() => state.value.kind === 'early' || state.value.kind === 'running')
  const outcome = computed(() => (state.value.kind === 'ended' ? state.value.outcome : undefined))
  const timers: number[] = []
  const clear = (): void => timers.splice(0).forEach((timer) => window.clearTimeout(timer))
  const found = computed(() => toOutcome(known()))

  const end = (): void => {
    clear()
    state.value = { kind: 'ended', outcome: found.value }
  }
  const start = async (): Promise<void> => {
    if (running.value) return
    state.value = { kind: 'early' }
    timers.push(
      window.setTimeout(() => (state.value = { kind: 'running' }), SOONEST_MS),
      window.setTimeout(end, LONGEST_MS),
    )
    await retry()
  }
  watch([state, found], () => {
    if (state.value.kind === 'running' && isFinal(found.value)) end()
  })
  onScopeDispose(clear)

  return { running, outcome, start }
}
