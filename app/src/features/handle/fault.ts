// Why something about a handle was refused, in words.

import type { HandleRefusal } from '@kith/protocol'
import { handleWords } from '../handle-words.ts'
import { requestWords } from '../request-words.ts'

export const toFault = (reason: HandleRefusal): string => {
  if (reason === 'empty' || reason === 'too-long' || reason === 'blocked') return requestWords.faults[reason]
  return reason === 'own' ? handleWords.title : handleWords.refused[reason]
}
