import { expect, it, vi } from 'vitest'
import { playAlone } from './playing.ts'

it('one thing plays at a time', () => {
  const [first, second] = [{ pause: vi.fn() }, { pause: vi.fn() }]
  playAlone(first)
  playAlone(first)
  expect(first.pause).not.toHaveBeenCalled()
  playAlone(second)
  expect([first.pause.mock.calls.length, second.pause.mock.calls.length]).toEqual([1, 0])
})
