import { describe, expect, it } from 'vitest'
import { LINK_LENGTH_MAX, LINKS_PER_MESSAGE_MAX } from '../limits.ts'
import { toPieces } from './linkify.ts'

const links = (text: string): readonly string[] => toPieces(text).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []))
const whole = (text: string): string =>
  toPieces(text)
    .map((piece) => piece.text)
    .join('')

describe('addresses in a text', () => {
  it('become links when they are http or https', () => {
    expect(toPieces('see https://example.org/a?b=1#c now')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://example.org/a?b=1#c', href: 'https://example.org/a?b=1#c' },
      { kind: 'text', text: ' now' },
    ])
    expect(links('HTTP://EXAMPLE.ORG')).toEqual(['http://example.org/'])
  })

  it('of any other kind stay text', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://example.org/1',
      'example.org',
    ]) {
      expect(links(text).filter((href) => !href.startsWith('https://example.org/'))).toEqual([])
      expect(whole(text)).toBe(text)
    }
  })

  it('with a name before the host stay text, because that is how an address pretends', () => {
    expect(links('https://example.org/ok')).toHaveLength(1)
    expect(links('https://bank.example@evil.example/ok')).toEqual([])
    expect(links('https://user:word@evil.example/ok')).toEqual([])
  })

  it('that the browser cannot read stay text', () => {
    expect(links('https://')).toEqual([])
    expect(links('https://exa mple')).toEqual(['https://exa/'])
    expect(links('https://[::bad')).toEqual([])
  })

  it('say the real name of a host that may look like another one', () => {
    const shown = (text: string) => toPieces(text).map((piece) => piece.text)
    // The second letter is Cyrillic; then every letter; then Greek among Latin ones; then a slash that is none.
    expect(shown('https://p\u0430ypal.example/login')).toEqual(['https://xn--pypal-4ve.example/login'])
    for (const host of ['\u0430\u0440\u0440\u04CF\u0435.example', 'go\u03BFgle.example', 'bank.example\u2044login.evil.example'])
      expect(shown(`https://${host}:8080/a`)[0]).toMatch(/^https:\/\/(?:[a-z]+\.)?xn--[\w-]+(?:\.[a-z]+)+:8080\/a$/)
  })

  it('stay as typed in every script that is written by itself, or with others as a habit', () => {
    for (const host of [
      'münchen.example',
      'почта.example',
      'ελλάδα.example',
      'مثال.example',
      'דוגמה.example',
      'उदाहरण.example',
      '東京タワー.example',
      '한국.example',
    ])
      expect(toPieces(`https://${host}/a`)).toMatchObject([{ kind: 'link', text: `https://${host}/a` }])
  })

  it('leave the punctuation of the sentence outside', () => {
    expect(links('Look (https://example.org/a_(b)), or https://example.org/c.')).toEqual([
      'https://example.org/a_(b)',
      'https://example.org/c',
    ])
  })

  it('end before quotes, angle brackets and direction characters', () => {
    expect(links('"https://example.org/x" <https://example.org/y> https://example.org/z\u202Egnp')).toEqual([
      'https://example.org/x',
      'https://example.org/y',
      'https://example.org/z',
    ])
  })

  it('never change a letter of the text', () => {
    for (const text of ['', ' ', 'a\n\nb', 'https://a.example https://a.example', '((https://a.example))!']) expect(whole(text)).toBe(text)
  })

  it('are links only up to a bound', () => {
    const text = 'https://a.example '.repeat(LINKS_PER_MESSAGE_MAX + 1)
    expect(links(text)).toHaveLength(LINKS_PER_MESSAGE_MAX)
    expect(whole(text)).toBe(text)
  })

  it('are links only up to a length', () => {
    const start = 'https://a.example/'
    const longest = start.padEnd(LINK_LENGTH_MAX, 'x')
    expect(links(longest)).toEqual([longest])
    expect(links(`${longest}x`)).toEqual([])
  })

  it('are found quickly in a hostile text', () => {
    const before = performance.now()
    toPieces(`${'https://'.repeat(1_800)}${'('.repeat(500)}`)
    toPieces(`https://a.example/${')'.repeat(14_000)}`)
    expect(performance.now() - before).toBeLessThan(500)
  })
})
