// Whether what is new in a chat calls for attention, and how: the one place that decides it, for the list, the title, the icon, toasts, sounds, and what
// a push is shown as.

import type { ConversationSummary } from '@kith/protocol'

/** `settings`: as those of the device have it. `mentions`: for what is meant for this person. */
export type Rule = 'settings' | 'always' | 'mentions' | 'never'

export type Ruled = Pick<ConversationSummary, 'kind' | 'unread'> &
  Partial<Pick<ConversationSummary, 'last' | 'isMarkedUnread' | 'isMuted' | 'notifies' | 'isArchived' | 'isBlocked'>>

/** `count`: in title, list and icon. `isTold`: in a sentence, here or of a push. `isHeard`: with a sound. */
export type Call = { readonly count: number; readonly isTold: boolean; readonly isHeard: boolean }

type Around = {
  /** New messages in it that are meant for this person, where the rule asks for that. */
  readonly meant: number
  /** Whether the settings of this device have sounds. */
  readonly sounds: boolean
}

/** Of a pair all is meant for this person. */
export const ruleOf = ({ kind, isMuted, notifies }: Pick<Ruled, 'kind' | 'isMuted' | 'notifies'>): Rule => {
  if (isMuted === true) return 'never'
  return notifies === 'mentions' && kind === 'pair' ? 'settings' : (notifies ?? 'settings')
}

/** What a chat counts for, whether it calls or not: what is new in it, or that it was marked. */
export const unreadIn = ({ unread, isMarkedUnread }: Pick<Ruled, 'unread' | 'isMarkedUnread'>): number =>
  unread || Number(isMarkedUnread === true)

const SILENT: Call = { count: 0, isTold: false, isHeard: false }

export const callOf = (chat: Ruled, { meant, sounds }: Around): Call => {
  const rule = ruleOf(chat)
  if (rule === 'never' || chat.isArchived === true) return SILENT
  const fresh = rule === 'mentions' ? meant : chat.unread
  const { last, isBlocked } = chat
  const isTold = fresh > 0 && isBlocked !== true && last?.mine === false && last.author?.isBlocked !== true
  return { count: unreadIn({ ...chat, unread: fresh }), isTold, isHeard: isTold && (sounds || rule === 'always') }
}
