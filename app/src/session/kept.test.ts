import { expect, test } from 'vitest'
import { createKept, hasBegun, markBegun } from './kept.ts'

test('a browser that denies even the look at its storage remembers nothing, and nothing fails', () => {
  const denied = createKept(() => {
    throw new DOMException('denied', 'SecurityError')
  })
  markBegun(denied)
  denied.clear()
  expect(hasBegun(denied)).toBe(false)
})

test('a browser that lets it remembers until it is cleared', () => {
  const items = new Map<string, string>()
  const allowed = createKept(
    () =>
      ({
        getItem: (key: string) => items.get(key) ?? null,
        setItem: (key: string, value: string) => void items.set(key, value),
        clear: () => items.clear(),
      }) as Storage,
  )
  expect(hasBegun(allowed)).toBe(false)
  markBegun(allowed)
  expect(hasBegun(allowed)).toBe(true)
  allowed.clear()
  expect(hasBegun(allowed)).toBe(false)
})
