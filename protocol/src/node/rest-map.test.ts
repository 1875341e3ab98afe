import { expect, test } from 'vitest'
import { AsleepError, RestMap, whileAwake } from './rest-map.ts'

type Id = 'aa' | 'ab' | 'bb'
type Full = { readonly text: string }
type Short = { readonly length: number }

const [one, two] = [{ text: 'one' }, { text: 'two' }]
const summary = { length: 3 }
const map = RestMap.of<Id, Full, Short>('chats', [['aa', one]], [['bb', summary]])

const namesOf = (act: () => unknown): readonly string[] => {
  try {
    act()
  } catch (error) {
    if (error instanceof AsleepError) return error.ids
  }
  return []
}

test('names all that rest of what is asked for, and gives what is awake', () => {
  expect(map.get('aa')).toBe(one)
  expect(map.get('ab')).toBeUndefined()
  expect(namesOf(() => map.get('bb'))).toEqual(['bb'])
  expect(namesOf(() => map.values())).toEqual(['bb'])
  expect(namesOf(() => map.rested('aa', () => summary).getAll(['aa', 'ab', 'bb']))).toEqual(['aa', 'bb'])
  expect(map.look('bb')).toBe(summary)
  expect([...map.keys()]).toEqual(['aa', 'bb'])
  expect([map.has('bb'), map.has('ab'), map.isAsleep('bb'), map.isAsleep('aa'), map.size]).toEqual([true, false, true, false, 2])
})

test('asks for no more than what is awake where that is enough, and lets other errors through', () => {
  expect(whileAwake(() => map.get('bb'))).toBeUndefined()
  expect(whileAwake(() => map.get('aa'))).toBe(one)
  expect(() => whileAwake(() => expect.fail('something else'))).toThrow('something else')
})

test('what merely wakes or goes to rest is no change; what came, went or is other is one', () => {
  const woken = map.woken('bb', two)
  expect(woken.changedSince(map)).toEqual([])
  expect(map.changedSince(woken)).toEqual([])
  expect(woken.with('bb', one).changedSince(woken)).toEqual(['bb'])
  expect(map.with('ab', one).changedSince(map)).toEqual(['ab'])
  expect(map.without('bb').changedSince(map)).toEqual(['bb'])
})

test('a page says what it said until the record changes, and then nothing', () => {
  const woken = map.woken('bb', two)
  expect(woken.pages.get('bb')).toBe(summary)
  expect(woken.rested('bb', () => expect.fail('the page is there')).pages).toBe(map.pages)
  expect(woken.with('bb', one).pages.has('bb')).toBe(false)
  const rested = woken.with('bb', one).rested('bb', () => ({ length: 4 }))
  expect(rested.look('bb')).toEqual({ length: 4 })
})
