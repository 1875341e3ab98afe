import { expect, it } from 'vitest'
import { PINS_SHOWN_MAX } from '../limits.ts'
import { entry, message } from '../testing/index.ts'
import { withPins } from './pins.ts'

const pinned = (at: number) => message(`m${at}`, { time: at, isPinned: true })

it('pins are remembered when the window has gone on, oldest first', () => {
  const known = withPins([], [pinned(2), message('m3')])
  expect(withPins(known, [pinned(1), message('m5')]).map(({ id }) => id)).toEqual([entry('m1'), entry('m2')])
})

it('what is no longer pinned, or was removed, is none', () => {
  const known = withPins([], [pinned(1), pinned(2)])
  expect(withPins(known, [message('m1', { time: 1 }), { kind: 'deleted', id: entry('m2'), mine: true, time: 2 }])).toEqual([])
})

it('no more are kept than a bar can go through, and the newest stay', () => {
  const all = withPins(
    [],
    Array.from({ length: PINS_SHOWN_MAX + 1 }, (_, at) => pinned(at)),
  )
  expect(all).toHaveLength(PINS_SHOWN_MAX)
  expect(all[0]?.id).toBe(entry('m1'))
})

it('one that the window passes over is gone: nothing of it stays on the screen', () => {
  const known = withPins([], [pinned(1), pinned(2), pinned(9)])
  const left = withPins(known, [message('m1', { time: 1, isPinned: true }), message('m3', { time: 3 })])
  expect(left.map(({ id }) => id)).toEqual([entry('m1'), entry('m9')])
})
