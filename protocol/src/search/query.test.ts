// What is found of which text: accents, case, scripts without spaces, and texts that somebody made to break this.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excerptOf } from './excerpt.ts'
import { isWanted } from './find.ts'
import { fold } from './fold.ts'
import { EXCERPT_LENGTH_MAX, EXCERPT_MARKS_MAX, QUERY_LENGTH_MAX, QUERY_PARTS_MAX, TERM_LENGTH_MAX, TERMS_PER_LINE_MAX } from './limits.ts'
import { isFoundIn, parseQuery } from './query.ts'
import { termsOf } from './terms.ts'

/** Whether the index would lead to a text. */
const isIndexed = (query: string, text: string): boolean => {
  const terms = [...termsOf(text)]
  return parseQuery(query).wanted.every((one) => terms.some((term) => isWanted(term, one)))
}

const finds = (query: string, text: string): boolean => isIndexed(query, text) && isFoundIn(parseQuery(query), text)

describe('finds', () => {
  test.each([
    ['ferry', 'The FERRY leaves at 9'],
    ['fer', 'The ferry leaves'],
    ['leaves ferry', 'The ferry leaves'],
    ['cafe', 'Café'],
    ['CAFÉ', 'cafe\u0301'],
    ['strasse', 'Straße'],
    ['STRASSE', 'straße'],
    ['smorrebrod', 'Smørrebrød'],
    ['istanbul', 'İSTANBUL'],
    ['ψυχης', 'Ψυχῆς'],
    ['file', 'ﬁle'],
    ['１２３', '123'],
    ['船', '明日の船は九時'],
    ['の船', '明日の船は九時'],
    ['明日の船は', '明日の船は九時'],
    ['ｶﾀｶﾅ', 'カタカナ'],
    ['ー', 'フェリー'],
    ['안녕', '안녕하세요'],
    ['녕', '안녕'],
    ['สวัสดี', 'สวัสดีครับ'],
    ['كتاب', 'كِتَاب'],
    ['مدرسه', 'مدرسة'],
    ['שלום', 'שָׁלוֹם'],
    ['नमस्ते', 'नमस्ते दुनिया'],
    ['🚢', 'at nine 🚢'],
    ['don t', 'don’t'],
    ['kith船', 'kith船'],
    [`${'x'.repeat(40)}y`, `${'x'.repeat(40)}y`],
    ['x'.repeat(30), `${'x'.repeat(40)}y`],
    ['example.org/a-b', 'see https://example.org/a-b'],
  ])('%j in %j', (query, text) => {
    expect(finds(query, text)).toBe(true)
  })

  test.each([
    ['erry', 'The ferry leaves'],
    ['ferry ', 'The ferryman'],
    ['fer leaves', 'The ferry leaves'],
    ['船の', '明日の船は九時'],
    ['明船', '明日の船'],
    [`${'x'.repeat(40)}z`, `${'x'.repeat(40)}y`],
    ['ferry', ''],
  ])('not %j in %j', (query, text) => {
    expect(finds(query, text)).toBe(false)
  })
})

test('nothing can be looked for in a question without letters', () => {
  for (const text of ['', '   ', '!?', '\u200b\u200d', '\u0301']) expect(parseQuery(text)).toEqual({ parts: [], wanted: [] })
})

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', ' ', 'é', '船', 'の', 'ß', 'İ', 'ς', '\u0301', '\ud83d', '\u200d', 'ー', 'ก'),
    maxLength: 30,
  }),
)

test('the index misses nothing that a look at the text finds', () => {
  fc.assert(
    fc.property(anyText, anyText, fc.nat(), fc.nat(), (text, other, from, length) => {
      const part = text.slice(from % (text.length + 1)).slice(0, 1 + (length % 20))
      for (const query of [part, other, `${part} ${other}`]) {
        const parsed = parseQuery(query)
        if (isFoundIn(parsed, text)) expect(isIndexed(query, text), JSON.stringify([query, text])).toBe(true)
      }
    }),
    { numRuns: 3_000 },
  )
})

