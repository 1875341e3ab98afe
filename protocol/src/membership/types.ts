// What goes into the evaluation of a group's membership and what comes out of it. The rules are in docs/protocol.md §11, not here.

import type { AccountId, ConversationId, DeviceId, EntryId, UnixMs } from '../bytes/ids.ts'
import type { RelayAddress } from '../wire/capability.ts'

/** From the one that may most to the one that may least. */
export const ROLES = ['owner', 'admin', 'member'] as const
export type Role = (typeof ROLES)[number]

/** What those who join may be given of what was written before. */
export const HISTORIES = ['none', 'all'] as const
export type History = (typeof HISTORIES)[number]

/** An account, and the hash of the device list by which whoever names it knows it. */
export type Person = { readonly account: AccountId; readonly deviceList: Uint8Array }

/** Up to where the entries of one feed still count. */
export type Cut = { readonly device: DeviceId; readonly seq: number; readonly id: EntryId }

export type GrantItem = Person & { readonly role: Role }
export type RemoveItem = { readonly account: AccountId; readonly cuts: readonly Cut[] }

/**
 * What members need to let somebody in by a link. `key`: Ed25519, of the `secret` that the link holds too. `place`: what members alone know of the mailbox
 * at `relay` where it leads, which lies at `second` as well. `expires` is for those who let people in; the evaluation knows no time. `uses`: by as many people, whom one after another knows of.
 */
export type LinkGrant = {
  readonly key: Uint8Array
  readonly expires: UnixMs
  readonly uses: number
  readonly secret: Uint8Array
  readonly place: Uint8Array
  readonly relay: RelayAddress
  readonly second?: RelayAddress | undefined
}

/** What a control entry of a group says (docs/protocol.md §11.1). */
export type Act =
  /** `nonce`: two groups of one founder differ. */
  | (Person & { readonly kind: 'create-group'; readonly nonce: Uint8Array })
  | { readonly kind: 'grant'; readonly items: readonly GrantItem[] }
  | (Person & { readonly kind: 'demote'; readonly role: Exclude<Role, 'owner'> })
  | { readonly kind: 'remove'; readonly items: readonly RemoveItem[] }
  | { readonly kind: 'resign'; readonly role: Exclude<Role, 'owner'> }
  | { readonly kind: 'leave' }
  | ({ readonly kind: 'open-link' } & LinkGrant)
  | { readonly kind: 'close-link'; readonly link: EntryId }
  /** `proof`: a signature of the link's key over the account. Whoever evaluates is given none that is wrong. */
  | (Person & { readonly kind: 'let-in'; readonly link: EntryId; readonly proof: Uint8Array })
  | { readonly kind: 'set-history'; readonly history: History }

/** A control entry as the evaluation sees it. */
export type ControlEntry = {
  readonly id: EntryId
  /** The account whose device wrote it. */
  readonly author: AccountId
  readonly device: DeviceId
  /** Weight of the control entries before it in its feed (docs/protocol.md §11.2). */
  readonly weightBefore: number
  /** Control entries which, with their own pasts, are all of its past (docs/protocol.md §11.2). It is not in that itself. */
  readonly past: readonly EntryId[]
  readonly act: Act
}

/** A grant: the entry that made it, and its place among the grants of that entry, from 0. */
export type GrantName = { readonly entry: EntryId; readonly index: number }

export type Evaluation = {
  readonly counted: ReadonlySet<EntryId>
  /** Every accepted entry, with its authority; undefined where it needs none or, for `resign`, has none. */
  readonly accepted: ReadonlyMap<EntryId, GrantName | undefined>
  readonly members: ReadonlyMap<AccountId, Role>
  readonly history: History
  /** Links that are open, by the entries that opened them. */
  readonly links: ReadonlySet<EntryId>
}

/** An evaluator: a function of the set of `entries`, whatever their order, each given once or more often. */
export type Evaluate = (conversation: ConversationId, entries: readonly ControlEntry[]) => Evaluation
