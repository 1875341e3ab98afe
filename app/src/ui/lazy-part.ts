// A part of the page that is fetched when it is first shown, or ahead of that. One that did not come is fetched again, so that a moment without a
// network, or a page that was left and returned to, leaves nothing that never opens.

import { defineAsyncComponent } from 'vue'
import type { AsyncComponentLoader, Component } from 'vue'
import { PART_RETRY_MS, PART_RETRY_MS_MAX } from './limits.ts'

let wait: () => Promise<void> = () => Promise.resolve()
/** What every part that comes later needs besides itself, such as its words. */
export const waitBeforeParts = (until: () => Promise<void>): void => void (wait = until)

export const lazyPart = <Part extends Component>(load: AsyncComponentLoader<Part>): Part => defineAsyncComponent(() => partLoaded(load))

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
