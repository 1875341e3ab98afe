import { describe, expect, it } from 'vitest'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { CHAT, summary } from '../testing/index.ts'
import { callsFor, isShownIn, unreadIn } from './filter.ts'

const shown = (by: 'all' | 'unread' | 'archived', changes: Partial<ConversationSummary>, open?: ConversationId) =>
  isShownIn(by, summary(changes), open)

describe('what the list shows', () => {
  it('is everything but what is archived', () => {
    expect(shown('all', {})).toBe(true)
    expect(shown('all', { isMuted: true, isPinned: true })).toBe(true)
    expect(shown('all', { isArchived: true, unread: 3 })).toBe(false)
  })

  it('is what is unread or marked so, and the chat in front, which is read while one looks', () => {
    expect([shown('unread', { unread: 1 }), shown('unread', { isMarkedUnread: true }), shown('unread', {})]).toEqual([true, true, false])
    expect(shown('unread', {}, CHAT)).toBe(true)
    expect(shown('unread', { unread: 1, isArchived: true })).toBe(false)
  })

  it('is what is archived and nothing else', () => {
    expect([shown('archived', { isArchived: true }), shown('archived', {}, CHAT)]).toEqual([true, false])
  })
})

describe('what counts as unread', () => {
  it('is what is new, or a mark, and calls for attention unless the chat is muted or archived', () => {
    expect(
      [summary({ unread: 3 }), summary({ isMarkedUnread: true }), summary({ unread: 3, isMarkedUnread: true }), summary()].map(unreadIn),
    ).toEqual([3, 1, 3, 0])
    expect([summary({ unread: 3 }), summary({ unread: 3, isMuted: true }), summary({ unread: 3, isArchived: true })].map(callsFor)).toEqual(
      [3, 0, 0],
    )
  })
})
