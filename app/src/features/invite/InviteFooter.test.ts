// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { render } from '../testing/index.ts'
import { inviteWords } from '../link-words.ts'
import { words } from '../words.ts'
import InviteFooter from './InviteFooter.vue'

const NOW = new Date(2026, 5, 5, 12).getTime()
const EXPIRES = new Date(2026, 5, 19, 12).getTime()
const footer = (state: string, hasText = true): { text: string | undefined; tick: string | null | undefined } => {
  const { place } = render(InviteFooter, { state, expires: EXPIRES, hasText, now: NOW })
  return { text: place.textContent?.trim(), tick: place.querySelector('.tk')?.getAttribute('aria-label') }
}

describe('the truth below an invite', () => {
  it('asks to keep Kith open while the packet is only here', () => {
    expect(footer('saved')).toEqual({ text: inviteWords.saved, tick: words.state.saved })
  })

  it('lets go once the relay has it', () => {
    expect(footer('waiting')).toEqual({ text: inviteWords.waiting, tick: words.state.relay })
  })

  it('speaks of no message where none was written', () => {
    expect(footer('waiting', false).text).toBe(inviteWords.waitingEmpty)
  })

  it('says that it was used, ended, or taken back', () => {
    expect(footer('used').text).toBe(inviteWords.used)
    expect(footer('expired').text).toMatch(/\b(?:19 June|June 19)\b/) // As the reader’s own country has it.
    expect(footer('revoked').text).toBe(inviteWords.revoked)
  })
})
