// Holds back views that come faster than anybody can see, or a page can draw: the first goes out at once, the last of a burst at its end, and
// of each what has changed since the one before. While messages pour in, nobody reads those that are gone again with the next view: few of them
// are drawn, and the page's time is left to what brings the messages.

import { changeOf } from './changes.ts'
import { VIEW_FLOOD_MS_MAX, VIEW_FLOOD_ROWS, VIEW_MS_MAX, VIEW_MS_MIN, VIEW_ROW_MS } from './limits.ts'
import type { ViewChange } from './changes.ts'

export type ViewPush = {
  show(view: unknown): void
  /** What is shown next is waited for. */
  hurry(): void
  stop(): void
}

export function createViewPush(send: (change: ViewChange) => void): ViewPush {
  let waiting: { readonly view: unknown } | undefined
  let pause: ReturnType<typeof setTimeout> | undefined
  /** In a flood: ends the pause once no view has come for a moment. */
  let calm: ReturnType<typeof setTimeout> | undefined
  let isFlood = false
  let isStopped = false
  let shown: { readonly view: unknown } | undefined

  function flush(): void {
    endPause()
    if (waiting === undefined || isStopped) return
    const { view } = waiting
    const change: ViewChange | undefined = shown === undefined ? { kind: 'all', view } : changeOf(shown.view, view)
    shown = waiting
    waiting = undefined
    if (change === undefined) return
    isFlood = change.kind === 'rows' && change.put.length >= VIEW_FLOOD_ROWS
    pause = setTimeout(flush, isFlood ? VIEW_FLOOD_MS_MAX : pauseAfter(change))
    send(change)
  }

  function endPause(): void {
    clearTimeout(pause)
    clearTimeout(calm)
    pause = undefined
  }

  return {
    show(view) {
      const isFirst = waiting === undefined && pause === undefined
      waiting = { view }
      // Not in the same turn: one step of the engine may show several views.
      if (isFirst) queueMicrotask(flush)
      if (isFirst || !isFlood) return
      clearTimeout(calm)
      calm = setTimeout(flush, VIEW_MS_MAX)
    },
    hurry: flush,
    stop() {
      isStopped = true
      endPause()
    },
  }
}

const pauseAfter = (change: ViewChange): number =>
  change.kind === 'all' ? VIEW_MS_MIN : Math.max(VIEW_MS_MIN, Math.min(VIEW_MS_MAX, change.put.length * VIEW_ROW_MS))
