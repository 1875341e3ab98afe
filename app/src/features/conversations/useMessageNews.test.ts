// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { NOTICES_MAX, TOAST_LENGTH_MAX } from '../limits.ts'
import { meant, meantLast } from '../notify/index.ts'
import { useNotices } from '../notices/index.ts'
import { CHAT, summary, withSetup, entry } from '../testing/index.ts'
import { useMessageNews } from './useMessageNews.ts'

const OTHER = 'd'.repeat(64) as ConversationId
const THIRD = 'e'.repeat(64) as ConversationId
const from = (text: string) => ({ text, mine: false, state: 'read', time: 0 }) as const

const begin = (first: readonly ConversationSummary[] | undefined, front: ConversationId | 'list' | undefined = OTHER) => {
  const views = shallowRef(first)
  const inFront = shallowRef<ConversationId | 'list' | undefined>(front)
  const page = { visibilityState: 'visible' }
  const open = vi.fn()
  const sound = vi.fn<(isStill: () => boolean) => void>()
  const { result } = withSetup(() => {
    useMessageNews({ views: () => views.value, inFront: () => inFront.value, open, page: page as Document, sound })
    return useNotices()
  })
  return {
    open,
    page,
    sound,
    notices: () => result.notices,
    texts: () => result.notices.map(({ text }) => text.replaceAll(/[\u2068\u2069]/g, '')),
    show: async (...now: readonly Partial<ConversationSummary>[]) => {
      views.value = now.map(summary)
      await nextTick()
    },
    goTo: async (id: ConversationId) => {
      inFront.value = id
      await nextTick()
    },
  }
}

