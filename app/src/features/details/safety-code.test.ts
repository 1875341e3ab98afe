import { describe, expect, it } from 'vitest'
import { ANA, ME } from '../testing/index.ts'
import { compareCode, toSafetyCode } from './safety-code.ts'

const NUMBER = '1234567890'.repeat(6)
const here = { self: ME, peer: ANA, number: NUMBER }
const there = { self: ANA, peer: ME, number: NUMBER }

describe('the code of a safety number', () => {
  it('is the text that docs/protocol.md writes down', () => {
    expect(toSafetyCode(here)).toBe(`Kith safety number 1a${' 12345 67890'.repeat(6)}`)
    expect(toSafetyCode(there)).toBe(`Kith safety number 1b${' 12345 67890'.repeat(6)}`)
  })

  it('of the other side matches', () => {
    expect(compareCode(toSafetyCode(there), here)).toBe('match')
    expect(compareCode(toSafetyCode(here), there)).toBe('match')
  })

  it('of another account does not match, nor one of which a digit is another', () => {
    expect(compareCode(toSafetyCode({ ...there, number: '1234567891'.repeat(6) }), here)).toBe('mismatch')
    expect(compareCode(toSafetyCode({ ...there, number: `${NUMBER.slice(0, -1)}1` }), here)).toBe('mismatch')
  })

  it('on a device of one’s own is no proof, though the number is the same', () => {
    expect(compareCode(toSafetyCode(here), here)).toBe('own')
  })

  it('is nothing in part, with more behind it, or of a later version', () => {
    const code = toSafetyCode(there)
    for (const text of [
      code.slice(0, -1),
      `${code}1`,
      `${code} 12345`,
      `${code}\n`,
      code.replace('1b', '2b'),
      code.replace('1b', '1c'),
      '',
    ])
      expect(compareCode(text, here), text).toBe('broken')
  })
})
