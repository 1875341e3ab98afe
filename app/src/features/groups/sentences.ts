// What is said otherwise in a chat of more than two.

import type { ConversationSummary, MemberView, MessageView, PersonView } from '@kith/protocol'
import { groupWords } from '../group-words.ts'
import { toShownName } from '../people/index.ts'
import { formats, toCount } from '../time/index.ts'
import { countWords, fill, words } from '../words.ts'
import { apart, toMemberNames } from './names.ts'

/** With the name that belongs into it. */
type Sentence = { readonly text: string; readonly name: string }
type Text = Extract<MessageView, { kind: 'text' }>

/** Its members, where they are not its name already. */
export const toGroupSubtitle = (title: string | undefined, members: readonly MemberView[]): Sentence => {
  const here = countWords(groupWords.members, members.length)
  const name = toMemberNames(members)
  return toShownName(title) === undefined || name === '' ? { text: here, name } : { text: fill(words.chat.hereIn, { here }), name }
}

/** What stands below the name of a group in which one is not. */
export const toOutLine = ({ joining }: Pick<ConversationSummary, 'joining'>): string =>
  joining === undefined ? groupWords.notMember : countWords(groupWords.members, joining.members)

const toNamed = ({ name }: PersonView, somebody: string): string => {
  const shown = toShownName(name)
  return shown === undefined ? somebody : apart(shown)
}

type Event = keyof typeof groupWords.linesMine

/** One sentence for each case: who did it and to whom decides more than a word where the verb follows the person. */
const toWords = (event: Event, about: { readonly byMe: boolean; readonly me: boolean; readonly others: boolean }): string => {
  if (about.byMe) return groupWords.linesMine[event]
  if (!about.me || event === 'created' || event === 'titled' || event === 'left' || (event === 'let-in' && about.others))
    return groupWords.lines[event]
  return (about.others ? groupWords.linesToUs : groupWords.linesToMe)[event]
}

/** Undefined for what is said as in a chat of two. */
export const toGroupLine = (message: MessageView): Sentence | undefined => {
  const { somebody, somebodyFirst } = groupWords.lines
  const byMe = message.author === undefined || message.author.mine
  const who = message.author === undefined ? '' : toNamed(message.author, somebodyFirst)
  if (message.kind === 'members') {
    const others = message.about.filter(({ mine }) => !mine).map((person) => toNamed(person, somebody))
    const about = { byMe, me: others.length < message.about.length, others: others.length > 0 }
    const event = message.event === 'role' ? (message.role ?? 'member') : message.event
    const whom = new Intl.ListFormat(formats.value.dates, { type: 'conjunction' }).format(others)
    return { text: fill(toWords(event, about), { who, whom }), name: '' }
  }
  if (message.kind !== 'system') return undefined
  const about = { byMe, me: false, others: false }
  if (message.event === 'created') return { text: fill(toWords('created', about), { who }), name: '' }
  return message.event === 'titled' && message.name ? { text: fill(toWords('titled', about), { who }), name: message.name } : undefined
}

/** What a tick means: with how many. */
export const toTickWords = ({ state, reached }: Pick<Text, 'state'> & { readonly reached?: Text['reached'] | undefined }): string => {
  if (reached === undefined || reached.delivered === 0) return words.state[state]
  const { delivered, read, of } = reached
  return fill(read > 0 ? groupWords.reachedRead : groupWords.reached, {
    delivered: toCount(delivered),
    read: toCount(read),
    of: toCount(of),
  })
}
