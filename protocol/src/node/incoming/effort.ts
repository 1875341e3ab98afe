// What a source may make this device compute before it is known whether the source is right: a device list and a session's first message
// cost tens of milliseconds, and a few hundred bytes. And what it may have this device make.

import {
  ANSWERS_PER_MINUTE_MAX,
  CARDS_PER_DEVICE_AND_MINUTE_MAX,
  COSTLY_PER_MINUTE_MAX,
  LISTS_JUDGED_PER_MINUTE_MAX,
  LISTS_PER_MINUTE_MAX,
  LOOKUPS_PER_MINUTE_MAX,
  LOST_PER_MINUTE_MAX,
  PREKEYS_PER_MINUTE_MAX,
  RECEIPTS_AGAIN_PER_MINUTE_MAX,
  STEPS_PER_MINUTE_MAX,
} from '../../limits.ts'
import { withItem, withNet } from '../change.ts'
import { hasPassed } from '../moment.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { Source } from '../input.ts'
import type { Effort } from '../net.ts'
import type { NodeState } from '../state.ts'

const MINUTE_MS = 60_000

/** Counts one more costly check of something that `source` brought; false when it has had its share of this minute. */
export const mayCost = (draft: Draft, source: Source): boolean => spend(draft, nameOf(source), COSTLY_PER_MINUTE_MAX)

/** Counts steps that are gone to find out whether an envelope opens; false when `source` has had its share of this minute. */
export const mayStep = (draft: Draft, source: Source, steps: number): boolean =>
  steps === 0 || spend(draft, `steps/${nameOf(source)}`, STEPS_PER_MINUTE_MAX, steps)

const nameOf = (source: Source): string => (source.kind === 'mailbox' ? source.mailbox : source.device)

/** Counts prekeys that a contact is handed; false when it has had enough of them for now. They are made one a second, for everybody. */
export const mayHavePrekeys = (draft: Draft, device: DeviceId): boolean => spend(draft, `prekeys/${device}`, PREKEYS_PER_MINUTE_MAX)

/** Counts an answer to who says that it was restored; false when it has had its share of this minute. */
export const mayAnswerLost = (draft: Draft, device: DeviceId, id: ConversationId): boolean =>
  spend(draft, `lost/${device}/${id}`, LOST_PER_MINUTE_MAX)

/** Counts a key for healing that is answered by itself; false when this device was answered often enough in this minute. */
export const mayAnswerKey = (draft: Draft, device: DeviceId): boolean => spend(draft, `healing/${device}`, ANSWERS_PER_MINUTE_MAX)

type Judged = { readonly id: ConversationId; readonly device: DeviceId; readonly what: 'card' | 'list' }

/** Counts a card of a device, or a list that it has handed on, which is judged; false when there were enough in this minute. */
export const mayJudge = (draft: Draft, { id, device, what }: Judged): boolean =>
  spend(draft, `${what}/${device}/${id}`, what === 'card' ? CARDS_PER_DEVICE_AND_MINUTE_MAX : LISTS_PER_MINUTE_MAX)

/** Counts a device list, or the keys of another device, that `device` hands over; false when it has had its share of this minute. */
export const mayJudgeList = (draft: Draft, device: DeviceId): boolean => spend(draft, `own-list/${device}`, LISTS_JUDGED_PER_MINUTE_MAX)

/** Counts that receipts go to `device` once more; false when they have gone often enough in this minute. */
export const mayTellAgain = (draft: Draft, device: DeviceId): boolean => spend(draft, `receipts/${device}`, RECEIPTS_AGAIN_PER_MINUTE_MAX)

/** Counts an appeal for what this device has lost; false when there was one in this minute. */
export const mayAppeal = (draft: Draft, id: ConversationId): boolean => spend(draft, `appeal/${id}`, 1)

/** How many places in the store may still be looked up in this minute for what `device` sends. */
export const lookupsLeft = (state: NodeState, device: DeviceId, now: number): number =>
  Math.max(0, LOOKUPS_PER_MINUTE_MAX - effortOf(state, lookupsOf(device), now).checks)

/** Counts places that were looked up for what `device` sent. */
export const countLookups = (draft: Draft, device: DeviceId, places: number): void =>
  void (places > 0 && spend(draft, lookupsOf(device), Infinity, places))

const lookupsOf = (device: DeviceId): string => `lookups/${device}`

function spend(draft: Draft, key: string, max: number, more = 1): boolean {
  const { since, checks } = effortOf(draft.state, key, draft.env.now)
  if (checks + more > max) return false
  draft.state = withNet(draft.state, { efforts: withItem(draft.state.net.efforts, key, { since, checks: checks + more }) })
  return true
}

/** What was spent in the minute that began at `since`. */
function effortOf({ net }: NodeState, key: string, now: number): Effort {
  const before = net.efforts.get(key)
  return before === undefined || hasPassed({ since: before.since, ms: MINUTE_MS }, now) ? { since: now, checks: 0 } : before
}
