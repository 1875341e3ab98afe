// Whether an edit replaced the whole field or went on writing in it; only the moment before the edit can tell.

import type { Edit } from './useComposer.ts'

export const useEditKind = () => {
  let kind: Edit = 'continued'

  const beforeInput = (event: Event): void => {
    const field = event.target
    if (!(field instanceof HTMLTextAreaElement)) return
    const wholeSelected = field.value !== '' && field.selectionStart === 0 && field.selectionEnd === field.value.length
    kind = wholeSelected ? 'replaced' : 'continued'
  }
  const takeEditKind = (): Edit => {
    const taken = kind
    kind = 'continued'
    return taken
  }
  return { beforeInput, takeEditKind }
}
