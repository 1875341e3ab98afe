// Several messages of a chat that are chosen, and what can be done with all of them.

import type { EntryId } from '@kith/protocol'
import { isBlank } from '../visible.ts'
import type { Action, TextMessage } from './actions.ts'

export type ManyAction = Extract<Action, 'copy' | 'forward' | 'delete-here' | 'delete-everyone'>

/** `can`: of one of them. What can be done with each is offered for all; words are copied where there are any. */
export const toManyActions = (chosen: readonly TextMessage[], can: (message: TextMessage) => readonly Action[]): readonly ManyAction[] => {
  if (chosen.length === 0) return []
  const everyOne = (action: ManyAction): boolean => chosen.every((message) => can(message).includes(action))
  const isOffered: Readonly<Record<ManyAction, boolean>> = {
    copy: chosen.some(({ text }) => !isBlank(text)),
    forward: everyOne('forward'),
    'delete-here': everyOne('delete-here'),
    'delete-everyone': everyOne('delete-everyone'),
  }
  return (['copy', 'forward', 'delete-here', 'delete-everyone'] as const).filter((action) => isOffered[action])
}

/** The words of all of them, below each other; who wrote them where that was more than one. */
export const toCopiedText = (chosen: readonly TextMessage[], name: (message: TextMessage) => string): string => {
  const said = chosen.filter(({ text }) => !isBlank(text))
  const isOfSeveral = new Set(said.map(name)).size > 1
  return said.map((message) => (isOfSeveral ? `${name(message)}: ${message.text}` : message.text)).join('\n\n')
}

export const withTurned = (chosen: ReadonlySet<EntryId>, id: EntryId): ReadonlySet<EntryId> => {
  const next = new Set(chosen)
  if (!next.delete(id)) next.add(id)
  return next
}
