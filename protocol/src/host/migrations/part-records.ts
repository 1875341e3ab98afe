// Format 2 kept whatever there is of a conversation in one row, in lib0's encoding, and receipts as entries with a matrix of what everybody had
// claimed of every feed. Since format 3 each member has rows of its own, with codecs, and a device keeps the claims about its own feed only.

import { encode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { claimWithin, joinClaims, untold } from '../../conversation/claim.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { createLog, lengthOf, withFeed } from '../../log/log.ts'
import { NO_DELIVERY, NO_REMOVALS, NOTHING_YET } from '../../node/state.ts'
import { NO_CLAIM } from '../../wire/receipt.ts'
import { inviteSecretsOf, joinProof } from '../../invite/secrets.ts'
import { arrivalOf, inviteOf } from '../records/arrival.ts'
import { conversationRows } from '../records/conversation.ts'
import { homeRow, peerRow, removalsRow, selfRow } from '../records/people.ts'
import { prekeysRow } from '../records/sessions.ts'
import { decodeRow } from './any-row.ts'
import type { AccountId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { AccountState, FeedView } from '../../conversation/state.ts'
import type { PrekeyStore } from '../../session/prekeys.ts'
import type { Feed } from '../../log/log.ts'
import type { Conversation, Delivery, Invitation, OwnInvite, Peer, Removals, Self } from '../../node/state.ts'
import type { Store, StoreRow, StoreWrite, Table } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Claim } from '../../wire/receipt.ts'
import type { InviteRow } from '../records/arrival.ts'
import type { Head } from '../../wire/entry.ts'

type OldFeed = Omit<Feed, 'named'> & { readonly named: readonly Head[] }
type OldFeedView = Omit<FeedView, 'length'> & {
  readonly latest: number
  readonly claims: ReadonlyMap<DeviceId, Claim>
  readonly named: ReadonlyMap<DeviceId, number>
}
type OldDelivery = Omit<Delivery, 'claim' | 'told' | 'toldAt' | 'atRelay' | 'announced'> & {
  readonly deposited: number
  readonly held: number
}
type OldView = {
  readonly device: DeviceId
  readonly founder: AccountId | undefined
  readonly waiting: number
  readonly accounts: ReadonlyMap<AccountId, AccountState>
  readonly feeds: ReadonlyMap<DeviceId, OldFeedView>
}
/** Who came in by it was not said, and the oldest say less than that. */
type OldInvite = Omit<InviteRow, 'isUntouched' | 'guest' | 'ends' | 'proof' | 'upTo' | 'admitted'> &
  Partial<Pick<InviteRow, 'isUntouched' | 'ends' | 'proof'>> & { readonly through: number; readonly admitted: number }
type OldInvitation = Omit<Invitation, 'serial'> & { readonly serial?: number }
type OldConversation = Omit<
  Conversation,
  'view' | 'log' | 'chains' | 'bodyKeys' | 'closed' | 'blobKeys' | 'joint' | 'delivery' | 'phase' | 'invite' | 'invitation'
> & {
  readonly phase: Conversation['phase']
  readonly invite: OldInvite | undefined
  readonly invitation: OldInvitation | undefined
  readonly view: OldView
  readonly log: { readonly feeds: ReadonlyMap<DeviceId, OldFeed> }
  readonly delivery: ReadonlyMap<DeviceId, OldDelivery>
} & { readonly [name in 'chains' | 'bodyKeys' | 'closed']: ReadonlyMap<DeviceId, never> }

/** Some rows at a time, each commit whole: what a crash leaves undone is done after the next start. */
export async function partRecords(store: Store): Promise<readonly StoreWrite[]> {
  for (const [table, part] of [
    ['peers', partedPeer],
    ['conversations', partedConversation],
  ] as const) {
    for await (const rows of batchesOf(store, table)) {
      const writes = rows.filter(isOld).flatMap(part)
      if (writes.length > 0) await store.commit(writes)
    }
  }
  const put = (key: string, value: Uint8Array): StoreWrite => ({ kind: 'put', table: 'state', key, value })
  const old = async <T>(key: string): Promise<T | undefined> => {
    const value = await store.get('state', key)
    return value && decodeRow<T>(value)
  }
  const [self, prekeys] = [await old<Self>('self'), await old<PrekeyStore>('prekeys')]
  if (self === undefined || prekeys === undefined) return []
  return [
    put('self', encode(selfRow, self)),
    put('prekeys', encode(prekeysRow, prekeys)),
    put('home', encode(homeRow, await old<RelayAddress>('home'))),
    put('removals', encode(removalsRow, (await old<Removals>('removals')) ?? NO_REMOVALS)),
  ]
}

async function* batchesOf(store: Store, table: Table): AsyncGenerator<readonly StoreRow[]> {
  for (let from: string | undefined = ''; from !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ table, from, limit: ROWS_PER_READ_MAX })
    yield rows
    from = rows.length < ROWS_PER_READ_MAX ? undefined : `${rows.at(-1)?.key}~`
  }
}

