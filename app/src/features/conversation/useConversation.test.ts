// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { describe, expect, it } from 'vitest'
import type { ConversationView, Engine } from '@kith/protocol'
import { CHAT, conversationView, createFakeEngine, entry, message, withSetup } from '../testing/index.ts'
import { HOME_MESSAGES_MAX } from '../limits.ts'
import { FIRST_MESSAGES, OLDER_MESSAGES, useConversation } from './useConversation.ts'

type Show = (view: ConversationView | undefined) => void

const open = () => {
  const watches: { limit: number; show: Show; stopped: boolean }[] = []
  const watchConversation: Engine['watchConversation'] = ({ limit }, show) => {
    const watch = { limit, show, stopped: false }
    watches.push(watch)
    return () => void (watch.stopped = true)
  }
  const { result, app } = withSetup(() => useConversation(CHAT), { ...createFakeEngine(), watchConversation })
  const show: Show = (view) => watches.at(-1)?.show(view)
  return { ...result, watches, show, app }
}
const messages = [message('read', { mine: true }), message('new'), message('newer')]

describe('an open conversation', () => {
  it('is loading, then shown, or missing', () => {
    const { state, show } = open()
    expect(state.value).toBe('loading')
    show(conversationView())
    expect(state.value).toBe('shown')
    show(undefined)
    expect(state.value).toBe('missing')
  })

  it('marks what was new when it was opened, and keeps that while it is read', () => {
    const { news, show } = open()
    show(conversationView({ messages, unreadFrom: entry('new') }))
    expect(news.value).toMatchObject({ from: entry('new'), count: 2 })
    show(conversationView({ messages }))
    expect(news.value).toMatchObject({ from: entry('new'), count: 2 })
  })

  it('marks nothing where nothing was read before', () => {
    const { news, show } = open()
    show(conversationView({ messages: messages.slice(1), unreadFrom: entry('new') }))
    expect(news.value).toBeUndefined()
  })

  it('reaches further back on request, once at a time, and only where there is more', async () => {
    const { watches, show, loadOlder } = open()
    show(conversationView({ hasOlder: true }))
    loadOlder()
    loadOlder()
    await nextTick()
    expect(watches.map(({ limit, stopped }) => ({ limit, stopped }))).toEqual([
      { limit: FIRST_MESSAGES, stopped: true },
      { limit: FIRST_MESSAGES + OLDER_MESSAGES, stopped: false },
    ])
    show(conversationView({ hasOlder: false }))
    loadOlder()
    await nextTick()
    expect(watches).toHaveLength(2)
  })

  it('goes back to the first message at once, in steps, and only so far', async () => {
    const { watches, show, loadFirst, loadingFirst } = open()
    show(conversationView({ hasOlder: true }))
    const whole = loadFirst()
    void loadFirst()
    while (loadingFirst.value && watches.length < 20) {
      await nextTick()
      show(conversationView({ hasOlder: true }))
      await nextTick()
    }
    await whole
    expect(watches.at(-1)?.limit).toBe(FIRST_MESSAGES + HOME_MESSAGES_MAX)
    expect(watches.length).toBeLessThan(8)
    show(conversationView({ hasOlder: false }))
    await loadFirst()
    expect(watches.at(-1)?.limit).toBe(FIRST_MESSAGES + HOME_MESSAGES_MAX)
    expect(loadingFirst.value).toBe(false)
  })

  it('stops watching when it is left', () => {
    const { watches, app } = open()
    app.unmount()
    expect(watches.at(-1)?.stopped).toBe(true)
  })
})
