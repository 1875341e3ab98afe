// Commands about one message. What is refused is said in plain words, and changes nothing.

import type { ConversationId, EntryId, RelationOutcome } from '@kith/protocol'
import { TOUCH } from '../app/index.ts'
import { useEngine } from '../engine/index.ts'
import { starred } from '../stars/index.ts'
import { useNotices } from '../notices/index.ts'
import { messageWords } from '../message-words.ts'

export type RelationRefusal = Extract<RelationOutcome, { kind: 'refused' }>['reason']

export const useMessageCommands = (conversation: ConversationId) => {
  const engine = useEngine()
  const notices = useNotices()

  const isDone = async (command: Promise<RelationOutcome>): Promise<boolean> => {
    const outcome = await notices.attempt(command)
    if (outcome?.kind === 'refused') notices.show(messageWords.refused[outcome.reason])
    return outcome?.kind === 'saved'
  }
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      notices.show(messageWords.copied)
    } catch {
      // On touch a message cannot be selected: a long press asks for its menu.
      notices.show(matchMedia(TOUCH).matches ? messageWords.copyFailedTouch : messageWords.copyFailed)
    }
  }
  return {
    react: (message: EntryId, emoji: string, isSet: boolean) => isDone(engine.react({ conversation, message, emoji, isSet })),
    pin: (message: EntryId, isSet: boolean) => isDone(engine.pin({ conversation, message, isSet })),
    star: async (message: EntryId, isSet: boolean) => {
      const isSaved = await isDone(engine.star({ conversation, message, isSet }))
      if (isSaved) starred.value += 1
      return isSaved
    },
    remove: (message: EntryId, where: 'here' | 'everyone') =>
      isDone(where === 'here' ? engine.forgetMessage({ conversation, message }) : engine.deleteMessage({ conversation, message })),
    edit: (message: EntryId, text: string) => notices.attempt(engine.edit({ conversation, message, text })),
    copy,
  }
}
