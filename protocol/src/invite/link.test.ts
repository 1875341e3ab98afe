import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBase64Url, toBase64Url } from '../bytes/bytes.ts'
import { accountIdOf } from '../bytes/ids.ts'
import { LINK_TEXT_LENGTH_MAX } from '../limits.ts'
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

describe('a link that is not one', () => {
  test.each([
    ['without the mark', 'https://chat.example.org/'],
    ['of nothing', '#i/'],
    ['cut', text.slice(0, -4)],
    ['with something behind it', `${text}AAAA`],
    ['with letters of no alphabet', `${text.slice(0, -1)}!`],
    ['with a script in front', `javascript:alert(1)//${fragment}`],
    ['with a path in front', `https://chat.example.org/path/${fragment}`],
    ['with a user in front', `https://user@chat.example.org/${fragment}`],
    ['with another scheme', `ftp://chat.example.org/${fragment}`],
    ['longer than any link', `${text}${'A'.repeat(LINK_TEXT_LENGTH_MAX)}`],
  ])('%s is refused', (_, input) => {
    expect(reasonOf(text)).toBe('parsed')
    expect(reasonOf(input)).toBe('malformed')
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
