import { expect, it } from 'vitest'
import { ANA } from '../testing/index.ts'
import { NO_FILTERS, isNarrowed, toSpan } from './filters.ts'

const NOW = new Date(2026, 2, 10, 15, 30).getTime()
const at = (month: number, day: number): number => new Date(2026, month, day).getTime()

it.each([
  ['any', {}],
  ['today', { since: at(2, 10) }],
  ['week', { since: at(2, 4) }],
  ['month', { since: new Date(2026, 2, 10 - 29).getTime() }],
  ['year', { since: new Date(2026, 2, 10 - 364).getTime() }],
] as const)('%s ends now and begins at midnight', (days, span) => {
  expect(toSpan({ ...NO_FILTERS, days }, NOW)).toEqual(span)
})

it('chosen days are both included, and either may be left open', () => {
  const own = { ...NO_FILTERS, days: 'own' } as const
  expect(toSpan({ ...own, from: '2026-02-01', to: '2026-02-28' }, NOW)).toEqual({ since: at(1, 1), until: at(2, 1) })
  expect(toSpan({ ...own, to: '2026-02-28' }, NOW)).toEqual({ since: undefined, until: at(2, 1) })
  expect(toSpan({ ...own, from: 'no day' }, NOW)).toEqual({ since: undefined, until: undefined })
})

it('is narrowed by what the engine is told, and not by a choice that says nothing yet', () => {
  expect(isNarrowed(NO_FILTERS, NOW)).toBe(false)
  expect(isNarrowed({ ...NO_FILTERS, days: 'own' }, NOW)).toBe(false)
  expect(isNarrowed({ ...NO_FILTERS, days: 'own', from: '2026-02-01' }, NOW)).toBe(true)
  expect(isNarrowed({ ...NO_FILTERS, kind: 'link' }, NOW)).toBe(true)
  expect(isNarrowed({ ...NO_FILTERS, account: ANA }, NOW)).toBe(true)
})
