import { describe, expect, it } from 'vitest'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { CHAT, summary } from '../testing/index.ts'
import { isShownIn } from './filter.ts'

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
