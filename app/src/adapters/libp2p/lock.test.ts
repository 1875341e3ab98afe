import { describe, expect, it } from 'vitest'
import createLocks from './lock.ts'

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('a lock', () => {
  it('is held by one at a time, in the order in which they asked', async () => {
    const { readLock, writeLock } = createLocks()
    const held: string[] = []
    const first = await writeLock()
    const second = readLock().then((release) => (held.push('second'), release))
    const third = writeLock().then((release) => (held.push('third'), release))
    await turn()
    expect(held).toEqual([])
    first()
    await turn()
    expect(held).toEqual(['second'])
    ;(await second)()
    await third
    expect(held).toEqual(['second', 'third'])
  })

  it('passes over one who has given up', async () => {
    const { readLock, writeLock } = createLocks()
    const release = await readLock()
    const leaving = new AbortController()
    const left = writeLock({ signal: leaving.signal })
    const after = writeLock()
    leaving.abort(new Error('gone'))
    release()
    await expect(left).rejects.toThrow('gone')
    expect(typeof (await after)).toBe('function')
  })
})
