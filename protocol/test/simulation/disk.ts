// What lies on somebody's disk right now, be the process up or not.

import { decodeRow } from '../../src/host/rows.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Conversation } from '../../src/node/state.ts'
import type { Person } from './person.ts'

export function conversationOn(person: Person, id: ConversationId): Conversation | undefined {
  const row = person.hasDisk() ? person.disk().tables.get('conversations')?.get(id) : undefined
  return row && decodeRow<Conversation>(row.value)
}
