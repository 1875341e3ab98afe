// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import type { ConversationSummary, ConversationView, MessageView } from '@kith/protocol'
import { MEANT_LOOKED_AT_MAX } from '../limits.ts'
import { meant, meantIn, meantLast } from '../notify/index.ts'
import { CHAT, conversationView, entry, message, summary, withSetup } from '../testing/index.ts'
import { sighted } from './in-sight.ts'
import { useMeant } from './useMeant.ts'

afterEach(() => (meant.value = new Map()))

const club = (changes: Partial<ConversationSummary>) => summary({ kind: 'group', role: 'member', notifies: 'mentions', ...changes })

const begin = (messages: readonly MessageView[]) => {
  const stop = vi.fn()
  const looks: { conversation: string; before: number }[] = []
  const watchConversation = (query: { conversation: string; before: number }, show: (view: ConversationView | undefined) => void) => {
    looks.push(query)
    queueMicrotask(() => show(conversationView({ messages })))
    return { move: () => undefined, stop }
  }
  const views = shallowRef<readonly ConversationSummary[]>([])
  const engine = { watchConversation } as never
  withSetup(() => (useMeant({ engine, views: () => views.value, name: () => 'Ben' }), 'on'))
  const show = async (...now: readonly ConversationSummary[]) => {
    views.value = now
    await nextTick()
    await new Promise((done) => setTimeout(done))
  }
  return { show, looks, stop }
}

it('counts what is meant for one among what is new, and looks once for each that comes', async () => {
  const texts = ['@Ben before', 'what else', '@Ben now', 'bye']
  const { show, looks, stop } = begin(texts.map((text, at) => message(String(at), { text, mine: false })))
  await show(club({ unread: 3 }))
  expect([meantIn(CHAT), looks.length, stop.mock.calls.length]).toEqual([1, 1, 1])
  expect(meantLast.value.get(CHAT)?.text, 'though another came after it').toBe('@Ben now')
  await show(club({ unread: 3, draft: 'I' }))
  expect(looks).toHaveLength(1)
  await show(club({ unread: 4 }))
  expect([meantIn(CHAT), looks.length]).toEqual([2, 2])
  await show(club({ unread: 0 }))
  expect([meantIn(CHAT), looks.length]).toEqual([0, 2])
})

it('looks into a group of any other rule as long as it is in sight', async () => {
  const { show, looks } = begin([message('1', { text: 'Hi @Ben', mine: false })])
  await show(club({ unread: 1, notifies: undefined }))
  expect([looks.length, meantIn(CHAT)]).toEqual([0, 0])
  sighted(CHAT, 1)
  sighted(CHAT, 1)
  sighted(CHAT, -1)
  await show(club({ unread: 1, notifies: undefined }))
  expect([looks.length, meant.value.get(CHAT)]).toEqual([1, [entry('1')]])
  sighted(CHAT, -1)
  await show(club({ unread: 1, notifies: undefined }))
  expect(meantIn(CHAT)).toBe(0)
  await show(club({ unread: 2, notifies: undefined }), summary({ unread: 1 }))
  expect(looks).toHaveLength(1)
})

it('looks into no chat of another rule, and through so many messages at most', async () => {
  const { show, looks } = begin([])
  await show(club({ unread: 3, notifies: undefined }), club({ unread: 3, isMuted: true }), summary({ unread: 2, notifies: 'mentions' }))
  expect(looks).toEqual([])
  await show(club({ unread: 10 * MEANT_LOOKED_AT_MAX }))
  expect(looks[0]?.before).toBeLessThan(2 * MEANT_LOOKED_AT_MAX)
})
