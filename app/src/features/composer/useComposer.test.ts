// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EntryId, SendOutcome } from '@kith/protocol'
import { CHAT, createFakeEngine, entry, withSetup } from '../testing/index.ts'
import { saveDrafts } from './open-drafts.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { DRAFT_DELAY_MS } from './useDraftKeeper.ts'
import { useComposer } from './useComposer.ts'

const saved: SendOutcome = { kind: 'saved', message: entry('m') }
const refused: SendOutcome = { kind: 'refused', reason: 'too-long' }

/** Sends stay open until the test answers them, oldest first. */
const createSlowEngine = () => {
  const open: ((outcome: SendOutcome) => void)[] = []
  const engine = createFakeEngine({ send: () => new Promise((resolve) => open.push(resolve)) })
  const answer = async (outcome: SendOutcome): Promise<void> => {
    open.shift()?.(outcome)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { engine, answer }
}
const createRefs = () => {
  let next = 1
  return () => `ref-${next++}`
}
const compose = (engine = createFakeEngine(), first?: { text: string; ref: string }) =>
  withSetup(() => useComposer(CHAT, first, { newRef: createRefs() }), engine)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('sending', () => {
  it('empties the field only when the message is saved', async () => {
    const { engine, answer } = createSlowEngine()
    const { text, edit, submit } = compose(engine).result
    edit('Hello')
    void submit()
    expect(text.value).toBe('Hello')
    await answer(saved)
    expect(text.value).toBe('')
    expect(engine.of('send')).toEqual([{ conversation: CHAT, text: 'Hello', ref: 'ref-1' }])
  })

  it('keeps the text and says why when it is refused', async () => {
    const { engine, answer } = createSlowEngine()
    const { text, fault, edit, submit } = compose(engine).result
    edit('Far too much')
    void submit()
    await answer(refused)
    expect(text.value).toBe('Far too much')
    expect(fault.value).toBe('too-long')
    edit('Less')
    expect(fault.value).toBeUndefined()
  })

  it('uses the same ref when the same text is tried again, so that it acts once', async () => {
    const engine = createFakeEngine({ send: () => Promise.reject(new Error('disk')) })
    const { edit, submit } = compose(engine).result
    edit('Hello')
    await submit()
    await submit()
    expect(engine.of('send')).toMatchObject([{ ref: 'ref-1' }, { ref: 'ref-1' }])
  })

  it('uses another ref for the next message', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine).result
    edit('One')
    await submit()
    edit('Two')
    await submit()
    expect(engine.of('send')).toMatchObject([
      { text: 'One', ref: 'ref-1' },
      { text: 'Two', ref: 'ref-2' },
    ])
  })

  it('ignores a second press while the first is on its way', async () => {
    const { engine, answer } = createSlowEngine()
    const { edit, submit } = compose(engine).result
    edit('Once')
    void submit()
    void submit()
    await answer(saved)
    expect(engine.of('send')).toHaveLength(1)
  })

  it('keeps what is typed on while the message is on its way, and sends it next', async () => {
    const { engine, answer } = createSlowEngine()
    const { text, edit, submit } = compose(engine).result
    edit('One')
    void submit()
    edit('OneTwo')
    void submit()
    await answer(saved)
    await answer(saved)
    expect(text.value).toBe('')
    expect(engine.of('send')).toMatchObject([
      { text: 'One', ref: 'ref-1' },
      { text: 'Two', ref: 'ref-2' },
    ])
  })

  it('leaves a text alone that has replaced the one on its way, even when it begins alike', async () => {
    const { engine, answer } = createSlowEngine()
    const { text, edit, submit } = compose(engine).result
    edit('One')
    void submit()
    edit('One more', 'replaced')
    await answer(saved)
    expect(text.value).toBe('One more')
    void submit()
    await answer(saved)
    expect(engine.of('send')).toMatchObject([{ text: 'One' }, { text: 'One more', ref: 'ref-2' }])
  })

  it('sends nothing that is empty', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine).result
    edit(' \n ')
    await submit()
    expect(engine.of('send')).toEqual([])
  })
})

