// Who changed what in a living message.

import { LIVING_EVENTS_SHOWN_MAX, OPTIONS_MAX } from './living-limits.ts'
import { chosenIn, counterOf, pollNow } from './living-view.ts'
import { previewOf } from '../conversation/text.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { LivingDocument, Written } from './living.ts'

export type EventNow = {
  readonly account: AccountId
  readonly time: number
  readonly what: 'voted' | 'closed' | 'added' | 'renamed' | 'ticked' | 'unticked' | 'removed' | 'wrote'
  readonly text: string
  readonly isCounted: boolean
}

/** Whoever has changed it, those who are left out too; whoever did most first. */
export function authorsOf({ changes }: LivingDocument): readonly { readonly account: AccountId; readonly changes: number }[] {
  const counts = new Map<AccountId, number>()
  for (const { account } of changes) counts.set(account, (counts.get(account) ?? 0) + 1)
  return [...counts].map(([account, count]) => ({ account, changes: count })).toSorted((a, b) => b.changes - a.changes)
}

/** The newest first. */
export function eventsOf(living: LivingDocument, without: ReadonlySet<AccountId>): readonly EventNow[] {
  return writtenIn(living, without)
    .filter(({ account }) => !without.has(account))
    .slice(-LIVING_EVENTS_SHOWN_MAX)
    .toReversed()
}

function writtenIn(living: LivingDocument, without: ReadonlySet<AccountId>): readonly EventNow[] {
  const counts = counterOf(pollNow(living, without).closed)
  const { form } = living
  const items = new Map<string, string>((form.kind === 'checklist' ? form.items : []).map((text, at) => [`f${at}`, text] as const))
  return living.written.map((one) => {
    const { account, time, root, name, value } = one
    const known = items.get(name)
    if (root === 'text' && typeof value === 'string') items.set(name, value)
    const text = root === 'votes' ? optionsIn(living, value) : previewOf(root === 'text' || root === 'note' ? String(value) : (known ?? ''))
    return { account, time, what: whatOf(one, known !== undefined), text, isCounted: root !== 'votes' || counts(one) }
  })
}

function optionsIn({ form }: LivingDocument, value: unknown): string {
  if (form.kind !== 'poll') return ''
  return chosenIn(value, form.isMultiple)
    .slice(0, OPTIONS_MAX)
    .flatMap((at) => form.options[at] ?? [])
    .join(', ')
}

function whatOf({ root, value }: Written, isKnown: boolean): EventNow['what'] {
  switch (root) {
    case 'votes':
      return 'voted'
    case 'closed':
      return 'closed'
    case 'done':
      return value === true ? 'ticked' : 'unticked'
    case 'gone':
      return 'removed'
    case 'note':
      return 'wrote'
    default:
      return isKnown ? 'renamed' : 'added'
  }
}
