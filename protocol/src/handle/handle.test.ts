// What is a handle, which of them are one to a relay, and by what beginnings they are found.

import { expect, test } from 'vitest'
import { HANDLE_LENGTH_MAX, HANDLE_LENGTH_MIN } from './limits.ts'
import { handleKey, isHandle, parseHandle, prefixKey } from './handle.ts'

test('a handle is read as people write it, and has one form', () => {
  expect(parseHandle('  @Ana.Maria ')).toBe('ana.maria')
  expect(parseHandle('a_2-b')).toBe('a_2-b')
  for (const wrong of ['', '@', 'an', 'a.b', '.ana', 'ana-', 'a..na', 'a n a', 'аna', 'añа', '2026', 'ana@b', 'ana\u200b'])
    expect(parseHandle(wrong), wrong).toBeUndefined()
  expect(isHandle('Ana')).toBe(false)
  expect([isHandle('a'.repeat(HANDLE_LENGTH_MAX)), isHandle('a'.repeat(HANDLE_LENGTH_MAX + 1))]).toEqual([true, false])
  expect([isHandle('a'.repeat(HANDLE_LENGTH_MIN)), isHandle('a'.repeat(HANDLE_LENGTH_MIN - 1))]).toEqual([true, false])
})

test('handles that are easily taken for each other are one', () => {
  const alike = ['ana.paul1', 'ana-paull', 'anapaul1', 'a_napaull'].map(handleKey)
  expect(new Set(alike).size).toBe(1)
  expect(handleKey('b0b')).toBe(handleKey('bob'))
  expect(handleKey('ana')).not.toBe(handleKey('anna'))
})

test('a beginning has four characters that count, whatever stands between them', () => {
  expect(prefixKey('ana.p')).toBe('anap')
  expect(prefixKey('ana.p')).toBe(handleKey('ana.paul1').slice(0, 4))
  for (const wrong of ['ana', 'a.n-a', '____', 'ana..p', '.anap', 'ANAP', 'an%a', 'a'.repeat(HANDLE_LENGTH_MAX + 1)])
    expect(prefixKey(wrong), wrong).toBeUndefined()
  expect(prefixKey('anap.')).toBe('anap')
})