describe('a reply', () => {
  const replying = (engine = createFakeEngine()) => {
    const answering: { value: { readonly id: EntryId } | undefined } = { value: { id: entry('asked') } }
    const { edit, submit } = withSetup(() => useComposer(CHAT, undefined, { newRef: createRefs(), answering }), engine).result
    return { engine, answering, edit, submit }
  }

  it('says what it answers, and the next message answers nothing', async () => {
    const { engine, answering, edit, submit } = replying()
    edit('Yes')
    await submit()
    expect(answering.value).toBeUndefined()
    edit('And more')
    await submit()
    expect(engine.of('send')).toEqual([
      { conversation: CHAT, text: 'Yes', ref: 'ref-1', answers: entry('asked') },
      { conversation: CHAT, text: 'And more', ref: 'ref-2' },
    ])
  })

  it('that is refused still answers', async () => {
    const { answering, edit, submit } = replying(
      createFakeEngine({ send: () => Promise.resolve({ kind: 'refused', reason: 'unknown-message' }) }),
    )
    edit('Yes')
    await submit()
    expect(answering.value).toEqual({ id: entry('asked') })
  })

  it('to something else, chosen while it was on its way, is not lost with it', async () => {
    const { engine, answer } = createSlowEngine()
    const { answering, edit, submit } = replying(engine)
    edit('Yes')
    void submit()
    answering.value = { id: entry('other') }
    await answer(saved)
    expect(answering.value).toEqual({ id: entry('other') })
  })
})

describe('the draft', () => {
  it('comes back with its ref, which its sending carries', async () => {
    const engine = createFakeEngine()
    const { text, submit } = compose(engine, { text: 'Half written', ref: 'kept' }).result
    expect(text.value).toBe('Half written')
    await submit()
    expect(engine.of('send')).toEqual([{ conversation: CHAT, text: 'Half written', ref: 'kept' }])
  })

  it('is saved after a pause in writing, under the ref that sending will use', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine).result
    edit('Hel')
    edit('Hello')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS - 1)
    expect(engine.of('saveDraft')).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(engine.of('saveDraft')).toEqual([{ conversation: CHAT, text: 'Hello', ref: 'ref-1' }])
    await submit()
    expect(engine.of('send')).toMatchObject([{ ref: 'ref-1' }])
  })

  it('is not saved any more once it is sent', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine).result
    edit('Hello')
    await submit()
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    expect(engine.of('saveDraft')).toEqual([])
  })

  it('is taken away with the message when it was kept before the last letters were typed', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine).result
    edit('Hel')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    edit('Hello')
    await submit()
    expect(engine.of('saveDraft')).toEqual([
      { conversation: CHAT, text: 'Hel', ref: 'ref-1' },
      { conversation: CHAT, text: '', ref: 'ref-1' },
    ])
  })

  it('that was kept as it was sent is left to the engine', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine).result
    edit('Hello')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    await submit()
    expect(engine.of('saveDraft')).toHaveLength(1)
  })

  it('that came back and was changed is taken away with what became of it', async () => {
    const engine = createFakeEngine()
    const { edit, submit } = compose(engine, { text: 'Half', ref: 'kept' }).result
    edit('Half written')
    await submit()
    expect(engine.of('send')).toMatchObject([{ text: 'Half written', ref: 'ref-1' }])
    expect(engine.of('saveDraft')).toEqual([{ conversation: CHAT, text: '', ref: 'kept' }])
  })

  it('of what is typed on while a message is on its way stays', async () => {
    const { engine, answer } = createSlowEngine()
    const { edit, submit } = compose(engine).result
    edit('Hel')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    edit('Hello')
    void submit()
    edit('Hello and')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    await answer(saved)
    expect(engine.of('saveDraft').at(-1)).toEqual({ conversation: CHAT, text: ' and', ref: 'ref-2' })
  })

  it('stays when its message was refused', async () => {
    const engine = createFakeEngine({ send: () => Promise.resolve(refused) })
    const { edit, submit } = compose(engine).result
    edit('Hel')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    edit('Hello')
    await submit()
    expect(engine.of('saveDraft')).toEqual([{ conversation: CHAT, text: 'Hel', ref: 'ref-1' }])
  })

  it('is saved at once when the conversation is left', () => {
    const engine = createFakeEngine()
    const { result, app } = compose(engine)
    result.edit('Hello')
    app.unmount()
    expect(engine.of('saveDraft')).toMatchObject([{ text: 'Hello' }])
  })

  it('is saved before the page reloads, and waited for', async () => {
    const engine = createFakeEngine()
    compose(engine).result.edit('Hello')
    await saveDrafts()
    expect(engine.of('saveDraft')).toMatchObject([{ text: 'Hello' }])
  })

  it('is kept in the field only when it is longer than any message may be', async () => {
    const engine = createFakeEngine()
    const { edit } = compose(engine).result
    edit('x'.repeat(DRAFT_LENGTH_MAX))
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    expect(engine.of('saveDraft')).toHaveLength(1)
    edit('x'.repeat(DRAFT_LENGTH_MAX + 1))
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    expect(engine.of('saveDraft')).toHaveLength(1)
  })
})

