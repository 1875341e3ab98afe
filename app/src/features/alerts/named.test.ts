import { expect, it } from 'vitest'
import { ANA, entry, message } from '../testing/index.ts'
import { isMeantFor, isNamed } from './named.ts'

it.each([
  ['@Ben are you there?', 'Ben', true],
  ['thanks @ben!', 'Ben', true],
  ['(@BEN)', 'Ben', true],
  ['@Ben Fisher brings bread', 'Ben Fisher', true],
  ['@Ben brings bread', 'Ben Fisher', true],
  ['@José', 'Jose', true],
  ['مرحبا @سارة', 'سارة', true],
  ['Ben brings bread', 'Ben', false],
  ['@Bente and @Benjamin', 'Ben', false],
  ['write to carl@ben.example', 'Ben', false],
  ['@Bente, then @Ben', 'Ben', true],
  ['@', 'Ben', false],
  ['@anything', undefined, false],
  ['@anything', '\u200b', false],
] as const)('%s names %s: %s', (text, name, is) => expect(isNamed(text, name)).toBe(is))

it('a message is meant for whoever it answers or names, unless they wrote it or blocked its author', () => {
  const answers = { kind: 'text', id: entry('2'), mine: true, text: 'Who brings bread?' } as const
  const author = { account: ANA, name: 'Ana', mine: false }
  expect(isMeantFor(message('1', { text: 'I do', answers }), undefined)).toBe(true)
  expect(isMeantFor(message('1', { text: 'I do', answers: { ...answers, mine: false } }), 'Ben')).toBe(false)
  expect(isMeantFor(message('1', { text: '@Ben', author }), 'Ben')).toBe(true)
  expect(isMeantFor(message('1', { text: '@Ben', author: { ...author, isBlocked: true } }), 'Ben')).toBe(false)
  expect(isMeantFor(message('1', { text: '@Ben', mine: true }), 'Ben')).toBe(false)
  const mention = (mine: boolean) => ({ start: 0, end: 4, account: ANA, mine })
  expect(isMeantFor(message('1', { text: '@Bob', author, mentions: [mention(true)] }), 'Ben')).toBe(true)
  expect(isMeantFor(message('1', { text: '@Ben', author, mentions: [mention(false)] }), 'Ben')).toBe(false)
  expect(isMeantFor(message('1', { text: '@Ben and @Ben', author, mentions: [mention(false)] }), 'Ben')).toBe(true)
  expect(isMeantFor({ kind: 'deleted', id: entry('1'), mine: false, time: 0 }, 'Ben')).toBe(false)
})
