// A part of the page that is fetched when it is first shown, or ahead of that. One that did not come is fetched again, so that a moment without a
// network, or a page that was left and returned to, leaves nothing that never opens.

import { defineAsyncComponent, defineComponent, onScopeDispose } from 'vue'
import type { AsyncComponentLoader, Component } from 'vue'
import { PART_RETRY_MS, PART_RETRY_MS_MAX } from './limits.ts'

let wait: () => Promise<void> = () => Promise.resolve()
/** What every part that comes later needs besides itself, such as its words. */
export const waitBeforeParts = (until: () => Promise<void>): void => void (wait = until)

export const lazyPart = <Part extends Component>(load: AsyncComponentLoader<Part>): Part => defineAsyncComponent(() => partLoaded(load))

/** In the place of a sheet that is on its way: Escape is meant for it, and not for what lies below. */
const AwaitedSheet = defineComponent({
  inheritAttrs: false,
  emits: ['close'],
  setup(_props, { emit }) {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      emit('close')
    }
    addEventListener('keydown', onKey, { capture: true })
    onScopeDispose(() => removeEventListener('keydown', onKey, { capture: true }))
    return () => undefined
  },
})

/** As {@link lazyPart}, of what lies over the page and says `close`. */
export const lazySheet = <Part extends Component>(load: AsyncComponentLoader<Part>): Part =>
  defineAsyncComponent({ loader: () => partLoaded(load), loadingComponent: AwaitedSheet, delay: 0 })

export const partLoaded = async <T>(load: () => Promise<T>): Promise<T> => (await Promise.all([untilLoaded(load), wait()]))[0]

/** Never rejects: what fails is tried again, less and less often, and at once when the network is back. */
export async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (let ms = PART_RETRY_MS; ; ms = Math.min(2 * ms, PART_RETRY_MS_MAX)) {
    try {
      return await load()
    } catch {
      await onlineOrAfter(ms)
    }
  }
}

const onlineOrAfter = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer)
      removeEventListener('online', go)
      resolve()
    }
    const timer = setTimeout(go, ms)
    addEventListener('online', go)
  })
