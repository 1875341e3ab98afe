// What is said otherwise in a chat of more than two.

import type { MemberView, MessageView, PersonView } from '@kith/protocol'
import { groupWords } from '../group-words.ts'
import { toShownName } from '../people/index.ts'
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

const toNamed = ({ mine, name }: PersonView, you: string, somebody: string): string => {
  if (mine) return you
  const shown = toShownName(name)
  return shown === undefined ? somebody : apart(shown)
}

/** Undefined for what is said as in a chat of two. */
export const toGroupLine = (message: MessageView): Sentence | undefined => {
  const { lines } = groupWords
  const who = message.author === undefined ? lines.youFirst : toNamed(message.author, lines.youFirst, lines.somebodyFirst)
  if (message.kind === 'members') {
    const whom = message.about.map((person) => toNamed(person, lines.you, lines.somebody)).join(', ')
    return { text: fill(lines[message.event === 'role' ? (message.role ?? 'member') : message.event], { who, whom }), name: '' }
  }
  if (message.kind !== 'system') return undefined
  if (message.event === 'created') return { text: fill(lines.created, { who }), name: '' }
  return message.event === 'titled' && message.name ? { text: fill(lines.titled, { who }), name: message.name } : undefined
}

/** What a tick means: with how many. */
export const toTickWords = ({ state, reached }: Pick<Text, 'state'> & { readonly reached?: Text['reached'] | undefined }): string => {
  if (reached === undefined || reached.delivered === 0) return words.state[state]
  const { delivered, read, of } = reached
  return fill(read > 0 ? groupWords.reachedRead : groupWords.reached, {
    delivered: String(delivered),
    read: String(read),
    of: String(of),
  })
}
