// What one row of the list says about a conversation.

import type { ConversationSummary, DeliveryState } from '@kith/protocol'
import { withoutMarks } from '../marks.ts'
import { MARKS_KEPT, PREVIEW_LENGTH_MAX } from '../limits.ts'
import { toPersonName, toShownName } from '../people/index.ts'
import { words } from '../words.ts'

export type Preview =
  | { readonly kind: 'draft'; readonly text: string }
  | { readonly kind: 'mine'; readonly text: string; readonly state: DeliveryState }
  /** `by`: in a group. */
  | { readonly kind: 'theirs'; readonly text: string; readonly by: string | undefined }
  | { readonly kind: 'note'; readonly text: string }

const MARK_FLOOD = new RegExp(`(\\p{M}{${MARKS_KEPT}})\\p{M}+`, 'gu')

/** One line of a text that may be long, of many lines, or hostile. */
export const toPreviewText = (text: string): string =>
  text
    .slice(0, PREVIEW_LENGTH_MAX)
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .replace(MARK_FLOOD, '$1')
    .replace(/\s+/gu, ' ')

/** What is to be said of an own link in one line; undefined once somebody has come. */
export const toLinkNote = ({
  phase,
  link,
  asked,
  joining,
}: Pick<ConversationSummary, 'phase' | 'link' | 'asked' | 'joining'>): string | undefined => {
  if (joining !== undefined) return words.list.notAccepted
  if (phase !== 'inviting') return undefined
  if (asked !== undefined && !isLinkOver({ phase, link })) return words.list.notAccepted
  return isLinkOver({ phase, link }) ? words.chat.linkOver : words.list.nobodyYet
}

/** Nobody can come by this link any more, and nobody has. */
export const isLinkOver = ({ phase, link }: Pick<ConversationSummary, 'phase' | 'link'>): boolean =>
  phase === 'inviting' && (link === 'expired' || link === 'revoked')

/** `plain`: leaves out the marks that shape a text, once it is here. */
export const toPreview = (summary: ConversationSummary, plain: (text: string) => string = (text) => text): Preview => {
  const { draft, last } = summary
  if (draft !== undefined && draft !== '') return { kind: 'draft', text: toPreviewText(withoutMarks(draft)) }
  if (summary.isBlocked === true) return { kind: 'note', text: words.list.blocked }
  if (last === undefined || isLinkOver(summary))
    return { kind: 'note', text: toLinkNote(summary) ?? words.list[summary.isComing === true ? 'coming' : 'nothingYet'] }
  // Only a photo says nothing.
  const text = toPreviewText(plain(last.text)) || words.chat.photo
  if (last.author?.isBlocked === true) return { kind: 'note', text: words.list.fromBlocked }
  // Of several people a tick says less than who wrote it.
  if (last.mine && summary.kind === 'pair') return { kind: 'mine', text, state: last.state }
  const by = last.mine ? words.you : last.author && toPersonName(last.author)
  return { kind: 'theirs', text, by }
}

/** How a conversation is called wherever it needs a name. */
export const toConversationName = ({
  kind,
  name,
  title,
  phase,
}: Pick<ConversationSummary, 'kind' | 'name' | 'title' | 'phase'>): string => {
  if (kind === 'group') return toShownName(title) ?? words.group
  return toShownName(name) ?? (phase === 'inviting' ? words.newChat : words.somebody)
}

/** What its avatar is made of: a group is no person, and its own key decides the cut. */
export const toFace = ({ kind, id, peer, asked, name, title }: ConversationSummary) =>
  kind === 'group' ? { account: id, name: title, class: 'g' } : { account: peer ?? asked, name, chat: peer && id }
