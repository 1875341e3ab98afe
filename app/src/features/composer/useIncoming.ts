// What is put into a message box at once: no more than the box can keep, and text only. What is refused stays where it came from, so nothing is lost,
// and a browser never has to lay out a megabyte.

import { useNotices } from '../notices/index.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { words } from '../words.ts'

/** Whether `added` in the place of what is selected would be more than the box keeps. What only shortens is always welcome. */
const isTooMuch = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement, added: string): boolean => {
  const length = value.length - (selectionEnd - selectionStart) + added.length
  return length > DRAFT_LENGTH_MAX && length > value.length
}

export const useIncoming = (tooMuch: () => void) => {
  const notices = useNotices()

  const take = (event: Event, added: string): void => {
    if (!(event.target instanceof HTMLTextAreaElement) || !isTooMuch(event.target, added)) return
    event.preventDefault()
    tooMuch()
  }
  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text === '' && event.clipboardData?.types.includes('Files') === true) {
      event.preventDefault()
      notices.show(words.toast.textOnly)
    } else take(event, text)
  }
  const onBeforeInput = (event: InputEvent): void => take(event, event.data ?? event.dataTransfer?.getData('text/plain') ?? '')

  return { onPaste, onBeforeInput }
}
