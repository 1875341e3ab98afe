// What the members of a large group cost: 500 members with 1,000 devices whose admins and members write 10,000 control entries, many of them without
// knowing of each other; and one admin that removes and takes back one account 10,000 times.

import { memberStateHash } from '../protocol/src/membership/member-state.ts'
import { extendMembership } from '../protocol/src/membership/membership.ts'
import { createMembership } from '../protocol/src/membership/state.ts'
import { LINK_USES_MAX } from '../protocol/src/membership/limits.ts'
import { accountNamed, deviceNamed, entryNamed } from '../protocol/test/membership/names.ts'
import { createSeeded } from '../protocol/test/simulation/seeded.ts'
import { quantile } from './quantile.ts'
import type { ConversationId, EntryId } from '@kith/protocol'
import type { Membership } from '../protocol/src/membership/state.ts'

const MEMBERS = 500
const ADMINS = 20
const ENTRIES = 10_000

type Entry = Parameters<typeof extendMembership>[1]
type Act = Entry['act']

const DEVICE_LIST = new Uint8Array(32)
const LINK: Act = {
  kind: 'open-link',
  key: new Uint8Array(32),
  expires: 0 as never,
  uses: LINK_USES_MAX,
  secret: new Uint8Array(16),
  place: new Uint8Array(32),
  relay: { key: new Uint8Array(32), url: 'ws://relay' },
}
const person = (at: number) => ({ account: accountNamed(`${at}`), deviceList: DEVICE_LIST })

const conversation = entryNamed('0') as string as ConversationId
const seeded = createSeeded(7)

/** Entries in the order in which they were written, up to four at a time beside each other. */
function writeGroup(): readonly Entry[] {
  const entries: Entry[] = []
  let heads: readonly EntryId[] = []
  const write = (by: number, act: Act): EntryId => {
    const id = entryNamed(`${entries.length}`)
    entries.push({
      id,
      author: accountNamed(`${by}`),
      device: deviceNamed(`${by}.${seeded.whole(0, 1)}`),
      weightBefore: 0,
      past: heads,
      act,
    })
    return id
  }
  heads = [write(0, { kind: 'create-group', ...person(0), nonce: new Uint8Array(16) })]
  for (let at = 1; at < MEMBERS; at++)
    heads = [write(0, { kind: 'grant', items: [{ ...person(at), role: at <= ADMINS ? 'admin' : 'member' }] })]
  const link = write(0, LINK)
  heads = [link]
  while (entries.length < ENTRIES) heads = Array.from({ length: seeded.whole(1, 4) }, () => writeOne(write, link))
  return entries
}

function writeOne(write: (by: number, act: Act) => EntryId, link: EntryId): EntryId {
  const [admin, other] = [seeded.whole(0, ADMINS), seeded.whole(ADMINS + 1, MEMBERS - 1)]
  const luck = seeded.next()
  if (luck < 0.3) return write(admin, { kind: 'remove', items: [{ account: accountNamed(`${other}`), cuts: [] }] })
  if (luck < 0.7) return write(admin, { kind: 'grant', items: [{ ...person(other), role: seeded.chance(0.1) ? 'admin' : 'member' }] })
  if (luck < 0.8) return write(admin, { kind: 'demote', ...person(other), role: 'member' })
  return write(seeded.whole(0, MEMBERS - 1), { kind: 'let-in', link, ...person(other), proof: new Uint8Array(64) })
}

function extended(membership: Membership, entry: Entry): Membership {
  const result = extendMembership(membership, entry)
  if (result.kind !== 'extended') throw new Error(`an entry is ${result.kind}`)
  return result.membership
}

/** Milliseconds that each entry took, and the membership in the end. */
function take(start: Membership, entries: readonly Entry[]): { readonly took: readonly number[]; readonly membership: Membership } {
  let membership = start
  const took = entries.map((entry) => {
    const from = performance.now()
    membership = extended(membership, entry)
    return performance.now() - from
  })
  return { took, membership }
}

/** One admin removes one account and takes it back, again and again. */
function flood(entries: readonly Entry[]): readonly Entry[] {
  const items = [{ ...person(ADMINS + 1), role: 'member' as const }]
  const acts: readonly Act[] = [
    { kind: 'remove', items: items.map(({ account }) => ({ account, cuts: [] })) },
    { kind: 'grant', items },
  ]
  return Array.from({ length: ENTRIES }, (_, at) => ({
    id: entryNamed(`flood ${at}`),
    author: accountNamed('1'),
    device: deviceNamed('1.0'),
    weightBefore: at,
    past: at === 0 ? entries.slice(-1).map(({ id }) => id) : [entryNamed(`flood ${at - 1}`)],
    act: acts[at % 2] as Act,
  }))
}

const micros = (took: readonly number[], part: number): number =>
  quantile(
    took.map((ms) => 1_000 * ms),
    part,
  )

const entries = writeGroup()
const floods = flood(entries.slice(0, MEMBERS))
const heapBefore = process.memoryUsage().heapUsed
const { took, membership } = take(createMembership(conversation), entries)
const heapBytes = process.memoryUsage().heapUsed - heapBefore
const flooded = take(take(createMembership(conversation), entries.slice(0, MEMBERS)).membership, floods)
const lastIds = entries.slice(-4).map(({ id }) => id)
const from = performance.now()
for (let at = 0; at < 1_000; at++) memberStateHash(membership, conversation, lastIds)
const stateMs = (performance.now() - from) / 1_000

console.log(
  JSON.stringify({
    bench: 'membership',
    members: membership.members.size,
    entries: entries.length,
    allMs: Math.round(took.reduce((sum, each) => sum + each, 0)),
    firstMicros: micros(took.slice(MEMBERS, MEMBERS + 1_000), 0.5),
    lastMicros: micros(took.slice(-1_000), 0.5),
    lastMicrosP99: micros(took.slice(-1_000), 0.99),
    floodFirstMicros: micros(flooded.took.slice(0, 1_000), 0.5),
    floodLastMicros: micros(flooded.took.slice(-1_000), 0.5),
    memberStateMicros: Math.round(1_000 * stateMs),
    heapMegabytes: Math.round(heapBytes / 1_048_576),
  }),
)
