// The hash in a header by which an author says which members it believes in (docs/protocol.md §11.7).

import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { labelHash } from '../crypto/hash.ts'
import { headsOf } from './past.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { Places } from './past.ts'

/** `members` of an entry whose past is that of `past`, these included. Control entries alone are in there; for `create-group` there are none. */
export const memberStateHash = (places: Places, conversation: ConversationId, past: readonly EntryId[]): Uint8Array =>
  labelHash('kith/1/group-members', concatBytes(...[conversation, ...headsOf(places, past)].map(fromHex)))

/** Whether the author of an entry believes in the members that follow from its past. It takes the past alone, and no evaluation. */
export const isMemberState = (
  places: Places,
  stated: { readonly conversation: ConversationId; readonly past: readonly EntryId[]; readonly members: Uint8Array },
): boolean => equalBytes(stated.members, memberStateHash(places, stated.conversation, stated.past))
