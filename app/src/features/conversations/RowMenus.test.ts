// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { ConversationSummary } from '@kith/protocol'
import { blockWords } from '../block-words.ts'
import { listWords } from '../list-words.ts'
import { useNotices } from '../notices/index.ts'
import { ANA, CHAT, createFakeEngine, render, summary } from '../testing/index.ts'
import type { FakeEngine } from '../testing/index.ts'
import { words } from '../words.ts'
import RowMenus from './RowMenus.vue'

function setStage(): void {
  document.body.innerHTML = `<div id="stage"><div class="place"><a class="row" href="#" data-conversation-id="${CHAT}">Ana</a>
    <button data-testid="conversation-menu"></button></div></div>`
}

const open = async (changes: Partial<ConversationSummary> = {}, engine: FakeEngine = createFakeEngine()) => {
  setStage()
  const stage = document.querySelector<HTMLElement>('#stage')
  const removed = vi.fn()
  const mounted = render(RowMenus, { stage, chats: [summary(changes)], onRemove: removed }, engine)
  document.querySelector<HTMLElement>('[data-testid="conversation-menu"]')?.click()
  await nextTick()
  const items = () => [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  const choose = async (hook: string) => {
    items()
      .find(({ dataset }) => dataset['testid'] === hook)
      ?.click()
    await new Promise((done) => setTimeout(done))
  }
  return { ...mounted, engine, items, choose, removed, texts: () => items().map((item) => item.textContent?.trim()) }
}

describe('the menu of a chat', () => {
  it('offers what can be done with it as it is', async () => {
    const { pin, unpin, mute, unmute, markUnread, markRead, archive, unarchive } = listWords
    const last = [blockWords.clear, 'Block \u2068Ana\u2069', words.chat.drop]
    expect((await open()).texts()).toEqual([pin, markUnread, mute, archive, ...last])
    expect((await open({ isPinned: true, isMuted: true, unread: 2 })).texts()).toEqual([unpin, markRead, unmute, archive, ...last])
    expect((await open({ isArchived: true, isMarkedUnread: true })).texts()).toEqual([pin, markRead, mute, unarchive, ...last])
  })

  it('blocks nobody in a group, and unblocks without a question', async () => {
    expect((await open({ kind: 'group' })).texts()).not.toContain('Block \u2068Ana\u2069')
    const { engine, choose } = await open({ isBlocked: true })
    await choose('unblock')
    expect(engine.of('setBlocked')).toEqual([{ account: ANA, isBlocked: false }])
  })

  it('has nothing to mute or read where nobody has come yet', async () => {
    expect((await open({ peer: undefined, phase: 'inviting' })).texts()).toEqual([listWords.pin, listWords.archive, words.chat.drop])
  })

  it('asks the engine for what was chosen, and closes', async () => {
    for (const [hook, changes, flags] of [
      ['conversation-pin', {}, { isPinned: true }],
      ['conversation-pin', { isPinned: true }, { isPinned: false }],
      ['conversation-mute', {}, { isMuted: true }],
      ['conversation-unread', {}, { isMarkedUnread: true }],
      ['conversation-archive', { isArchived: true }, { isArchived: false }],
    ] as const) {
      const { engine, choose, items } = await open(changes)
      await choose(hook)
      expect(engine.of('setChatFlags')).toEqual([{ conversation: CHAT, ...flags }])
      expect(items()).toEqual([])
    }
  })

  it('reads what is new where a chat is marked as read', async () => {
    const { engine, choose } = await open({ unread: 2 })
    await choose('conversation-unread')
    expect([engine.of('markRead'), engine.of('setChatFlags')]).toEqual([[{ conversation: CHAT }], []])
  })

  it('leaves a way back from the archive, to where the chat was', async () => {
    const { engine, choose, app } = await open({ isPinned: true })
    await choose('conversation-archive')
    const [notice] = app.runWithContext(() => useNotices()).notices
    expect(notice?.text).toBe(listWords.archived)
    notice?.action?.act()
    expect(engine.of('setChatFlags')).toEqual([
      { conversation: CHAT, isArchived: true },
      { conversation: CHAT, isArchived: false, isPinned: true },
    ])
  })

  it('leaves the question before a chat is removed to others', async () => {
    const { choose, removed } = await open()
    await choose('conversation-remove')
    expect(removed).toHaveBeenCalledWith(expect.objectContaining({ id: CHAT }))
  })
})
