// Arrow keys, Home and End move through the messages; one of them is reached by Tab.

import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const STEPS: Readonly<Record<string, (at: number, length: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: (at) => at,
  End: (at) => at,
}

type Options = {
  readonly content: Readonly<ShallowRef<HTMLElement | null>>
  /** Resolve when the first or the last message is on the screen. */
  readonly goToStart: () => Promise<void>
  readonly goToEnd: () => Promise<void>
}

export const useRoving = ({ content, goToStart, goToEnd }: Options) => {
  /** The message that Tab reaches; the last one until somebody has moved. */
  const current = shallowRef<string>()

  const notesOf = (): readonly HTMLElement[] => [...(content.value?.querySelectorAll<HTMLElement>('[data-message-id]') ?? [])]
  const focus = (note: HTMLElement | undefined, options?: FocusOptions): void => {
    if (note === undefined) return
    current.value = note.dataset['messageId']
    note.focus(options)
  }
  const focusLast = (): void => focus(notesOf().at(-1), { preventScroll: true })
  const goTo = async (end: 'start' | 'end'): Promise<void> => {
    const from = document.activeElement
    await (end === 'start' ? goToStart() : goToEnd())
    if (isElsewhere(from)) return
    const note = notesOf().at(end === 'start' ? 0 : -1)
    focus(note, { preventScroll: true })
    note?.scrollIntoView({ block: 'nearest' })
  }
  /** Whoever has gone elsewhere meanwhile stays there. What lies around the messages has the focus only because the message that had it left. */
  const isElsewhere = (from: Element | null): boolean => {
    const active = document.activeElement
    return active !== from && content.value !== null && active?.contains(content.value) === false
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
    if (event.key === 'Home') void goTo('start')
    else if (event.key === 'End') void goTo('end')
    else focus(next)
  }
  /** However a message came by the focus, Tab leads back to it. */
  const follow = ({ target }: FocusEvent): void => {
    const note = target instanceof Element ? target.closest<HTMLElement>('[data-message-id]') : null
    if (note !== null) current.value = note.dataset['messageId']
  }
  return { current, move, follow, focusLast }
}
