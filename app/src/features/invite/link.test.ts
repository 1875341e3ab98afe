import { describe, expect, it } from 'vitest'
import { PASTED_LENGTH_MAX } from '../limits.ts'
import { hasInviteLink } from './link.ts'

const LINK = 'https://chat.example.org/#i/AQx7-Qm_k9'

describe('a text with an invite link', () => {
  it('has it alone, encoded, wrapped or in a message', () => {
    const encoded = encodeURIComponent(LINK)
    for (const text of [LINK, '#i/AQ', `Hi: ${LINK}. See you`, encoded, encodeURIComponent(encoded), LINK.replace('#', '%23'), '#i/\r\nAQ'])
      expect(hasInviteLink(text), text).toBe(true)
  })

  it('has it behind the name of a protocol, as the browser opens those', () => {
    for (const link of [`web+kith:${LINK}`, 'web+kith:#i/AQx7-Qm_k9'])
      expect(hasInviteLink(`https://chat.example.org/#${encodeURIComponent(link)}`)).toBe(true)
    expect(hasInviteLink(`https://chat.example.org/#${encodeURIComponent('web+kith:hello')}`)).toBe(false)
  })

  it('is none without one', () => {
    for (const text of ['', 'hello', 'https://chat.example.org/', 'https://chat.example.org/#i/', 'javascript:#j/AQ', '#in/AQ'])
      expect(hasInviteLink(text), text).toBe(false)
  })

  it('is looked at up to a bound', () => {
    expect(hasInviteLink(`${' '.repeat(PASTED_LENGTH_MAX - LINK.length)}${LINK}`)).toBe(true)
    expect(hasInviteLink(`${' '.repeat(PASTED_LENGTH_MAX)}${LINK}`)).toBe(false)
  })
})
