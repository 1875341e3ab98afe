// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import type { Anchor, ConversationView, ConversationWindow, Engine, MessageView } from '@kith/protocol'
import { CHAT, conversationView, createFakeEngine, entry, message, withSetup } from '../testing/index.ts'
import { FIRST_MESSAGES, MESSAGES_SHOWN_MAX } from '../limits.ts'
import { useConversation } from './useConversation.ts'

const open = () => {
  const moved: ConversationWindow[] = []
  let show: (view: ConversationView | undefined) => void = () => undefined
  let isStopped = false
  const watchConversation: Engine['watchConversation'] = ({ conversation: _, ...window }, shows) => {
    moved.push(window)
    show = shows
    return { move: (next) => moved.push(next), stop: () => (isStopped = true) }
  }
  const { result, app } = withSetup(() => useConversation(CHAT), { ...createFakeEngine(), watchConversation })
  return { ...result, moved, show: (view?: ConversationView) => show(view), app, isStopped: () => isStopped }
}
const messages: readonly MessageView[] = [message('read', { mine: true }), message('new'), message('newer')]
const at = (name: string): Anchor => ({ kind: 'entry', entry: entry(name) })
const settled = async (promise: Promise<void>): Promise<boolean> => {
  let is = false
  void promise.then(() => (is = true))
  await Promise.resolve()
  await Promise.resolve()
  return is
}

describe('an open conversation', () => {
  it('is loading, then shown, or missing', () => {
    const { state, moved, show } = open()
    expect(moved).toEqual([{ anchor: { kind: 'end' }, before: FIRST_MESSAGES, after: 0 }])
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

  it('goes along with whoever reads, one step at a time, only where there is more, and never holds more than it may', () => {
    const { moved, moves, show } = open()
    show(conversationView({ messages, hasOlder: true }))
    moves.goOn('newer', entry('new'))
    expect(moved).toHaveLength(1)
    moves.goOn('older', entry('new'))
    moves.goOn('older', entry('newer'))
    expect(moved.slice(1)).toEqual([{ anchor: at('new'), before: MESSAGES_SHOWN_MAX / 2, after: MESSAGES_SHOWN_MAX / 2 }])
    show(conversationView({ messages, hasOlder: true, anchor: { kind: 'end' } }))
    expect(moves.goal.value, 'what is shown is still the last window').toEqual(at('new'))
    show(conversationView({ messages, hasOlder: true, anchor: at('new') }))
    expect(moves.goal.value).toBeUndefined()
    moves.goOn('older', entry('new'))
    expect(moved.at(-1)?.anchor, 'the outermost, where one step was not enough').toEqual(at('read'))
    show(conversationView({ messages, anchor: at('read') }))
    moves.goOn('older', entry('new'))
    expect(moved).toHaveLength(3)
  })

  it('goes to the start, to the end and to any message, and says when it is there', async () => {
    const { moved, moves, show, app } = open()
    show(conversationView({ messages, hasOlder: true }))
    expect(await settled(moves.goToEnd())).toBe(true)
    const start = moves.goToStart()
    expect(await settled(start)).toBe(false)
    show(conversationView({ messages, hasNewer: true, anchor: { kind: 'time', time: 0 } }))
    expect(await settled(start)).toBe(true)
    const somewhere = moves.goTo(at('new'))
    app.unmount()
    expect(await settled(somewhere)).toBe(true)
    expect(moved.slice(1).map(({ anchor }) => anchor)).toEqual([{ kind: 'time', time: 0 }, at('new')])
    // Nothing of it is on the page yet.
    for (const { before, after } of moved.slice(1)) expect(before + after).toBe(FIRST_MESSAGES)
  })

  it('stops watching when it is left', () => {
    const { app, isStopped } = open()
    app.unmount()
    expect(isStopped()).toBe(true)
  })
})
