// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeEngine, withSetup } from '../testing/index.ts'
import { CODES_SEEN_MAX, FRAME_MS, FRAME_SIDE_MAX, HINT_AFTER_MS, PICTURE_BYTES_MAX, PICTURE_SIDES } from './limits.ts'
import { useScan } from './useScan.ts'
import type { Wanted } from './kinds.ts'

const ORIGIN = 'https://chat.example.org'
const INVITE = `${ORIGIN}/#i/AQx7-Qm_k9`
const LINKING = `Kith-${'AQx7'.repeat(30)}`
const SAFETY = 'Kith safety number 1a 12345'
const stopTrack = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  stopTrack.mockClear()
  const track = { stop: stopTrack, addEventListener: vi.fn(), getSettings: () => ({}), getCapabilities: () => ({}) }
  const stream = { getTracks: () => [track], getVideoTracks: () => [track] }
  vi.stubGlobal('navigator', {
    userAgent: navigator.userAgent,
    mediaDevices: { getUserMedia: vi.fn(() => Promise.resolve(stream)), enumerateDevices: () => Promise.resolve([]) },
  })
  vi.stubGlobal(
    'createImageBitmap',
    vi.fn((source: unknown) =>
      source instanceof File && source.name === 'broken.png'
        ? Promise.reject(new DOMException('', 'InvalidStateError'))
        : Promise.resolve({ close: vi.fn() }),
    ),
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const begin = async (wanted: Wanted) => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const reader = {
    read: vi.fn<(picture: ImageBitmap, sides: readonly number[]) => Promise<readonly string[] | undefined>>(),
    close: vi.fn(),
  }
  reader.read.mockResolvedValue([])
  const taken = vi.fn()
  const view = { srcObject: null, videoWidth: 1_280, videoHeight: 960 } as unknown as HTMLVideoElement
  const { result, app } = withSetup(
    () => useScan({ view: () => view, wanted, taken }, { reader, origin: ORIGIN, page: page as unknown as Document }),
    createFakeEngine(),
  )
  await result.start()
  result.shows()
  await vi.advanceTimersByTimeAsync(0)
  const turn = async (to: 'hidden' | 'visible') => {
    page.visibilityState = to
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(0)
  }
  const sees = async (...texts: string[]) => {
    reader.read.mockResolvedValue(texts)
    await vi.advanceTimersByTimeAsync(2 * FRAME_MS)
  }
  return { ...result, app, reader, taken, turn, sees }
}

