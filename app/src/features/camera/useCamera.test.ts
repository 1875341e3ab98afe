import { describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { toFault } from './fault.ts'
import { useCamera } from './useCamera.ts'

class FakeTrack extends EventTarget {
  readonly stop = vi.fn()
  readonly applyConstraints = vi.fn(() => Promise.resolve())
  readonly #id: string
  constructor(id: string) {
    super()
    this.#id = id
  }
  getSettings = () => ({ deviceId: this.#id })
  getCapabilities = () => ({ torch: this.#id === 'back' })
}
const streamOf = (track: FakeTrack) => ({ getTracks: () => [track], getVideoTracks: () => [track] }) as unknown as MediaStream
const settled = () => new Promise((resolve) => setTimeout(resolve))

const begin = (open: () => Promise<MediaStream>) => {
  const getUserMedia = vi.fn(open)
  const devices = {
    getUserMedia,
    enumerateDevices: () =>
      Promise.resolve([
        { kind: 'videoinput', deviceId: 'back' },
        { kind: 'audioinput', deviceId: 'x' },
        { kind: 'videoinput', deviceId: 'front' },
      ] as MediaDeviceInfo[]),
  }
  const scope = effectScope()
  const view = { srcObject: null as MediaProvider | null }
  const camera = scope.run(() => useCamera({ view: () => view, width: 1_280, height: 960 }, devices))
  if (camera === undefined) throw new Error('no scope')
  return { camera, getUserMedia, view, end: () => scope.stop() }
}

describe('a camera', () => {
  it('is shown, and let go with the screen that shows it', async () => {
    const track = new FakeTrack('back')
    const { camera, view, end } = begin(() => Promise.resolve(streamOf(track)))
    await camera.start()
    expect(view.srcObject).not.toBeNull()
    camera.shows()
    expect([camera.isReady.value, camera.cameras.value, camera.hasLamp.value]).toEqual([true, ['back', 'front'], true])
    expect(track.stop).not.toHaveBeenCalled()
    end()
    expect(track.stop).toHaveBeenCalledOnce()
    expect(camera.isReady.value).toBe(false)
  })

  it('that comes after somebody went away is let go at once', async () => {
    const track = new FakeTrack('back')
    const opening = Promise.withResolvers<MediaStream>()
    const { camera, view, end } = begin(() => opening.promise)
    const started = camera.start()
    end()
    opening.resolve(streamOf(track))
    await started
    expect(track.stop).toHaveBeenCalledOnce()
    expect(view.srcObject).toBeNull()
    camera.shows()
    expect(camera.isReady.value).toBe(false)
  })

  it('of two that were asked for in a hurry the last stays', async () => {
    const tracks = [new FakeTrack('back'), new FakeTrack('back')]
    let next = 0
    const { camera } = begin(() => Promise.resolve(streamOf(tracks[next++] ?? new FakeTrack('back'))))
    await Promise.all([camera.start(), camera.start()])
    expect(tracks.map((track) => track.stop.mock.calls.length)).toEqual([1, 0])
  })

  it('says why it did not come, or that it went', async () => {
    const names = ['NotAllowedError', 'NotFoundError', 'NotReadableError']
    expect(names.map((name) => toFault(new DOMException('', name)))).toEqual(['denied', 'none', 'busy'])
    const denied = begin(() => Promise.reject(new DOMException('', 'NotAllowedError')))
    await denied.camera.start()
    expect(denied.camera.fault.value).toBe('denied')
    const track = new FakeTrack('back')
    const unplugged = begin(() => Promise.resolve(streamOf(track)))
    await unplugged.camera.start()
    unplugged.camera.shows()
    track.dispatchEvent(new Event('ended'))
    expect([unplugged.camera.fault.value, unplugged.camera.isReady.value]).toEqual(['none', false])
  })

  it('is exchanged for the next one, and its lamp is lit and put out', async () => {
    const track = new FakeTrack('back')
    const { camera, getUserMedia } = begin(() => Promise.resolve(streamOf(track)))
    await camera.start()
    await camera.light()
    expect(camera.isLit.value).toBe(true)
    await camera.light()
    expect(track.applyConstraints.mock.calls).toEqual([[{ advanced: [{ torch: true }] }], [{ advanced: [{ torch: false }] }]])
    await camera.other()
    await settled()
    expect(getUserMedia.mock.lastCall).toEqual([
      { video: { deviceId: { exact: 'front' }, width: { ideal: 1_280 }, height: { ideal: 960 } } },
    ])
  })
})
