// A message that is written anew. It ends when the engine has kept it, or when it is left; what was refused stays in the box.

import { shallowReadonly, shallowRef } from 'vue'
import type { EntryId, RelationOutcome } from '@kith/protocol'
import { isBlank } from '../visible.ts'
import { words } from '../words.ts'
import type { Editing } from './desk.ts'
import { messageWords } from '../message-words.ts'

type Parts = {
  /** Undefined: it failed, and that was said. */
  readonly edit: (message: EntryId, text: string) => Promise<RelationOutcome | undefined>
  readonly ended: () => void
}

export const createEditing = (message: { readonly id: EntryId; readonly text: string }, { edit, ended }: Parts): Editing => {
  const text = shallowRef(message.text)
  const fault = shallowRef<string>()
  let isSaving = false

  const submit = async (): Promise<void> => {
    const written = text.value.trim()
    if (isSaving) return
    if (isBlank(written)) return void (fault.value = messageWords.editEmpty)
    if (written === message.text.trim()) return ended()
    isSaving = true
    const outcome = await edit(message.id, written)
    isSaving = false
    if (outcome?.kind === 'refused') fault.value = messageWords.refused[outcome.reason]
    // What was typed on meanwhile is not lost with what was kept.
    else if (outcome !== undefined && text.value.trim() === written) ended()
  }
  return {
    before: message.text,
    text: shallowReadonly(text),
    fault: shallowReadonly(fault),
    write(next) {
      text.value = next
      fault.value = undefined
    },
    complain: () => void (fault.value = words.chat.tooMuch),
    submit,
    cancel: ended,
  }
}
