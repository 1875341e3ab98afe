// What was taken away while somebody looked: deleted for everyone, which leaves a note, or here, which leaves nothing.

import type { ConversationView, EntryId } from '@kith/protocol'

type Shown = Pick<ConversationView, 'messages' | 'hasOlder' | 'hasNewer'>

/** Those that somebody had deleted before the window was opened. */
export const deletedIn = ({ messages }: Pick<Shown, 'messages'>): readonly EntryId[] =>
  messages.flatMap(({ id, kind }) => (kind === 'deleted' ? [id] : []))

/** Texts of the window before that the window now says are gone. One that it only moved away from is not among them. */
export const goneBetween = (before: Shown, now: Shown): readonly EntryId[] => {
  const [first, last] = [now.messages[0]?.time, now.messages.at(-1)?.time]
  const shown = new Map(now.messages.map((message) => [message.id, message.kind]))
  const isCovered = (time: number): boolean =>
    (!now.hasOlder || (first !== undefined && time > first)) && (!now.hasNewer || (last !== undefined && time < last))
  return before.messages.flatMap(({ id, kind, time }) => {
    if (kind !== 'text' || shown.get(id) === 'text') return []
    return shown.has(id) || isCovered(time) ? [id] : []
  })
}
