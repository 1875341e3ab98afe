// The last step of admission: the log with arranged entries in it, and the disputes that they show (docs/protocol.md §5.5, §5.7).

import { proveFork } from './evidence.ts'
import { earlierFork } from './fork.ts'
import { refusalOf } from './incoming.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import { lengthOf, sortTips, withFeed } from './log.ts'
import { placeOf } from './lookups.ts'
import { orderKeyOf } from './order.ts'
import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { Head } from '../wire/entry.ts'
import type { OrderedEntry } from './arrange.ts'
import type { ProvenEntry } from './cover.ts'
import type { Witness } from './evidence.ts'
import type { Fork } from './fork.ts'
import type { EntryRefusal, Incoming, Refusal } from './incoming.ts'
import type { AcceptedEntry, Feed, Log } from './log.ts'
import type { KnownEntry, Lookups } from './lookups.ts'

export type Extended = {
  readonly log: Log
  /** Each after its past. Store all of them before anything is said about them. */
  readonly accepted: readonly AcceptedEntry[]
  readonly refused: readonly Refusal[]
  /** Disputes that came to light. */
  readonly forks: readonly FoundFork[]
  /** What will not be accepted later either: nobody keeps it. */
  readonly barred: ReadonlySet<EntryId>
}

/** Why an entry stays out, whose past is in the log; undefined where it comes in, and after that it is in the past of others. */
export type Judge = (entry: Incoming) => EntryRefusal | undefined

type FoundFork = Fork & { readonly device: DeviceId }

type LogAndLookups = { readonly log: Log; readonly lookups: Lookups }
type JudgedLog = LogAndLookups & { readonly judge?: Judge | undefined }

type StoredPlace = Pick<KnownEntry, 'order' | 'signature'> & { readonly hasBody: boolean | undefined }

/**
 * What the log knows of a head: its order, and whether its body is there (undefined where that was not looked up).
 * Throws when the caller did not load a place that `lookupsFor` had asked for.
 */
export function knownAt(stored: LogAndLookups, head: Head): StoredPlace | undefined {
  const there = stored.lookups.size === 0 ? undefined : stored.lookups.get(placeOf(head.device, head.seq))
  const known = there?.find((entry) => entry.id === head.id)
  if (known !== undefined) return known
  const tip = stored.log.feeds.get(head.device)?.tips.find((other) => other.id === head.id && other.seq === head.seq)
  if (tip !== undefined) return { order: tip.order, signature: undefined, hasBody: undefined }
  if (there === undefined && head.seq + 1 < lengthOf(stored.log, head.device))
    throw new RangeError('admission lacks a place that lookupsFor asked for')
  return undefined
}

/** Moves the tips, one entry after the other. */
export function extendLog(
  stored: JudgedLog,
  { arranged, covered }: { readonly arranged: readonly OrderedEntry[]; readonly covered: readonly ProvenEntry[] },
): Extended {
  let { log } = stored
  // In the log at the end only: a batch moves the same few feeds again and again.
  const moved = new Map<DeviceId, Feed>()
  const accepted: AcceptedEntry[] = []
  const refused: Refusal[] = []
  const branches = new Map<DeviceId, Set<number>>()
  const dropped = new Map<EntryId, EntryRefusal>()
  for (const item of arranged) {
    const { id, header, headerBytes, body } = item.entry
    const feed = moved.get(header.device) ?? (log.feeds.get(header.device) as Feed)
    const parent = feed.tips.find((tip) => tip.id === header.prev)
    const isBranch = parent === undefined && feed.tips.length > 0
    const orphaned =
      dropped.size === 0 ? undefined : [header.prev, ...header.deps.map((dep) => dep.id)].flatMap((before) => dropped.get(before) ?? [])[0]
    const isOver = isBranch && feed.tips.length >= FORK_BRANCHES_MAX
    const reason = orphaned ?? (isOver ? 'branches' : stored.judge?.(item.entry))
    if (reason !== undefined) {
      dropped.set(id, reason)
      refused.push(refusalOf(item.entry, reason))
      continue
    }
    if (isBranch) branches.set(header.device, (branches.get(header.device) ?? new Set()).add(header.seq))
    const tips = sortTips([...feed.tips.filter((tip) => tip !== parent), { seq: header.seq, id, order: item.order }])
    moved.set(header.device, { ...feed, tips })
    const signature = item.isVerified ? item.entry.signature : undefined
    accepted.push({ id, header, headerBytes, signature, body, order: item.order, orderKey: orderKeyOf(item.order, id) })
  }
  for (const feed of moved.values()) log = withFeed(log, feed)
  const forks: FoundFork[] = []
  for (const [device, seqs] of branches) {
    const feed = log.feeds.get(device) as Feed
    const fork = forkOf(feed, Math.min(...seqs), { lookups: stored.lookups, accepted, covered })
    if (fork === feed.fork) continue
    log = withFeed(log, { ...feed, fork })
    forks.push({ ...fork, device })
  }
  const barred = new Set([...dropped].flatMap(([id, reason]) => (reason === 'members' ? [id] : [])))
  return { log, accepted, refused, forks, barred }
}

type ExtendParts = { readonly lookups: Lookups; readonly accepted: readonly AcceptedEntry[]; readonly covered: readonly ProvenEntry[] }

function forkOf(feed: Feed, seq: number, scene: ExtendParts): Fork {
  const witnesses = witnessesOf(feed, scene)
  const there = [
    ...(scene.lookups.get(placeOf(feed.device, seq)) ?? []).map((known) => known.id),
    ...scene.accepted.filter((entry) => entry.header.device === feed.device && entry.header.seq === seq).map((entry) => entry.id),
    ...feed.tips.filter((tip) => tip.seq === seq).map((tip) => tip.id),
  ]
  const [first, second] = [...new Set(there)].toSorted()
  if (first === undefined || second === undefined) throw new RangeError('a branch without a sibling')
  return earlierFork(feed.fork, { seq, ids: [first, second], proof: proveFork([first, second], witnesses) })
}

function witnessesOf(feed: Feed, scene: ExtendParts): readonly Witness[] {
  const stored = [...scene.lookups.values()].flat().filter((known) => known.device === feed.device)
  // A signature that covers a branch may lie on an entry that still waits for its past; it was verified all the same.
  const covered = scene.covered
    .filter(({ entry }) => entry.header.device === feed.device)
    .map(({ entry, isVerified }) => ({
      id: entry.id,
      prev: entry.header.prev,
      headerBytes: entry.headerBytes,
      signature: isVerified ? entry.signature : undefined,
    }))
  return [...stored, ...covered]
}
