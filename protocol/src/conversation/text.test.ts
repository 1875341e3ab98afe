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
    expect(cleanText('a\u0000b\u001bc\u0084d\ufeffe')).toBe('abcde')
    expect(cleanText('a\ud800b')).toBe('a\ufffdb')
  })

  it('has one kind of line break and no empty ends', () => {
    expect(cleanText('\r\n one\r\ntwo\rthree\u2028four \n')).toBe('one\ntwo\nthree\nfour')
  })

  it.each(['\v', '\f', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029'])(
    'breaks its lines at %j instead of letting words grow together',
    (at) => {
      expect(cleanText(`one${at}two`)).toBe('one\ntwo')
      expect(cleanName(`one${at}two`)).toBe('one two')
    },
  )

  it('keeps words apart at a segment separator', () => {
    expect(cleanText('one\u001ftwo')).toBe('one\ttwo')
  })

  it.each([
    ['spaces of all widths', ' \u00a0\u1680\u2003\u202f\u3000'],
    ['zero width space', '\u200b'],
    ['joiners', '\u200c\u200d\u2060\u034f'],
    ['direction marks', '\u200e\u200f\u061c\u202a\u202e\u2066\u2069'],
    ['a lone mark', '\u0301'],
    ['marks upon marks', ' \u0301\u0488\ufe0f'],
    ['a variation selector', '\ufe0f'],
    ['Hangul fillers', '\u115f\u1160\u3164\uffa0'],
    ['tags', '\u{e0001}\u{e0067}\u{e007f}'],
    ['variation selectors of the supplement', '\u{e0100}\u{e01ef}'],
    ['a soft hyphen', '\u00ad'],
    ['a Mongolian vowel separator', '\u180e'],
    ['Khmer inherent vowels', '\u17b4\u17b5'],
    ['invisible operators', '\u2061\u2064'],
    ['annotation marks', '\ufff9\ufffa\ufffb'],
    ['a byte order mark', '\ufeff'],
    ['shorthand and music controls', '\u{1bca0}\u{1d173}'],
    ['the empty Braille pattern', '\u2800'],
    ['blank hieroglyphs and an empty note head', '\u{13441}\u{13442}\u{1d159}'],
    ['all of it at once', '\u200b \u2800\n\u0301\t\u3164'],
  ])('in which nothing is visible is no text: %s', (_, text) => {
    expect(cleanText(text)).toBe('')
    expect(cleanName(text)).toBe('')
    expect(cleanText(`${text}a`)).not.toBe('')
  })

  it.each([
    '.',
    '…',
    '0',
    'ا',
    'ក',
    '⠁',
    '👍🏽',
    '🇫🇷',
    '1️⃣',
    '❤️',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '۝',
    '\ufffd',
    'é',
    '~',
  ])('of one visible sign is a text: %j', (text) => {
    expect(cleanText(text)).toBe(text)
    expect(cleanName(text)).toBe(text)
  })

  it('keeps as many combining marks in a row as a script needs, and of a flood no more', () => {
    expect(cleanText(`a${'\u0301'.repeat(COMBINING_MARKS_MAX)}`)).toHaveLength(1 + COMBINING_MARKS_MAX)
    expect(cleanText(`a${'\u0301'.repeat(COMBINING_MARKS_MAX + 1)}`)).toHaveLength(1 + COMBINING_MARKS_MAX)
  })

  it('of a megabyte of combining marks is cleaned at once', () => {
    expect(cleanText(`a${'\u0301'.repeat(1_048_576)}`)).toHaveLength(1 + COMBINING_MARKS_MAX)
    expect(cleanText('\u0301'.repeat(1_048_576))).toBe('')
  })

  it('is cleaned by one cleaning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text))
        expect(cleanName(cleanName(text))).toBe(cleanName(text))
      }),
    )
  })

  it('of plain letters is cleaned as it is beside another', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 100 }), (text) => {
        expect(cleanText(text)).toBe(cleanText(`é${text}é`).slice(1, -1).trim())
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
    expect(cleanName(`${'\u200b'.repeat(NAME_BYTES_MAX)}Ana`)).toBe('')
    expect(utf8ToBytes(cleanName('a👩'.repeat(100))).length).toBeLessThanOrEqual(NAME_BYTES_MAX)
  })
})

describe('a preview', () => {
  it('is one line of bounded length, and well formed', () => {
    expect(previewOf('one\ntwo')).toBe('one two')
    expect(previewOf('one two  three\u00a0four')).toBe('one two three four')
    expect(previewOf('x'.repeat(5_000))).toHaveLength(PREVIEW_LENGTH_MAX)
    expect(previewOf(`${'x'.repeat(PREVIEW_LENGTH_MAX - 1)}👩`)).toBe('x'.repeat(PREVIEW_LENGTH_MAX - 1))
  })
})
