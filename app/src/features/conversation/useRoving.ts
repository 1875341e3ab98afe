// Arrow keys, Home and End move through the messages; one of them is reached by Tab.

import { nextTick, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const STEPS: Readonly<Record<string, (at: number, length: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, length) => length - 1,
}

type Options = {
  readonly content: Readonly<ShallowRef<HTMLElement | null>>
  /** Fetches what is older than what is shown, as far back as it may. */
  readonly loadFirst: () => Promise<void>
  readonly goToStart: () => void
}

export const useRoving = ({ content, loadFirst, goToStart }: Options) => {
  /** The message that Tab reaches; the last one until somebody has moved. */
  const current = shallowRef<string>()

  const notesOf = (): readonly HTMLElement[] => [...(content.value?.querySelectorAll<HTMLElement>('[data-message-id]') ?? [])]
  const focus = (note: HTMLElement | undefined, options?: FocusOptions): void => {
    if (note === undefined) return
    current.value = note.dataset['messageId']
    note.focus(options)
  }
  const focusLast = (): void => focus(notesOf().at(-1), { preventScroll: true })
  const goHome = async (): Promise<void> => {
    const from = document.activeElement
    await loadFirst()
    await nextTick()
    // Whoever has gone elsewhere meanwhile stays there.
    if (document.activeElement !== from) return
    const [first] = notesOf()
    goToStart()
    focus(first, { preventScroll: true })
    first?.scrollIntoView({ block: 'nearest' })
  }
  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const notes = notesOf()
    const at = notes.findIndex((note) => note.contains(document.activeElement))
    if (at < 0) return
    const next = notes[step(at, notes.length)]
    if (next === undefined) return
    event.preventDefault()
    if (event.key === 'Home') void goHome()
    else focus(next)
  }
  return { current, move, focusLast }
}
