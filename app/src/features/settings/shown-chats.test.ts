import { beforeAll, describe, expect, it, vi } from 'vitest'
import { PUSH_CHATS_SHOWN_MAX, TOAST_LENGTH_MAX } from '../limits.ts'
import { usePlainWords } from '../message/index.ts'
import { ALIAS, ANA, entry, summary } from '../testing/index.ts'
import { words } from '../words.ts'
import { toShown } from './shown-chats.ts'

const said = (text: string, changes: Parameters<typeof summary>[0] = {}, isBlocked?: true) =>
  summary({
    unread: 1,
    last: { text, mine: false, state: 'delivered', id: entry('1'), author: isBlocked && { account: ANA, name: 'Ana', isBlocked } } as never,
    ...changes,
  })
let toPlainWords: (text: string) => string
beforeAll(async () => {
  const parts = usePlainWords()
  ;({ toPlainWords } = await vi.waitUntil(() => parts.value))
})
const shown = (...chats: readonly ReturnType<typeof summary>[]) => toShown(chats, toPlainWords)

describe('what a notification says of chats', () => {
  it('is what somebody wrote, without the marks that shape it', () => {
    expect(shown(said('*bold* and `code`'))).toEqual([{ alias: ALIAS, title: 'Ana', text: 'bold and code' }])
    expect(shown(said('- one'))[0]?.text).toBe('one')
  })
  it('is that a photo came, where nothing is said with it', () => {
    expect(shown(said(''))[0]?.text).toBe(words.chat.photo)
  })
  it('is cut where it is long, and counts only so many chats', () => {
    expect(shown(said('a'.repeat(TOAST_LENGTH_MAX + 1)))[0]?.text).toBe(`${'a'.repeat(TOAST_LENGTH_MAX)}…`)
    expect(shown(...Array.from({ length: PUSH_CHATS_SHOWN_MAX + 1 }, () => said('hello')))).toHaveLength(PUSH_CHATS_SHOWN_MAX)
  })
  it('is nothing of somebody who is blocked, alone or in a group', () => {
    expect(shown(said('hello', { isBlocked: true }), said('hello', { kind: 'group' }, true))).toEqual([])
    expect(shown(said('hello', { kind: 'group' }))).toHaveLength(1)
  })
  it('is nothing of a chat that is muted or archived, that is read, or where the last word is one’s own', () => {
    const own = summary({ unread: 1, last: { text: 'mine', mine: true, state: 'read' } as never })
    expect(shown(said('hello', { isMuted: true }), said('hello', { isArchived: true }), said('hello', { unread: 0 }), own)).toEqual([])
  })
})
