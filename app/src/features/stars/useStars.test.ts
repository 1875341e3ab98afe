// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StarredMessage } from '@kith/protocol'
import { STARS_AT_ONCE } from '../limits.ts'
import { CHAT, createFakeEngine, entry, withSetup } from '../testing/index.ts'
import { starred } from './state.ts'
import { useStars } from './useStars.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

const star = (name: string, at: number): StarredMessage => ({
  conversation: CHAT,
  message: entry(name),
  mine: false,
  text: name,
  time: 0,
  starred: at,
})
const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  await nextTick()
}

/** `all`: the newest first. */
const begin = (all: StarredMessage[]) => {
  let isFailing = false
  const engine = createFakeEngine({
    readStars: ({ after, limit }) => {
      if (isFailing) return Promise.reject(new Error('gone'))
      const from = after === undefined ? 0 : all.findIndex(({ message }) => message === after.message) + 1
      return Promise.resolve({ stars: all.slice(from, from + limit), hasMore: from + limit < all.length })
    },
  })
  const changed = shallowRef(0)
  const { result } = withSetup(() => useStars(() => changed.value), engine)
  return {
    ...result,
    changed,
    engine,
    fail: (is: boolean) => (isFailing = is),
    shown: () => result.found.value.stars.map(({ text }) => text),
  }
}

describe('the starred messages that are shown', () => {
  it('are read in parts, the next when they are asked for', async () => {
    const all = Array.from({ length: STARS_AT_ONCE + 10 }, (_, at) => star(`m${at}`, 1_000 - at))
    const { found, more, shown } = begin(all)
    expect(found.value.state).toBe('looking')
    await settled()
    expect([shown().length, found.value.hasMore]).toEqual([STARS_AT_ONCE, true])
    await more()
    expect([shown().length, found.value.hasMore, shown().at(-1)]).toEqual([STARS_AT_ONCE + 10, false, `m${STARS_AT_ONCE + 9}`])
  })

  it('are read again when a star is set or taken off here, and once for many changes of chats', async () => {
    const all = [star('one', 1)]
    const { shown, changed, engine } = begin(all)
    await settled()
    all.unshift(star('two', 2))
    starred.value += 1
    await settled()
    expect(shown()).toEqual(['two', 'one'])
    all.shift()
    for (let at = 0; at < 3; at += 1) {
      changed.value += 1
      await nextTick()
    }
    vi.runAllTimers()
    await settled()
    expect([shown(), engine.of('readStars').length]).toEqual([['one'], 3])
  })

  it('are said not to be readable, and read again by hand', async () => {
    const { found, again, fail, shown } = begin([star('one', 1)])
    fail(true)
    await again()
    expect(found.value).toEqual({ state: 'failed', stars: [], hasMore: false })
    fail(false)
    await again()
    expect([found.value.state, shown()]).toEqual(['found', ['one']])
  })
})
