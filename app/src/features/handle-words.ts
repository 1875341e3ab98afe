// What is said about handles: one's own, and finding somebody by theirs. Loaded with that, and no part of words.ts.

import type { HandleRefusal } from '@kith/protocol'
import { createWords } from './language/catalogue.ts'
import { requestWords } from './request-words.ts'

export const handleWords = createWords('handle')

/** Why something was refused. */
export const handleFault = (reason: HandleRefusal): string => {
  if (reason === 'empty' || reason === 'too-long' || reason === 'blocked') return requestWords.faults[reason]
  return reason === 'own' ? handleWords.title : handleWords.refused[reason]
}
