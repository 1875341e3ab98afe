import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

const never = new AbortController().signal
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('turns', () => {
  it('runs no more than allowed at once, and all in order', async () => {
    const turns = createTurns(2)
    const begun: number[] = []
    const ends: (() => void)[] = []
    const all = [0, 1, 2, 3].map((i) =>
      turns.take(() => {
        begun.push(i)
        return new Promise<void>((resolve) => ends.push(resolve))
      }, never),
    )
    await tick()
    expect(begun).toEqual([0, 1])
    ends[1]?.()
    await tick()
    expect(begun).toEqual([0, 1, 2])
    ends[0]?.()
    await tick()
    expect(begun).toEqual([0, 1, 2, 3])
    ends.forEach((end) => end())
    await Promise.all(all)
  })

  it('passes the turn on when the work fails', async () => {
    const turns = createTurns(1)
    const failing = turns.take(() => Promise.reject(new Error('no')), never)
    const next = turns.take(() => Promise.resolve('done'), never)
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('done')
  })

  it('does not begin work that was given up while it waited', async () => {
    const turns = createTurns(1)
    const given = new AbortController()
    let end = (): void => {}
    const first = turns.take(() => new Promise<void>((resolve) => (end = resolve)), never)
    let hasBegun = false
    const second = turns.take(() => {
      hasBegun = true
      return Promise.resolve()
    }, given.signal)
    given.abort(new Error('given up'))
    end()
    await first
    await expect(second).rejects.toThrow('given up')
    expect(hasBegun).toBe(false)
    expect(await turns.take(() => Promise.resolve('free'), never)).toBe('free')
  })
})
