import { expect, test } from 'vitest'
import { createParty, initiated, NOW, opened, sealed } from '../../test/vectors/pair-of-devices.ts'
import { bundleOf } from './prekeys.ts'
import type { Party } from '../../test/vectors/pair-of-devices.ts'

const alice = createParty('alice')
const bob = createParty('bob')
const bundle = (party: Party) => bundleOf(party.prekeys, { oneTime: undefined })

type Name = 'alice' | 'bob'
type Parties = Record<Name, Party>
type Travelling = { readonly to: Name; readonly envelope: Uint8Array; readonly text: string }

const other = (name: Name): Name => (name === 'alice' ? 'bob' : 'alice')

function send(parties: Parties, from: Name, text: string): Travelling {
  const sent = sealed(parties[from], text)
  parties[from] = sent.self
  return { to: other(from), envelope: sent.envelope, text }
}

function receive(parties: Parties, { to, envelope, text }: Travelling): void {
  const got = opened(parties[to], parties[other(to)], envelope)
  expect(got.text).toBe(text)
  parties[to] = got.self
}

const preferred = (party: Party): string | undefined => party.pairing?.sessions[0]?.id

/** Both initiate before either hears of it, and each writes twice; `delivered` says which of the four arrive. */
function collide(start: Parties, delivered: readonly boolean[], order: 'forward' | 'reverse'): Parties {
  const parties = { alice: initiated(start.alice, bob, bundle(bob)), bob: initiated(start.bob, alice, bundle(alice)) }
  const sent = (['alice', 'bob', 'alice', 'bob'] as const).map((from, i) => send(parties, from, `${from} ${i}`))
  const arriving = sent.filter((_, i) => delivered[i])
  for (const item of order === 'forward' ? arriving : arriving.reverse()) receive(parties, item)
  // Then the network is whole again: two rounds in which everything arrives.
  for (const round of [1, 2]) {
    for (const from of ['alice', 'bob'] as const) receive(parties, send(parties, from, `${from} round ${round}`))
  }
  return parties
}

const patterns = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].map((i) => (bits & (1 << i)) !== 0))

function expectConverged(parties: Parties): void {
  expect(preferred(parties.alice)).toBe(preferred(parties.bob))
  // Neither side still carries an initial part: the sessions that go on are ordinary ones.
  expect(send(parties, 'alice', 'x').envelope[0]).toBe(2)
  expect(send(parties, 'bob', 'x').envelope[0]).toBe(2)
}

test.each(patterns.map((delivered) => ({ delivered, name: delivered.map((is) => (is ? 'arrives' : 'lost')).join(', ') })))(
  'after simultaneous initiation both write in one session: $name',
  ({ delivered }) => {
    for (const order of ['forward', 'reverse'] as const) expectConverged(collide({ alice, bob }, delivered, order))
  },
)

test('the same holds when both re-key an old session at once', () => {
  const started: Parties = { alice: initiated(alice, bob, bundle(bob)), bob }
  for (const from of ['alice', 'bob'] as const) receive(started, send(started, from, 'hello'))
  const before = preferred(started.alice)
  for (const delivered of patterns.filter((_, i) => i % 3 === 0)) {
    const parties = collide(started, delivered, 'forward')
    expectConverged(parties)
    expect(preferred(parties.alice)).not.toBe(before)
  }
})

test('a session of a lower generation that arrives late is read but not preferred', () => {
  const parties: Parties = { alice: initiated(alice, bob, bundle(bob)), bob }
  const late = send(parties, 'alice', 'late')
  parties.alice = initiated(parties.alice, bob, bundle(bob), NOW + 1)
  const newer = send(parties, 'alice', 'newer')
  receive(parties, newer)
  const chosen = preferred(parties.bob)
  receive(parties, late)
  expect(preferred(parties.bob)).toBe(chosen)
  expect(preferred(parties.alice)).toBe(chosen)
})
