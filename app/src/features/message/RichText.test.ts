// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { MARKUP_PARTS_MAX } from '../limits.ts'
import { ANA, render } from '../testing/index.ts'
import { RichText } from './RichText.ts'

const shown = (text: string): HTMLElement => render(RichText, { text }).place

describe('a marked text', () => {
  it('is shown as what it means, and holds every letter that was written', () => {
    const text = '**a** _b_ ~~c~~ `d`\n> e\n- f\n2. g\n```\nh\n```\ni'
    const place = shown(text)
    for (const [tag, content] of Object.entries({ strong: 'a', em: 'b', del: 'c', code: 'd' }))
      expect(place.querySelector(tag)?.textContent).toBe(content)
    expect(place.querySelector('blockquote')?.textContent).toBe('> e\n')
    expect(place.querySelector('ul li')?.textContent).toBe('- f\n')
    expect(place.querySelector('ol')?.getAttribute('start')).toBe('2')
    expect(place.querySelector('pre code')?.textContent).toBe('h\n')
    expect(place.textContent).toBe(text)
    expect([...place.querySelectorAll('.mk')].every((mark) => mark.getAttribute('aria-hidden') === 'true')).toBe(true)
  })
})

describe('a mention', () => {
  const at = (start: number, end: number, mine = false) => ({ start, end, account: ANA, mine })
  const chips = (text: string, ...mentions: readonly ReturnType<typeof at>[]) => {
    const { place } = render(RichText, { text, mentions })
    expect(place.textContent).toBe(text)
    return [...place.querySelectorAll('[data-testid="mention"]')].map((chip) => [chip.textContent, chip.classList.contains('me')])
  }

  it('is a chip in its place, one’s own another, within what the text is marked with', () => {
    expect(chips('@Ana_b_ and @Ben', at(0, 7), at(12, 16, true))).toEqual([
      ['@Ana_b_', false],
      ['@Ben', true],
    ])
    expect(chips('**hello @Ana**\n- and @Ana', at(8, 12), at(21, 25))).toHaveLength(2)
  })

  it.each(['@Ana', 'hi @Ana', '@Ana: see https://example.org/@Ana'])('is plain text where nobody is: %s', (text) =>
    expect(chips(text)).toEqual([]),
  )

  it('is a stop of the tab key where its message is, in lists and quotes too, and nowhere else', () => {
    const stops = (tabbable?: boolean) => {
      const mentions = [at(0, 4), at(7, 11), at(14, 18)]
      const { place } = render(RichText, { text: '@Ana\n- @Ben\n> @Eva', mentions, tabbable })
      return [...place.querySelectorAll<HTMLElement>('[data-testid="mention"]')].map(({ tabIndex }) => tabIndex)
    }
    expect(stops()).toEqual(stops().map(() => -1))
    expect(stops(true)).toEqual(stops().map(() => 0))
    expect(stops()).toHaveLength(3)
  })

  it('attack: one behind an address is no part of that, and what is no place of the text makes none', () => {
    expect(chips('https://example.org/@Ana', at(20, 24))).toEqual([['@Ana', false]])
    expect(chips('@Ana', at(0, 9))).toEqual([])
    expect(chips('@Ana', at(0, 4), at(2, 4))).toEqual([['@Ana', false]])
  })

  it('attack: a name is no markup', () => {
    expect(chips('@<img src=x>', at(0, 12))).toEqual([['@<img src=x>', false]])
    expect(chips('*a @*b* c*', at(3, 7))).toEqual([['@*b*', false]])
  })
})

describe('a hostile text', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '**<script>alert(1)</script>**',
    '`<svg onload=alert(1)>`',
    '```\n<iframe srcdoc="x"></iframe>\n```',
    '> <style>*{display:none}</style>',
    '- &lt;b&gt; <b>bold</b>',
  ])('never becomes an element of its own: %s', (text) => {
    const place = shown(text)
    expect(place.querySelector('img, script, svg, iframe, style, b')).toBeNull()
    expect(place.textContent).toBe(text)
  })

  it.each([
    '[click](javascript:alert(1))',
    '**javascript:alert(1)**',
    'data:text/html,<script>alert(1)</script>',
    '*https://ana@evil.example/*',
    '<https://>',
    'vbscript:x file:///etc/passwd',
  ])('links nowhere: %s', (text) => {
    expect(shown(text).querySelector('a')).toBeNull()
    expect(shown(text).textContent).toBe(text)
  })

  it('that turns the direction around keeps its letters in order, within its note', () => {
    const text = '**\u202Egnp.exe** and `\u2066x\u2069`'
    expect(shown(text).textContent).toBe(text)
    expect(shown(text).querySelector('strong')?.textContent).toBe('\u202Egnp.exe')
  })

  it.each(['*a* ', '**b**', '`c`', '> \n- \n', '- *a\n', '1. a\n'])(
    'of %j over and over makes no more elements than one of real length',
    (unit) => {
      const bomb = unit.repeat(15_000 / unit.length)
      expect(shown(bomb).querySelectorAll('*').length).toBeLessThanOrEqual(2 * MARKUP_PARTS_MAX)
      expect(shown(bomb).textContent).toBe(bomb)
      expect(shown(unit.repeat(10)).querySelector('em, strong, code, blockquote, li')).not.toBeNull()
    },
  )
})
