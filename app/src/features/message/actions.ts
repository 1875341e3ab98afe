// What can be done with a message as things stand: only that is offered. The engine judges again.

import type { ConversationView, MessageView } from '@kith/protocol'
import { isBlank } from '../visible.ts'

export type TextMessage = Extract<MessageView, { kind: 'text' }>
/** What the menu is asked for. */
export type MenuMessage = Extract<MessageView, { kind: 'text' | 'deleted' }>
export type Action =
  | 'reply'
  | 'react'
  | 'copy'
  | 'forward'
  | 'edit'
  | 'pin'
  | 'unpin'
  | 'star'
  | 'unstar'
  | 'select'
  | 'info'
  | 'delete-here'
  | 'delete-everyone'

/** What everybody reacts with. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const

/** `isOver`: nothing that is written reaches anybody any more. */
type Chat = Pick<ConversationView, 'summary' | 'isTooLate'> & { readonly isOver: boolean }

type Judged = Pick<TextMessage, 'mine' | 'isPinned' | 'isStarred' | 'text' | 'living'>

/**
 * A photo without words has nothing to copy, and what people change together is changed in its own way, in its own chat. Where a message was deleted, the line
 * that says so can go.
 */
export const toActions = (message: Judged | Extract<MenuMessage, { kind: 'deleted' }>, chat: Chat): readonly Action[] =>
  'text' in message
    ? allActions(message, chat).filter((action) =>
        action === 'copy' ? !isBlank(message.text) : !(action === 'edit' || action === 'forward') || message.living === undefined,
      )
    : ['delete-here']

const allActions = (message: Judged, { summary, isTooLate, isOver }: Chat): readonly Action[] => {
  const star = message.isStarred === true ? 'unstar' : 'star'
  if (isOver || isTooLate === true) return ['copy', 'forward', star, 'select', 'info', 'delete-here']
  // Whoever has not answered yet is not in the chat.
  if (summary.phase === 'invited') return ['reply', 'copy', 'info']
  const pin = message.isPinned === true ? 'unpin' : 'pin'
  return message.mine
    ? ['react', 'reply', 'copy', 'forward', 'edit', pin, star, 'select', 'info', 'delete-here', 'delete-everyone']
    : ['react', 'reply', 'copy', 'forward', pin, star, 'select', 'info', 'delete-here']
}

/** The last own message of those that are shown, if it can be written anew; one without words is not, unasked. */
export const lastOwn = (view: Pick<ConversationView, 'messages' | 'hasNewer'> & Chat): TextMessage | undefined => {
  if (view.hasNewer) return undefined
  const last = view.messages.findLast((message): message is TextMessage => message.kind === 'text' && message.mine)
  return last !== undefined && !isBlank(last.text) && toActions(last, view).includes('edit') ? last : undefined
}
