import { describe, expect, it } from 'vitest'
import {
  batchOf,
  createAuthor,
  createReceiver,
  deliver,
  deliverAll,
  flipped,
  headOf,
  signed,
  unsigned,
  viewOf,
  withinLonger,
  write,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { judgeForkProof } from '../../test/fixtures/fork-proof.ts'
import { conversationIdOf, entryIdOf, NO_CONVERSATION } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { belongsTo, earlierFork } from './fork.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import { headsOf, mainTipOf, nextPlace } from './log.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { ForkProof } from './fork.ts'
import type { Written } from '../../test/fixtures/feeds.ts'

const alice = createAuthor('alice')
const bob = createAuthor('bob')
const receiver = createReceiver([alice, bob])
const shared = writeRun(alice, 3)
const left = writeRun(alice, 3, shared[2])
const right = writeRun(alice, 2, shared[2])
const first = left[0] as Written
const second = right[0] as Written

const feedOf = (at: typeof receiver) => at.log.feeds.get(alice.device)

describe('seq reuse', () => {
  it('shown in both orders ends in the same state everywhere, and the conflict is known', () => {
    const one = deliverAll(receiver, [batchOf(shared), batchOf(left), batchOf(right)])
    const other = deliverAll(receiver, [batchOf(shared), batchOf(right), batchOf(left)])
    expect(viewOf(one)).toEqual(viewOf(other))
    expect(feedOf(one)?.fork).toMatchObject({ seq: 3, ids: [first.id, second.id].toSorted() })
    expect(one.accepted).toHaveLength(8)
  })

  it('is found inside one batch too, in every order of its entries', () => {
    const all = [...batchOf(shared), ...batchOf(left), ...batchOf(right)]
    const expected = viewOf(deliverAll(receiver, [batchOf(shared), batchOf(left), batchOf(right)]))
    for (let shift = 0; shift < all.length; shift++) {
      expect(viewOf(deliver(receiver, [...all.slice(shift), ...all.slice(0, shift)]).receiver)).toEqual(expected)
    }
  })

  it('of the very first entry is a fork as well', () => {
    const other = write(alice)
    const after = deliverAll(receiver, [batchOf(shared), [signed(other)]])
    expect(feedOf(after)?.fork).toMatchObject({ seq: 0 })
  })

  it('without a valid signature proves nothing', () => {
    const before = deliver(receiver, batchOf([...shared, ...left])).receiver
    expect(feedOf(deliver(before, [unsigned(second)]).receiver)?.fork).toBeUndefined()
    expect(feedOf(deliver(before, [{ ...signed(second), signature: new Uint8Array(64) }]).receiver)?.fork).toBeUndefined()
    expect(feedOf(deliver(before, [signed(second)]).receiver)?.fork).toBeDefined()
  })

  it('is told once, and the proof holds for somebody who has seen neither branch', () => {
    const before = deliver(receiver, batchOf([...shared, ...left])).receiver
    const after = deliver(before, batchOf(right))
    const [fork] = after.admission.forks
    expect(fork).toMatchObject({ device: alice.device, seq: 3 })
    expect(deliver(after.receiver, batchOf(right)).admission.forks).toEqual([])
    expect(fork?.proof).toBeDefined()
    if (fork?.proof !== undefined) expect(judgeForkProof(receiver.log, fork.proof)).toBe('proven')
  })

  it('takes no signature into its proof that nobody has verified', () => {
    const wires = [{ ...signed(second), signature: flipped(second.signature, 0) }, signed(right[1] as Written)]
    const proof = feedOf(deliverAll(receiver, [batchOf(shared), batchOf(left), wires]))?.fork?.proof
    expect(proof && judgeForkProof(receiver.log, proof)).toBe('proven')
  })

  it('has a proof that holds for these two entries alone', () => {
    const proof = feedOf(deliverAll(receiver, [batchOf(shared), batchOf(left), batchOf(right)]))?.fork?.proof
    if (proof === undefined) throw new Error('there is no proof')
    expect(judgeForkProof(receiver.log, proof)).toBe('proven')
    expect(judgeForkProof(receiver.log, { first: proof.first, second: proof.first })).toBe('same')
    expect(judgeForkProof(receiver.log, { ...proof, second: { ...proof.second, signature: flipped(proof.second.signature, 0) } })).toBe(
      'signature',
    )
    expect(judgeForkProof(receiver.log, { ...proof, first: { ...proof.first, headers: [] } })).toBe('malformed')
    expect(judgeForkProof(createReceiver([bob]).log, proof)).toBe('unknown-device')
  })

  it('keeps no more of what its headers came in than the headers', () => {
    const frames = [shared, left, right].map((run) => batchOf(run).map(withinLonger))
    const proof = feedOf(deliverAll(receiver, frames))?.fork?.proof
    if (proof === undefined) throw new Error('there is no proof')
    for (const header of [...proof.first.headers, ...proof.second.headers]) expect(header.buffer.byteLength).toBe(header.length)
  })

  it('leaves both branches to grow', () => {
    const forked = deliverAll(receiver, [batchOf(shared), batchOf(left), batchOf(right)])
    const more = [write(alice, { after: left[2] }), write(alice, { after: right[1] })]
    const after = deliver(forked, more.map(signed))
    expect(after.admission.accepted).toHaveLength(2)
    expect(headsOf(after.receiver.log).filter((head) => head.device === alice.device)).toHaveLength(2)
  })

  it('into more branches than are kept is refused beyond them', () => {
    const branches = Array.from({ length: FORK_BRANCHES_MAX + 1 }, () => signed(write(alice, { after: shared[2] })))
    const after = deliver(deliver(receiver, batchOf(shared)).receiver, branches)
    expect(feedOf(after.receiver)?.tips).toHaveLength(FORK_BRANCHES_MAX)
    expect(after.admission.refused.map(({ reason }) => reason)).toEqual(['branches'])
  })

  it('further along than the dispute that is known is told no more', () => {
    const forked = deliverAll(receiver, [batchOf(shared), batchOf(left), batchOf(right)])
    const after = deliver(forked, [signed(write(alice, { after: first }))])
    expect(after.admission.accepted).toHaveLength(1)
    expect(after.admission.forks).toEqual([])
    expect(deliver(forked, [signed(write(alice, { after: shared[1] }))]).admission.forks).toMatchObject([{ seq: 2 }])
  })

  it('takes with a branch that is refused whatever rests on it, in any feed', () => {
    const branches = Array.from({ length: FORK_BRANCHES_MAX }, () => signed(write(alice, { after: shared[2] })))
    const full = deliver(deliver(receiver, batchOf(shared)).receiver, branches).receiver
    const over = write(alice, { after: shared[2] })
    const answer = write(bob, { deps: [headOf(over)] })
    const rest = [over, write(alice, { after: over }), answer, write(bob, { after: answer })]
    const after = deliver(full, rest.map(signed))
    expect(after.admission.accepted).toEqual([])
    expect(after.admission.refused.map(({ reason }) => reason)).toEqual(rest.map(() => 'branches'))
    expect(after.receiver.log).toEqual(full.log)
  })

  it('remembers the earliest dispute, whichever was seen first', () => {
    const late = [write(alice, { after: left[0] })]
    const early = [write(alice, { after: shared[0] })]
    const base = deliver(receiver, batchOf([...shared, ...left])).receiver
    const one = deliverAll(base, [late.map(signed), early.map(signed)])
    const other = deliverAll(base, [early.map(signed), late.map(signed)])
    expect(feedOf(one)?.fork?.seq).toBe(1)
    expect(viewOf(one)).toEqual(viewOf(other))
  })

  it('of three at one place is the same pair in every order', () => {
    const three = Array.from({ length: 3 }, () => signed(write(alice, { after: shared[2] })))
    const base = deliver(receiver, batchOf(shared)).receiver
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    const views = orders.map((order) =>
      viewOf(
        deliverAll(
          base,
          order.map((at) => [three[at] as WireEntry]),
        ),
      ),
    )
    for (const view of views) expect(view).toEqual(views[0])
  })

  it('names one branch only in the entries of others', () => {
    const forked = deliverAll(receiver, [batchOf(shared), batchOf(left), batchOf(right)])
    const feed = feedOf(forked)
    expect(nextPlace(forked.log, bob.device).deps).toEqual([headOf(left[2] as Written)])
    expect(feed === undefined ? undefined : mainTipOf(feed)?.id).toBe(left[2]?.id)
  })
})

describe('of two disputes of one feed', () => {
  const [a, b, c] = [1, 2, 3].map((fill) => entryIdOf(new Uint8Array(32).fill(fill))) as [EntryId, EntryId, EntryId]
  const proof = (fill: number): ForkProof => {
    const run = { headers: [], signature: new Uint8Array(64).fill(fill) }
    return { first: run, second: run }
  }
  const known = { seq: 5, ids: [a, c], proof: proof(1) } as const

  it('the earlier one is remembered, with what proves it', () => {
    expect(earlierFork(undefined, { seq: 9, ids: [b, c], proof: undefined })).toEqual({ seq: 9, ids: [b, c], proof: undefined })
    expect(earlierFork(known, { seq: 4, ids: [b, c], proof: undefined })).toEqual({ seq: 4, ids: [b, c], proof: undefined })
    expect(earlierFork(known, { seq: 6, ids: [a, b], proof: proof(2) })).toBe(known)
  })

  it('none is made of fewer than two entries', () => {
    for (const ids of [[], [a]]) expect(() => earlierFork(undefined, { seq: 9, ids, proof: undefined })).toThrow('a fork has two entries')
  })

  it('at one place the smallest pair is remembered, and what proves that there is a dispute', () => {
    expect(earlierFork(known, { seq: 5, ids: [b, c], proof: proof(2) })).toEqual({ seq: 5, ids: [a, b], proof: proof(2) })
    expect(earlierFork(known, { seq: 5, ids: [b, c], proof: undefined })).toEqual({ seq: 5, ids: [a, b], proof: proof(1) })
    const small = { ...known, ids: [a, b] } as const
    expect(earlierFork(small, { seq: 5, ids: [b, c], proof: proof(2) })).toBe(small)
  })

  it('of one pair the first proof stays, and one is taken that proves this pair', () => {
    expect(earlierFork(known, { seq: 5, ids: [a, c], proof: proof(2) })).toBe(known)
    expect(earlierFork(known, { seq: 5, ids: [a, c], proof: undefined })).toBe(known)
    const unproven = { seq: 5, ids: [a, b], proof: undefined } as const
    expect(earlierFork(unproven, { seq: 5, ids: [a, b], proof: proof(2) })).toEqual({ ...unproven, proof: proof(2) })
    expect(earlierFork(unproven, { seq: 5, ids: [b, c], proof: proof(2) })).toBe(unproven)
  })
})

it('only the first entry of a feed can be the one that named its conversation', () => {
  const create = write(alice, { conversation: NO_CONVERSATION })
  const conversation = conversationIdOf(hash(new Uint8Array(1)))
  expect(belongsTo(create.id as never, create.header, create.id)).toBe(true)
  expect(belongsTo(create.id as never, { ...create.header, seq: 1 }, create.id)).toBe(false)
  expect(belongsTo(conversation, create.header, create.id)).toBe(false)
})
