// Rows with own messages that wait on this device for their dates, with those that were taken back until relays have forgotten them, and with the mailboxes
// whose relays hold the key: apart, since those are written by whoever talks to relays, who must not bring back what was taken back meanwhile.

import { decode, encode, fixed, flag, list, struct, u32, u48 } from '../../bytes/codec.ts'
import { mailboxId } from '../../bytes/ids.ts'
import { orderKey } from '../../conversation/timeline-row.ts'
import { RELAYED_TO_MAX } from '../../attachments/limits.ts'
import { relayAddress } from '../../wire/capability.ts'
import type { ConversationId, EntryId, MailboxId } from '../../bytes/ids.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** The words lie with the entry, sealed; the key is here. */
export type Mine = {
  readonly conversation: ConversationId
  readonly message: EntryId
  readonly seq: number
  readonly orderKey: string
  readonly due: number
  readonly key: Uint8Array
}
/**
 * A mailbox whose relay was or is to be given the key, with what shows that this device may write there: it may be taken back when nothing else is known of
 * the mailbox any more. `isHeld`: the relay said that it has it; before that it may have it, and not have got to say so.
 */
export type Left = { readonly relay: RelayAddress; readonly mailbox: MailboxId; readonly sendSeed: Uint8Array; readonly isHeld: boolean }
type Place = Pick<Mine, 'conversation' | 'message'>

const row = struct({ seq: u32, orderKey, due: u48, key: fixed(32) })
const lefts = list(struct<Left>({ relay: relayAddress, mailbox: mailboxId, sendSeed: fixed(32), isHeld: flag }), 2 * RELAYED_TO_MAX)

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
export const putLeft = (place: Place, left: readonly Left[]): StoreWrite => put(leftKey(place), encode(lefts, left))
export const dropLeft = (place: Place): StoreWrite => drop(leftKey(place))

/** Of either kind. */
export function mineIn({ key, value }: StoreRow): Mine {
  const [, , conversation, message] = key.split('/')
  return { conversation: conversation as ConversationId, message: message as EntryId, ...decode(row, value) }
}

export const leftIn = (value: Uint8Array | undefined): readonly Left[] => (value === undefined ? [] : decode(lefts, value))
