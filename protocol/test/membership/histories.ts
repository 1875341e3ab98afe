// Random histories of a group: accounts that let each other in, raise, lower and remove each other without knowing all that happened, write back-dated
// entries, fork their feeds, and misuse links. A seed gives the same history always.

import { ROLES } from '../../src/membership/types.ts'
import { createSeeded, type Seeded } from '../simulation/seeded.ts'
import { accountNamed, deviceNamed, randomId } from './names.ts'
import type { AccountId, ConversationId, DeviceId, EntryId, UnixMs } from '../../src/bytes/ids.ts'
import type { Act, ControlEntry, Person, Role } from '../../src/membership/types.ts'

export type History = { readonly conversation: ConversationId; readonly entries: readonly ControlEntry[] }

/** Entries of one history, at most: what is in whose past is kept as the bits of a number. */
const ENTRIES_MAX = 20

type Writer = { readonly account: AccountId; readonly device: DeviceId; known: number }

type Story = {
  readonly seeded: Seeded
  readonly people: readonly AccountId[]
  readonly writers: readonly Writer[]
  readonly entries: ControlEntry[]
  /** Of each entry, its past and itself. */
  readonly reach: number[]
}

/** Each entry comes after its past. */
export function randomHistory(seed: number): History {
  const seeded = createSeeded(seed)
  const people = Array.from({ length: seeded.whole(2, 6) }, (_, at) => accountNamed(`person ${at}`))
  const writers = people.flatMap((account, at) =>
    Array.from({ length: seeded.chance(0.3) ? 2 : 1 }, (_, number) => ({
      account,
      device: deviceNamed(`device ${at}.${number}`),
      known: 0,
    })),
  )
  const story: Story = { seeded, people, writers, entries: [], reach: [] }
  const [founder] = writers as [Writer, ...Writer[]]
  write(story, founder, 0, { kind: 'create-group', ...personOf(founder.account), nonce: NONCE })
  if (seeded.chance(0.8)) beginWithAll(story, founder)
  const conversation = story.entries[0]?.id as string as ConversationId
  const length = seeded.whole(3, ENTRIES_MAX)
  while (story.entries.length < length) happen(story)
  return { conversation, entries: story.entries }
}

const NONCE = new Uint8Array(16)
const DEVICE_LIST = new Uint8Array(32)
const LINK = {
  key: new Uint8Array(32),
  expires: 0 as UnixMs,
  secret: new Uint8Array(16),
  place: new Uint8Array(32),
  relay: { key: new Uint8Array(32), url: 'ws://relay' },
}
const PROOF = new Uint8Array(64)

const personOf = (account: AccountId): Person => ({ account, deviceList: DEVICE_LIST })

/** The founder lets everybody in, most of them as more than members; and all know it. */
function beginWithAll(story: Story, founder: Writer): void {
  const others = story.people.filter((account) => account !== founder.account).toSorted()
  const items = others.map((account) => ({ ...personOf(account), role: story.seeded.chance(0.6) ? 'admin' : randomRole(story.seeded) }))
  write(story, founder, founder.known, { kind: 'grant', items })
  for (const writer of story.writers) writer.known |= founder.known
}

function happen(story: Story): void {
  const { seeded } = story
  const writer = pick(seeded, story.writers)
  if (seeded.chance(0.5)) for (const other of story.writers) if (seeded.chance(0.5)) writer.known |= other.known
  // The founder's first entry is known to whoever knows anything.
  writer.known |= 1
  const past = seeded.chance(0.15) ? backDated(story, writer.known) : writer.known
  const act = randomAct(story, writer, past)
  const cuts = act.kind === 'remove' && seeded.chance(0.4) ? (story.reach[seeded.whole(0, story.reach.length - 1)] ?? 0) : 0
  write(story, writer, past | cuts, act)
}

/** Something that was everything once: an entry with its past, or two. */
function backDated({ seeded, reach }: Story, known: number): number {
  const choices = reach.filter((_, at) => (known & (1 << at)) !== 0)
  return pick(seeded, choices) | (seeded.chance(0.3) ? pick(seeded, choices) : 0)
}

function write({ seeded, entries, reach }: Story, writer: Writer, past: number, act: Act): void {
  const number = entries.length
  const within = reach.flatMap((reached, at) => ((past & (1 << at)) === 0 ? [] : [{ at, reached }]))
  const isHead = (at: number): boolean => within.every((other) => other.at === at || (other.reached & (1 << at)) === 0)
  // Now and then more is named than is needed.
  const named = within.filter(({ at }) => isHead(at) || seeded.chance(0.05))
  entries.push({
    id: randomId(seeded) as EntryId,
    author: writer.account,
    device: writer.device,
    weightBefore: seeded.chance(0.03) ? seeded.whole(9_998, 10_001) : number,
    past: named.flatMap(({ at }) => entries[at]?.id ?? []),
    act,
  })
  reach.push(past | (1 << number))
  writer.known |= past | (1 << number)
}

function randomAct(story: Story, writer: Writer, past: number): Act {
  const { seeded } = story
  const kind = pick(seeded, KINDS)
  const links = story.entries.filter(({ act }, at) => act.kind === 'open-link' && ((past & (1 << at)) !== 0 || seeded.chance(0.1)))
  const link = links.length > 0 ? pick(seeded, links).id : pick(seeded, story.entries).id
  switch (kind) {
    case 'create-group':
      return { kind, ...personOf(writer.account), nonce: NONCE }
    case 'grant':
      return { kind, items: someOf(story, writer).map((account) => ({ ...personOf(account), role: randomRole(seeded) })) }
    case 'remove':
      return { kind, items: someOf(story, writer).map((account) => ({ account, cuts: [] })) }
    case 'demote':
      return { kind, ...personOf(oneOf(story, writer)), role: seeded.chance(0.5) ? 'admin' : 'member' }
    case 'resign':
      return { kind, role: seeded.chance(0.5) ? 'admin' : 'member' }
    case 'leave':
      return { kind }
    case 'open-link':
      return { kind, ...LINK, uses: seeded.chance(0.6) ? seeded.whole(1, 2) : 500 }
    case 'close-link':
      return { kind, link }
    case 'let-in':
      return { kind, link, ...personOf(oneOf(story, writer)), proof: PROOF }
    case 'set-history':
      return { kind, history: seeded.chance(0.5) ? 'all' : 'none' }
  }
}

/** Each as often as it is to come up. */
const KINDS = (
  [
    ['create-group', 1],
    ['grant', 30],
    ['remove', 18],
    ['demote', 10],
    ['resign', 4],
    ['leave', 4],
    ['open-link', 10],
    ['close-link', 4],
    ['let-in', 14],
    ['set-history', 5],
  ] as const
).flatMap(([kind, times]) => Array.from({ length: times }, () => kind))

const randomRole = (seeded: Seeded): Role => pick(seeded, ROLES)

/** Mostly somebody else. */
function oneOf({ seeded, people }: Story, writer: Writer): AccountId {
  const others = people.filter((account) => account !== writer.account)
  return seeded.chance(0.03) ? writer.account : pick(seeded, others)
}

function someOf(story: Story, writer: Writer): readonly AccountId[] {
  const count = story.seeded.chance(0.7) ? 1 : story.seeded.whole(2, 3)
  return [...new Set(Array.from({ length: count }, () => oneOf(story, writer)))].toSorted()
}

function pick<T>(seeded: Seeded, from: readonly T[]): T {
  return from[seeded.whole(0, from.length - 1)] as T
}
