// Mentions of members: by which name one goes into a message, and by which one it is shown.

import { readMentions, toMarked, withNames } from '../../conversation/mention.ts'
import { nameOf } from '../../conversation/view.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Said } from '../../conversation/mention.ts'
import type { MessageView } from '../../views.ts'
import type { Conversation } from '../state.ts'

/** Members go by the names that they gave themselves: what this person calls them is nobody else's business. */
export const markedWords = (conversation: Conversation, text: string): string =>
  toMarked(named(conversation, text, (account) => nameOf(conversation.view, account)))

/** With the names that this person knows. */
export function mentionsIn(
  conversation: Conversation,
  marked: string,
  petnameOf: (account: AccountId) => string | undefined,
): Required<Pick<Extract<MessageView, { kind: 'text' }>, 'text' | 'mentions'>> {
  const { view } = conversation
  const { text, mentions } = named(conversation, marked, (account) => petnameOf(account) ?? nameOf(view, account))
  return { text, mentions: mentions.map((mention) => ({ ...mention, mine: mention.account === view.self })) }
}

// Whoever is no member is mentioned by plain words.
const named = ({ group }: Conversation, text: string, nameOf: (account: AccountId) => string | undefined): Said =>
  withNames(readMentions(text), (account) => (group?.membership.members.has(account) === true ? nameOf(account) : undefined))
