// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { NOTICES_MAX, TOAST_LENGTH_MAX } from '../limits.ts'
import { useNotices } from '../notices/index.ts'
import { CHAT, summary, withSetup } from '../testing/index.ts'
import { useMessageToasts } from './useMessageToasts.ts'

const OTHER = 'd'.repeat(64) as ConversationId
const from = (text: string) => ({ text, mine: false, state: 'read', time: 0 }) as const

const begin = (first: readonly ConversationSummary[] | undefined, front: ConversationId | 'list' | undefined = OTHER) => {
  const views = shallowRef(first)
  const inFront = shallowRef<ConversationId | 'list' | undefined>(front)
  const page = { visibilityState: 'visible' }
  const open = vi.fn()
  const { result } = withSetup(() => {
    useMessageToasts({ views: () => views.value, inFront: () => inFront.value, open, page: page as Document })
    return useNotices()
  })
  return {
    open,
    page,
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
