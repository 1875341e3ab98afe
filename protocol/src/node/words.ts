// What somebody wrote, as it goes into a message: in a group with its mentions.

import { readMentions, toMarked, withNames } from '../conversation/mention.ts'
import { cleanText } from '../conversation/text.ts'
import { nameOf } from '../conversation/view.ts'
import type { Conversation } from './state.ts'

/** Members are mentioned by the names that they gave themselves: what this person calls them is nobody else's business. */
export function wordsToWrite(conversation: Conversation | undefined, text: string): string {
  if (conversation?.group === undefined) return cleanText(text)
  const { group, view } = conversation
  return toMarked(
    withNames(readMentions(text), (account) => (group.membership.members.has(account) ? nameOf(view, account) : undefined)),
  )
}