describe('scanning', () => {
  it('looks at ten frames a second at most, and at the square in the middle of them', async () => {
    const { reader, finding } = await begin('invite')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(reader.read.mock.calls.length).toBeGreaterThan(5)
    expect(reader.read.mock.calls.length).toBeLessThanOrEqual(1 + 1_000 / FRAME_MS)
    expect(reader.read.mock.lastCall?.[1]).toEqual([FRAME_SIDE_MAX])
    expect(vi.mocked(createImageBitmap).mock.lastCall?.slice(1)).toEqual([160, 0, 960, 960])
    expect(finding.value.kind).toBe('looking')
    await vi.advanceTimersByTimeAsync(HINT_AFTER_MS)
    expect(finding.value.kind).toBe('nothing')
  })

  it('takes the code that is asked for, once, and lets the camera go', async () => {
    const { reader, taken, sees, isReady } = await begin('linking')
    await sees('https://evil.example.org', LINKING)
    expect(taken.mock.calls).toEqual([[LINKING]])
    expect(stopTrack).toHaveBeenCalled()
    expect(reader.close).toHaveBeenCalled()
    expect(isReady.value).toBe(false)
    const { length } = reader.read.mock.calls
    await vi.advanceTimersByTimeAsync(1_000)
    expect(reader.read.mock.calls).toHaveLength(length)
    expect(taken).toHaveBeenCalledOnce()
  })

  it('takes no code of another kind: an invite begins no linking, a linking code opens no chat, and neither compares anything', async () => {
    const codes = { linking: LINKING, invite: INVITE, safety: SAFETY } as const
    for (const wanted of ['linking', 'invite', 'safety'] as const) {
      const { finding, taken, sees, app } = await begin(wanted)
      for (const kind of ['linking', 'invite', 'safety'] as const) {
        if (kind === wanted) continue
        await sees(codes[kind])
        expect(finding.value, `${kind} where ${wanted} is asked for`).toEqual({ kind: 'refused', scanned: { kind } })
      }
      await sees('javascript:alert(1)')
      expect(finding.value).toEqual({ kind: 'refused', scanned: { kind: 'other' } })
      await sees('https://other.example.org/#i/AQx7')
      expect(finding.value).toEqual({ kind: 'refused', scanned: { kind: 'elsewhere', host: 'other.example.org' } })
      expect(taken).not.toHaveBeenCalled()
      await sees(codes[wanted])
      expect(taken.mock.calls).toEqual([[codes[wanted]]])
      app.unmount()
    }
  })

  it('looks at a bounded number of codes in one picture', async () => {
    const { taken, sees } = await begin('invite')
    await sees(...Array.from({ length: CODES_SEEN_MAX }, (_, at) => `other ${at}`), INVITE)
    expect(taken).not.toHaveBeenCalled()
    await sees(...Array.from({ length: CODES_SEEN_MAX - 1 }, (_, at) => `other ${at}`), INVITE)
    expect(taken).toHaveBeenCalledOnce()
  })

  it('sees nothing while nobody sees the page, and goes on afterwards', async () => {
    const { reader, turn, shows, isReady, sees, taken } = await begin('invite')
    await turn('hidden')
    expect(stopTrack).toHaveBeenCalledOnce()
    expect(isReady.value).toBe(false)
    const { length } = reader.read.mock.calls
    await vi.advanceTimersByTimeAsync(5_000)
    expect(reader.read.mock.calls).toHaveLength(length)
    await turn('visible')
    shows()
    await sees(INVITE)
    expect(taken).toHaveBeenCalledOnce()
  })

  it('lets the camera and the reader go with the sheet, also in the middle of a look', async () => {
    const { reader, app, taken } = await begin('invite')
    const looked = Promise.withResolvers<readonly string[]>()
    reader.read.mockReturnValue(looked.promise)
    await vi.advanceTimersByTimeAsync(FRAME_MS)
    app.unmount()
    expect(stopTrack).toHaveBeenCalled()
    expect(reader.close).toHaveBeenCalled()
    looked.resolve([INVITE])
    await vi.advanceTimersByTimeAsync(FRAME_MS)
    expect(taken).not.toHaveBeenCalled()
  })

  it('says so while what reads codes cannot be loaded, and goes on once it is', async () => {
    const { reader, finding, readPicture, sees } = await begin('invite')
    reader.read.mockResolvedValue(undefined)
    await vi.advanceTimersByTimeAsync(2 * FRAME_MS)
    expect(finding.value.kind).toBe('no-reader')
    await readPicture(new File(['x'], 'code.png'))
    expect(finding.value.kind).toBe('no-reader')
    await sees()
    expect(finding.value.kind).toBe('looking')
  })

  it('reads a picture in several sizes, and says where there is none, or no code in it', async () => {
    const { reader, readPicture, finding, taken } = await begin('invite')
    await readPicture(new File(['x'], 'broken.png'))
    expect(finding.value.kind).toBe('no-picture')
    const huge = new File(['x'], 'huge.png')
    Object.defineProperty(huge, 'size', { value: PICTURE_BYTES_MAX + 1 })
    vi.mocked(createImageBitmap).mockClear()
    await readPicture(huge)
    expect(finding.value.kind).toBe('no-picture')
    expect(vi.mocked(createImageBitmap).mock.calls.filter(([source]) => source instanceof File)).toEqual([])
    await readPicture(new File(['x'], 'blank.png'))
    expect(finding.value.kind).toBe('no-code')
    expect(reader.read.mock.calls.some(([, sides]) => sides === PICTURE_SIDES)).toBe(true)
    reader.read.mockResolvedValueOnce([INVITE])
    await readPicture(new File(['x'], 'code.png'))
    expect(taken.mock.calls).toEqual([[INVITE]])
  })
})
