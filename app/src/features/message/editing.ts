// A message that is written anew. It ends when the engine has kept it, or when it is left; what was refused stays in the box, and
// what was left half written is there again the next time.

import { shallowReadonly, shallowRef } from 'vue'
import type { EntryId, RelationOutcome } from '@kith/protocol'
import { isBlank } from '../visible.ts'
import { words } from '../words.ts'
import type { TextMessage } from './actions.ts'
import type { Editing } from './desk.ts'
import { messageWords } from '../message-words.ts'
import { toMarked } from '../mentions/index.ts'
import { toPreview } from './preview.ts'

type Parts = {
  /** Undefined: it failed, and that was said. */
  readonly edit: (message: EntryId, text: string) => Promise<RelationOutcome | undefined>
  readonly ended: () => void
  /** What was written and not kept, the last time. */
  readonly unfinished?: string | undefined
  /** It was left with this text; undefined where nothing of it is to be kept. */
  readonly left?: (unfinished: string | undefined) => void
}

export const createEditing = (
  message: Pick<TextMessage, 'id' | 'text' | 'mentions' | 'files'>,
  { edit, ended, unfinished, left }: Parts,
): Editing => {
  const before = toMarked(message.text, message.mentions ?? [])
  const text = shallowRef(unfinished ?? before)
  const fault = shallowRef<string>()
  let isSaving = false

  const end = (rest?: string): void => {
    left?.(rest)
    ended()
  }
  const submit = async (): Promise<void> => {
    const written = text.value.trim()
    if (isSaving) return
    if (written === before.trim()) return end()
    if (isBlank(written)) return void (fault.value = messageWords.editEmpty)
    isSaving = true
    const outcome = await edit(message.id, written)
    isSaving = false
    if (outcome?.kind === 'refused') fault.value = messageWords.refused[outcome.reason]
    // What was typed on meanwhile is not lost with what was kept.
    else if (outcome !== undefined && text.value.trim() === written) end()
  }
  return {
    id: message.id,
    before: toPreview(message),
    text: shallowReadonly(text),
    fault: shallowReadonly(fault),
    write(next) {
      text.value = next
      fault.value = undefined
    },
    complain: () => void (fault.value = words.chat.tooMuch),
    submit,
    cancel: () => end(text.value.trim() === before.trim() || isBlank(text.value) ? undefined : text.value),
    drop: () => end(),
  }
}
