// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { CHAT, createFakeEngine, withSetup } from '../testing/index.ts'
import { voiceWords } from '../voice-words.ts'
import { VOICE_MS_MAX } from './limits.ts'
import { startRecorder } from './recorder.ts'
import { useRecording } from './useRecording.ts'

vi.mock('./recorder.ts', () => ({ startRecorder: vi.fn() }))

type Told = Parameters<typeof startRecorder>[0]
type Kept = { readonly act: { readonly kind: string; readonly part?: number; readonly bytes?: Uint8Array; readonly ref: string } }

let told: Told
const recorder = { pause: vi.fn(() => Promise.resolve()), resume: vi.fn(), stop: vi.fn(() => Promise.resolve()) }
beforeEach(() => {
  vi.clearAllMocks()
  vi.mocked(startRecorder).mockImplementation((by) => {
    told = by
    return Promise.resolve(recorder)
  })
})

const begin = async () => {
  const engine = createFakeEngine()
  const over = vi.fn()
  const { result, app } = withSetup(() => useRecording(CHAT, over), engine)
  await result.start()
  const acts = () => engine.of('voiceDraft').map((call) => (call as Kept).act)
  return { ...result, app, engine, over, acts }
}

it('every part is kept as it comes, in order, and what was sent is dropped', async () => {
  const { send, engine, over, acts, phase } = await begin()
  told.onHeard(1_000, 0.2)
  told.onPart(new Blob(['ab']))
  told.onHeard(500, 0.1)
  told.onPart(new Blob(['c']))
  expect(phase.value).toBe('recording')
  await send()
  expect(acts().map(({ kind, part, bytes }) => [kind, part, bytes && new TextDecoder().decode(bytes)])).toEqual([
    ['keep', 0, 'ab'],
    ['keep', 1, 'c'],
    ['drop', undefined, undefined],
  ])
  const [sent] = engine.of('sendFiles') as [{ files: [{ source: Blob; voice: { duration: number } }]; ref: string }]
  expect([await sent.files[0].source.text(), sent.files[0].voice.duration]).toEqual(['abc', 1_500])
  expect(new Set([sent.ref, ...acts().map(({ ref }) => ref)]).size, 'one ref for all of it: sent twice it acts once').toBe(1)
  expect(over).toHaveBeenCalledOnce()
})

it('ends where it may be no longer, and says so', async () => {
  const { phase, note, canGoOn, duration } = await begin()
  told.onHeard(VOICE_MS_MAX - 1, 0.1)
  expect([phase.value, canGoOn.value]).toEqual(['recording', true])
  told.onHeard(100, 0.1)
  await vi.waitFor(() => expect(phase.value).toBe('paused'), { timeout: 20_000, interval: 1 })
  expect(recorder.stop).toHaveBeenCalledOnce()
  expect([phase.value, canGoOn.value, note.value]).toEqual(['paused', false, voiceWords.longest])
  expect(duration.value).toBeGreaterThanOrEqual(VOICE_MS_MAX)
})

it('whoever leaves while it records lets the microphone go', async () => {
  const { app } = await begin()
  app.unmount()
  expect(recorder.stop).toHaveBeenCalledOnce()
})

it('whoever leaves while the browser asks does too', async () => {
  let answer: (started: typeof recorder) => void = () => undefined
  vi.mocked(startRecorder).mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
  const { result, app } = withSetup(() => useRecording(CHAT, vi.fn()), createFakeEngine())
  const starting = result.start()
  app.unmount()
  answer(recorder)
  await starting
  expect(recorder.stop).toHaveBeenCalledOnce()
})

it.each(['denied', 'none', 'busy', 'unable'] as const)('says why there is no microphone: %s', async (fault) => {
  vi.mocked(startRecorder).mockResolvedValueOnce(fault)
  const { phase } = await begin()
  expect(phase.value).toBe(fault)
})

it('what was not taken stays, with a word about it', async () => {
  const { send, engine, over, phase, note } = await begin()
  told.onHeard(1_000, 0.2)
  told.onPart(new Blob(['ab']))
  vi.spyOn(engine, 'sendFiles').mockResolvedValueOnce({ kind: 'refused', reason: 'no-room' })
  await send()
  expect([phase.value, over.mock.calls.length]).toEqual(['paused', 0])
  expect(note.value).toContain('out of space')
})
