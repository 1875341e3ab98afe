// Holds back views that come faster than anybody can see: the first goes out at once, the last of a burst at its end, and one that looks like
// the last not at all. Every commit of the engine refreshes every watcher, so most views say nothing new.

import { VIEW_MS_MIN } from './limits.ts'

export type ViewPush = { show(view: unknown): void; stop(): void }

export function createViewPush(send: (view: unknown) => void): ViewPush {
  let waiting: { readonly view: unknown } | undefined
  let pause: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  let shown: string | undefined

  function flush(): void {
    pause = undefined
    if (waiting === undefined || isStopped) return
    const { view } = waiting
    waiting = undefined
    // Views are plain data. What is undefined has no text, and differs from everything that has.
    const text = JSON.stringify(view) ?? ''
    if (text === shown) return
    shown = text
    pause = setTimeout(flush, VIEW_MS_MIN)
    send(view)
  }

  return {
    show(view) {
      const isFirst = waiting === undefined && pause === undefined
      waiting = { view }
      // Not in the same turn: one step of the engine may show several views.
      if (isFirst) queueMicrotask(flush)
    },
    stop() {
      isStopped = true
      clearTimeout(pause)
    },
  }
}
