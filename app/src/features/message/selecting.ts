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

export type Chosen = ReadonlyMap<EntryId, TextMessage>

export const withTurned = (chosen: Chosen, message: TextMessage): Chosen => {
  const next = new Map(chosen)
  if (!next.delete(message.id)) next.set(message.id, message)
  return next
}

export const without = (chosen: Chosen, gone: readonly EntryId[]): Chosen | undefined => {
  const left = [...chosen].filter(([id]) => !gone.includes(id))
  return left.length === 0 ? undefined : new Map(left)
}

/** In the order of their times. Those that are on the page are as they are now; the page need not have all of them. */
export const toMessages = (
  chosen: Chosen | undefined,
  shown: readonly { readonly kind: string; readonly id: EntryId }[],
): readonly TextMessage[] => {
  if (chosen === undefined) return []
  const now = new Map(shown.flatMap((message) => (message.kind === 'text' ? [[message.id, message as TextMessage] as const] : [])))
  return [...chosen].map(([id, message]) => now.get(id) ?? message).toSorted((a, b) => a.time - b.time)
}
