import { describe, expect, test } from 'vitest'
import { headersOf } from './headers.ts'

const OPTIONS = { connect: ['wss://other.example'], isSecure: false }
const policyFor = (host: string | undefined): string => headersOf(OPTIONS, host)['content-security-policy'] ?? ''

describe('the headers', () => {
  test.each(['chat.example.org', 'chat.example.org:8443', '127.0.0.1:8080', '[::1]:8080'])(
    'let the page talk to its own host %s',
    (host) => {
      expect(policyFor(host)).toContain(`connect-src 'self' ws://${host} wss://${host} wss://other.example;`)
    },
  )
  test.each(["a.example; script-src 'unsafe-inline'", 'a.example,b', 'a b', '', undefined, 'a.example:99999999', '*', 'a/b'])(
    'leave out the odd host %s',
    (host) => {
      expect(policyFor(host)).toContain("connect-src 'self' wss://other.example;")
    },
  )
  test('allow no inline code, no foreign code and no framing', () => {
    const policy = policyFor('a.example')
    expect(policy).not.toMatch(/unsafe/)
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types kith vue")
  })
  test('ask browsers to stay with HTTPS only where the page is reached over it', () => {
    expect(headersOf(OPTIONS, 'a')['strict-transport-security']).toBeUndefined()
    expect(headersOf({ ...OPTIONS, isSecure: true }, 'a')['strict-transport-security']).toContain('max-age')
  })
})
