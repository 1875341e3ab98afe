// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ConversationSummary } from '@kith/protocol'
import { detailsWords } from '../details-words.ts'
import { appView, CHAT, createFakeEngine, render, summary } from '../testing/index.ts'
import NotifyRow from './NotifyRow.vue'
import { muteUntil } from './mutes.ts'

const NOW = new Date(2026, 6, 4, 22, 30).getTime()
beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

const row = (changes: Partial<ConversationSummary>) => {
  const engine = createFakeEngine()
  const { place } = render(NotifyRow, { conversation: summary(changes) }, engine)
  engine.showApp(appView({ name: 'Ben' }))
  const select = place.querySelector('select')
  if (select === null) throw new Error('no list')
  const choose = (value: string) => {
    select.value = value
    select.dispatchEvent(new Event('change'))
    return engine.of('setChatFlags').at(-1)
  }
  return { select, place, choose, offered: [...select.options].map(({ value }) => value) }
}

it('offers each rule that the chat can have, and mutes for a time', () => {
  expect(row({}).offered).toEqual(['settings', 'always', 'never', 'hour', 'eight', 'tomorrow'])
  expect(row({ kind: 'group', role: 'member' }).offered).toContain('mentions')
})

it('says which it is', () => {
  expect(row({}).select.value).toBe('settings')
  expect(row({ notifies: 'always' }).select.value).toBe('always')
  expect(row({ isMuted: true, notifies: 'always' }).select.value).toBe('never')
  const muted = row({ isMuted: true, mutedUntil: NOW + 3_600_000 })
  expect(muted.select.value).toBe('until')
  expect(muted.select.selectedOptions[0]?.textContent).toMatch(/^Muted until (?:23|11):30/)
})

it('asks the engine for what was chosen', () => {
  const { choose } = row({ kind: 'group', role: 'member' })
  for (const [value, flags] of [
    ['always', { isMuted: false, notifies: 'always' }],
    ['mentions', { isMuted: false, notifies: 'mentions' }],
    ['settings', { isMuted: false, notifies: undefined }],
    ['never', { isMuted: true, mutedUntil: undefined }],
    ['hour', { isMuted: true, mutedUntil: NOW + 3_600_000 }],
    ['tomorrow', { isMuted: true, mutedUntil: new Date(2026, 6, 5, 8).getTime() }],
  ] as const)
    expect(choose(value), value).toEqual({ conversation: CHAT, ...flags })
})

it('tells what a mention is', async () => {
  const { place } = row({ kind: 'group', role: 'member', notifies: 'mentions' })
  await vi.advanceTimersByTimeAsync(0)
  expect(place.textContent?.replaceAll(/[\u2068\u2069]/g, '')).toContain('When someone writes @Ben or answers you')
  expect(row({ kind: 'group', role: 'member' }).place.textContent).not.toContain(detailsWords.notes.answers)
})

it('the morning is that of the next day, also after midnight and at the end of a month', () => {
  expect(muteUntil('tomorrow', new Date(2026, 0, 31, 0, 5).getTime())).toBe(new Date(2026, 1, 1, 8).getTime())
  expect(muteUntil('eight', NOW)).toBe(NOW + 8 * 3_600_000)
})
