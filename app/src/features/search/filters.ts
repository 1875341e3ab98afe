// What a search is narrowed down to, as it is chosen, and as the engine takes it.

import type { AccountId, SearchKind, SearchQuery } from '@kith/protocol'

export type Days = 'any' | 'today' | 'week' | 'month' | 'year' | 'own'

/** `from`, `to`: days as a date field says them, or empty; both included. */
export type Filters = {
  readonly account: AccountId | undefined
  readonly kind: SearchKind | undefined
  readonly days: Days
  readonly from: string
  readonly to: string
}

export const NO_FILTERS: Filters = { account: undefined, kind: undefined, days: 'any', from: '', to: '' }

const PAST: Readonly<Partial<Record<Days, number>>> = { today: 0, week: 6, month: 29, year: 364 }

/** Midnight of a day, ms, in the reader's own zone. */
const startOf = (year: number, month: number, day: number): number => new Date(year, month, day).getTime()
const dayStart = (value: string, after: number): number | undefined => {
  const [year, month, day] = value.split('-').map(Number)
  if (year === undefined || month === undefined || day === undefined) return undefined
  const start = startOf(year, month - 1, day + after)
  return Number.isNaN(start) || start < 0 ? undefined : start
}

export const toSpan = ({ days, from, to }: Filters, now: number): Pick<SearchQuery, 'since' | 'until'> => {
  if (days === 'own') return { since: dayStart(from, 0), until: dayStart(to, 1) }
  const back = PAST[days]
  if (back === undefined) return {}
  const today = new Date(now)
  return { since: startOf(today.getFullYear(), today.getMonth(), today.getDate() - back) }
}

export const isNarrowed = (filters: Filters, now: number): boolean => {
  const { since, until } = toSpan(filters, now)
  return filters.account !== undefined || filters.kind !== undefined || since !== undefined || until !== undefined
}
