// What comes to a device that nobody has asked for, of each conversation and day. Kept in a row: starting anew gives nobody another day.

import { UNASKED_BYTES_PER_DAY_MAX } from '../../attachments/limits.ts'
import { putUnasked, readUnasked, unaskedKey } from './rows.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Clock, Store, StoreWrite } from '../../ports.ts'

const DAY_MS = 86_400_000

type BudgetParts = { readonly store: Pick<Store, 'get'>; readonly clock: Clock }

/** What is to be written with the start of so many bytes more; undefined where they may not come. */
export async function takeUnasked(
  { store, clock }: BudgetParts,
  conversation: ConversationId,
  bytes: number,
): Promise<StoreWrite | undefined> {
  const day = Math.max(0, Math.floor(clock() / DAY_MS))
  const row = await store.get('state', unaskedKey(conversation))
  const taken = row && readUnasked(row)
  const after = (taken?.day === day ? taken.bytes : 0) + bytes
  return after > UNASKED_BYTES_PER_DAY_MAX ? undefined : putUnasked(conversation, { day, bytes: after })
}
