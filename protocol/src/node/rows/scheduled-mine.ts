// Rows with own messages that wait on this device for their dates, with those that were taken back until relays have forgotten them, and with the mailboxes
// whose relays hold the key: apart, since those are written by whoever talks to relays, who must not bring back what was taken back meanwhile.

import { decode, encode, fixed, list, struct, u32, u48 } from '../../bytes/codec.ts'
import { mailboxId } from '../../bytes/ids.ts'
import { orderKey } from '../../conversation/timeline-row.ts'
import { RELAYED_TO_MAX } from '../../limits.ts'
import type { ConversationId, EntryId, MailboxId } from '../../bytes/ids.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'

/** The words lie with the entry, sealed; the key is here. */
export type Mine = {
  readonly conversation: ConversationId
  readonly message: EntryId
  readonly seq: number
  readonly orderKey: string
  readonly due: number
  readonly key: Uint8Array
}
type Place = Pick<Mine, 'conversation' | 'message'>

const row = struct({ seq: u32, orderKey, due: u48, key: fixed(32) })
const mailboxes = list(mailboxId, RELAYED_TO_MAX)

const nameOf = (kind: 'mine' | 'off' | 'left', { conversation, message }: Place): string => `scheduled/${kind}/${conversation}/${message}`
const boundsOf = (from: string) => ({ table: 'state', from, to: `${from}~` }) as const

/** Those that wait: all, or those of one chat. */
export const mineRows = (conversation?: ConversationId) => boundsOf(`scheduled/mine/${conversation ?? ''}`)
/** Those that were taken back. */
export const OFF_ROWS = boundsOf('scheduled/off/')

export const mineKey = (place: Place): string => nameOf('mine', place)
export const leftKey = (place: Place): string => nameOf('left', place)

const put = (key: string, value: Uint8Array): StoreWrite => ({ kind: 'put', table: 'state', key, value })
const drop = (key: string): StoreWrite => ({ kind: 'delete', table: 'state', key })

export const putMine = (mine: Mine): StoreWrite => put(mineKey(mine), encode(row, mine))
export const dropMine = (place: Place): StoreWrite => drop(mineKey(place))
export const putOff = (mine: Mine): StoreWrite => put(nameOf('off', mine), encode(row, mine))
export const dropOff = (place: Place): StoreWrite => drop(nameOf('off', place))
export const putLeft = (place: Place, left: readonly MailboxId[]): StoreWrite => put(leftKey(place), encode(mailboxes, left))
export const dropLeft = (place: Place): StoreWrite => drop(leftKey(place))

/** Of either kind. */
export function mineIn({ key, value }: StoreRow): Mine {
  const [, , conversation, message] = key.split('/')
  return { conversation: conversation as ConversationId, message: message as EntryId, ...decode(row, value) }
}

export const leftIn = (value: Uint8Array | undefined): readonly MailboxId[] => (value === undefined ? [] : decode(mailboxes, value))
