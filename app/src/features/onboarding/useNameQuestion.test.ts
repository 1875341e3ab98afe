// When a name is asked for.

import { beforeEach, expect, it } from 'vitest'
import { appView, conversationView, entry } from '../testing/index.ts'
import { useNameQuestion } from './useNameQuestion.ts'
import type { ConversationView, MessageView } from '@kith/protocol'

const mine: MessageView = { kind: 'text', id: entry('a'), mine: true, text: 'hello', time: 0, state: 'relay', conflict: false }
const kept = new Map<string, string>()
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
} as unknown as Storage

const asksIn = (view: ConversationView, name?: string): boolean =>
  useNameQuestion(
    () => view,
    () => ({ ...appView(), name }),
    storage,
  ).asks.value

beforeEach(() => kept.clear())

it('asks once something was sent, as long as there is no name', () => {
  expect(asksIn(conversationView({ messages: [] }))).toBe(false)
  expect(asksIn(conversationView({ messages: [mine] }))).toBe(true)
  expect(asksIn(conversationView({ messages: [mine] }), 'Ben')).toBe(false)
})

it('does not ask on behalf of somebody whom the answer never reached', () => {
  expect(asksIn(conversationView({ messages: [mine], isTooLate: true }))).toBe(false)
})

it('does not ask again whoever left the line for a name empty when the link was made', () => {
  for (const state of ['saved', 'waiting', 'used'] as const) {
    const invite = { link: 'https://chat.example.org/#i/x', expires: 0, state }
    expect(asksIn(conversationView({ messages: [mine], invite }))).toBe(false)
  }
})

it('does not ask again after “later”', () => {
  const { postpone } = useNameQuestion(
    () => undefined,
    () => undefined,
    storage,
  )
  postpone()
  expect(asksIn(conversationView({ messages: [mine] }))).toBe(false)
})
