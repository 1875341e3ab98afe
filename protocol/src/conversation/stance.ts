// What one account has done to one message: a row of its own, under the message's id, so that it can be there before the message is
// (docs/protocol.md §5.12). It depends on the set of entries alone: of everything the last in order counts, and the newest are kept.

import { flag, list, optional, struct, text } from '../bytes/codec.ts'
import { EMOJI_BYTES_MAX } from '../limits.ts'
import { isEmoji } from './emoji.ts'
import { EDITS_KEPT_MAX, REACTIONS_KEPT_MAX } from './limits.ts'
import { orderKey, pin } from './timeline-row.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { RelationContent } from '../wire/content.ts'
import type { Pin } from './timeline-row.ts'

/** An accepted entry that does something to another. `account`: of its author. */
export type Relation = { readonly orderKey: string; readonly account: AccountId; readonly content: RelationContent }

type Reaction = { readonly orderKey: string; readonly emoji: string; readonly isSet: boolean }

export type Stance = {
  /** One for each emoji, those taken back included; ascending by order, the newest REACTIONS_KEPT_MAX. */
  readonly reactions: readonly Reaction[]
  /** Order keys of edits, ascending, the newest EDITS_KEPT_MAX. What they say lies with the bodies. */
  readonly edits: readonly string[]
  readonly isDeleted: boolean
  readonly pin: Pin | undefined
}

export const NO_STANCE: Stance = { reactions: [], edits: [], isDeleted: false, pin: undefined }

export const stance: Codec<Stance> = struct({
  reactions: list(struct({ orderKey, emoji: text(EMOJI_BYTES_MAX), isSet: flag }), REACTIONS_KEPT_MAX),
  edits: list(orderKey, EDITS_KEPT_MAX),
  isDeleted: flag,
  pin: optional(pin),
})

/** `dropped`: an edit that is not kept, the new one or an older. The same stance: nothing has changed. */
export type ChangedStance = { readonly stance: Stance; readonly dropped?: string | undefined }

export function withRelation(before: Stance, { orderKey: at, content }: Relation): ChangedStance {
  switch (content.kind) {
    case 'reaction':
      return {
        stance: isEmoji(content.emoji) ? withReaction(before, { orderKey: at, emoji: content.emoji, isSet: content.isSet }) : before,
      }
    case 'edit':
      return withEdit(before, at)
    case 'deletion':
      return { stance: before.isDeleted ? before : { ...before, isDeleted: true } }
    case 'pin':
      return { stance: isLater(at, before.pin) ? { ...before, pin: { orderKey: at, isSet: content.isSet } } : before }
    case 'change':
      return { stance: before }
  }
}

/** The emoji that stand. */
export const reactionsIn = ({ reactions }: Stance): ReadonlySet<string> =>
  new Set(reactions.flatMap(({ emoji, isSet }) => (isSet ? [emoji] : [])))

export const isLater = (at: string, than: { readonly orderKey: string } | undefined): boolean => than === undefined || at > than.orderKey

function withReaction(before: Stance, reaction: Reaction): Stance {
  const same = before.reactions.find(({ emoji }) => emoji === reaction.emoji)
  if (!isLater(reaction.orderKey, same)) return before
  const [oldest] = before.reactions
  if (same === undefined && before.reactions.length === REACTIONS_KEPT_MAX && oldest !== undefined && !isLater(reaction.orderKey, oldest))
    return before
  const all = [...before.reactions.filter((other) => other !== same), reaction]
  return { ...before, reactions: all.toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1)).slice(-REACTIONS_KEPT_MAX) }
}

function withEdit(before: Stance, at: string): ChangedStance {
  if (before.edits.includes(at)) return { stance: before }
  const all = [...before.edits, at].toSorted()
  if (all.length <= EDITS_KEPT_MAX) return { stance: { ...before, edits: all } }
  const [dropped, ...edits] = all
  return dropped === at ? { stance: before, dropped } : { stance: { ...before, edits }, dropped }
}
