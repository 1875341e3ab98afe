// Lets each toast leave after its time, except while somebody is at it.

import { onScopeDispose, watch } from 'vue'
import { useNotices } from './store.ts'

type Clock = { readonly start: (act: () => void, ms: number) => number; readonly stop: (timer: number) => void }

const browserClock: Clock = { start: (act, ms) => window.setTimeout(act, ms), stop: (timer) => window.clearTimeout(timer) }

export const useNoticeTimers = (clock: Clock = browserClock) => {
  const store = useNotices()
  const timers = new Map<number, number>()

  const hold = (id: number): void => {
    const timer = timers.get(id)
    if (timer !== undefined) clock.stop(timer)
  }
  const release = (id: number): void => {
    const notice = store.notices.find((one) => one.id === id)
    if (notice === undefined) return
    hold(id)
    timers.set(
      id,
      clock.start(() => store.dismiss(id), store.lifetimeOf(notice)),
    )
  }
  watch(
    () => store.notices,
    (notices) => {
      for (const notice of notices) if (!timers.has(notice.id)) release(notice.id)
    },
    { immediate: true },
  )
  onScopeDispose(() => timers.forEach((timer) => clock.stop(timer)))

  return { hold, release }
}
