// What somebody wrote, as it goes into a message: in a group with its mentions.

import { cleanText } from '../conversation/text.ts'
import { laterPart } from './part.ts'
import type { Conversation } from './state.ts'

export const wordsToWrite = (conversation: Conversation | undefined, text: string): string =>
  conversation?.group === undefined ? cleanText(text) : laterPart().markedWords(conversation, text)
