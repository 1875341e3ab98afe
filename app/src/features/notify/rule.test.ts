import { describe, expect, it } from 'vitest'
import { ANA, summary } from '../testing/index.ts'
import { callOf, ruleOf, unreadIn } from './rule.ts'
import type { Call } from './rule.ts'

const from = (isBlocked?: true) => ({
  text: 'Hi',
  mine: false,
  state: 'read' as const,
  time: 0,
  author: { account: ANA, name: 'Ana', mine: false, ...(isBlocked && { isBlocked }) },
})
const news = { unread: 2, last: from() }
const group = { ...news, kind: 'group' } as const
const nothing: Call = { count: 0, isTold: false, isHeard: false }
const quiet = (count: number): Call => ({ count, isTold: true, isHeard: false })
const heard = (count: number): Call => ({ count, isTold: true, isHeard: true })
const counted = (count: number): Call => ({ count, isTold: false, isHeard: false })

type Row = readonly [what: string, chat: Parameters<typeof summary>[0], around: { meant?: number; sounds?: boolean }, call: Call]
const ROWS: readonly Row[] = [
  ['as in the settings, with sounds', news, { sounds: true }, heard(2)],
  ['as in the settings, without', news, {}, quiet(2)],
  ['always, without sounds in the settings', { ...news, notifies: 'always' }, {}, heard(2)],
  ['never', { ...news, isMuted: true }, { sounds: true }, nothing],
  ['never, though it was always before', { ...news, isMuted: true, notifies: 'always' }, { sounds: true }, nothing],
  ['muted for a time', { ...news, isMuted: true, mutedUntil: 1 }, { sounds: true }, nothing],
  ['mentions, and nothing is meant for this person', { ...group, notifies: 'mentions' }, { sounds: true }, nothing],
  ['mentions, and one is', { ...group, notifies: 'mentions' }, { meant: 1, sounds: true }, heard(1)],
  ['mentions, without sounds', { ...group, notifies: 'mentions' }, { meant: 1 }, quiet(1)],
  ['mentions, and it was marked by hand', { ...group, notifies: 'mentions', isMarkedUnread: true }, { sounds: true }, counted(1)],
  ['mentions in a chat of two, as another version may have it', { ...news, notifies: 'mentions' }, { sounds: true }, heard(2)],
  ['put away', { ...news, isArchived: true, notifies: 'always' }, { sounds: true }, nothing],
  ['nothing new', { ...news, unread: 0 }, { sounds: true }, nothing],
  ['marked as unread, with nothing new', { ...news, unread: 0, isMarkedUnread: true }, { sounds: true }, counted(1)],
  ['muted and marked', { unread: 0, isMuted: true, isMarkedUnread: true }, { sounds: true }, nothing],
  ['the last word is one’s own', { unread: 2, last: { ...from(), mine: true } }, { sounds: true }, counted(2)],
  ['somebody who is blocked', { ...news, isBlocked: true }, { sounds: true }, counted(2)],
  ['somebody in a group who is blocked', { ...group, last: from(true) }, { sounds: true }, counted(2)],
]

describe('what is new in a chat calls for attention', () => {
  it.each(ROWS)('by its rule: %s', (_, chat, { meant = 0, sounds = false }, call) =>
    expect(callOf(summary(chat), { meant, sounds })).toEqual(call),
  )

  it('and it counts for what is new, or for a mark', () =>
    expect(
      [{ unread: 3 }, { isMarkedUnread: true }, { unread: 3, isMarkedUnread: true }, {}].map((chat) => unreadIn(summary(chat))),
    ).toEqual([3, 1, 3, 0]))

  it('by one rule of four', () => {
    expect(
      [{}, { notifies: 'always' }, { notifies: 'mentions', kind: 'group' }, { isMuted: true, notifies: 'always' }].map((chat) =>
        ruleOf(summary(chat as never)),
      ),
    ).toEqual(['settings', 'always', 'mentions', 'never'])
  })
})
