import { describe, expect, it } from 'vitest'
import { PASTED_LENGTH_MAX } from '../limits.ts'
import { findInviteLink, isInviteHash } from './link.ts'

const LINK = 'https://chat.example.org/#i/AQx7-Qm_k9'

describe('finding a link in what was pasted', () => {
  it('takes it alone, with white space, or out of a message', () => {
    for (const text of [LINK, ` ${LINK}\n`, `Hi, open this: ${LINK}. See you`, `“${LINK}”`]) expect(findInviteLink(text)).toBe(LINK)
  })

  it('takes the part after the page’s address alone', () => {
    expect(findInviteLink('#i/AQx7')).toBe('#i/AQx7')
  })

  it('finds nothing where there is none', () => {
    for (const text of ['', 'hello', 'https://chat.example.org/', 'https://chat.example.org/#i/', 'javascript:#j/AQ'])
      expect(findInviteLink(text)).toBeUndefined()
  })

  it('looks at a bounded part of what was pasted', () => {
    expect(findInviteLink(`${' '.repeat(PASTED_LENGTH_MAX - LINK.length)}${LINK}`)).toBe(LINK)
    expect(findInviteLink(`${' '.repeat(PASTED_LENGTH_MAX)}${LINK}`)).toBeUndefined()
  })

  it('knows an invite in the address bar', () => {
    expect(isInviteHash('#i/AQ')).toBe(true)
    expect(isInviteHash('#composer')).toBe(false)
  })
})
