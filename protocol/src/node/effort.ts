// What a source may make this device compute before it is known whether the source is right: a device list and a session's first message
// cost tens of milliseconds, and a few hundred bytes. And what it may have this device make.

import { COSTLY_PER_MINUTE_MAX, PREKEYS_PER_MINUTE_MAX } from '../limits.ts'
import { withItem, withNet } from './change.ts'
import { hasPassed } from './state.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Draft } from './draft.ts'
import type { Source } from './input.ts'

const MINUTE_MS = 60_000

/** Counts one more costly check of something that `source` brought; false when it has had its share of this minute. */
export const mayCost = (draft: Draft, source: Source): boolean =>
  spend(draft, source.kind === 'link' ? source.device : source.mailbox, COSTLY_PER_MINUTE_MAX)

/** Counts prekeys that a contact is handed; false when it has had enough of them for now. They are made one a second, for everybody. */
export const mayHavePrekeys = (draft: Draft, device: DeviceId): boolean => spend(draft, `prekeys/${device}`, PREKEYS_PER_MINUTE_MAX)

function spend(draft: Draft, key: string, max: number): boolean {
  const { net } = draft.state
  const before = net.efforts.get(key)
  const isFresh = before === undefined || hasPassed({ since: before.since, ms: MINUTE_MS }, draft.env.now)
  const effort = isFresh ? { since: draft.env.now, checks: 1 } : { ...before, checks: before.checks + 1 }
  if (effort.checks > max) return false
  draft.state = withNet(draft.state, { efforts: withItem(net.efforts, key, effort) })
  return true
}
