import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, shallowReactive } from 'vue'
import { words } from '../features/words.ts'
import { OPENING_PATIENCE_MS, useEngineNote } from './useEngineNote.ts'

type App = Parameters<typeof useEngineNote>[0]

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('opening that takes long is put into words, and no longer once there is something to show', async () => {
  const { app, shown } = bench()
  vi.advanceTimersByTime(OPENING_PATIENCE_MS - 1_001)
  expect(shown.note.value).toBeUndefined()
  vi.advanceTimersByTime(1)
  expect(shown.note.value).toBe(words.failed.slow)
  app.view = {} as App['view']
  await nextTick()
  expect(shown.note.value).toBeUndefined()
})

test('without room, what is on the screen stays, and a sentence says why nothing is kept', async () => {
  const { app, shown } = bench()
  app.view = {} as App['view']
  app.status = { kind: 'failed', code: 'storage-full' }
  await nextTick()
  expect(shown.failure.value).toBeUndefined()
  expect(shown.note.value).toBe(words.failed.quota)
  app.status = { kind: 'ready' }
  expect(shown.note.value).toBeUndefined()
})

test('every other failure, and no room from the start, takes the place of everything', () => {
  const { app, shown } = bench()
  for (const code of ['storage-full', 'storage-lost', 'crashed'] as const) {
    app.status = { kind: 'failed', code }
    expect(shown.failure.value).toBe(code)
    expect(shown.note.value).toBeUndefined()
  }
})

function bench() {
  const app: { -readonly [K in keyof App]: App[K] } = shallowReactive({ status: { kind: 'starting' }, view: undefined })
  const shown = effectScope().run(() => useEngineNote(app, { sinceFirstByte: () => 1_000 }))
  if (shown === undefined) throw new Error('the scope has ended')
  return { app, shown }
}
