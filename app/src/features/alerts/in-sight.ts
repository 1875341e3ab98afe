// Groups of which somebody sees a row or the messages: into those it is looked, whatever their rule is.

import { shallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'

/** In how many places. */
export const inSight = shallowRef<ReadonlyMap<ConversationId, number>>(new Map())

/** `change`: seen in one place more, or in one less. */
export const sighted = (id: ConversationId, change: 1 | -1): void => {
  const next = new Map(inSight.value)
  const count = (next.get(id) ?? 0) + change
  if (count > 0) next.set(id, count)
  else next.delete(id)
  inSight.value = next
}
