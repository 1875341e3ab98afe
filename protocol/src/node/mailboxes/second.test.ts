// What a contact's device may say about where it is written to, and what of that counts.

import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createMailboxKeys, grantOf, secondGrantOf } from '../../mailbox/keys.ts'
import { createDraft } from '../draft.ts'
import { takeGrant, takeSecond } from './second.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Draft, Env } from '../draft.ts'
import type { Peer } from '../state.ts'

const random = createSeeded(1).bytes
const relayOf = (name: string) => ({ key: random(32), url: `wss://${name}.example.org` })
const [a, b, c] = [relayOf('a'), relayOf('b'), relayOf('c')]
const bob = 'b'.repeat(64) as DeviceId
const grant = grantOf(createMailboxKeys(a, random))
const [atB, atC] = [secondGrantOf(grant, b), secondGrantOf(grant, c)]

function knowing(peer: Partial<Peer>): Draft {
  const known = { device: { id: bob }, envelopes: [], ...peer }
  return createDraft(partialState({ peers: [[bob, known]] }), { now: 1_000, random } as Env)
}
const bobIn = (draft: Draft): Peer => draft.state.peers.get(bob) as Peer
const second = (draft: Draft, mailbox: string, relay: typeof a): void =>
  takeSecond(draft, bobIn(draft), { kind: 'second', mailbox: mailbox as typeof grant.mailbox, relay })
const refusals = ({ effects }: Draft): readonly string[] => effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.reason] : []))

describe('a second relay', () => {
  test('is kept beside the first, which stays in use', () => {
    const draft = knowing({ outbox: grant })
    second(draft, grant.mailbox, b)
    expect(bobIn(draft)).toMatchObject({ outbox: grant, spare: { grant: atB, isFirst: false } })
  })

  test('takes the place of the one before: there is never a third', () => {
    const draft = knowing({ outbox: grant, spare: { grant: atB, isFirst: false } })
    for (const relay of [b, c, relayOf('d'), c]) second(draft, grant.mailbox, relay)
    expect(bobIn(draft)).toMatchObject({ outbox: grant, spare: { grant: atC, isFirst: false } })
  })

  test('of a mailbox that is not theirs, or at the same relay, is refused', () => {
    const draft = knowing({ outbox: grant })
    second(draft, atB.mailbox, c)
    second(draft, grant.mailbox, { ...a, url: 'wss://elsewhere.example.org' })
    expect(refusals(draft)).toEqual(['unknown-mailbox', 'same-relay'])
    expect(bobIn(draft).spare).toBeUndefined()
    second(draft, grant.mailbox, c)
    expect(bobIn(draft).spare).toEqual({ grant: atC, isFirst: false })
  })

  test('of somebody who has named no mailbox at all is refused', () => {
    const draft = knowing({ outbox: undefined })
    second(draft, grant.mailbox, b)
    expect(refusals(draft)).toEqual(['unknown-mailbox'])
  })

  test('that is in use and named anew is written to at the new one', () => {
    const draft = knowing({ outbox: atB, spare: { grant, isFirst: true } })
    second(draft, grant.mailbox, c)
    expect(bobIn(draft)).toMatchObject({ outbox: atC, spare: { grant, isFirst: true } })
  })
})

describe('the first one, named again', () => {
  test('changes nothing but where its relay is found, whichever of the two is in use', () => {
    const again = { ...grant, relay: { ...a, url: 'wss://moved.example.org' } }
    const [first, turned] = [
      knowing({ outbox: grant, spare: { grant: atB, isFirst: false } }),
      knowing({ outbox: atB, spare: { grant, isFirst: true } }),
    ]
    for (const draft of [first, turned]) takeGrant(draft, bobIn(draft), again)
    expect(bobIn(first)).toMatchObject({ outbox: again, spare: { grant: atB } })
    expect(bobIn(turned)).toMatchObject({ outbox: atB, spare: { grant: again, isFirst: true } })
  })

  test('without its second, as somebody says it who knows of none, leaves things as they were', () => {
    const draft = knowing({ outbox: grant, spare: { grant: atB, isFirst: false } })
    takeGrant(draft, bobIn(draft), grant)
    expect(bobIn(draft).spare).toEqual({ grant: atB, isFirst: false })
  })

  test('and another mailbox takes the place of both', () => {
    const draft = knowing({ outbox: atB, spare: { grant, isFirst: true } })
    const other = grantOf(createMailboxKeys(c, random))
    takeGrant(draft, bobIn(draft), other)
    expect(bobIn(draft)).toMatchObject({ outbox: other, spare: undefined })
  })
})
