// The row in which the body of an entry is kept when no line of the timeline holds it. Those of one kind of content lie together, in
// the conversation's order, so that a document is rebuilt, or what a newer version can read is read, without going through the log.

import { struct, u32 } from '../../bytes/codec.ts'
import { deviceId, entryId } from '../../bytes/ids.ts'
import { keptBody } from '../../log/kept-body.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { StoreWrite } from '../../ports.ts'
import type { Content } from '../../wire/content.ts'

/** `device`, `seq` and `id` lead to the entry whose body it is. */
export type StoredBody = { readonly device: DeviceId; readonly seq: number; readonly id: EntryId; readonly kept: KeptBody }

export const storedBody: Codec<StoredBody> = struct({ device: deviceId, seq: u32, id: entryId, kept: keptBody })

/** `newer`: of a kind that this version does not know. */
export type KeptKind = Content['kind'] | 'newer'

export const keptKeyOf = (conversation: ConversationId, place: { readonly kind: KeptKind; readonly orderKey: string }): string =>
  `${conversation}/${place.kind}/${place.orderKey}`

/** Store bounds of all {@link keptKeyOf} keys of one kind. */
export const keptKeysOf = (conversation: ConversationId, kind: KeptKind): { readonly from: string; readonly to: string } => ({
  from: `${conversation}/${kind}/`,
  to: `${conversation}/${kind}/~`,
})

/**
 * A body that nothing keeps from now on: that of a deleted message, or of an edit of one, whose entry's id ends the order key. A line that held
 * it is written anew without it.
 */
export const shredBody = (
  conversation: ConversationId,
  place: { readonly kind: KeptKind; readonly orderKey: string },
): readonly StoreWrite[] => [{ kind: 'delete', table: 'bodies', key: keptKeyOf(conversation, place) }]
