import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { MENTIONS_PER_MESSAGE_MAX } from './limits.ts'
import { readMentions, toMarked, withNames } from './mention.ts'
import { cleanText } from './text.ts'
import type { AccountId } from '../bytes/ids.ts'

const ANA = '0123456789abcdef'.repeat(4) as AccountId
const BEN = 'f'.repeat(64) as AccountId
/** As it was frozen: what every version writes. */
const DIGITS = '\u0004\u0005\u0006\u0007\u0008\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018'
const MARKED_ANA = `\u0002${DIGITS.repeat(4)}@Ana\u0003`

const said = (text: string, ...mentions: readonly (readonly [string, AccountId])[]) => {
  let from = 0
  return {
    text,
    mentions: mentions.map(([name, account]) => {
      const start = text.indexOf(`@${name}`, from)
      from = start + name.length + 1
      return { start, end: from, account }
    }),
  }
}

describe('a text with mentions', () => {
  it('is written as it was frozen, in one byte for each digit', () => {
    expect(toMarked(said('Hi @Ana!', ['Ana', ANA]))).toBe(`Hi ${MARKED_ANA}!`)
    expect(utf8ToBytes(MARKED_ANA)).toHaveLength(2 + 64 + 4)
  })

  it.each([
    [said('@Ana', ['Ana', ANA])],
    [said('hi @Ana, and @Ben Fisher: bread?', ['Ana', ANA], ['Ben Fisher', BEN])],
    [said('@Ana@Ana', ['Ana', ANA], ['Ana', BEN])],
    [said('@سارة\nمرحبا @李雷', ['سارة', ANA], ['李雷', BEN])],
    [said('nobody')],
  ])('reads as it was written: %j', (whole) => expect(readMentions(toMarked(whole))).toEqual(whole))

  it('is read by versions that know no mentions as the words alone', () =>
    expect(cleanText(` ${MARKED_ANA} and ${MARKED_ANA}\r\n`)).toBe('@Ana and @Ana'))

  it('keeps the places of mentions in what cleaning has shortened', () => {
    const input = ` \n\r\n\u0000${MARKED_ANA}\u0007\r\nand ${MARKED_ANA} \u001b \n`
    expect(readMentions(input)).toEqual(said('@Ana\nand @Ana', ['Ana', ANA], ['Ana', ANA]))
  })

  it.each([
    ['one digit less', `\u0002${DIGITS.repeat(4).slice(1)}@Ana\u0003`],
    ['one digit more', `\u0002${DIGITS.repeat(4)}\u0004@Ana\u0003`],
    ['another letter among the digits', `\u0002${DIGITS.repeat(4).slice(1)}a@Ana\u0003`],
    ['no @', `\u0002${DIGITS.repeat(4)}Ana\u0003`],
    ['nothing behind the @', `\u0002${DIGITS.repeat(4)}@\u0003`],
    ['no end', `\u0002${DIGITS.repeat(4)}@Ana`],
    ['a line break in the name', `\u0002${DIGITS.repeat(4)}@A\nna\u0003`],
    ['another mention inside', `\u0002${DIGITS.repeat(4)}@A\u0002na\u0003`],
  ])('mentions nobody where there is %s', (_, input) => expect(readMentions(input)).toEqual({ text: cleanText(input), mentions: [] }))

  it('mentions as many as are allowed, and the rest is plain words', () => {
    const of = (count: number) => readMentions(MARKED_ANA.repeat(count))
    expect(of(MENTIONS_PER_MESSAGE_MAX).mentions).toHaveLength(MENTIONS_PER_MESSAGE_MAX)
    expect(of(MENTIONS_PER_MESSAGE_MAX + 1).mentions).toHaveLength(MENTIONS_PER_MESSAGE_MAX)
    expect(of(MENTIONS_PER_MESSAGE_MAX + 1).text).toBe('@Ana'.repeat(MENTIONS_PER_MESSAGE_MAX + 1))
  })

  it('attack: whatever is written, its words are those of every version, and each mention is an @ and letters in its place', () => {
    const letter = fc.constantFrom(
      '\u0002',
      '\u0003',
      DIGITS,
      DIGITS.repeat(4),
      MARKED_ANA,
      '@',
      'a',
      ' ',
      '\n',
      '\r',
      '\u0301',
      '\u0085',
      '👩',
      '\u202e',
    )
    const input = fc.array(fc.oneof(letter, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 }).map((all) => all.join(''))
    fc.assert(
      fc.property(input, (written) => {
        const { text, mentions } = readMentions(written)
        expect(text).toBe(cleanText(written))
        let done = 0
        for (const { start, end, account } of mentions) {
          expect(start).toBeGreaterThanOrEqual(done)
          expect(text.charAt(start)).toBe('@')
          expect(account).toMatch(/^[0-9a-f]{64}$/)
          done = end
        }
        expect(done).toBeLessThanOrEqual(text.length)
        expect(readMentions(toMarked({ text, mentions })).text).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('attack: much longer than a message may be, it is read at once', () => {
    for (const unit of ['\u0002', `\u0002${DIGITS.repeat(4)}@`, `\u0002${DIGITS.repeat(4)}@a`, MARKED_ANA, '\u0301\u0002'])
      expect(readMentions(unit.repeat(100_000 / unit.length)).mentions.length).toBeLessThanOrEqual(MENTIONS_PER_MESSAGE_MAX)
  })
})

describe('names in a text', () => {
  it('are those that are known, wherever they stand, and of nobody else', () => {
    const written = said('@Ana, @Ben and @Ana', ['Ana', ANA], ['Ben', BEN], ['Ana', ANA])
    expect(withNames(written, (account) => (account === ANA ? 'Ana Maria' : undefined))).toEqual(
      said('@Ana Maria, @Ben and @Ana Maria', ['Ana Maria', ANA], ['Ana Maria', ANA]),
    )
  })

  it('attack: whoever writes another name beside an account shows the name of the account', () =>
    expect(withNames(said('@Boss says yes', ['Boss', ANA]), () => 'Ana').text).toBe('@Ana says yes'))
})
