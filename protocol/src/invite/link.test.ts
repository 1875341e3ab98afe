import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBase64Url, toBase64Url } from '../bytes/bytes.ts'
import { accountIdOf } from '../bytes/ids.ts'
import { LINK_ENCODED_TIMES_MAX, LINK_MARKS_MAX, LINK_ORIGIN_LENGTH_MAX, LINK_TEXT_LENGTH_MAX } from '../limits.ts'
import { createInviteLink, isExpiredLink, parseInviteLink, relayOfLink } from './link.ts'
import type { Link } from './link.ts'

const b = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const links: fc.Arbitrary<Link> = fc.record({
  origin: fc.constantFrom('https://chat.example.org', 'http://127.0.0.1:8080', 'https://[::1]:9000', ''),
  relay: fc.record({ key: b(32), url: fc.constantFrom('', 'wss://relay.example.org', 'ws://127.0.0.1:8080') }),
  account: b(32).map(accountIdOf),
  token: b(16),
  key: b(32),
  expires: fc.nat(0xffff_ffff),
})

const link: Link = {
  origin: 'https://chat.example.org',
  relay: { key: new Uint8Array(32).fill(1), url: '' },
  account: accountIdOf(new Uint8Array(32).fill(2)),
  token: new Uint8Array(16).fill(3),
  key: new Uint8Array(32).fill(4),
  expires: 1_800_000_000,
}

const text = createInviteLink(link)
const fragment = text.slice(text.indexOf('#'))
const reasonOf = (input: string): string => {
  const parsing = parseInviteLink(input)
  return parsing.kind === 'parsed' ? 'parsed' : parsing.reason
}

/** The same link with its first bytes changed. */
function withBytes(change: (bytes: Uint8Array) => Uint8Array): string {
  const bytes = parseBase64Url(text.slice(text.indexOf('#i/') + 3)) ?? new Uint8Array(0)
  return `#i/${toBase64Url(change(bytes))}`
}

test('a link behind the name of a protocol, as browsers open those, is that link', () => {
  const opened = (behind: string): unknown => parseInviteLink(`https://other.example/#${encodeURIComponent(`web+kith:${behind}`)}`)
  expect(opened(text)).toEqual({ kind: 'parsed', link })
  expect(opened(fragment)).toMatchObject({ kind: 'parsed', link: { token: link.token } })
  expect(opened('javascript:alert(1)')).toEqual({ kind: 'refused', reason: 'malformed' })
})

test('a link gives back what was put in, whole or from # on', () => {
  fc.assert(
    fc.property(links, (value) => {
      const whole = createInviteLink(value)
      expect(parseInviteLink(whole)).toEqual({ kind: 'parsed', link: value })
      expect(parseInviteLink(whole.slice(whole.indexOf('#')))).toEqual({ kind: 'parsed', link: { ...value, origin: '' } })
      expect(parseInviteLink(` ${whole}\n`).kind).toBe('parsed')
    }),
  )
})

test('everything secret stands after #, and a link without a relay of its own is short enough for a small QR code', () => {
  expect(text.slice(0, text.indexOf('#'))).toBe('https://chat.example.org/')
  expect(text.length).toBeLessThanOrEqual(190)
})

const token = fragment.slice(3)
const wrapped = (at: number, end = '\n', prefix = ''): string => (text.match(new RegExp(`.{1,${at}}`, 'g')) ?? []).join(`${end}${prefix}`)
const encodedOnce = encodeURIComponent(text)

