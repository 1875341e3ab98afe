// Whoever types where nothing takes letters means the message box: it gets the focus while the key is going down, and with it the letter.

import { onScopeDispose } from 'vue'
import { isComposing } from '../../ui/composition.ts'
import { takesLetters } from '../../ui/fields.ts'

type Options = { readonly page?: Window }

/** A letter, or the beginning of one. Space scrolls and presses buttons. */
const isLetter = (event: KeyboardEvent): boolean =>
  event.key === 'Dead' || isComposing(event) || (event.key !== ' ' && Array.from(event.key).length === 1)

// Right Alt writes letters on many keyboards; Windows tells of it as Ctrl and Alt.
const isPlain = (event: KeyboardEvent): boolean =>
  (!event.ctrlKey && !event.metaKey && !event.altKey) || (event.getModifierState('AltGraph') && event.ctrlKey === event.altKey)

const isPaste = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'v'

export const useTypeAnywhere = (field: () => HTMLElement | null, { page = window }: Options = {}): void => {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !((isPlain(event) && isLetter(event)) || isPaste(event))) return
    const { document } = page
    if (takesLetters(document.activeElement) || document.querySelector('dialog[open]') !== null) return
    field()?.focus({ preventScroll: true })
  }
  page.addEventListener('keydown', onKey)
  onScopeDispose(() => page.removeEventListener('keydown', onKey))
}
