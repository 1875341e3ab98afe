// Parcels for which there is no use any more are dropped at their relays: fetched, or of a message that has gone. A row says so until the relay has
// answered.

import { parcelNameAt } from '../../attachments/parcel.ts'
import { PARCEL_MS_MAX, PARCELS_DROPPED_MAX } from '../../attachments/limits.ts'
import { keyOfPlace } from './fetching.ts'
import { dropClearing, placeIn, putClearing, readClearing, rowsOf } from './rows.ts'
import { relayOf } from './shelves.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId, MailboxId } from '../../bytes/ids.ts'
import type { StoreRow } from '../../ports.ts'
import type { FetchingParts } from './fetching.ts'
import type { Clearing } from './rows.ts'

type Job = { readonly place: FilePlace; readonly value: Clearing; mailboxes: readonly MailboxId[] }

export function createClearing({
  store,
  state,
  clock,
  request,
  looking,
}: Pick<FetchingParts, 'store' | 'state' | 'clock' | 'request' | 'looking'>) {
  const jobs = new Map<string, Job>()
  const look = looking(async () => {
    for (const job of [...jobs.values()]) await clear(job)
  })

  async function clear(job: Job): Promise<void> {
    const { place, value } = job
    const isOver = clock() - value.since > PARCEL_MS_MAX
    for (const mailbox of isOver ? [] : job.mailboxes) {
      const relay = relayOf(state(), mailbox)
      if (relay === undefined || !(await dropAll(relay, mailbox, value))) continue
      job.mailboxes = job.mailboxes.filter((one) => one !== mailbox)
    }
    if ((!isOver && job.mailboxes.length > 0) || jobs.get(keyOf(place)) !== job) return
    jobs.delete(keyOf(place))
    await store.commit([dropClearing(place)])
  }

  /** Whether that is settled. Whoever has no right there any more has nothing to drop either. */
  async function dropAll(relay: string, mailbox: MailboxId, { namesKey, count }: Clearing): Promise<boolean> {
    for (let from = 0; from < count; from += PARCELS_DROPPED_MAX) {
      const length = Math.min(PARCELS_DROPPED_MAX, count - from)
      const names = Array.from({ length }, (_, at) => parcelNameAt(namesKey, from + at))
      const answer = await request(relay, { kind: 'drop-parcels', mailbox, names })
      if (answer?.kind !== 'done') return answer?.kind === 'refused' && answer.reason === 'denied'
    }
    return true
  }

  return {
    look,
    /** From a row that there is. */
    load: (row: StoreRow): void => add(placeIn(row.key), readClearing(row)),
    /** What is to be written, and begins once it was. */
    plan: (place: FilePlace, value: Clearing) => ({ write: putClearing(place, value), begin: () => (add(place, value), look()) }),
    forget(conversation?: ConversationId): void {
      for (const [key, { place }] of jobs) if (conversation === undefined || place.conversation === conversation) jobs.delete(key)
    },
    rows: rowsOf('clear'),
  }

  function add(place: FilePlace, value: Clearing): void {
    jobs.set(keyOf(place), { place, value, mailboxes: value.mailboxes })
  }
}

export type Clearings = ReturnType<typeof createClearing>

const keyOf = (place: FilePlace): string => `${place.conversation}/${keyOfPlace(place)}`