describe('a link that went through another app', () => {
  test.each([
    ['opened with a parameter before the mark', text.replace('/#', '/?fbclid=IwAR0abc#')],
    ['opened with several', text.replace('/#', '/?utm_source=x&utm_medium=y&gclid=z#')],
    ['with a parameter behind', `${text}?utm_source=x`],
    ['with parameters behind, joined', `${text}&utm_source=x&fbclid=y`],
    ['with a text fragment behind', `${text}:~:text=Hello`],
    ['with a second mark behind', `${text}#top`],
    ['with the mark encoded, as a path', `https://chat.example.org/%23i/${token}`],
    ['with mark and slash encoded', `https://chat.example.org/%23i%2F${token}`],
    ['with mark and slash encoded in small letters', `https://chat.example.org/%23i%2f${token}`],
    ['encoded twice', `https://chat.example.org/%2523i%252F${token}`],
    ['with the slash encoded', `https://chat.example.org/#i%2F${token}`],
    ['with its signs encoded', text.replaceAll('-', '%2D').replaceAll('_', '%5F')],
    ['inside a redirect', `https://l.example.com/l.php?u=${encodedOnce}&h=AT0x`],
    ['inside a checked link', `https://eur01.safelinks.example.com/?url=${encodedOnce}&data=05%7C01`],
    ['inside a redirect, encoded twice', `https://l.example.com/l.php?u=${encodeURIComponent(encodedOnce)}`],
    ['followed by a full stop', `Open ${text}.`],
    ['followed by a comma', `${text}, when you can`],
    ['followed by an exclamation mark', `${text}!`],
    ['followed by a semicolon', `${text};`],
    ['followed by three dots', `${text}…`],
    ['in brackets', `(${text})`],
    ['in angle brackets', `<${text}>`],
    ['in square brackets', `[${text}]`],
    ['in quotes', `“${text}”`],
    ['in guillemets', `«${text}»`],
    ['in bold', `*${text}*`],
    ['in code', `\`${text}\``],
    ['as a link of Markdown', `[Kith](${text})`],
    ['with signs escaped for Markdown', text.replaceAll('_', '\\_')],
    ['as a link of HTML', `<a href="${text}">open</a>`],
    ['as HTML with the mark encoded', text.replace('#', '&#35;')],
    ['after a Chinese full stop', `打开：${text}。谢谢`],
    ['with a wide mark', text.replace('#', '＃')],
    ['before an emoji', `${text}🙂`],
    ['wrapped at 72', wrapped(72)],
    ['wrapped at 76', wrapped(76)],
    ['wrapped at 78 with carriage returns', wrapped(78, '\r\n')],
    ['wrapped as quoted-printable', wrapped(75, '=\r\n')],
    ['wrapped and quoted', `> ${wrapped(70, '\n', '> ')}`],
    ['wrapped and quoted twice', `>> ${wrapped(70, '\n', '> > ')}`],
    ['wrapped with a bar in front', `| ${wrapped(70, '\n', '| ')}`],
    ['wrapped and indented', `    ${wrapped(60, '\n', '    ')}`],
    ['with a soft hyphen inside', `${text.slice(0, 90)}\u00ad${text.slice(90)}`],
    ['with a zero-width space inside', `${text.slice(0, 60)}\u200b${text.slice(60)}`],
    ['with a zero-width space in the mark’s page', text.replace('chat.', 'chat.\u200b')],
    ['with a byte order mark in front', `\ufeff${text}`],
    ['with marks of direction around', `\u2068${text}\u2069`],
    ['with a no-break space in front', `Here:\u00a0${text}`],
    ['as http', text.replace('https:', 'http:')],
    ['with a path in front', text.replace('/#', '/index.html#')],
    ['with a user in front', text.replace('https://', 'https://user@')],
    ['with a host in capitals', text.replace('https://chat.example.org', 'HTTPS://Chat.Example.ORG')],
    ['the part from # on', fragment],
    ['after another address', `See https://example.org/about and ${text}`],
    ['after a broken one', `${text.slice(0, 80)} … sorry: ${text}`],
    ['twice in one mail', `${text}\n\n${text}`],
    ['in a whole mail', `Dear Ben,\n\nas promised:\n${text}\n\nBest\nAna -- 12 #i am here/ #1`],
  ])('%s is whole', (what, input) => {
    const parsing = parseInviteLink(input)
    expect(parsing).toMatchObject({ kind: 'parsed', link: { token: link.token, key: link.key, account: link.account } })
    const origin = what === 'as http' ? 'http://chat.example.org' : what === 'the part from # on' ? '' : link.origin
    if (parsing.kind === 'parsed') expect(parsing.link.origin).toBe(origin)
  })

  test('with hyphens that a keyboard or a typesetter has changed is whole, whatever its letters', () => {
    fc.assert(
      fc.property(links, fc.constantFrom('\u2010', '\u2011', '\u2212'), (value, hyphen) => {
        const whole = createInviteLink(value)
        const at = whole.indexOf('#i/')
        const changed = whole.slice(0, at) + whole.slice(at).replaceAll('--', '\u2014').replaceAll('-', hyphen)
        expect(parseInviteLink(changed)).toEqual({ kind: 'parsed', link: value })
      }),
    )
  })

  test('and has letters right behind it is as long as it says itself', () => {
    fc.assert(
      fc.property(links, fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/), (value, behind) => {
        expect(parseInviteLink(createInviteLink(value) + behind)).toEqual({ kind: 'parsed', link: value })
      }),
    )
  })
})

