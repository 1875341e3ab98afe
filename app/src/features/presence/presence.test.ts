// @vitest-environment happy-dom
// What this page tells of the person before it, and how those who write are named.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CHAT, createFakeEngine, withSetup } from '../testing/index.ts'
import { toTypingWords } from './typing.ts'
import { useOwnPresence } from './useOwnPresence.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function start() {
  const engine = createFakeEngine()
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState })
  const { result, app } = withSetup(() => useOwnPresence(page as unknown as Document), engine)
  const turn = (state: DocumentVisibilityState): void => {
    page.visibilityState = state
    page.dispatchEvent(new Event('visibilitychange'))
  }
  return { ...result, app, turn, told: () => engine.of('tellPresence') }
}

describe('the person before this page', () => {
  it('is here while it is in front, which is said again and again, and not when it is behind another', () => {
    const { told, turn } = start()
    expect(told()).toEqual([{ isHere: true, typing: undefined }])
    vi.advanceTimersByTime(45_000)
    expect(told()).toHaveLength(3)
    turn('hidden')
    expect(told().at(-1)).toEqual({ isHere: false, typing: undefined })
    vi.advanceTimersByTime(60_000)
    expect(told()).toHaveLength(4)
    turn('visible')
    expect(told().at(-1)).toEqual({ isHere: true, typing: undefined })
  })

  it('writes from the first letter until a pause, or until it is sent, and is not spoken of with each letter', () => {
    const { told, typed } = start()
    for (let letter = 0; letter < 10; letter++) {
      typed(CHAT)
      vi.advanceTimersByTime(200)
    }
    expect(told().slice(1)).toEqual([{ isHere: true, typing: CHAT }])
    vi.advanceTimersByTime(2_000)
    typed(CHAT)
    expect(told()).toHaveLength(3)
    vi.advanceTimersByTime(5_000)
    expect(told().at(-1)).toEqual({ isHere: true, typing: undefined })
    typed(CHAT)
    typed(undefined)
    expect(told().slice(-2)).toEqual([
      { isHere: true, typing: CHAT },
      { isHere: true, typing: undefined },
    ])
  })

  it('is told of no more once the page has gone', () => {
    const { told, app, typed, turn } = start()
    typed(CHAT)
    app.unmount()
    const before = told().length
    turn('hidden')
    vi.advanceTimersByTime(60_000)
    expect(told()).toHaveLength(before)
  })
})

it('those who write are named, up to two of them, and in a chat of two nobody is', () => {
  const [ana, ben, cleo] = [{ name: 'Ana' }, { name: 'Ben' }, { name: undefined }]
  expect(toTypingWords([], true)).toBeUndefined()
  expect(toTypingWords([ana], false)).toBe('typing…')
  expect(toTypingWords([ana], true)).toBe('Ana is typing')
  expect(toTypingWords([ana, ben], true)).toBe('Ana and Ben are typing')
  expect(toTypingWords([ana, ben, cleo], true)).toBe('Several people are typing')
})