describe('a message in another chat', () => {
  it('is told in one sentence, the newest of its chat alone, and opens it', async () => {
    const { show, texts, notices, open } = begin([summary()])
    await show({ unread: 1, last: from('Are you there?') })
    await show({ unread: 2, last: from('Hello?') })
    expect(texts()).toEqual(['Ana: Hello?'])
    notices()[0]?.action?.act()
    expect(open).toHaveBeenCalledWith(CHAT)
  })

  it('is not told where it is muted, archived, in front, beside the list alone, or while nobody looks', async () => {
    for (const flags of [{ isMuted: true }, { isArchived: true }]) {
      const { show, texts } = begin([summary(flags)])
      await show({ ...flags, unread: 1, last: from('Hello?') })
      expect(texts()).toEqual([])
    }
    for (const front of [CHAT, 'list'] as const) {
      const { show, texts } = begin([summary()], front)
      await show({ unread: 1, last: from('Hello?') })
      expect(texts()).toEqual([])
    }
    const { show, texts, page } = begin([summary()])
    page.visibilityState = 'hidden'
    await show({ unread: 1, last: from('Hello?') })
    expect(texts()).toEqual([])
  })

  it('is not told again at a start, nor for drafts, flags and own messages', async () => {
    const { show, texts } = begin(undefined)
    await show({ unread: 3, last: from('From yesterday') })
    await show({ unread: 3, last: from('From yesterday'), draft: 'I', isPinned: true })
    expect(texts()).toEqual([])
  })

  it('is told of a chat that is new here', async () => {
    const { show, texts } = begin([])
    await show({ unread: 1, last: from('Hello, it is me') })
    expect(texts()).toEqual(['Ana: Hello, it is me'])
  })

  it('is told no more once its chat is opened or read', async () => {
    const { show, texts, goTo } = begin([summary()])
    await show({ unread: 1, last: from('Hello?') })
    await goTo(CHAT)
    expect(texts()).toEqual([])
    await goTo(OTHER)
    await show({ unread: 2, last: from('Again') })
    await show({ unread: 0, last: from('Again') })
    expect(texts()).toEqual([])
  })

  it('is heard unless its chat is looked at, and one that is read meanwhile is heard no more', async () => {
    const isStill = (sound: ReturnType<typeof begin>['sound']) => sound.mock.calls.map(([still]) => still())
    for (const [front, isHidden] of [
      [OTHER, false],
      ['list', false],
      [CHAT, true],
    ] as const) {
      const { show, sound, page } = begin([summary()], front)
      page.visibilityState = isHidden ? 'hidden' : 'visible'
      await show({ unread: 1, last: from('Hello?') })
      expect(isStill(sound), front).toEqual([true])
      await show({ unread: 0, last: from('Hello?') })
      expect(isStill(sound), front).toEqual([false])
    }
    const { show, sound } = begin([summary()], CHAT)
    await show({ unread: 1, last: from('Hello?') })
    expect(sound).not.toHaveBeenCalled()
  })

  it('is one sound with others, and none where the chat or the device has none', async () => {
    const many = begin([summary()])
    await many.show({ unread: 1, last: from('One') })
    await many.show({ unread: 2, last: from('Two') })
    expect(many.sound).toHaveBeenCalledTimes(1)
    const muted = begin([summary({ isMuted: true })])
    await muted.show({ isMuted: true, unread: 1, last: from('One') })
    expect(muted.sound).not.toHaveBeenCalled()
    localStorage.setItem('kith.sounds', 'off')
    const [off, always] = [begin([summary()]), begin([summary({ notifies: 'always' })])]
    await off.show({ unread: 1, last: from('One') })
    await always.show({ notifies: 'always', unread: 1, last: from('One') })
    expect([off.sound.mock.calls.length, off.texts(), always.sound.mock.calls.length]).toEqual([0, ['Ana: One'], 1])
    localStorage.clear()
  })

  it('of a group that calls only for mentions is told once it is known to be one, and an old one is no news', async () => {
    const club = { kind: 'group', role: 'member', title: 'Club', notifies: 'mentions' } as const
    const { show, texts, sound } = begin([summary({ ...club, unread: 2, last: from('@Me before') })])
    meant.value = new Map([[CHAT, [entry('1')]]])
    await nextTick()
    expect(texts()).toEqual([])
    await show({ ...club, unread: 3, last: from('And @Me now') })
    expect([texts(), sound.mock.calls.length]).toEqual([[], 0])
    meant.value = new Map([[CHAT, [entry('1'), entry('2')]]])
    await nextTick()
    expect([texts(), sound.mock.calls.length]).toEqual([['Club: And @Me now'], 1])
    meant.value = new Map()
  })

  it('of a group that calls only for mentions is told in the words of the mention, whatever came after it', async () => {
    const club = { kind: 'group', role: 'member', title: 'Club', notifies: 'mentions' } as const
    const { show, texts } = begin([summary(club)])
    await show({ ...club, unread: 2, last: from('Something else') })
    meantLast.value = new Map([[CHAT, { text: 'And @Me now' }]])
    meant.value = new Map([[CHAT, [entry('1')]]])
    await nextTick()
    expect(texts()).toEqual(['Club: And @Me now'])
    meant.value = new Map()
    meantLast.value = new Map()
  })

  it('is heard with that of another chat, though the first of the two was read at once', async () => {
    const { show, sound } = begin([])
    await show({ unread: 1, last: from('One') }, { id: THIRD, unread: 1, last: from('Two') })
    expect(sound).toHaveBeenCalledTimes(1)
    const isStill = sound.mock.calls[0]?.[0] ?? expect.fail('no sound')
    await show({ unread: 0, last: from('One') }, { id: THIRD, unread: 1, last: from('Two') })
    expect(isStill()).toBe(true)
    await show({ unread: 0, last: from('One') }, { id: THIRD, unread: 0, last: from('Two') })
    expect(isStill()).toBe(false)
  })

  it('is no news where only the rule has changed', async () => {
    const club = { kind: 'group', role: 'member', unread: 2, last: from('Hello') } as const
    const { show, texts } = begin([summary({ ...club, isMuted: true })])
    await show({ ...club })
    await show({ ...club, notifies: 'mentions' })
    await show({ ...club, notifies: 'always' })
    expect(texts()).toEqual([])
  })

  it('is a short sentence, and of many chats no more are shown than toasts may be', async () => {
    const { show, texts, notices } = begin([])
    await show({ unread: 1, last: from('🍅'.repeat(TOAST_LENGTH_MAX)) })
    expect(texts()[0]?.length).toBeLessThanOrEqual('Ana: …'.length + TOAST_LENGTH_MAX)
    expect(texts()[0]).not.toMatch(/\p{Surrogate}/u)
    await show(
      ...Array.from({ length: 20 }, (_, at) => ({ id: String(at).padStart(64, '0') as ConversationId, unread: 1, last: from(`m${at}`) })),
    )
    expect(notices()).toHaveLength(NOTICES_MAX)
  })
})
