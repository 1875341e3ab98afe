import { describe, expect, it } from 'vitest'
// oxlint-disable-next-line no-restricted-imports -- A test may compare our bound with the protocol's.
import { NAME_BYTES_MAX } from '@kith/protocol'
// oxlint-disable-next-line no-restricted-imports -- A test may compare what the engine keeps with what is shown.
import { cleanName } from '../../../../protocol/src/conversation/text.ts'
import { MARKS_KEPT, NAME_BYTES_SHOWN_MAX, NAME_SHOWN_GRAPHEMES_MAX } from '../limits.ts'
import { isNameTooLong, toInitials, toShownName } from './names.ts'

describe('a name from somebody else', () => {
  it('is shown as it is when it is ordinary', () => {
    for (const name of ['Ana Novak', 'عمر الحداد', '林薇', 'Zoë', 'O’Hara 👩‍👩‍👧']) expect(toShownName(name)).toBe(name)
  })

  it.each([
    ['Burmese', 'ဖြိုးမင်း'],
    ['Devanagari', 'ज़ों'],
    ['Bengali', 'ক্ষ্ম্যাঁ'],
    ['Tamil', 'க்ஷௌ'],
    ['Sinhala', 'ක්‍ෂ්‍යෝ'],
    ['Thai', 'น้ำกิ๊ฟฟี่'],
    ['Lao', 'ບຸນຍື້ນ'],
    ['Khmer', 'ស្ត្រី\u17d2'],
    ['Tibetan', 'བསྒྲུབྃྂ'],
    ['Vietnamese, decomposed', 'Nguyễn Thị Ề'.normalize('NFD')],
    ['Arabic with harakat', 'مُحَمَّدٌ'],
    ['Quranic Arabic', 'ٱللَّٰهُۥٓ'],
    ['Hebrew with niqqud', 'שָׁלוֹם בְּרֵאשִׁ֖ית'],
    ['Syriac', 'ܡܰܪܝܰܡ̈'],
    ['Thaana', 'އިބްރާހީމް'],
    ['Javanese', 'ꦧꦿꦲ꧀ꦩꦺꦴ'],
    ['Yoruba, decomposed', 'Ọlọ́run Ẹ̀ṣọ́'.normalize('NFD')],
  ])('keeps every letter and mark of a script in use: %s', (_, name) => {
    expect(toShownName(name)).toBe(name)
    expect(cleanName(name)).toBe(name)
  })

  it('goes on where something unseen stood inside of a word', () => {
    expect(toShownName('So\u00ADphi\u200Ba\uFEFF')).toBe('Sophia')
  })

  it('loses characters that turn the direction of what stands around it', () => {
    expect(toShownName('Ana\u202Eevil\u2066')).toBe('Ana evil')
    expect(toShownName('\u200FAna\u200E')).toBe('Ana')
  })

  it('becomes one line', () => {
    expect(toShownName('Ana\nNovak\t\u2028x')).toBe('Ana Novak x')
  })

  it('keeps markup as the letters it is made of', () => {
    expect(toShownName('<b>Ana</b>')).toBe('<b>Ana</b>')
  })

  it('counts as no name when nothing of it is visible', () => {
    for (const name of ['', '   ', '\u200B\u2060', '\u3164', '\u0301\u0301', '\u200D', '\u2800', '\u{E0067}\u{E007F}', '\uFE0F'])
      expect(toShownName(name)).toBeUndefined()
  })

  it('keeps a few marks on a letter and drops a flood of them', () => {
    const kept = `a${'\u0301'.repeat(MARKS_KEPT)}`
    expect(toShownName(kept)).toBe(kept)
    expect(toShownName(`${kept}\u0301`)).toBe(kept)
    expect(toShownName(`a${'\u0301'.repeat(500)}`)).toBe(kept)
  })

  it('is cut between letters at its bound', () => {
    expect(toShownName('x'.repeat(NAME_SHOWN_GRAPHEMES_MAX))).toHaveLength(NAME_SHOWN_GRAPHEMES_MAX)
    expect(toShownName('x'.repeat(NAME_SHOWN_GRAPHEMES_MAX + 1))).toBe(`${'x'.repeat(NAME_SHOWN_GRAPHEMES_MAX - 1)}…`)
  })
})

describe('the bound of an own name', () => {
  it('is the protocol’s', () => {
    expect(NAME_BYTES_SHOWN_MAX).toBe(NAME_BYTES_MAX)
  })

  it('counts bytes, not letters', () => {
    expect(isNameTooLong('é'.repeat(64))).toBe(false)
    expect(isNameTooLong('é'.repeat(65))).toBe(true)
  })
})

describe('initials', () => {
  it('are the first letters of the first and the last word', () => {
    expect(toInitials('Ana Novak')).toBe('AN')
    expect(toInitials('Ana Marija (from chess) Novak')).toBe('AN')
    expect(toInitials('zoë')).toBe('Z')
  })

  it('are one grapheme where letters join or are words', () => {
    expect(toInitials('عمر الحداد')).toBe('ع')
    expect(toInitials('林薇')).toBe('林')
  })

  it('are nothing for somebody without a name', () => {
    expect(toInitials(undefined)).toBe('')
    expect(toInitials('\u200B')).toBe('')
    expect(toInitials('...')).toBe('')
  })
})
