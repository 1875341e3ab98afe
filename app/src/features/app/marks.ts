// Moments of a start: on the browser's own time line, for whoever measures how quick Kith is, and for what waits for them.

import { shallowReadonly, shallowRef } from 'vue'

/** The message box can be written in. */
export const COMPOSER_MARK = 'kith:composer'

const drawn = shallowRef(false)
/** What people see first is on the page. Whatever is fetched ahead, and the rest of the list, comes after it. */
export const isDrawn = shallowReadonly(drawn)
export const markDrawn = (): void => void (drawn.value = true)

export const markComposer = (): void => {
  performance.mark(COMPOSER_MARK)
  // What comes after it is not asked for in the same breath.
  setTimeout(markDrawn)
}
