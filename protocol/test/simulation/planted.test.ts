// What the simulation is there to find, in lives whose curves are OpenSSL's (see vite.config.ts): each planted bug is noticed within a bounded number of
// seeds, and what failed once holds.

import { describe, expect, test } from 'vitest'
import { SABOTAGES } from './sabotage.ts'
import { isAtTwo, isOfGroupAtTwo, isOfGroup, isOfHealing, live } from './life.ts'

/** Lives of groups that have failed once, and that `npm test` does not live anyway, with the first thousand. */
const GROUP_SEEDS = [1119, 3030]
/** As many lives as `npm test` lives beside these tests. */
const LIVED = 1_000
const SEEDS_UNTIL_CAUGHT_MAX = 12
/** A life of ten devices takes ten times as long as others. */
const CAUGHT_MS_MAX = 180_000

/** How each planted bug shows. `from`: the first seed tried, where lives of the kind that shows it are rare. */
const CAUGHT: Readonly<Record<keyof typeof SABOTAGES, { readonly by: string; readonly what: RegExp; readonly from?: number }>> = {
  'drop-outbox': {
    by: 'texts that only one side has, or that never get their tick',
    what: /different conversations|never got their tick|is there 0 times|is not on/,
  },
  'drop-record': {
    by: 'texts that are gone, or conversations that do not open, after a crash',
    what: /different conversations|is there 0 times|does not open|never/,
  },
  'drop-marks': { by: 'chats that are gone after a crash', what: /different conversations|is there 0 times|does not open|never/ },
  'receipt-for-all': {
    by: 'texts that a second device never gets',
    what: /is there 0 times for \w+|never got their tick|is shown as delivered, and is not on/,
    from: 20,
  },
  'drop-refs': { by: 'a text that is there twice after it was sent again', what: /is there 2 times/ },
  'early-relay-tick': {
    by: 'a tick that says “relay” for what no relay was given, or a text that counts as left in a mailbox where it never was',
    what: /is shown as relay, and the relay has not got it: never|counts as left for .+, and was never in that mailbox/,
    from: 15,
  },
  'read-unasked': { by: 'a tick that says “read” for what nobody looked at', what: /is shown as read, and .+ has not looked at it/ },
  'drop-documents': { by: 'titles that differ, or are not in the document that is shown', what: /the title is|title “.*” was given/ },
  'refused-as-stored': {
    by: 'a text that counts as left in a mailbox which was full',
    what: /counts as left for .+, and was never in that mailbox/,
    from: 165,
  },
  'joint-misses-one': {
    by: 'a text that counts as left for whom the blob was not for',
    what: /counts as left for .+, and was never in that mailbox/,
    from: 165,
  },
  'gathers-nothing': {
    by: 'a tick that says “relay” for what is at the relay no more',
    what: /is shown as relay, and the relay has not got it: never/,
    from: 13,
  },
  'removed-keeps-chain': {
    by: 'a key that somebody has of what was written after its removal',
    what: /holds the key of “.+”, which was written without them/,
    from: 34,
  },
  'late-removal-spares': {
    by: 'members that some see and others do not',
    what: /sees \d members, and alice \d/,
    from: 689,
  },
  'closed-link-stays-open': {
    by: 'somebody who comes in by a link that was taken back',
    what: /came in by a link that was taken back/,
    from: 141,
  },
  'counts-after-loss': {
    by: 'texts that were left at a relay which died, and are not left again',
    what: /is there 0 times|never got their tick/,
    from: 447,
  },
  'root-not-mixed': {
    by: 'a copy of both disks that reads on',
    what: /a copy of both reads what \w+ writes/,
    from: 77,
  },
  'drop-timeline': { by: 'texts that were acknowledged and are not shown', what: /is there 0 times/ },
}

describe('a life of two people and more', () => {
  test.each(GROUP_SEEDS)('keeps every promise in a group: seed %i', async (seed) => {
    expect(isOfGroup(seed)).toBe(true)
    expect((await live(seed)).broken).toEqual([])
  })

  test.each([
    ['of a group', isOfGroup],
    ['that leaves a copy of both disks behind', isOfHealing],
    ['at two relays, of which one dies with its disk', isAtTwo],
    ['of a group at two relays, of which one dies with its disk', isOfGroupAtTwo],
  ])('%s is among those that are lived each time', (_, isOfKind) => {
    expect(Array.from({ length: LIVED }, (_, at) => at + 1).filter(isOfKind).length).toBeGreaterThan(10)
  })
})

describe('a planted bug', () => {
  test.each(Object.entries(CAUGHT).map(([name, { by, what, from = 1 }]) => ({ name, by, what, from })))(
    '“$name” is caught by $by',
    async ({ name, what, from }) => {
      const found: string[] = []
      // A life may end by what follows from it alone, such as a message that never arrives.
      for (let seed = from; !what.test(found.join('\n')) && seed < from + SEEDS_UNTIL_CAUGHT_MAX; seed++)
        found.push(...(await live(seed, SABOTAGES[name])).broken)
      expect(found.join('\n')).toMatch(what)
    },
    CAUGHT_MS_MAX,
  )
})
