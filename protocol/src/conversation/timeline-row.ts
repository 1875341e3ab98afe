// One line of a conversation as it lies in the store, under its order key. Rows of accounts that are not members are kept too,
// and left out when they are read: an admission that arrives later brings them up without a second pass.

import { decode, DecodeError, fixed, mapped, marked, oneOf, struct, text, u32, u48, union } from '../bytes/codec.ts'
import { accountId, deviceId, entryId } from '../bytes/ids.ts'
import { toHex, fromHex } from '../bytes/bytes.ts'
import { NAME_BYTES_MAX } from '../limits.ts'
import { keptBody } from '../log/kept-body.ts'
import { ORDER_KEY_LENGTH } from '../log/order.ts'
import { content as contentCodec } from '../wire/content.ts'
import { cleanText } from './text.ts'
import type { AccountId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Codec } from '../bytes/codec.ts'
import type { KeptBody } from '../log/kept-body.ts'
import type { Unreadable } from './reduce.ts'

export type TimelineContent =
  /** A message. Its body is kept here and nowhere else; `text` is how it is shown. */
  | { readonly kind: 'text'; readonly text: string; readonly kept: KeptBody }
  | { readonly kind: 'created' }
  | { readonly kind: 'joined' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'titled'; readonly title: string }
  /** An entry that cannot be read here. */
  | { readonly kind: 'unreadable'; readonly why: Unreadable }

export type TimelineRow = {
  /** Key of the row in the timeline. */
  readonly orderKey: string
  readonly id: EntryId
  readonly account: AccountId
  readonly device: DeviceId
  readonly seq: number
  /** Author's clock, ms; that of the arrival where this is later, or the other was never set. */
  readonly time: number
  readonly content: TimelineContent
  /** It stands above a message of this account that was written before this one could be read here. */
  readonly isLate?: boolean
}

const orderKey: Codec<string> = mapped(fixed(ORDER_KEY_LENGTH / 2), toHex, fromHex)

const why = oneOf<Unreadable>(['newer', 'broken'])

// Cleaned again each time, as it was when it came: so the text lies here once, and as its author wrote it.
const keptText: Codec<{ readonly text: string; readonly kept: KeptBody }> = mapped(
  keptBody,
  (kept) => {
    const said = decode(contentCodec, kept.content)
    if (said.kind !== 'text') throw new DecodeError('a message whose body is no text')
    return { text: cleanText(said.text), kept }
  },
  ({ kept }) => kept,
)

const timelineContent: Codec<TimelineContent> = union<TimelineContent>({
  text: [1, keptText],
  created: [2, struct({})],
  joined: [3, struct({})],
  named: [4, struct({ name: text(NAME_BYTES_MAX) })],
  titled: [5, struct({ title: text(NAME_BYTES_MAX) })],
  unreadable: [6, struct({ why })],
})

const line = struct({ orderKey, id: entryId, account: accountId, device: deviceId, seq: u32, time: u48, content: timelineContent })

export const timelineRow: Codec<TimelineRow> = marked(line, 'isLate')
