// What a source may make this device compute before it is known whether the source is right: a device list and a session's first message
// cost tens of milliseconds, and a few hundred bytes.

import { COSTLY_PER_MINUTE_MAX } from '../limits.ts'
import { withItem, withNet } from './change.ts'
import { hasPassed } from './state.ts'
import type { Draft } from './draft.ts'
import type { Source } from './input.ts'

const MINUTE_MS = 60_000

/** Counts one more costly check of something that `source` brought; false when it has had its share of this minute. */
export function mayCost(draft: Draft, source: Source): boolean {
  const { net } = draft.state
  const key = source.kind === 'link' ? source.device : source.mailbox
  const before = net.efforts.get(key)
  const isFresh = before === undefined || hasPassed({ since: before.since, ms: MINUTE_MS }, draft.env.now)
  const effort = isFresh ? { since: draft.env.now, checks: 1 } : { ...before, checks: before.checks + 1 }
  if (effort.checks > COSTLY_PER_MINUTE_MAX) return false
  draft.state = withNet(draft.state, { efforts: withItem<string, typeof effort>(net.efforts, key, effort) })
  return true
}
