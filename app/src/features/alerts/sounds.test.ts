// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { playChime } from './chime.ts'
import { areSoundsOn, BURST_GAP_MS, CAUGHT_UP_GAP_MS, CAUGHT_UP_MS, createBursts, keepSounds, soundOnce } from './sounds.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

describe('messages that come', () => {
  const bursts = () => {
    let now = 10 * CAUGHT_UP_GAP_MS
    const isHeard = createBursts(() => now)
    return { come: (after: number, age = 0) => isHeard((now += after) - age) }
  }

  it('are heard, and those that follow at once with them', () => {
    const { come } = bursts()
    expect([come(0), come(10), come(BURST_GAP_MS), come(BURST_GAP_MS + 1)]).toEqual([true, false, false, true])
  })

  it('are one sound when they are what somebody catches up on, however slowly they come', () => {
    const { come } = bursts()
    const late = CAUGHT_UP_MS + 1
    expect([come(0, late), come(BURST_GAP_MS + 1, late), come(CAUGHT_UP_GAP_MS, late)]).toEqual([true, false, false])
    expect(come(BURST_GAP_MS + 1), 'one that was written now').toBe(true)
    expect(come(CAUGHT_UP_GAP_MS + 1, late)).toBe(true)
  })
})

describe('a sound', () => {
  /** As a browser has them: whoever asks for one that is taken gets none. */
  const createLocks = () => {
    let isTaken = false
    const request = async (_name: string, _options: unknown, act: (lock: object | null) => Promise<unknown>) => {
      if (isTaken) return act(null)
      isTaken = true
      return act({}).finally(() => (isTaken = false))
    }
    return { request } as unknown as LockManager
  }

  it('is made by one of several tabs, and by the next for what comes later', async () => {
    const locks = createLocks()
    const play = vi.fn(() => Promise.resolve(true))
    const tabs = () => Promise.all([1, 2, 3].map(() => soundOnce(() => true, { locks, play })))
    const first = tabs()
    await vi.advanceTimersByTimeAsync(500)
    await first
    expect(play).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(5_000)
    const second = tabs()
    await vi.advanceTimersByTimeAsync(500)
    await second
    expect(play).toHaveBeenCalledTimes(2)
  })

  it('is not made for what was read meanwhile', async () => {
    const play = vi.fn(() => Promise.resolve(true))
    let isUnread = true
    const sounding = soundOnce(() => isUnread, { locks: undefined, play })
    isUnread = false
    await vi.advanceTimersByTimeAsync(5_000)
    await sounding
    expect(play).not.toHaveBeenCalled()
  })

  it('that a browser refuses keeps nothing from going on', async () => {
    const sounding = soundOnce(() => true, { locks: createLocks(), play: () => Promise.reject(new Error('no device')) })
    await vi.advanceTimersByTimeAsync(500)
    await expect(sounding).resolves.toBeUndefined()
  })

  it('is on until somebody turns it off', () => {
    expect(areSoundsOn()).toBe(true)
    keepSounds(false)
    expect(areSoundsOn()).toBe(false)
    keepSounds(true)
    expect(areSoundsOn()).toBe(true)
  })

  it('is not made where nobody has touched the page, or the browser has none', async () => {
    const AudioContext = vi.fn()
    const untouched = { AudioContext, navigator: { userActivation: { hasBeenActive: false } } }
    expect(await playChime(untouched as never)).toBe(false)
    expect(await playChime({ navigator: { userActivation: { hasBeenActive: true } } } as never)).toBe(false)
    expect(AudioContext).not.toHaveBeenCalled()
  })

  it('that could not be made at once is not made later', async () => {
    const createOscillator = vi.fn()
    const AudioContext = vi.fn(function () {
      return { state: 'suspended', resume: () => new Promise(() => undefined), createOscillator }
    })
    const played = playChime({ AudioContext, navigator: {} } as never)
    await vi.advanceTimersByTimeAsync(1_000)
    expect([await played, createOscillator.mock.calls.length]).toEqual([false, 0])
  })

  it('is made late for somebody who asked for it, and waits', async () => {
    vi.resetModules()
    const chime = await import('./chime.ts')
    const start = vi.fn()
    const ramp = { setValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() }
    const AudioContext = vi.fn(function () {
      const createOscillator = () => ({ frequency: {}, connect: (next: object) => next, start, stop: vi.fn() })
      const createGain = () => ({ gain: ramp, connect: vi.fn() })
      const slow = {
        state: 'suspended',
        currentTime: 0,
        createOscillator,
        createGain,
        resume: () => new Promise((woken) => setTimeout(woken, 1_000)),
      }
      setTimeout(() => (slow.state = 'running'), 1_000)
      return slow
    })
    const played = chime.playChime({ AudioContext, navigator: {} } as never, 3_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect([await played, start.mock.calls.length]).toEqual([true, 2])
  })

  it('leaves the sound of the device to itself when it is over, and not before the newest is', async () => {
    vi.resetModules()
    const chime = await import('./chime.ts')
    const tones: { onended?: (() => void) | undefined }[] = []
    const suspend = vi.fn(() => Promise.resolve())
    const ramp = { setValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() }
    const AudioContext = vi.fn(function () {
      const createOscillator = () => {
        const tone: (typeof tones)[number] = {}
        tones.push(tone)
        return Object.assign(tone, { frequency: {}, connect: (next: object) => next, start: vi.fn(), stop: vi.fn() })
      }
      return { state: 'running', currentTime: 0, suspend, createOscillator, createGain: () => ({ gain: ramp, connect: vi.fn() }) }
    })
    for (let n = 0; n < 2; n += 1) expect(await chime.playChime({ AudioContext, navigator: {} } as never)).toBe(true)
    tones[1]?.onended?.()
    expect(suspend).not.toHaveBeenCalled()
    tones[3]?.onended?.()
    expect(suspend).toHaveBeenCalledTimes(1)
  })
})
