// A part of the page that is fetched when it is first shown, or ahead of that. One that did not come is fetched again, so that a moment without a
// network, or a page that was left and returned to, leaves nothing that never opens.

import { defineAsyncComponent } from 'vue'
import type { AsyncComponentLoader, Component } from 'vue'
import { PART_RETRY_MS, PART_RETRY_MS_MAX } from './limits.ts'

export const lazyPart = <Part extends Component>(load: AsyncComponentLoader<Part>): Part =>
  defineAsyncComponent({
    loader: load,
    onError: (_error, retry, _fail, attempts) => {
      const again = (): void => {
        clearTimeout(timer)
        removeEventListener('online', again)
        retry()
      }
      const timer = setTimeout(again, Math.min(PART_RETRY_MS * 2 ** (attempts - 1), PART_RETRY_MS_MAX))
      addEventListener('online', again)
    },
  })
