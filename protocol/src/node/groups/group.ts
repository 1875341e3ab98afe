// What a device knows of a group beside what it knows of any conversation: types alone, since what works with them is loaded with the first group.

import type { IdMap } from '../../bytes/id-map.ts'
import type { AccountId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { ChainHandout } from '../../group/sender-chain.ts'
import type { Card } from '../../group/card.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { ControlEntry } from '../../membership/types.ts'
import type { Membership } from '../../membership/state.ts'
import type { MailboxGrant, RelayAddress } from '../../wire/capability.ts'
import type { Wait } from '../moment.ts'
import type { Repeats } from '../net.ts'
import type { Inbox } from '../mailboxes/inbox.ts'

/** So much of a feed its author knew when writing a control entry, as far as the entry says so itself: of its own feed, by deps, and by cuts. */
export type Known = { readonly device: DeviceId; readonly length: number }

/** A control entry with what it takes to hand it on: its body as it was opened. */
export type Control = {
  readonly entry: ControlEntry
  readonly seq: number
  readonly salt: Uint8Array
  readonly content: Uint8Array
  readonly known: readonly Known[]
}

/** `members`: the member state that the entry names, in hex. */
export type GroupTip = { readonly id: EntryId; readonly members: string }

/** A grant of a feed's own account, and the first entry of the feed that has it in the past. */
export type Given = { readonly maker: EntryId; readonly seq: number }

export type GroupFeed = { readonly tips: readonly GroupTip[]; readonly given: readonly Given[] }

/** What was handed over and is not used yet; in memory alone, since it comes again with what it belongs to. */
export type Pool = { readonly bodies: ReadonlyMap<EntryId, KeptBody>; readonly lists: ReadonlyMap<AccountId, HandedList> }

/** A device list that nobody has judged, and who handed it on. */
export type HandedList = { readonly signed: Uint8Array; readonly device: DeviceId }

/** The mailbox of an open link, which each member's devices open: whoever is there lets people in. */
export type Desk = Inbox & { readonly link: EntryId }

/**
 * What a link says of a group in which this account is no member. `expires`: by the clock of the relay that it names, ms. `since`: when its person asked to be
 * let in, ms; 0 while the link was only looked at. `left`: when that was left there last. `host`: the device that has answered first. `relays`: that of the
 * link, and those that the page named, at which it may lie as well; `grant` is of one of them. `turned`: when it was asked last, ms, and how often they were.
 */
export type Asked = {
  readonly secret: Uint8Array
  readonly grant: MailboxGrant
  readonly title: string
  readonly members: number
  readonly expires: number
  readonly since: number
  readonly left: Wait | undefined
  readonly relays?: readonly RelayAddress[] | undefined
  readonly turned?: Repeats | undefined
  readonly host: DeviceId | undefined
}

export type Group = {
  readonly membership: Membership
  readonly controls: IdMap<EntryId, Control>
  /** Control entries that give something to an account, accepted or not. */
  readonly named: IdMap<AccountId, readonly EntryId[]>
  /** Heads of control entries, by the member state that names them. */
  readonly states: IdMap<string, readonly EntryId[]>
  readonly feeds: IdMap<DeviceId, GroupFeed>
  readonly people: IdMap<AccountId, PinnedDeviceList>
  /** Follows from those lists: whose each device is. */
  readonly authors: IdMap<DeviceId, AccountId>
  readonly cards: IdMap<DeviceId, Card>
  /** Devices that were handed what they need to read this one, and the first own entry that is for them. */
  readonly met: IdMap<DeviceId, number>
  /** Members of whom not all devices were met, and the first own entry that they may read. */
  readonly unmet: IdMap<AccountId, number>
  /** First states of own chains, for those. */
  readonly handouts: readonly { readonly handout: ChainHandout; readonly from: number }[]
  /** The mailbox for first words of members. */
  readonly door: Inbox | undefined
  /** Links at which this device listens, of a group in which its account is a member. */
  readonly desks: readonly Desk[]
  /** Until it is let in. */
  readonly asked: Asked | undefined
  /** Members came or went since the own chain began. */
  readonly isStale: boolean
  /** Follows: devices of others who are members; those who welcomed this one, before it is one itself. */
  readonly devices: IdMap<DeviceId, true>
  /** How much of the own feed goes to devices of somebody whom this one has removed: the removal itself, and nothing after. */
  readonly farewells: IdMap<DeviceId, number>
  readonly pool: Pool
  /** What was followed already; undefined before anything was. */
  readonly settled: Pick<Group, 'membership' | 'people' | 'cards'> | undefined
}
