// What a living message says now, and who made it say so; also with all that some people have done to it left out, as if they had never been there.

import { ITEMS_SHOWN_MAX, LIVING_LINE_LENGTH_MAX, NOTE_SHOWN_LENGTH_MAX, OPTIONS_MAX } from './living-limits.ts'
import { hexOf, lettersIn, noteIn } from './living.ts'
import { cleanText } from '../conversation/text.ts'
import type * as Y from 'yjs'
import type { AccountId } from '../bytes/ids.ts'
import type { LivingDocument, Written } from './living.ts'

export type PollNow = {
  /** For each option, who has chosen it. */
  readonly votes: readonly ReadonlySet<AccountId>[]
  readonly closed: Written | undefined
}
/** `by`: who ticked it. */
export type ItemNow = { readonly id: string; readonly text: string; readonly isDone: boolean; readonly by: AccountId | undefined }

/** Whether a vote counts: after the closing only what whoever closed the poll had seen. */
export function counterOf(closed: Written | undefined): (vote: Written) => boolean {
  if (closed === undefined) return () => true
  const counted = new Map(
    String(closed.value)
      .split(',')
      .map((one) => one.split(':') as [string, string | undefined]),
  )
  return ({ client, clock }) => clock <= Number.parseInt(counted.get(hexOf(client)) ?? '0', 36)
}

/** What {@link counterOf} reads: how far each device's values had come. */
export const countedIn = (clocks: Iterable<readonly [client: number, clock: number]>): string =>
  [...clocks].map(([client, clock]) => `${hexOf(client)}:${clock.toString(36)}`).join(',')

export function pollNow({ form, written }: LivingDocument, without: ReadonlySet<AccountId>): PollNow {
  const { options, isMultiple } = form.kind === 'poll' ? form : { options: [], isMultiple: false }
  const shown = written.filter(({ account }) => !without.has(account))
  const closed = shown.find(({ root }) => root === 'closed')
  const counts = counterOf(closed)
  const last = new Map<AccountId, readonly number[]>()
  for (const vote of shown) if (vote.root === 'votes' && counts(vote)) last.set(vote.account, chosenIn(vote.value, isMultiple))
  return {
    votes: options.map((_, at) => new Set([...last].flatMap(([account, chosen]) => (chosen.includes(at) ? [account] : [])))),
    closed,
  }
}

/** The options that a vote names. */
export function chosenIn(value: unknown, isMultiple: boolean): readonly number[] {
  const all = typeof value === 'string' && value !== '' ? value.split(',', OPTIONS_MAX).map(Number) : []
  return isMultiple ? all : all.slice(0, 1)
}

/** The items of a checklist in the order in which they were added. Of what was said about one of them the last word in order counts. */
export function itemsNow({ form, written, author }: LivingDocument, without: ReadonlySet<AccountId>): readonly ItemNow[] {
  const first = form.kind === 'checklist' && !without.has(author) ? form.items : []
  type Item = { id: string; text: string; isDone: boolean; isGone: boolean; by: AccountId | undefined }
  const fresh = (id: string, text: string): [string, Item] => [id, { id, text, isDone: false, isGone: false, by: undefined }]
  const items = new Map(first.map((text, at) => fresh(`f${at}`, text)))
  for (const { account, client, root, name, value } of written) {
    if (without.has(account)) continue
    const known = items.get(name)
    if (root === 'text') {
      const text = typeof value === 'string' ? cleanText(value).slice(0, LIVING_LINE_LENGTH_MAX) : ''
      if (text === '') continue
      if (known !== undefined) known.text = text
      // A new one is named by whoever adds it: nobody puts an item in somebody else's name.
      else if (name.startsWith(`${hexOf(client)}-`)) items.set(...fresh(name, text))
    }
    if (known === undefined) continue
    if (root === 'done') [known.isDone, known.by] = [value === true, value === true ? account : undefined]
    if (root === 'gone') known.isGone = value === true
  }
  return [...items.values()].filter(({ isGone }) => !isGone).slice(0, ITEMS_SHOWN_MAX)
}

/** A note, letter by letter: one is there unless somebody took it out who is not left out. */
export function noteNow(living: LivingDocument, without: ReadonlySet<AccountId>): string {
  const gone = rangesOf(living.deleted.filter(({ account }) => !without.has(account)))
  let text = ''
  for (let item = noteIn(living)._start; item !== null && text.length < NOTE_SHOWN_LENGTH_MAX; item = item.right) {
    const account = living.accounts.get(item.id.client)
    if (account === undefined || without.has(account)) continue
    text += lettersLeft(item, gone.get(item.id.client) ?? [])
  }
  return text
}

type Range = { readonly from: number; to: number }

function rangesOf(deleted: LivingDocument['deleted']): ReadonlyMap<number, readonly Range[]> {
  const all = new Map<number, Range[]>()
  for (const { client, clock, length } of deleted.toSorted((a, b) => a.clock - b.clock)) {
    const own = all.get(client) ?? []
    all.set(client, own)
    const last = own.at(-1)
    if (last !== undefined && clock <= last.to) last.to = Math.max(last.to, clock + length)
    else own.push({ from: clock, to: clock + length })
  }
  return all
}

function lettersLeft(item: Y.Item, gone: readonly Range[]): string {
  const letters = lettersIn(item)
  const { id } = item
  let left = ''
  let at = 0
  for (const { from, to } of gone.slice(firstAfter(gone, id.clock))) {
    if (from >= id.clock + letters.length) break
    left += letters.slice(at, Math.max(at, from - id.clock))
    at = Math.max(at, to - id.clock)
  }
  return left + letters.slice(at)
}

/** The first range that ends after a clock. */
function firstAfter(ranges: readonly Range[], clock: number): number {
  let low = 0
  for (let high = ranges.length; low < high;) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.to ?? 0) > clock) high = middle
    else low = middle + 1
  }
  return low
}
