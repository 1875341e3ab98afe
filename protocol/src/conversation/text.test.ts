import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { NAME_BYTES_MAX, TEXT_BYTES_MAX } from '../limits.ts'
import { COMBINING_MARKS_MAX, PREVIEW_LENGTH_MAX } from './limits.ts'
import { cleanName, cleanText, isTooLong, previewOf } from './text.ts'

describe('a text', () => {
  it.each(['Hello', 'two\nlines', 'tab\there', 'שלום עולם', 'नमस्ते', '👩‍👩‍👧‍👦 family', 'Zalgo? ạ̀́ no', '<b>not bold</b>'])(
    'that people write stays as it is: %j',
    (text) => {
      expect(cleanText(text)).toBe(text)
    },
  )

  it('loses control characters, byte order marks and lone surrogates', () => {
    expect(cleanText('a\u0000b\u001bc\u0085d\ufeffe')).toBe('abcde')
    expect(cleanText('a\ud800b')).toBe('a\ufffdb')
  })

  it('has one kind of line break and no empty ends', () => {
    expect(cleanText('\r\n one\r\ntwo\rthree\u2028four \n')).toBe('one\ntwo\nthree\nfour')
  })

  it('keeps as many combining marks in a row as a script needs, and of a flood no more', () => {
    expect(cleanText(`a${'\u0301'.repeat(COMBINING_MARKS_MAX)}`)).toHaveLength(1 + COMBINING_MARKS_MAX)
    expect(cleanText(`a${'\u0301'.repeat(COMBINING_MARKS_MAX + 1)}`)).toHaveLength(1 + COMBINING_MARKS_MAX)
  })

  it('of a megabyte of combining marks is cleaned at once', () => {
    expect(cleanText('\u0301'.repeat(1_048_576))).toHaveLength(COMBINING_MARKS_MAX)
  })

  it('is cleaned by one cleaning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text))
        expect(cleanName(cleanName(text))).toBe(cleanName(text))
      }),
    )
  })

  it('is too long from one byte over its bound', () => {
    expect(isTooLong('é'.repeat(TEXT_BYTES_MAX / 2))).toBe(false)
    expect(isTooLong(`${'é'.repeat(TEXT_BYTES_MAX / 2)}a`)).toBe(true)
  })
})

describe('a name', () => {
  it('has one line and fits its bound without half a letter', () => {
    expect(cleanName('  Ana\n Maria ')).toBe('Ana Maria')
    expect(cleanName('é'.repeat(100))).toBe('é'.repeat(NAME_BYTES_MAX / 2))
    expect(utf8ToBytes(cleanName('a👩'.repeat(100))).length).toBeLessThanOrEqual(NAME_BYTES_MAX)
  })
})

describe('a preview', () => {
  it('is one line of bounded length, and well formed', () => {
    expect(previewOf('one\ntwo')).toBe('one two')
    expect(previewOf('x'.repeat(5_000))).toHaveLength(PREVIEW_LENGTH_MAX)
    expect(previewOf(`${'x'.repeat(PREVIEW_LENGTH_MAX - 1)}👩`)).toBe('x'.repeat(PREVIEW_LENGTH_MAX - 1))
  })
})
