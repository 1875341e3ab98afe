import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readMentions, toMarked as marked } from '../../../../protocol/src/conversation/mention.ts'
import { withoutMarks } from '../marks.ts'
import { ANA, ME } from '../testing/index.ts'
import { mentionsIn, retyped, toMarked, withMention } from './marks.ts'

const HI = {
  text: 'hi @Ana and @Ben',
  mentions: [
    { start: 3, end: 7, account: ANA },
    { start: 12, end: 16, account: ME },
  ],
}
const names = (text: string): readonly string[] => mentionsIn(text).map(({ start, end }) => withoutMarks(text).slice(start, end))

describe('who is mentioned in a text that is being written', () => {
  it('stands in it as the engine reads and writes it', () => {
    const written = toMarked(HI.text, HI.mentions)
    expect(written).toBe(marked(HI))
    expect(readMentions(written)).toEqual(HI)
    expect(mentionsIn(written)).toEqual(HI.mentions)
    expect(withoutMarks(written)).toBe(HI.text)
  })

  it('is put into it in order, in the place of whoever was there', () => {
    const [ana, ben] = HI.mentions
    if (ana === undefined || ben === undefined) throw new Error('nobody')
    expect(withMention(withMention(HI.text, ben), ana)).toBe(marked(HI))
    expect(mentionsIn(withMention(marked(HI), { ...ben, account: ANA })).map(({ account }) => account)).toEqual([ANA, ANA])
  })

  it.each([
    ['words before it', 'oh, hi @Ana and @Ben', ['@Ana', '@Ben']],
    ['words between', 'hi @Ana or @Ben', ['@Ana', '@Ben']],
    ['words behind', 'hi @Ana and @Ben!', ['@Ana', '@Ben']],
    ['a letter of its name gone', 'hi @An and @Ben', ['@Ben']],
    ['a letter more in its name', 'hi @Anna and @Ben', ['@Ben']],
    ['both gone', 'hi', []],
    ['one selected and written over', 'hi all and @Ben', ['@Ben']],
    ['nothing else', 'hi @Ana and @Ben', ['@Ana', '@Ben']],
  ])('is kept or not with %s', (_, now, kept) => {
    const next = retyped(marked(HI), now)
    expect(withoutMarks(next)).toBe(now)
    expect(names(next)).toEqual(kept)
  })

  it('attack: is nobody new, whatever is typed or pasted', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
        const now = withoutMarks(typed)
        expect(withoutMarks(retyped(marked(HI), now))).toBe(now)
        for (const name of names(retyped(marked(HI), now))) expect(['@Ana', '@Ben']).toContain(name)
        expect(mentionsIn(withoutMarks(`${marked(HI)}${typed}`))).toEqual([])
      }),
    ))
})
