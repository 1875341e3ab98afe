// Who writes, in words.

import type { PresenceView } from '@kith/protocol'
import { messageWords } from '../message-words.ts'
import { toShownName } from '../people/index.ts'
import { fill, words } from '../words.ts'

export type Writers = readonly Pick<PresenceView['typing'][number], 'name'>[]

/** Undefined while nobody does. `named`: where it has to be said who. */
export const toTypingWords = (writers: Writers, named: boolean): string | undefined => {
  const [first, second, ...others] = writers.map(({ name }) => toShownName(name) ?? words.somebody)
  if (first === undefined) return undefined
  const { one, two, many, short } = messageWords.typing
  if (!named) return short
  if (second === undefined) return fill(one, { name: first })
  return others.length === 0 ? fill(two, { name: first, other: second }) : many
}
