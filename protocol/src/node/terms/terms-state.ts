// What the node keeps of people who are no contacts, or shall be none.

import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { MailboxKeys } from '../../mailbox/keys.ts'
import type { Offer } from '../../session/payload.ts'

/** What this account has decided about others, and what others have asked of it. */
export type Terms = {
  /** In chats of two, nothing of these is taken and nothing is said to them. The account document says the same, and has the first word. */
  readonly blocked: ReadonlySet<AccountId>
  /** Own mailboxes whose relays have not let go of them yet, and since when they are to, ms. */
  readonly closing: readonly ClosingMailbox[]
  /** What members of groups who are no contacts have asked for, the one of each that counts. */
  readonly requests: ReadonlyMap<AccountId, ReceivedRequest>
  /** Own invites that were made for one account, and let nobody else in. */
  readonly asked: ReadonlyMap<ConversationId, Asked>
  /** Left out before the first. */
  readonly alarms?: Alarms
  /** Of people without a group in common: how they call themselves who have said a first word, or the handle that led to them. Never without alarms. */
  readonly names?: ReadonlyMap<AccountId, string>
}

/** `seen`: alarms that follow from what is kept elsewhere, and that the person has seen to. */
export type Alarms = { readonly splits: ReadonlyMap<AccountId, Split>; readonly seen: readonly string[] }

/** Two device lists of one account that contradict each other, since when that is known here, ms, and who is to hear of it. */
export type Split = {
  readonly lists: readonly [Uint8Array, Uint8Array]
  readonly since: number
  readonly isSeen: boolean
  readonly untold: readonly DeviceId[]
}

export type ClosingMailbox = { readonly keys: MailboxKeys; readonly since: number }

/** `group`: none for a first word. `at`: when it came, ms. `ignored` ones are not shown, and keep others of the same account away. */
export type ReceivedRequest = {
  readonly group: ConversationId
  readonly offer: Offer
  readonly text: string
  readonly at: number
  readonly isIgnored: boolean
}

/** `group`: in which that account was asked; none where a handle led to it. */
export type Asked = { readonly account: AccountId; readonly group: ConversationId }

export const NO_TERMS: Terms = { blocked: new Set(), closing: [], requests: new Map(), asked: new Map() }
export const NO_ALARMS: Alarms = { splits: new Map(), seen: [] }
