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
    ['both gone', 'hi', []],
    ['one selected and written over', 'hi all and @Ben', ['@Ben']],
    ['nothing else', 'hi @Ana and @Ben', ['@Ana', '@Ben']],
  ])('is kept or not with %s', (_, now, kept) => {
    const next = retyped(marked(HI), now)
    expect(withoutMarks(next)).toBe(now)
    expect(names(next)).toEqual(kept)
  })

  // "Mum" stands for what only this person calls her.
  const MUM = toMarked('hi @Mum and @Ben', HI.mentions)
  it.each([
    ['a letter gone at its end', 'hi @Mu and @Ben', undefined, 'hi  and @Ben'],
    ['a letter gone at its beginning', 'hi Mum and @Ben', undefined, 'hi  and @Ben'],
    ['a letter gone within', 'hi @Mm and @Ben', undefined, 'hi  and @Ben'],
    ['a letter more within', 'hi @Muum and @Ben', undefined, 'hi u and @Ben'],
    ['all from within it', 'hi @M', undefined, 'hi '],
    ['all up to within it', 'um and @Ben', undefined, ' and @Ben'],
    ['another @ typed over it', 'hi @ and @Ben', { from: 3, until: 7 }, 'hi @ and @Ben'],
    ['another name pasted over it', 'hi @Max and @Ben', { from: 3, until: 7 }, 'hi @Max and @Ben'],
    ['an @ typed before it', 'hi @@Mum and @Ben', { from: 3, until: 3 }, 'hi @@Mum and @Ben'],
    ['a place that has nothing to do with it', 'hi @Mu and @Ben', { from: 9, until: 9 }, 'hi  and @Ben'],
  ] as const)('leaves no part of its name behind: %s', (_, now, edit, left) => {
    const next = retyped(MUM, now, edit)
    expect(withoutMarks(next)).toBe(left)
    expect(names(next)).toEqual(['@Mum', '@Ben'].filter((name) => left.includes(name)))
  })

  it('attack: whatever is done to a text, no piece of a name stands in it that is no mention', () =>
    fc.assert(
      fc.property(fc.nat(16), fc.nat(16), fc.string({ unit: fc.constantFrom('x', ' ', '@'), maxLength: 5 }), (one, other, typed) => {
        const [from, until] = [Math.min(one, other), Math.max(one, other)]
        const before = withoutMarks(MUM)
        const now = before.slice(0, from) + typed + before.slice(until)
        const next = retyped(MUM, now, { from, until })
        const plain = mentionsIn(next).reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), withoutMarks(next))
        expect(plain).not.toMatch(/[MuBe]/)
      }),
    ))

  it('attack: is nobody new, whatever is typed or pasted', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
        const now = withoutMarks(typed)
        for (const name of names(retyped(marked(HI), now))) expect(['@Ana', '@Ben']).toContain(name)
        expect(mentionsIn(withoutMarks(`${marked(HI)}${typed}`))).toEqual([])
      }),
    ))
})
