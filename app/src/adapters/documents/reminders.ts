// Something is to be done about one of many names, once and some time later.

import type { Timer } from '@kith/protocol'

export type Reminders = {
  /** One that runs already is left as it is. */
  start(name: string): void
  stop(name: string): void
  stopAll(): void
}

/** `act` is tried again after `ms` when it rejects: without room, say. What is broken tells so to whoever uses it next. */
export function createReminders(
  timer: Timer,
  { ms, act }: { readonly ms: number; readonly act: (name: string) => Promise<void> },
): Reminders {
  const running = new Map<string, () => void>()

  function start(name: string): void {
    if (running.has(name)) return
    const stop = timer(ms, () => {
      running.delete(name)
      act(name).catch(() => start(name))
    })
    running.set(name, stop)
  }

  function stop(name: string): void {
    running.get(name)?.()
    running.delete(name)
  }

  return {
    start,
    stop,
    stopAll: () => {
      for (const name of running.keys()) stop(name)
    },
  }
}