test('a whole word of a text finds the text, and so does each of its beginnings', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'E', 'ö', 'ß', 'Ж', '9'), minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (words, which, cut) => {
      const one = words[which % words.length] ?? ''
      expect(finds(one, words.join(' '))).toBe(true)
      expect(finds(one.slice(0, 1 + (cut % one.length)), words.join(', '))).toBe(true)
    }),
  )
})

test('what stands behind the letters and words of a question that are looked at is left out', () => {
  expect(parseQuery(`${' '.repeat(QUERY_LENGTH_MAX)}ferry`).parts).toEqual([])
  expect(parseQuery(`${' '.repeat(QUERY_LENGTH_MAX - 5)}ferry`).parts).toHaveLength(1)
  expect(parseQuery('a '.repeat(QUERY_PARTS_MAX + 5)).parts).toHaveLength(QUERY_PARTS_MAX)
})

describe('an excerpt', () => {
  const marked = (query: string, text: string): readonly string[] => {
    const { text: shown, marks } = excerptOf(parseQuery(query), text)
    return marks.map(([from, to]) => shown.slice(from, to))
  }

  test.each([
    ['ferry', 'The FERRY, a ferry', ['FERRY', 'ferry']],
    ['fer', 'ferryman', ['fer']],
    ['strasse', 'Straße', ['Straße']],
    ['cafe', 'cafe\u0301s', ['cafe\u0301']],
    ['船は', '明日の船は九時', ['船は']],
    ['file', 'ﬁle', ['ﬁle']],
    ['ferry nine', 'nine o’clock', ['nine']],
  ])('for %j of %j', (query, text, expected) => {
    expect(marked(query, text)).toEqual(expected)
  })

  test('of a long text is its part with the first mark, and not within a letter', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_000 }), fc.nat({ max: 2_000 }), (before, after) => {
        const text = `${'🚢'.repeat(before)} ferry ${'🚢'.repeat(after)}`
        const { text: shown, marks } = excerptOf(parseQuery('ferry '), text)
        expect(marks.map(([from, to]) => shown.slice(from, to))).toEqual(['ferry'])
        expect(shown.length).toBeLessThanOrEqual(EXCERPT_LENGTH_MAX + 1)
        expect(shown).not.toMatch(/\p{Surrogate}/u)
      }),
    )
  })

  test('has no more marks than are shown', () => {
    expect(marked('a', 'a '.repeat(100))).toHaveLength(EXCERPT_MARKS_MAX)
    expect(marked('船', '船の'.repeat(100))).toHaveLength(EXCERPT_MARKS_MAX)
  })

  test('marks letters of the text, in order', () => {
    fc.assert(
      fc.property(anyText, anyText, (query, text) => {
        const { text: shown, marks } = excerptOf(parseQuery(query), text)
        let last = 0
        for (const [from, to] of marks) {
          expect(from).toBeGreaterThanOrEqual(last)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(shown.length)
          last = to
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

test('what is folded folds to itself', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(fold(fold(text))).toBe(fold(text))
    }),
    { numRuns: 3_000 },
  )
})

describe('what somebody made to break this', () => {
  test.each([
    ['one endless word', 'x'.repeat(60_000)],
    ['accents upon accents', `a${'\u0301'.repeat(60_000)}b`],
    ['half pairs of surrogates', '\ud83d'.repeat(30_000)],
    ['all different words', Array.from({ length: 12_000 }, (_, at) => at.toString(36)).join(' ')],
    ['all different letters', Array.from({ length: 20_000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')],
    ['ligatures that fall apart into many letters', '\ufdfa'.repeat(20_000)],
    ['marks of direction', '\u202e\u2066'.repeat(30_000)],
  ])(
    '%s: leaves no more than its bounds',
    (_, text) => {
      const terms = termsOf(text)
      expect(terms.size).toBeLessThanOrEqual(TERMS_PER_LINE_MAX)
      for (const term of terms) expect(term.length).toBeLessThanOrEqual(TERM_LENGTH_MAX)
      const query = parseQuery(text)
      expect(query.parts.length).toBeLessThanOrEqual(QUERY_PARTS_MAX)
      expect(query.wanted.length).toBeLessThan(10_000)
    },
    2_000,
  )
})
