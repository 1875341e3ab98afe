// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { saveDrafts } from '../composer/index.ts'
import { appView, createFakeEngine, withSetup } from '../testing/index.ts'
import { useStartDraft } from './useStartDraft.ts'

/** By now what was typed has been given to the engine. */
const SOON_MS = 250

const setUp = () => {
  const engine = createFakeEngine()
  return { engine, ...withSetup(() => useStartDraft({ newRef: () => 'r1' }), engine) }
}

describe('the draft of the first screen', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is kept a moment after the last key, and at once when the screen goes', async () => {
    const { engine, result, app } = setUp()
    engine.showApp(appView())
    await nextTick()
    result.edit('Hel')
    result.edit('Hello')
    expect(engine.of('saveDraft')).toEqual([])
    vi.advanceTimersByTime(SOON_MS)
    expect(engine.of('saveDraft')).toEqual([{ conversation: 'start', text: 'Hello', ref: 'r1' }])
    result.edit('Hello Ben')
    app.unmount()
    expect(engine.of('saveDraft').at(-1)).toEqual({ conversation: 'start', text: 'Hello Ben', ref: 'r1' })
  })

  it('that was kept before the last letters were typed goes with the first message', async () => {
    const engine = createFakeEngine({ saveDraft: ({ text }) => Promise.resolve({ kind: text === 'Hello' ? 'sent' : 'kept' }) })
    const { result, app } = withSetup(() => useStartDraft({ newRef: () => 'r1' }), engine)
    engine.showApp(appView())
    await nextTick()
    result.edit('Hel')
    vi.advanceTimersByTime(SOON_MS)
    result.edit('Hello')
    app.unmount()
    await vi.advanceTimersByTimeAsync(0)
    expect(engine.of('saveDraft')).toEqual(['Hel', 'Hello', ''].map((text) => ({ conversation: 'start', text, ref: 'r1' })))
  })

  it('comes back with its reference, before what was typed meanwhile', async () => {
    const { engine, result } = setUp()
    result.edit('typed early')
    vi.advanceTimersByTime(SOON_MS)
    expect(engine.of('saveDraft'), 'nothing is put in the place of what is kept').toEqual([])
    engine.showApp(appView({ startDraft: { text: 'kept', ref: 'r0' } }))
    await nextTick()
    expect(result.text.value).toBe('kept\ntyped early')
    expect(result.ref.value).toBe('r0')
    await saveDrafts()
    expect(engine.of('saveDraft').at(-1)).toEqual({ conversation: 'start', text: 'kept\ntyped early', ref: 'r0' })
  })

  const leave = (): Event => {
    const event = new Event('beforeunload', { cancelable: true })
    window.dispatchEvent(event)
    return event
  }

  it('is not left unasked while it can be stored nowhere', async () => {
    const { engine, result } = setUp()
    expect(leave().defaultPrevented, 'nothing was typed').toBe(false)
    result.edit(' ')
    expect(leave().defaultPrevented, 'nothing that can be seen').toBe(false)
    result.edit('Hello')
    expect(leave().defaultPrevented).toBe(true)
    engine.showApp(appView())
    await nextTick()
    expect(leave().defaultPrevented, 'the engine gets it now, before it goes with the page').toBe(false)
    expect(engine.of('saveDraft')).toEqual([{ conversation: 'start', text: 'Hello', ref: 'r1' }])
  })

  it('is the same in every tab until somebody types', async () => {
    const { engine, result } = setUp()
    const show = async (startDraft?: { text: string; ref: string }): Promise<void> => {
      engine.showApp(appView(startDraft === undefined ? {} : { startDraft }))
      await nextTick()
    }
    await show()
    await show({ text: 'from another tab', ref: 'r7' })
    expect([result.text.value, result.ref.value]).toEqual(['from another tab', 'r7'])
    await show()
    expect(result.text.value, 'that tab has begun its chat').toBe('')
    await show({ text: 'from another tab', ref: 'r8' })
    result.edit('from another tab, and on')
    expect(result.ref.value, 'another text, another reference').toBe('r1')
    await show({ text: 'from another tab too', ref: 'r8' })
    expect(result.text.value).toBe('from another tab, and on')
    vi.advanceTimersByTime(SOON_MS)
    await show({ text: 'replaced', ref: 'r9' })
    await show()
    vi.advanceTimersByTime(SOON_MS)
    expect(engine.of('saveDraft'), 'kept again once the place is free').toEqual([
      { conversation: 'start', text: 'from another tab, and on', ref: 'r1' },
      { conversation: 'start', text: 'from another tab, and on', ref: 'r1' },
    ])
  })
})
