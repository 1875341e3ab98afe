// What a contact can make of saying what it has and has heard: nothing signed that is not so, nothing without end, and never a start that fails.

import { expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { haveOf } from '../fixtures/have.ts'
import { conversationOn, peerOn } from '../simulation/disk.ts'
import { createStage, invite, meet, MINUTE_MS, open, revive, say, ticks } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Claim } from '../../src/wire/receipt.ts'
import type { Have } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const heard = (claim: Partial<Claim>): Claim => ({ delivered: 0, read: 0, unreadable: [], recovered: [], ...claim })

/** What `from` leaves in the mailbox that `to` has for it. */
function leave(stage: Stage, { from, to }: { readonly from: Person; readonly to: Person }, have: readonly Have[]): void {
  const { outbox = expect.fail('no mailbox') } = peerOn(from, to.device())
  const blob = sealBlob(outbox, [{ kind: 'have', have }])
  stage.network.inject(to.device(), { kind: 'blobs', relay: toHex(outbox.relay.key), blobs: [{ mailbox: outbox.mailbox, blob }] })
}

const headsOf = (person: Person, id: ConversationId) =>
  [...(conversationOn(person, id)?.log.feeds.values() ?? [])].flatMap(({ device, tips }) =>
    tips.map(({ seq, id: entry }) => ({ device, seq, id: entry })),
  )

test('who says that an answer was read which was never written stops no engine, now or at the next start', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(MINUTE_MS)
  const { link } = await invite(stage, bob, 'one more')
  const opened = await open(stage, alice, link)
  await stage.pass(5_000)
  leave(stage, { from: bob, to: alice }, [{ ...haveOf(opened, []), heard: heard({ delivered: 51 }) }])
  await stage.pass(5_000)
  expect(alice.isUp()).toBe(true)
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(alice.isUp()).toBe(true)
  await say(stage, bob, id, 'still there?')
  await stage.pass(10_000)
  expect(await ticks(stage, bob, id)).toMatchObject({ 'still there?': 'delivered' })
})

test('nobody gets it signed that something was read which was not', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await say(stage, bob, id, 'did you read this?')
  await stage.pass(MINUTE_MS)
  leave(stage, { from: bob, to: alice }, [
    { ...haveOf(id, headsOf(alice, id)), heard: heard({ delivered: 4, read: 100, unreadable: [0] }) },
  ])
  await stage.pass(MINUTE_MS)
  expect(await ticks(stage, bob, id)).toMatchObject({ 'did you read this?': 'delivered' })
  expect(conversationOn(bob, id)?.delivery.get(alice.device())?.claim.read).toBe(0)
})

test('a word about entries that could not be read makes no receipt that is due for ever', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(MINUTE_MS)
  const recovered = Array.from({ length: 1_000 }, (_, at) => at)
  leave(stage, { from: bob, to: alice }, [{ ...haveOf(id, headsOf(alice, id)), heard: heard({ unreadable: [1_000], recovered }) }])
  await stage.pass(5_000)
  const before = stage.network.traffic()
  await stage.pass(MINUTE_MS)
  expect(stage.network.traffic() - before).toBeLessThan(20)
})