/** An object in lib0's encoding; rows of this format begin with their version. */
const OBJECT = 118
const isOld = ({ value }: StoreRow): boolean => value[0] === OBJECT

const partedPeer = ({ key, value }: StoreRow): readonly StoreWrite[] => [
  { kind: 'put', table: 'peers', key, value: encode(peerRow, decodeRow<Peer>(value)) },
]

const partedConversation = ({ value }: StoreRow): readonly StoreWrite[] =>
  conversationRows(undefined, conversationOf(decodeRow<OldConversation>(value)))

/** Where lengths of feeds are now there were last seqs, with −1 for none. */
const counted = (last: number): number => last + 1

function conversationOf(old: OldConversation): Conversation {
  const self = old.view.device
  const log = [...old.log.feeds.values()].map((feed) => feedOf(old, feed)).reduce(withFeed, createLog(old.id))
  const feeds = [...old.view.feeds].map(([device, feed]) => [device, feedViewOf(feed)] as const)
  const devices = [...log.feeds.keys()].filter((device) => device !== self)
  return {
    ...old,
    group: undefined,
    log,
    view: {
      conversation: old.id,
      // Neither is stored.
      self: old.founder,
      device: self,
      founder: old.view.founder,
      counted: undefined,
      accounts: IdMap.of(old.view.accounts),
      feeds: IdMap.of(feeds),
      waiting: old.view.waiting,
      pending: [],
    },
    returned: counted(old.returned),
    chains: IdMap.of<DeviceId, never>(old.chains),
    bodyKeys: IdMap.of<DeviceId, never>(old.bodyKeys),
    closed: IdMap.of<DeviceId, never>(old.closed),
    blobKeys: NOTHING_YET.blobKeys,
    joint: NOTHING_YET.joint,
    delivery: IdMap.of(devices.map((device) => [device, deliveryOf(old, device, lengthOf(log, self))] as const)),
    missing: old.missing && {
      ...old.missing,
      upTo: new Map([...old.missing.upTo].map(([device, last]) => [device, counted(last)])),
      shut: [],
    },
    ...arrivalOf({
      phase: old.phase,
      invite: old.invite && ownInviteOf(old, old.invite, devices),
      invitation: old.invitation && { ...old.invitation, serial: serialOf(old.invitation) },
    }),
  }
}

const feedViewOf = ({ claims: _claims, named: _named, latest, read, ...view }: OldFeedView): FeedView => ({
  ...view,
  length: counted(latest),
  read: counted(read),
})

const claimOf = (old: Claim | undefined): Claim =>
  old === undefined ? NO_CLAIM : { ...old, delivered: counted(old.delivered), read: counted(old.read) }

// It named heads in the order in which it had named them.
function feedOf(old: OldConversation, feed: OldFeed): Feed {
  const named = old.log.feeds.get(old.view.device)?.named ?? []
  const at = named.findIndex((head) => head.device === feed.device)
  return { ...feed, named: at < 0 ? undefined : { id: (named[at] as Head).id as EntryId, at } }
}

// A claim counted up to what its author had shown to have.
function deliveryOf(old: OldConversation, device: DeviceId, length: number): Delivery {
  const self = old.view.device
  const theirs = old.view.feeds.get(device)
  const shown = Math.min(length, counted(theirs?.named.get(self) ?? -1))
  const claim = claimWithin(joinClaims(NO_CLAIM, claimOf(theirs?.claims.get(self))), shown)
  // What was written of it may not have come, and says nothing any more.
  const told = untold(claimOf(old.view.feeds.get(self)?.claims.get(device)), theirs && feedViewOf(theirs))
  const { deposited = -1, held = -1, lostAt, ...kept } = old.delivery.get(device) ?? {}
  const lengths = { atRelay: counted(deposited), announced: counted(held), lostAt: lostAt === undefined ? undefined : counted(lostAt) }
  return { ...NO_DELIVERY, ...kept, ...lengths, claim, told }
}

// A pair has one device on each side.
function ownInviteOf(old: OldConversation, invite: OldInvite, [guest]: readonly DeviceId[]): OwnInvite {
  const account = guest && old.view.feeds.get(guest)?.account
  // The oldest kept the secret of an invite that was over.
  const proof = invite.proof ?? (invite.secret && account && joinProof(inviteSecretsOf(invite.secret).token, account))
  const isUntouched = invite.isUntouched ?? false
  const admitted = invite.admitted < 0 ? undefined : invite.admitted
  return inviteOf({
    ...{ ...invite, ends: invite.ends, proof, isUntouched, admitted, upTo: counted(invite.through) },
    guest: invite.status === 'used' ? guest : undefined,
  })
}

// It was −1 for none.
const serialOf = ({ serial = -1 }: OldInvitation): number | undefined => (serial < 0 ? undefined : serial)
