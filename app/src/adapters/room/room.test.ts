import { StoreError } from '@kith/protocol'
import { describe, expect, test, vi } from 'vitest'
import {
  ROOM_LOOKS_SHARE_MAX,
  ROOM_PROBE_PIECES,
  ROOM_SLOW_PROBE_MS_MIN,
  ROOM_SPENT_BYTES_MAX,
  ROOM_TO_MEND_BYTES_MIN,
  ROOM_TO_OPEN_BYTES_MIN,
  ROOM_TO_WRITE_BYTES_MIN,
  ROOM_UNSEEN_BYTES_MAX,
  ROOM_UNSEEN_MS,
  ROOM_WINDOW_MS,
} from './limits.ts'
import { createRoom, readyToOpen } from './room.ts'
import type { Ground, Mark } from './ground.ts'

const PIECE_BYTES = 262_144

describe('room for a write', () => {
  test('is claimed before it, and without it nothing may be written', () => {
    const { room, ground } = bench()
    room.claim(500)
    expect(ground.look).toHaveBeenCalledWith(ROOM_TO_WRITE_BYTES_MIN + 500, expect.any(Function))
    ground.state = 'full'
    expect(() => room.claim(ROOM_SPENT_BYTES_MAX)).toThrow(expect.objectContaining({ code: 'quota' }))
    ground.state = 'room'
    room.claim(500)
  })

  test('counts for a moment and for so many bytes', () => {
    const { room, ground, later } = bench()
    room.claim(1)
    room.claim(ROOM_SPENT_BYTES_MAX - 1)
    expect(ground.look).toHaveBeenCalledTimes(1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(2)
    later(ROOM_WINDOW_MS - 1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(2)
    later(1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(3)
  })

  test('is looked for once a second, however many commits there are', () => {
    const { room, ground, later } = bench()
    for (let commits = 0; commits < 1_000; commits += 1) {
      room.claim(100)
      later(10)
    }
    expect(ground.look).toHaveBeenCalledTimes(10)
  })

  test('takes at most a fiftieth of the time where a look takes long', () => {
    const { room, ground, later } = bench()
    ground.look.mockImplementation(() => (later(200), 'room'))
    for (let commits = 0; commits < 1_000; commits += 1) {
      room.claim(100)
      later(100)
    }
    expect(ground.look.mock.calls.length * 200).toBeLessThanOrEqual((1_000 * 100 * ROOM_LOOKS_SHARE_MAX) / (1 - ROOM_LOOKS_SHARE_MAX))
    expect(ground.look.mock.calls.length).toBeGreaterThan(5)
  })

  test('that opening has found counts for the first writes, as long and for as many bytes as any', async () => {
    const { ground, opening, roomWith, later } = bench()
    const room = roomWith(await readyToOpen(opening))
    later(ROOM_WINDOW_MS - 1)
    room.claim(ROOM_SPENT_BYTES_MAX)
    expect(ground.look).toHaveBeenCalledTimes(1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(2)
  })

  test('is not looked for by who opens where the last look was slow, nor for a while after that', async () => {
    const { ground, opening, roomWith, later, probed } = bench()
    ground.look.mockImplementation(probed(ROOM_SLOW_PROBE_MS_MIN))
    await readyToOpen(opening)
    expect(ground.marks).toEqual(new Set(['slow']))
    const room = roomWith(await readyToOpen(opening))
    later(ROOM_UNSEEN_MS - 1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(1)
    ground.look.mockImplementation(() => 'room')
    later(1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(2)
    expect(ground.marks, 'one that is quick is that of a disk').toEqual(new Set())
  })

  test.each([
    ['a slow look', ROOM_SLOW_PROBE_MS_MIN, ROOM_UNSEEN_BYTES_MAX],
    ['a quick one', ROOM_SLOW_PROBE_MS_MIN - 1, ROOM_SPENT_BYTES_MAX],
  ])('that %s has found counts for so many bytes and no more', (_, ms, bytes) => {
    const { ground, room, probed } = bench()
    ground.look.mockImplementation(probed(ms))
    room.claim(bytes)
    expect(ground.look).toHaveBeenCalledTimes(1)
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(2)
  })

  test('is looked for no longer than it takes to know that this is a private window', () => {
    const { ground, room, later, probed } = bench()
    let pieces = 0
    ground.look.mockImplementation(probed(ROOM_SLOW_PROBE_MS_MIN, () => void (pieces += 1)))
    room.claim(1)
    expect(pieces).toBe(2 * ROOM_PROBE_PIECES)
    later(ROOM_UNSEEN_MS)
    pieces = 0
    // A machine that is busy for one probe.
    ground.look.mockImplementation(probed(ROOM_SLOW_PROBE_MS_MIN - 1, () => pieces++ === 0 && later(500)))
    room.claim(1)
    expect(pieces).toBeGreaterThan(2 * ROOM_PROBE_PIECES)
  })

  test('is looked for before mending, however slow that is', async () => {
    const { ground, opening } = bench()
    ground.set('slow', 'on')
    ground.set('torn', 'on')
    await readyToOpen(opening)
    expect(ground.look).toHaveBeenCalledTimes(1)
  })

  test('is looked for anew after mending, which writes', async () => {
    const { ground, opening, roomWith } = bench()
    ground.set('torn', 'on')
    const room = roomWith(await readyToOpen(opening))
    room.claim(1)
    expect(ground.look).toHaveBeenCalledTimes(2)
  })

  test('is not asked for where nothing can be known', () => {
    const { room, ground } = bench()
    ground.state = 'unknown'
    expect(() => room.claim(1)).not.toThrow()
  })

  test('is refused for good after a write that failed, which leaves its mark', () => {
    const { room, ground, onFailed } = bench()
    room.failed(new StoreError('failed', 'x', { cause: new DOMException('FILE_ERROR_NO_SPACE', 'UnknownError') }))
    room.failed(new Error('again'))
    expect(ground.marks).toEqual(new Set(['torn']))
    expect(onFailed.mock.calls).toEqual([[expect.objectContaining({ code: 'quota' })]])
    expect(() => room.claim(1)).toThrow(expect.objectContaining({ code: 'quota' }))
  })

  test('is looked at when a write failed for a reason nobody knows', () => {
    const { room, ground, onFailed } = bench()
    const cause = new Error('no idea')
    room.failed(cause)
    expect(onFailed).toHaveBeenCalledWith(cause)
    const full = bench()
    full.ground.state = 'full'
    full.room.failed(cause)
    expect(full.onFailed).toHaveBeenCalledWith(expect.objectContaining({ code: 'quota' }))
    expect(ground.marks).toEqual(new Set(['torn']))
  })
})

describe('databases', () => {
  test('are opened when there is room, and until then it is said once that there is none', async () => {
    const { ground, clock } = bench()
    ground.state = 'full'
    const [onFull, mend] = [vi.fn(), vi.fn()]
    const pause = vi.fn(async () => void (pause.mock.calls.length === 3 && (ground.state = 'room')))
    await readyToOpen({ ground, clock, onFull, mend, pause })
    expect(pause).toHaveBeenCalledTimes(3)
    expect(onFull).toHaveBeenCalledTimes(1)
    expect(mend).not.toHaveBeenCalled()
    expect(ground.look).toHaveBeenCalledWith(ROOM_TO_OPEN_BYTES_MIN, expect.any(Function))
  })

  test('are mended first after a write that failed, and as often as that fails', async () => {
    const { ground, opening } = bench()
    ground.set('torn', 'on')
    await expect(readyToOpen({ ...opening, mend: () => Promise.reject(new Error('x')) })).rejects.toThrow('x')
    expect(ground.marks).toEqual(new Set(['torn']))
    const mend = vi.fn(async () => undefined)
    await readyToOpen({ ...opening, mend })
    expect(ground.look).toHaveBeenLastCalledWith(ROOM_TO_MEND_BYTES_MIN, expect.any(Function))
    expect(mend).toHaveBeenCalledTimes(1)
    expect(ground.marks).toEqual(new Set())
  })
})

function bench() {
  let now = 1_000
  const onFailed = vi.fn<(error: unknown) => void>()
  const marks = new Set<Mark>()
  const ground = {
    state: 'room' as ReturnType<Ground['look']>,
    marks,
    has: (mark: Mark) => marks.has(mark),
    set: (mark: Mark, state: 'on' | 'off') => void (state === 'on' ? marks.add(mark) : marks.delete(mark)),
    look: vi.fn<Ground['look']>(),
  }
  ground.look.mockImplementation(() => ground.state)
  const clock = () => now
  const roomWith = (found: Awaited<ReturnType<typeof readyToOpen>>) => createRoom({ ground, clock, found, onFailed })
  const opening = { ground, clock, onFull: vi.fn(), mend: () => Promise.resolve(), pause: () => Promise.resolve() }
  const later = (ms: number): void => void (now += ms)
  /** A look of which each probe takes so long. */
  const probed =
    (ms: number, each: () => unknown = () => undefined): Ground['look'] =>
    (bytes, isEnough) => {
      for (let pieces = 1; pieces * PIECE_BYTES < bytes; pieces += 1) {
        each()
        if (pieces % ROOM_PROBE_PIECES === 0) later(ms)
        if (isEnough?.() === true) break
      }
      return 'room'
    }
  return { ground, clock, onFailed, opening, room: roomWith(undefined), roomWith, later, probed }
}
