// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { describe, expect, it } from 'vitest'
import type { NewConversation } from '@kith/protocol'
import { ALIAS, appView, CHAT, createFakeEngine, withSetup } from '../testing/index.ts'
import { useNewChat } from './useNewChat.ts'

const engineThatAnswers = (...answers: NewConversation[]) =>
  createFakeEngine({ createConversation: () => Promise.resolve(answers.shift() ?? { kind: 'created', conversation: CHAT, alias: ALIAS }) })
const createRefs = () => {
  let next = 1
  return () => `ref-${next++}`
}
const begin = (engine: ReturnType<typeof createFakeEngine>) => withSetup(() => useNewChat({ newRef: createRefs() }), engine).result

describe('a new chat', () => {
  it('begins with the text, or with none when nothing was written', async () => {
    const engine = createFakeEngine()
    const { start } = begin(engine)
    await start('  Hello  ')
    await start(' ')
    expect(engine.of('createConversation')).toMatchObject([{ text: 'Hello' }, { text: undefined }])
  })

  it('opens with the invite on top', async () => {
    await begin(createFakeEngine()).start('Hello')
    expect(window.location.pathname + window.location.hash).toBe(`/chat/invite#c-${ALIAS}`)
    expect(window.history.state).toEqual({ from: `/chat#c-${ALIAS}` })
  })

  it('waits for the relay’s first answer and then begins by itself, once', async () => {
    const engine = engineThatAnswers({ kind: 'refused', reason: 'no-relay-yet' })
    const { state, start } = begin(engine)
    engine.showApp(appView({ relay: undefined }))
    await start('Hello')
    expect(state.value).toBe('waits-for-relay')
    engine.showApp(appView())
    await nextTick()
    await nextTick()
    expect(engine.of('createConversation')).toMatchObject([{ text: 'Hello' }, { text: 'Hello' }])
    const refs = engine.of('createConversation').map((command) => (command as { ref: string }).ref)
    expect(new Set(refs).size).toBe(1)
  })

  it('begins under another ref where another tab began with another text under the first', async () => {
    const engine = engineThatAnswers({ kind: 'refused', reason: 'ref-used' })
    const { state, start } = begin(engine)
    await start('Mine', 'shared')
    expect(engine.of('createConversation')).toMatchObject([
      { text: 'Mine', ref: 'shared' },
      { text: 'Mine', ref: 'ref-2' },
    ])
    expect(state.value).toBe('idle')
  })

  it('says that a text is too long, and forgets it when the text changes', async () => {
    const { state, start, reset } = begin(engineThatAnswers({ kind: 'refused', reason: 'too-long' }))
    await start('x'.repeat(20_000))
    expect(state.value).toBe('too-long')
    reset()
    expect(state.value).toBe('idle')
  })
})
