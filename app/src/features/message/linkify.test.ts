import { describe, expect, it } from 'vitest'
import { HOST_LENGTH_MAX, LINK_LENGTH_MAX, LINKS_PER_MESSAGE_MAX } from '../limits.ts'
import type { AccountId } from '@kith/protocol'
import { ANA } from '../testing/index.ts'
import { toDoubtfulHosts, toPieces } from './linkify.ts'

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

  it('are shown as they were written, with the real name of a doubtful host beside them', () => {
    const text = 'https://p\u0430ypal.example:8080/login'
    expect(toPieces(text)).toEqual([
      { kind: 'link', text, href: 'https://xn--pypal-4ve.example:8080/login', realHost: 'xn--pypal-4ve.example' },
    ])
    expect(toPieces('https://paypal.example')).toEqual([{ kind: 'link', text: 'https://paypal.example', href: 'https://paypal.example/' }])
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
      expect(toPieces(`https://${host}/a`)).toEqual([{ kind: 'link', text: `https://${host}/a`, href: new URL(`https://${host}/a`).href }])
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
    expect(links("'https://example.org/x', https://example.org/Rubik's_Cube")).toEqual([
      'https://example.org/x',
      "https://example.org/Rubik's_Cube",
    ])
  })

  it.each([
    ['Chinese', '见 https://penguin.ooo，然后继续', 'https://penguin.ooo'],
    ['Chinese, without a space', '看https://penguin.ooo然后继续', 'https://penguin.ooo'],
    ['Chinese, with a path', '见https://penguin.ooo/a。然后', 'https://penguin.ooo/a'],
    ['Chinese brackets', '（https://penguin.ooo/a）', 'https://penguin.ooo/a'],
    ['Japanese brackets', '「https://penguin.ooo/a」です', 'https://penguin.ooo/a'],
    ['a Chinese dash', 'https://penguin.ooo/a——然后', 'https://penguin.ooo/a'],
    ['Hindi', 'देखें https://example.com।', 'https://example.com'],
    ['curly quotes', '“https://example.com/q”', 'https://example.com/q'],
    ['guillemets', '«https://example.com/q»', 'https://example.com/q'],
    ['Arabic', 'انظر https://example.com/a، ثم', 'https://example.com/a'],
    ['an Arabic question', 'هل رأيت https://example.com/a؟', 'https://example.com/a'],
    ['Urdu', 'https://example.com/a۔', 'https://example.com/a'],
    ['Thai', 'https://example.com/a๛', 'https://example.com/a'],
    ['Khmer', 'https://example.com/a។', 'https://example.com/a'],
    ['Khmer, with an invisible space', 'https://example.com/a\u200Bភាសា', 'https://example.com/a'],
    ['Ethiopic', 'https://example.com/a።', 'https://example.com/a'],
    ['an Ethiopic space', 'https://example.com/a፡ሰላም', 'https://example.com/a'],
    ['Armenian', 'https://example.com/a։', 'https://example.com/a'],
    ['an ellipsis', 'https://example.com/a…', 'https://example.com/a'],
    ['emoji', 'https://example.com/a🔥🔥', 'https://example.com/a'],
  ])('end where readers see their end: %s', (_, text, address) => {
    const pieces = toPieces(text)
    expect(pieces.filter(({ kind }) => kind === 'link')).toEqual([{ kind: 'link', text: address, href: new URL(address).href }])
    expect(whole(text)).toBe(text)
  })

  it('go on through letters of every script, and what joins them', () => {
    for (const address of [
      'https://zh.wikipedia.org/wiki/中国',
      'https://ca.example/Col·lecció',
      'https://fa.example/می\u200Cخواهم',
      'https://हिन्दी.example/हिन्दी',
    ])
      expect(toPieces(`${address} x`)[0]).toEqual({ kind: 'link', text: address, href: new URL(address).href })
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

describe('a host that may look like another one', () => {
  it.each([
    ['a Cyrillic letter among Latin ones', 'p\u0430ypal.example'],
    ['Cyrillic letters only', '\u0430\u0440\u0440\u04CF\u0435.example'],
    ['a Greek letter among Latin ones', 'go\u03BFgle.example'],
    ['Armenian letters only', '\u0585\u0578\u057D\u0585.example'],
    ['a Latin letter that passes for another', '\u0261oogle.com'],
    ['a letter without its dot', 'paypa\u0131.com'],
    ['a Latin alpha', 'p\u0251ypal.com'],
    ['a dot below and nothing else', 'p\u1EA1ypal.com'],
    ['a combining dot below', 'pa\u0323ypal.com'],
    ['a written percent', 'host%2eevil.com'],
    ['a number in another notation', '0x7f.1'],
    ['one large number', '2130706433'],
    ['digits of another script', 'g\u0A66\u0A66gle.com'],
    ['digits of two scripts', '1\u0968.example'],
    ['wide letters', '\uFF47oogle.com'],
    ['a Japanese letter that passes for a slash', 'google.com\u30CEevil.example'],
    ['Cherokee', '\u13A2\u13A3.example'],
  ])('is marked: %s', (_, host) => {
    const text = `https://${host}/a`
    const [piece] = toPieces(text)
    expect(piece).toEqual({ kind: 'link', text, href: new URL(text).href, realHost: new URL(text).hostname })
  })

  it.each([
    'google.com',
    'EXAMPLE.org',
    'a-b.example',
    '127.0.0.1',
    '[::1]',
    'localhost:3000',
    'việtnam.example',
    'şişe.example',
    'łódź.example',
    'straße.example',
    'example.com.',
  ])('is not every host: %s', (host) => {
    const [piece] = toPieces(`https://${host}/a`)
    expect(piece).toMatchObject({ kind: 'link', text: `https://${host}/a` })
    expect(piece).not.toHaveProperty('realHost')
  })

  it('never borrows a name: dots and slashes of other scripts end the address before them', () => {
    for (const sign of ['\u3002', '\uFF0E', '\u2024', '\u0701', '\u2044', '\u2215', '\uFF0F', '\\'])
      expect(links(`https://bank.example${sign}login.evil.example`)).toEqual(['https://bank.example/'])
    expect(links('https://google.com@evil.com')).toEqual([])
    expect(links('https://google.com%2f@evil.com')).toEqual([])
  })
})

it('lets no address go into a mention, nor begin in one, since its words are one’s own name for somebody', () => {
  const mentionOf = (text: string, words: string) => {
    const start = text.indexOf(words)
    return { start, end: start + words.length, account: 'a'.repeat(64) as AccountId, mine: false }
  }
  const before = 'https://evil.example/?u=@Granny'
  expect(toPieces(before, [mentionOf(before, '@Granny')])).toMatchObject([
    { kind: 'link', href: 'https://evil.example/?u=' },
    { kind: 'mention', text: '@Granny' },
  ])
  const within = 'ask @https://evil.example/ now'
  const pieces = toPieces(within, [mentionOf(within, '@https://evil.example/')])
  expect(pieces.map(({ kind }) => kind)).toEqual(['text', 'mention', 'text'])
})

it('the name of a doubtful host is no longer than a name may be, and holds nothing of a mention behind its address', () => {
  const long = toDoubtfulHosts(toPieces(`https://\u0430${'b'.repeat(60)}.${`${'c'.repeat(60)}.`.repeat(20)}example`))
  expect(long.map((host) => host.length).filter((length) => length > HOST_LENGTH_MAX + 1)).toEqual([])
  expect(long[0]?.endsWith('.example')).toBe(true)
  const text = 'https://\u0430pple.example@Mum'
  const mention = { start: 21, end: 25, account: ANA, mine: false }
  expect(text.slice(mention.start, mention.end)).toBe('@Mum')
  expect(toDoubtfulHosts(toPieces(text, [mention])).join()).not.toMatch(/mum/i)
})
