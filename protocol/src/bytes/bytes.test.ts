import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalBytes, fromHex, parseBase64Url, parseUtf8, toBase64Url, toHex, utf8ToBytes } from './bytes.ts'

const someBytes = fc.uint8Array({ maxLength: 64 })

test('hex and base64url give back what went in', () => {
  fc.assert(
    fc.property(someBytes, (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes)
      expect(parseBase64Url(toBase64Url(bytes))).toEqual(bytes)
    }),
  )
})

test('base64url is that of RFC 4648, without padding', () => {
  expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => toBase64Url(utf8ToBytes(text)))).toEqual([
    '',
    'Zg',
    'Zm8',
    'Zm9v',
    'Zm9vYg',
    'Zm9vYmE',
    'Zm9vYmFy',
  ])
  expect(toBase64Url(Uint8Array.of(0xfb, 0xff))).toBe('-_8')
})

test('a base64url text that is not the one encoding of anything is refused', () => {
  expect(parseBase64Url('Zg')).toEqual(utf8ToBytes('f'))
  for (const text of ['Z', 'Zh', 'Zg==', 'Zm9', 'Z g', 'Zg+', 'Zg/', 'é']) expect(parseBase64Url(text), text).toBeUndefined()
})

test('every base64url text that parses is the one that its bytes give', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      const bytes = parseBase64Url(text)
      if (bytes !== undefined) expect(toBase64Url(bytes)).toBe(text)
    }),
  )
})

test('UTF-8 with overlong forms, lone surrogates or cut letters is refused', () => {
  expect(parseUtf8(utf8ToBytes('grüße 👋'))).toBe('grüße 👋')
  expect(parseUtf8(utf8ToBytes('\ufeffa'))).toBe('\ufeffa')
  for (const hex of ['c080', 'eda080', 'f09f91', 'ff', 'f8a1a1a1a1']) expect(parseUtf8(fromHex(hex)), hex).toBeUndefined()
})

test('equality looks at every byte and the length', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(), (bytes, at) => {
      expect(equalBytes(bytes, Uint8Array.from(bytes))).toBe(true)
      if (bytes.length === 0) return
      const changed = bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte))
      expect(equalBytes(bytes, changed)).toBe(false)
      expect(equalBytes(bytes, bytes.slice(1))).toBe(false)
    }),
  )
})