test('the address of the page is looked for within a bound, decoded a bounded number of times', () => {
  const originOf = (input: string) => {
    const parsing = parseInviteLink(input)
    return parsing.kind === 'parsed' ? parsing.link.origin : undefined
  }
  const page = `${link.origin}/`
  const filled = (length: number) => `${page}${'a'.repeat(length - page.length)}${fragment}`
  expect(originOf(filled(LINK_ORIGIN_LENGTH_MAX))).toBe(link.origin)
  expect(originOf(filled(LINK_ORIGIN_LENGTH_MAX + 1))).toBe('')
  const encoded = (times: number) => Array.from({ length: times }).reduce<string>((before) => encodeURIComponent(before), page) + fragment
  expect(originOf(encoded(LINK_ENCODED_TIMES_MAX))).toBe(link.origin)
  expect(originOf(encoded(LINK_ENCODED_TIMES_MAX + 1))).toBe('')
})

describe('a link that is not one', () => {
  test.each([
    ['without the mark', 'https://chat.example.org/'],
    ['of nothing', '#i/'],
    ['cut', text.slice(0, -4)],
    ['cut, with words behind', `${text.slice(0, -4)} and so on`],
    ['with letters of no alphabet', `${text.slice(0, -1)}!`],
    ['with a gap', `${text.slice(0, 100)} ${text.slice(100)}`],
    ['further down than anybody reads', `${' '.repeat(LINK_TEXT_LENGTH_MAX)}${text}`],
    ['after too many that are none', `${'#i/AQ '.repeat(LINK_MARKS_MAX)}${text}`],
  ])('%s is refused', (_, input) => {
    expect(reasonOf(text)).toBe('parsed')
    expect(reasonOf(input)).toBe('malformed')
  })

  test('leads to no page by anything but http', () => {
    for (const before of ['javascript:alert(1)//', 'ftp://chat.example.org/', 'data:text/html,'])
      expect(parseInviteLink(`${before}${fragment}`)).toEqual({ kind: 'parsed', link: { ...link, origin: '' } })
  })

  test('of a later version says so, of an earlier one does not exist', () => {
    expect(reasonOf(withBytes((bytes) => bytes))).toBe('parsed')
    expect(reasonOf(withBytes((bytes) => Uint8Array.of(2, ...bytes.slice(1))))).toBe('version')
    expect(reasonOf(withBytes(() => Uint8Array.of(9)))).toBe('version')
    expect(reasonOf(withBytes((bytes) => Uint8Array.of(0, ...bytes.slice(1))))).toBe('malformed')
  })

  test('with something else than a relay’s address is refused', () => {
    expect(reasonOf(createInviteLink({ ...link, relay: { ...link.relay, url: 'wss://a.example' } }))).toBe('parsed')
    for (const url of ['https://a.example', 'wss://A.example', 'wss://a.example/x', 'javascript:x']) {
      expect(reasonOf(createInviteLink({ ...link, relay: { ...link.relay, url } })), url).toBe('malformed')
    }
  })

  test('arbitrary text never throws', () => {
    fc.assert(fc.property(fc.string(), (input) => ['malformed', 'version', 'parsed'].includes(reasonOf(`#i/${input}`))))
  })
})

test('an empty relay address stands for the origin of the link, or of the page that reads it', () => {
  const { key } = link.relay
  expect(relayOfLink(link, 'https://other.example')).toEqual({ key, url: 'wss://chat.example.org' })
  expect(relayOfLink({ ...link, origin: '' }, 'http://127.0.0.1:8080')).toEqual({ key, url: 'ws://127.0.0.1:8080' })
  const own = { key, url: 'wss://relay.example.org' }
  expect(relayOfLink({ ...link, relay: own }, 'https://other.example')).toEqual(own)
})

test('a link expires at its second', () => {
  expect(isExpiredLink(link, link.expires * 1_000 - 1)).toBe(false)
  expect(isExpiredLink(link, link.expires * 1_000)).toBe(true)
})
