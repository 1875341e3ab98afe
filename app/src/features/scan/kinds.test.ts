import { describe, expect, it } from 'vitest'
import { SAFETY_MARK, toScanned } from './kinds.ts'
import { HOST_SHOWN_MAX, SCANNED_LENGTH_MAX } from './limits.ts'

const ORIGIN = 'https://chat.example.org'
const INVITE = `${ORIGIN}/#i/AQx7-Qm_k9`
const LINKING = `Kith-${'AQx7'.repeat(30)}`
const kindOf = (text: string) => toScanned(text, ORIGIN).kind

describe('a scanned text', () => {
  it('is what its mark says', () => {
    expect(kindOf(LINKING)).toBe('linking')
    expect(kindOf(INVITE)).toBe('invite')
    expect(kindOf(`${SAFETY_MARK}1a 12345`)).toBe('safety')
  })

  it('that is longer than a code can be is nothing', () => {
    const longest = LINKING.padEnd(SCANNED_LENGTH_MAX, 'A')
    expect(kindOf(longest)).toBe('linking')
    expect(kindOf(`${longest}A`)).toBe('other')
    expect(kindOf(INVITE.padEnd(SCANNED_LENGTH_MAX + 1, 'A'))).toBe('other')
  })

  it('that is an address which would run is nothing, whatever stands in it', () => {
    for (const text of [
      'javascript:alert(1)',
      `javascript:alert(1)//${INVITE}`,
      `javascript:${LINKING}`,
      `data:text/html,#i/AQ`,
      `web+kith:${INVITE}`,
      `intent://chat.example.org/#i/AQx7`,
    ])
      expect(kindOf(text), text).toBe('other')
  })

  it('is no linking code inside an address or among words: only the code itself begins a linking', () => {
    for (const text of [`${ORIGIN}/#${LINKING}`, `${ORIGIN}/${LINKING}`, `My code: ${LINKING}`, `${LINKING}\nhttps://evil.example.org`])
      expect(kindOf(text), text).toBe('other')
  })

  it('is no invite without its mark, and an address is nothing by itself', () => {
    for (const text of [ORIGIN, `${ORIGIN}/chat`, `${ORIGIN}/#i/`, `${ORIGIN}/?x=#j/AQ`, `hello ${INVITE}`, 'https://', '', '#i/AQx7'])
      expect(kindOf(text), text).toBe('other')
  })

  it('that is an invite for another origin is told apart, with the end of its host', () => {
    const elsewhere = (text: string) => {
      const scanned = toScanned(text, ORIGIN)
      return scanned.kind === 'elsewhere' ? scanned.host : scanned.kind
    }
    expect(elsewhere(INVITE)).toBe('invite')
    expect(elsewhere('https://other.example.org:8443/#i/AQx7')).toBe('other.example.org:8443')
    // Neither a port, nor a scheme, nor a name before the host makes it ours; nor letters that only look like it.
    for (const [text, host] of [
      ['https://chat.example.org:444/#i/AQx7', 'chat.example.org:444'],
      ['http://chat.example.org/#i/AQx7', 'chat.example.org'],
      ['https://chat.example.org@other.example.org/#i/AQx7', 'other.example.org'],
      ['https://chаt.example.org/#i/AQx7', 'xn--cht-7cd.example.org'],
    ] as const)
      expect(elsewhere(text), text).toBe(host)
    const long = `https://chat.example.org.${'a'.repeat(50)}.${'b'.repeat(50)}.example.org/#i/AQx7`
    expect(elsewhere(long)).toHaveLength(HOST_SHOWN_MAX + 1)
    expect(elsewhere(long)).toMatch(/^….*bbb\.example\.org$/)
  })
})
