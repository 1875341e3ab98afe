// What a running node knows of connections, and of what was done on them. Volatile: it starts empty, and nothing of it is stored.

import type { ConversationId, DeviceId, MailboxId } from '../bytes/ids.ts'
import type { Log } from '../log/log.ts'
import type { FeedRange } from '../log/lookups.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { Claim } from '../wire/receipt.ts'
import type { Wait } from './moment.ts'

/** A stream to a relay since its last `relay-up`. `serial` tells it from the stream before: answers of that one do not count here. */
export type RelaySession = {
  readonly serial: number
  /** When it began, ms. */
  readonly since: number
  readonly challenge: Uint8Array | undefined
  /** By how much its clock is ahead of this device's, ms; 0 when they agree, and until it greets. */
  readonly ahead: number
  readonly opened: ReadonlySet<MailboxId>
  readonly bound: ReadonlySet<MailboxId>
  /** Invites of others that this relay was asked about, and when they are asked about again. */
  readonly checks: ReadonlyMap<ConversationId, Wait>
  /** Mailboxes that this relay did not open or bind, because they are gone or were never made, and when they are tried again. */
  readonly refused: ReadonlyMap<MailboxId, Wait>
}

/** A direct stream to a device since its last `peer-up`. `serial` tells it from the link before: what was sent there is lost here. */
export type DirectLink = {
  readonly serial: number
  /** False while only frames have told of it. */
  readonly isAnnounced: boolean
  /** Per conversation, how many own entries were sent here, from the first on. */
  readonly sent: ReadonlyMap<ConversationId, number>
  /** Per conversation, what they lack of other feeds and of own branches, and what of that was sent here. */
  readonly owed: ReadonlyMap<ConversationId, readonly FeedRange[]>
  readonly served: ReadonlyMap<ConversationId, Served>
  /** Conversations whose heads they should hear about: at first all that both take part in. */
  readonly haveDue: ReadonlySet<ConversationId>
  /** What of conversations they have heard here. */
  readonly told: ReadonlyMap<ConversationId, Log>
  /** Receipts that were sent here, and when the last was. They are not answered, so they count until the link ends. */
  readonly receipts: ReadonlyMap<ConversationId, { readonly claim: Claim; readonly at: number }>
  /** To an own device: chats of which it lacks much, and whether it was shown the newest messages here. */
  readonly newest?: ReadonlyMap<ConversationId, 'due' | 'told'>
  /** Of an own device: how many entries of each feed of a chat it has said here that it has. */
  readonly said?: ReadonlyMap<ConversationId, ReadonlyMap<DeviceId, number>>
  /** To an own device: what was sent here of what people have said of the feed of this one. */
  readonly ticks?: ReadonlyMap<ConversationId, Claim>
  /** Envelopes sent on this link. */
  readonly envelopes: ReadonlySet<Uint8Array>
  /** Per conversation, since when entries that were sent here wait to be confirmed, ms. */
  readonly unconfirmed: ReadonlyMap<ConversationId, number>
}

/** What was sent of feeds since then; how often that began anew, because they still lacked it. `lacking`: all that they lacked by their last word. */
export type Served = {
  readonly since: number
  readonly times: number
  readonly ranges: readonly FeedRange[]
  readonly lacking: readonly FeedRange[]
}

/** When something was done once more, and how often in a row. */
export type Repeats = { readonly since: number; readonly times: number }

/** So many own entries, from the first on, lie in the mailboxes of these devices, and not yet in those of others that get the same. */
export type PartlyLeft = { readonly upTo: number; readonly devices: ReadonlySet<DeviceId> }

/** Where deposits for a device of a conversation go. */
export type MailboxPlace = { readonly id: ConversationId; readonly device: DeviceId; readonly mailbox: MailboxId }

/** What somebody has had done, within the minute that began at `since`, ms. */
export type Effort = { readonly since: number; readonly checks: number }

export type Net = {
  /** Of the last stream or link that began. */
  readonly serial: number
  /** Relays that links led to, once for each that is being opened. */
  readonly visited: readonly RelayAddress[]
  /** Mailboxes of links of groups that this account is in no more, and that streams may go on bringing: what lies there is for those who are. */
  readonly left: ReadonlySet<MailboxId>
  readonly relays: ReadonlyMap<string, RelaySession>
  /** Relays to which there is no stream any more, and since when, ms. */
  readonly down: ReadonlyMap<string, number>
  /** Relays of contacts that do not answer, while another relay has for a while: so it is not this device's own network. */
  readonly silent: ReadonlySet<string>
  /** When it was found that own mailboxes lie where they are to, ms; 0 before. */
  readonly placed: number
  readonly links: ReadonlyMap<DeviceId, DirectLink>
  /** Devices whose mailbox refused a deposit, and how long nothing is left there; `isFull`: there was no room, in it or at the whole relay. */
  readonly full: ReadonlyMap<DeviceId, Wait & { readonly isFull: boolean }>
  /** By conversation and relay, joint deposits that were stored for some, and are due for the others. */
  readonly partly: ReadonlyMap<string, PartlyLeft>
  /** By device and conversation, when everything from some entry on went out once more, because they lack it or have moved. */
  readonly again: ReadonlyMap<string, Repeats>
  /** By device and conversation, mailboxes that are to be given everything once more, and were named too soon after others. */
  readonly postponed: ReadonlyMap<string, MailboxPlace>
  /** By conversation and own device, whose newest messages lie in the mailbox. */
  readonly newest: ReadonlySet<string>
  /** By device or mailbox, and by what it is that they cost. */
  readonly efforts: ReadonlyMap<string, Effort>
}

export const NO_NET: Net = {
  serial: 0,
  visited: [],
  left: new Set(),
  relays: new Map(),
  down: new Map(),
  silent: new Set(),
  placed: 0,
  links: new Map(),
  full: new Map(),
  partly: new Map(),
  again: new Map(),
  postponed: new Map(),
  newest: new Set(),
  efforts: new Map(),
}
