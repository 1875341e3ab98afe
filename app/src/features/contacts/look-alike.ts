// Names that look alike: what two names come to when letters that are hard to tell apart are one letter, and accents, spaces and signs are none. It warns,
// and proves nothing.

import type { AccountId, ConversationSummary } from '@kith/protocol'
import { toShownName } from '../people/index.ts'

/** Letters of other scripts, digits and signs by the Latin letter that they look like; after compatibility forms and accents are gone, in lower case. */
const LOOKS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    a: 'аαɑ@4',
    b: 'ьвβ8',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еєҽ3',
    g: 'ɡ9',
    h: 'һн',
    i: 'іιıl|1!јj',
    k: 'кκ',
    m: 'мⲙ',
    n: 'пη',
    o: 'оοσ0օ',
    p: 'рρ',
    q: 'ԛ',
    s: 'ѕ5$',
    t: 'тτ7',
    u: 'υսц',
    v: 'ѵν',
    w: 'ԝωш',
    x: 'хχ×',
    y: 'уүγ',
    z: 'ᴢ2',
  }).flatMap(([letter, others]) => Array.from(others, (other) => [other, letter])),
)

const toSkeleton = (name: string): string =>
  Array.from(
    name
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .replace(/rn/gu, 'm')
      .replace(/vv/gu, 'w'),
    (letter) => LOOKS[letter] ?? letter,
  )
    .join('')
    .replace(/[^\p{L}\p{N}]/gu, '')

export type Known = { readonly account: AccountId; readonly name: string }

/** People with whom there is a chat of two, by the names that they have here. */
export const toKnownPeople = (chats: readonly ConversationSummary[]): readonly Known[] =>
  chats.flatMap(({ kind, phase, peer, name }) => {
    const shown = kind === 'pair' && phase !== 'invited' ? toShownName(name) : undefined
    return peer === undefined || shown === undefined ? [] : [{ account: peer, name: shown }]
  })

/** Once for each: whoever looks at many names has the same people beside all of them. */
const skeletons = new WeakMap<Known, string>()
const skeletonOf = (known: Known): string => {
  const made = skeletons.get(known) ?? toSkeleton(known.name)
  skeletons.set(known, made)
  return made
}

/** What the other person of `known` is called whose name this one resembles. */
export const resembled = (
  person: { readonly account: string; readonly name: string | undefined },
  known: readonly Known[],
): string | undefined => {
  const shown = toShownName(person.name)
  const skeleton = shown === undefined ? '' : toSkeleton(shown)
  if (skeleton === '' || known.some(({ account }) => account === person.account)) return undefined
  return known.find((one) => skeletonOf(one) === skeleton)?.name
}
