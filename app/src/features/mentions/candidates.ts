// Whom somebody means who types an @ in a group: its members by the names that are known of them, whoever wrote last first.

import type { AccountId, MemberView, MessageView } from '@kith/protocol'
import { MENTION_LENGTH_MAX, MENTIONS_OFFERED_MAX } from '../limits.ts'
import { foldedName } from '../named-like.ts'
import { toShownName } from '../people/index.ts'

/** `names`: folded, to be searched. `own`: what they call themselves, where that is another name. */
export type Candidate = {
  readonly account: AccountId
  readonly name: string
  readonly own: string | undefined
  readonly names: readonly string[]
}

/** Made once for the members and messages that are shown, so that a key press only searches. */
export const toCandidates = (members: readonly MemberView[], messages: readonly MessageView[]): readonly Candidate[] => {
  const wrote = new Map<AccountId, number>()
  messages.forEach((message, at) => {
    if ('author' in message && message.author !== undefined) wrote.set(message.author.account, at)
  })
  const rank = ({ account }: { readonly account: AccountId }): number => wrote.get(account) ?? -1
  return members
    .flatMap(({ account, mine, isBlocked, name, ownName }) => {
      const shown = toShownName(name)
      if (mine || isBlocked === true || shown === undefined) return []
      const own = toShownName(ownName)
      return [{ account, name: shown, own, names: [shown, ...(own === undefined ? [] : [own])].map(foldedName) }]
    })
    .toSorted((a, b) => rank(b) - rank(a) || a.name.localeCompare(b.name))
}

/** The first ones that a word of the name begins so. */
export const matching = (candidates: readonly Candidate[], typed: string): readonly Candidate[] => {
  const wanted = foldedName(typed)
  const found: Candidate[] = []
  for (const candidate of candidates) {
    if (found.length === MENTIONS_OFFERED_MAX) break
    if (candidate.names.some((name) => name.startsWith(wanted) || name.includes(` ${wanted}`))) found.push(candidate)
  }
  return found
}

/** An @ that begins a word, and what of a name stands behind it. An address of a mailbox asks for nobody. */
const ASKED = /(?<![\p{L}\p{N}_.@])@([^@\n]*)$/u

/** `from`: where the @ stands. */
export const askedIn = (text: string, caret: number): { readonly from: number; readonly typed: string } | undefined => {
  const begin = Math.max(0, caret - MENTION_LENGTH_MAX)
  const found = ASKED.exec(text.slice(begin, caret))
  return found === null ? undefined : { from: begin + found.index, typed: found[1] ?? '' }
}
