// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { saveDrafts } from '../composer/index.ts'
import { appView, createFakeEngine, withSetup } from '../testing/index.ts'
import { START_DRAFT_DELAY_MS, useStartDraft } from './useStartDraft.ts'

const setUp = () => {
  const engine = createFakeEngine()
  return { engine, ...withSetup(() => useStartDraft({ newRef: () => 'r1' }), engine) }
}

describe('the draft of the first screen', () => {
  beforeEach(() => void vi.useFakeTimers())

  it('is kept a moment after the last key, and at once when the screen goes', async () => {
    const { engine, result, app } = setUp()
    engine.showApp(appView())
    await nextTick()
    result.edit('Hel')
    result.edit('Hello')
    expect(engine.of('saveDraft')).toEqual([])
    vi.advanceTimersByTime(START_DRAFT_DELAY_MS)
    expect(engine.of('saveDraft')).toEqual([{ conversation: 'start', text: 'Hello', ref: 'r1' }])
    result.edit('Hello Ben')
    app.unmount()
    expect(engine.of('saveDraft').at(-1)).toEqual({ conversation: 'start', text: 'Hello Ben', ref: 'r1' })
  })

  it('comes back with its reference, before what was typed meanwhile', async () => {
    const { engine, result } = setUp()
    result.edit('typed early')
    vi.advanceTimersByTime(START_DRAFT_DELAY_MS)
    expect(engine.of('saveDraft'), 'nothing is put in the place of what is kept').toEqual([])
    engine.showApp(appView({ startDraft: { text: 'kept', ref: 'r0' } }))
    await nextTick()
    expect(result.text.value).toBe('kept\ntyped early')
    expect(result.ref.value).toBe('r0')
    await saveDrafts()
    expect(engine.of('saveDraft').at(-1)).toEqual({ conversation: 'start', text: 'kept\ntyped early', ref: 'r0' })
  })
})
