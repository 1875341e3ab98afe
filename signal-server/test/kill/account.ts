// What became of every blob that was brought to a relay which is killed again and again: nothing acknowledged may be missing, and nothing may
// come twice where it may come once.

import { blobIdOf, hash } from '@kith/protocol'
import type { MailboxId } from '@kith/protocol'

/**
 * One blob in one mailbox. `isKept`: its deposit was answered. `removal`: whether a reader asked to have it forgotten, and was answered. `isRepeated`: a
 * writer that had no answer brought it again although a reader may have fetched it by then. A relay does not remember what was fetched, so it comes once more,
 * and devices know it by its name.
 */
type Fate = { isKept: boolean; removal: 'none' | 'asked' | 'answered'; isFound: boolean; underWay: number; isRepeated: boolean }

export type Account = {
  /** About to be deposited, for the first time or again. */
  brought(mailbox: MailboxId, blob: Uint8Array): void
  /** The deposit was answered, or the stream has ended without an answer. */
  settled(mailbox: MailboxId, blob: Uint8Array): void
  /** The relay has answered that it is kept. */
  kept(mailbox: MailboxId, blob: Uint8Array): void
  isKept(mailbox: MailboxId, blob: Uint8Array): boolean
  /** A stream of a reader, on which each blob may come once. */
  reading(): (mailbox: MailboxId, blob: Uint8Array) => void
  /** A reader asks to have it forgotten; call what comes back once that was answered, with whether it was done or refused. */
  forgetting(mailbox: MailboxId, blob: Uint8Array): (outcome: 'done' | 'refused') => void
  /** From now on whatever is pushed counts as found. */
  beginSearch(): void
  sum(): Sum
}
export type Sum = {
  /** Deposits that were acknowledged, each mailbox counted for itself. */
  readonly acknowledged: number
  /** Of those: acknowledged by a reader, and the relay confirmed that. */
  readonly fetched: number
  /** Of those: found in the mailbox at the end. */
  readonly found: number
  /** Of those: a reader's acknowledgement was under way when the relay was killed, so that either is right. */
  readonly underWay: number
  /** Brought, never acknowledged, and kept all the same: repeated by the writer, this is a deposit like any other. */
  readonly keptUnsaid: number
  /** Of all: brought again, without an answer to the first time, after a reader had fetched it. */
  readonly repeated: number
  readonly lost: number
  readonly doubled: number
  /** What was pushed and nobody had brought. */
  readonly invented: number
}

export function createAccount(): Account {
  const fates = new Map<string, Fate>()
  let doubled = 0
  let invented = 0
  let isSearching = false
  const keyOf = (mailbox: MailboxId, blob: Uint8Array): string => `${mailbox} ${blobIdOf(hash(blob))}`
  const fateOf = (mailbox: MailboxId, blob: Uint8Array): Fate =>
    fates.get(keyOf(mailbox, blob)) ?? { isKept: false, removal: 'none', isFound: false, underWay: 0, isRepeated: false }
  const count = (is: (fate: Fate) => boolean): number => [...fates.values()].filter(is).length

  return {
    brought(mailbox, blob) {
      const fate = fateOf(mailbox, blob)
      fates.set(keyOf(mailbox, blob), fate)
      fate.underWay += 1
      if (fate.removal !== 'none') fate.isRepeated = true
    },
    settled: (mailbox, blob) => void (fateOf(mailbox, blob).underWay -= 1),
    kept: (mailbox, blob) => void (fateOf(mailbox, blob).isKept = true),
    isKept: (mailbox, blob) => fateOf(mailbox, blob).isKept,
    reading() {
      const seen = new Set<string>()
      return (mailbox, blob) => {
        const key = keyOf(mailbox, blob)
        const fate = fates.get(key)
        if (!fate) return void (invented += 1)
        // Twice on one stream, or after the relay had said that it was gone.
        if (!fate.isRepeated && (seen.has(key) || fate.removal === 'answered')) doubled += 1
        seen.add(key)
        if (isSearching) fate.isFound = true
      }
    },
    forgetting(mailbox, blob) {
      const fate = fateOf(mailbox, blob)
      if (fate.removal === 'none') fate.removal = 'asked'
      if (fate.underWay > 0) fate.isRepeated = true
      return (outcome) => void (fate.removal = outcome === 'done' ? 'answered' : 'none')
    },
    beginSearch: () => void (isSearching = true),
    sum: () => ({
      acknowledged: count(({ isKept }) => isKept),
      fetched: count(({ isKept, isFound, removal }) => isKept && !isFound && removal === 'answered'),
      found: count(({ isKept, isFound }) => isKept && isFound),
      underWay: count(({ isKept, removal, isFound }) => isKept && !isFound && removal === 'asked'),
      keptUnsaid: count(({ isKept, isFound }) => !isKept && isFound),
      repeated: count(({ isRepeated }) => isRepeated),
      lost: count(({ isKept, removal, isFound }) => isKept && !isFound && removal === 'none'),
      doubled,
      invented,
    }),
  }
}
