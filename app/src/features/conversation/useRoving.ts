// Arrow keys, Home and End move through the messages; one of them is reached by Tab.

import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const STEPS: Readonly<Record<string, (at: number, length: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, length) => length - 1,
}

export const useRoving = (content: Readonly<ShallowRef<HTMLElement | null>>) => {
  /** The message that Tab reaches; the last one until somebody has moved. */
  const current = shallowRef<string>()

  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || content.value === null) return
    const notes = [...content.value.querySelectorAll<HTMLElement>('[data-message-id]')]
    const at = notes.findIndex((note) => note === document.activeElement)
    const next = at < 0 ? undefined : notes[step(at, notes.length)]
    if (next === undefined) return
    event.preventDefault()
    current.value = next.dataset['messageId']
    next.focus()
  }
  return { current, move }
}
