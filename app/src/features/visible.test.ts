import { expect, it } from 'vitest'
// oxlint-disable-next-line no-restricted-imports -- A test may compare our rule with the engine's.
import { cleanText } from '../../../protocol/src/conversation/text.ts'
import { isBlank } from './visible.ts'

const CODE_POINTS = 0x11_0000
const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff

it('says of every character what the engine says of it', () => {
  const differing: string[] = []
  for (let point = 0; point < CODE_POINTS; point += 1) {
    const text = String.fromCodePoint(point)
    if (!isSurrogate(point) && isBlank(text) !== (cleanText(text) === '')) differing.push(point.toString(16))
  }
  expect(differing).toEqual([])
})

it('takes a text with one visible character for a text', () => {
  expect(isBlank(' \u200B\u2800\u0301\n')).toBe(true)
  expect(isBlank(' \u200B\u2800\u0301\n.')).toBe(false)
})
