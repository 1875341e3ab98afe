// Which waiting entries are really their authors' (docs/protocol.md §5.5, step 3). The hash chain carries one signature over
// everything before it, so of a run only its last signature is verified, and one at least every RUN_ENTRIES_MAX entries.

import { equalBytes } from '../bytes/bytes.ts'
import { NO_ENTRY } from '../bytes/ids.ts'
import { RUN_BYTES_MAX, RUN_ENTRIES_MAX } from '../limits.ts'
import { verifyRun } from './entry.ts'
import { bytesOf, isSignedAlone } from './incoming.ts'
import { placeOf } from './lookups.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import type { DeviceId, EntryId } from '../bytes/ids.ts'
import type { EntryRefusal, Incoming } from './incoming.ts'
import type { Lookups } from './lookups.ts'
import type { Feed, Log } from './log.ts'

/** An entry whose author is proven. `isVerified`: by its own signature; otherwise by one further along its run. */
export type ProvenEntry = { readonly entry: Incoming; readonly isVerified: boolean }

export type Coverage =
  /** Parents before children. `over`: entries that no signature covers where one is due, or of too many branches. */
  | { readonly kind: 'covered'; readonly covered: readonly ProvenEntry[]; readonly over: readonly RefusedEntry[] }
  /** A signature that this peer sent is wrong: nothing that it sent may count. */
  | { readonly kind: 'culprit'; readonly peer: DeviceId; readonly entry: Incoming }

/** Signatures that have been verified, by the id of what they are about; lives for one admission, so that starting over costs nothing. */
export type Verified = Map<EntryId, Uint8Array>

/** `pool`: the waiting entries, none of them known already. */
export type Pool = {
  readonly log: Log
  readonly lookups: Lookups
  readonly verified: Verified
  readonly pool: ReadonlyMap<EntryId, Incoming>
}

type RefusedEntry = { readonly entry: Incoming; readonly reason: EntryRefusal }

/** Follows every chain of waiting entries that starts at something known, as far as valid signatures cover it. */
export function coverChains(waiting: Pool): Coverage {
  const covered: ProvenEntry[] = []
  const over: RefusedEntry[] = []
  for (const [device, children] of childrenByFeed(waiting.pool)) {
    const feed = waiting.log.feeds.get(device)
    if (feed === undefined) continue
    const starts = startsOf({ feed, children, lookups: waiting.lookups })
    for (let chains = 0; starts.length > 0; chains++) {
      const chain = followChain(starts.shift() as Incoming, { children, starts })
      if (chains > FORK_BRANCHES_MAX) {
        over.push(...chain.map((entry) => ({ entry, reason: 'branches' as const })))
        continue
      }
      const result = coverChain(chain, { feed, waiting })
      if (result.kind === 'culprit') return result
      covered.push(...result.covered)
      over.push(...result.over)
    }
  }
  return { kind: 'covered', covered, over }
}

/** True when the signature of this very copy was found right. */
export function isVerified(verified: Verified, entry: Incoming): boolean {
  const right = verified.get(entry.id)
  return right !== undefined && entry.signature !== undefined && equalBytes(right, entry.signature)
}

type Children = ReadonlyMap<EntryId, readonly Incoming[]>

function childrenByFeed(pool: ReadonlyMap<EntryId, Incoming>): ReadonlyMap<DeviceId, Children> {
  const feeds = new Map<DeviceId, Map<EntryId, Incoming[]>>()
  for (const entry of pool.values()) {
    const { device, prev } = entry.header
    const children = feeds.get(device) ?? new Map<EntryId, Incoming[]>()
    feeds.set(device, children)
    const siblings = children.get(prev)
    if (siblings === undefined) children.set(prev, [entry])
    else siblings.push(entry)
  }
  return feeds
}

/** The waiting entries that follow a tip or a stored entry, or begin the feed. */
function startsOf(asked: { readonly feed: Feed; readonly children: Children; readonly lookups: Lookups }): Incoming[] {
  const { feed, children, lookups } = asked
  const isKnown = (prev: EntryId, seq: number): boolean =>
    feed.tips.some((tip) => tip.id === prev && tip.seq === seq) ||
    lookups.get(placeOf(feed.device, seq))?.some((known) => known.id === prev) === true
  const starts: Incoming[] = []
  for (const [prev, entries] of children)
    starts.push(...entries.filter((entry) => prev === NO_ENTRY || isKnown(prev, entry.header.seq - 1)))
  return starts
}

// Where a chain divides, the first branch is followed and the others become starts of their own.
function followChain(start: Incoming, graph: { readonly children: Children; readonly starts: Incoming[] }): readonly Incoming[] {
  const chain = [start]
  for (let last = start; ;) {
    const seq = last.header.seq + 1
    const [next, ...others] = (graph.children.get(last.id) ?? []).filter((entry) => entry.header.seq === seq)
    if (next === undefined) return chain
    graph.starts.push(...others)
    chain.push(next)
    last = next
  }
}

type CoverParts = { readonly feed: Feed; readonly waiting: Pool }

function coverChain(chain: readonly Incoming[], against: CoverParts): Coverage {
  const covered: ProvenEntry[] = []
  for (let from = 0; ;) {
    const end = runEnd(chain, from)
    if (end === undefined) return { kind: 'covered', covered, over: tooLong(chain.slice(from)) }
    for (const [at, entry] of chain.slice(from, end + 1).entries()) {
      const isDue = from + at === end || isSignedAlone(entry.header)
      if (isDue && !isSignedRight(entry, against)) return { kind: 'culprit', peer: entry.from, entry }
      covered.push({ entry, isVerified: isDue })
    }
    from = end + 1
  }
}

/** What a run is measured by. */
export type RunEntry = Pick<Incoming, 'header' | 'headerBytes' | 'signature'>

/** Index of the farthest signed entry that may still close the run which begins at `from`. */
export function runEnd(chain: readonly RunEntry[], from: number): number | undefined {
  let found: number | undefined
  let bytes = 0
  for (let at = from; at < chain.length && at - from < RUN_ENTRIES_MAX; at++) {
    const entry = chain[at] as RunEntry
    bytes += bytesOf(entry)
    if (bytes > RUN_BYTES_MAX) return found
    if (entry.signature !== undefined) found = at
  }
  return found
}

/** Of an unsigned end of a chain, the part that is longer than a run may be: it will never be covered as it stands. */
function tooLong(tail: readonly Incoming[]): readonly RefusedEntry[] {
  let bytes = 0
  const at = tail.findIndex((entry, index) => index >= RUN_ENTRIES_MAX || (bytes += bytesOf(entry)) > RUN_BYTES_MAX)
  return at < 0 ? [] : tail.slice(at).map((entry) => ({ entry, reason: 'run' as const }))
}

function isSignedRight(entry: Incoming, { feed, waiting }: CoverParts): boolean {
  const { signature, id } = entry
  if (signature === undefined) return false
  if (entry.isVerified || isVerified(waiting.verified, entry)) return true
  const end = { conversation: waiting.log.conversation, device: feed.device, seq: entry.header.seq, id }
  if (!verifyRun(feed.signingKey, end, signature)) return false
  waiting.verified.set(id, signature)
  return true
}
