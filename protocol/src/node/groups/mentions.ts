// Mentions of members: by which name one goes into a message, and by which one it is shown.

import { readMentions, toMarked, withNames } from '../../conversation/mention.ts'
import { nameOf } from '../../conversation/view.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Said } from '../../conversation/mention.ts'
import type { MessageView } from '../../views.ts'
import type { Conversation } from '../state.ts'

/** Members go by the names that they gave themselves: what this person calls them is nobody else's business. */
export function markedWords({ view, group }: Conversation, text: string): string {
  const said = withNames(readMentions(text), (account) => nameOf(view, account) ?? NAMELESS)
  return toMarked({ ...said, mentions: said.mentions.filter(({ account }) => group?.membership.members.has(account) === true) })
}

/** In the place of what this person calls somebody who has given no name. */
const NAMELESS = '…'

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