describe('two tabs with one chat', () => {
  const draft = (text: string, ref: string) => ({ text, ref })

  it('sends a text that was changed after another tab had it too, under a ref of its own', async () => {
    const engine = createFakeEngine()
    const { text, edit, submit, follow } = compose(engine, draft('See you at 7', 'stored')).result
    edit('See you at 8', 'replaced')
    follow(undefined)
    await submit()
    expect(engine.of('send')).toEqual([{ conversation: CHAT, text: 'See you at 8', ref: 'ref-1' }])
    expect(text.value).toBe('')
  })

  it('sends under another ref what an engine refuses because something else went out under the first', async () => {
    const outcomes: SendOutcome[] = [{ kind: 'refused', reason: 'ref-used' }, saved]
    const engine = createFakeEngine({ send: () => Promise.resolve(outcomes.shift() ?? saved) })
    const { text, fault, submit } = compose(engine, draft('Never sent', 'stored')).result
    await submit()
    expect(engine.of('send')).toMatchObject([{ ref: 'stored' }, { ref: 'ref-2' }])
    expect([text.value, fault.value]).toEqual(['', undefined])
  })

  it('shows what the other tab types and sends, as long as nobody types here', () => {
    const { text, follow } = compose().result
    follow(draft('Hel', 'other'))
    follow(draft('Hello', 'other'))
    expect(text.value).toBe('Hello')
    follow(undefined)
    expect(text.value).toBe('')
  })

  it('keeps what was typed here, whatever the other tab does, and stores it again when nothing else is kept', async () => {
    const engine = createFakeEngine()
    const { text, edit, follow } = compose(engine).result
    edit('Mine')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    follow(draft('Mine', 'ref-1'))
    follow(draft('Theirs', 'other'))
    expect(text.value).toBe('Mine')
    follow(undefined)
    expect(text.value).toBe('Mine')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    expect(engine.of('saveDraft').at(-1)).toEqual({ conversation: CHAT, text: 'Mine', ref: 'ref-1' })
  })

  it('empties the field when another tab has sent the very text', async () => {
    const engine = createFakeEngine({ saveDraft: () => Promise.resolve({ kind: 'sent' }) })
    const { text, edit } = compose(engine).result
    edit('Hello')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    expect(text.value).toBe('')
  })

  it('does not take its own stored draft, come late, for news', async () => {
    const { text, edit, follow } = compose().result
    edit('H')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    edit('')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    follow(draft('H', 'ref-1'))
    expect(text.value).toBe('')
  })

  it('takes away the stored draft that it showed, and no other', async () => {
    const engine = createFakeEngine()
    const { edit } = compose(engine, draft('Theirs', 'stored')).result
    edit('', 'replaced')
    await vi.advanceTimersByTimeAsync(DRAFT_DELAY_MS)
    expect(engine.of('saveDraft')).toEqual([{ conversation: CHAT, text: '', ref: 'stored' }])
  })

  it('puts a text that was refused before what was typed in its place', async () => {
    const { engine, answer } = createSlowEngine()
    const { text, edit, submit } = compose(engine).result
    edit('First')
    void submit()
    edit('Second', 'replaced')
    await answer(refused)
    expect(text.value).toBe('First\nSecond')
  })
})
