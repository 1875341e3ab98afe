// What is asked of the node about messages that are to be read from a date on.

import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { TimelineRow } from '../conversation/timeline-row.ts'
import type { StoreWrite } from '../ports.ts'
import type { Mine } from './rows/scheduled-mine.ts'

/** `instead`: what is taken back for it. Without `due` it is sent now. */
export type ScheduledWriting = {
  readonly kind: 'write'
  readonly text: string
  readonly answers: EntryId | undefined
  readonly ttl: number | undefined
  readonly due: number | undefined
  readonly ref: string
  readonly instead: Mine | undefined
}

export type ScheduledStep =
  | ScheduledWriting
  | { readonly kind: 'take-back'; readonly mine: Mine }
  /** Its date has come: the others are told the key. */
  | { readonly kind: 'open'; readonly mine: Mine }
  /** It is shown. `at`: where its entry stands; `ttl`: of the entry, s; `rows`: to be written with it. */
  | {
      readonly kind: 'show'
      readonly row: TimelineRow
      readonly at: string
      readonly ttl: number
      readonly rows: readonly StoreWrite[]
    }
  /** `passed`: the entry with the key of a message that is shown already, which itself shows nothing. */
  | { readonly kind: 'rows'; readonly rows: readonly StoreWrite[]; readonly passed?: { readonly device: DeviceId; readonly seq: number } }
