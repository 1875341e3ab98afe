// How large all text of the page is, on this device: a scale of the root's own size (styles/tokens.css), which is what the browser or the system has
// it. Kept beside the engine, so that it is there before anything is drawn.

import { kept } from '../storage/index.ts'

const KEY = 'kith.text'

/** What is kept, whatever it is: a value that the styles do not know changes nothing. */
export const keptTextSize = (): string => kept.getItem(KEY) ?? ''
const show = (): void => void (document.documentElement.dataset['text'] = keptTextSize())

export const keepTextSize = (size: string): void => {
  kept.setItem(KEY, size)
  show()
}

/** From now on, also when another tab changes it. */
export const useTextSize = (): void => {
  show()
  addEventListener('storage', show)
}
