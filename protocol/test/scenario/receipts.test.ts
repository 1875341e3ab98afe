// Receipts between running engines: they come whatever is lost on the way, cost nothing once they have, and say no more than is true.

import { describe, expect, test } from 'vitest'
import { RECEIPTS_AGAIN_PER_MINUTE_MAX } from '../../src/limits.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { haveOf } from '../fixtures/have.ts'
import { conversationOn, peerOn } from '../simulation/disk.ts'
import { createStage, meet, MINUTE_MS, revive, say, ticks } from './stage.ts'

describe.each(['direct', 'mailbox'] as const)('receipts (%s)', (how) => {
  test('are told once: then both sides are silent', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    for (const [at, person] of [alice, bob, alice].entries()) await say(stage, person, id, `line ${at}`)
    await stage.pass(5_000)
    await stage.done(bob.engine().markRead({ conversation: id }))
    await stage.pass(MINUTE_MS)
    expect(await ticks(stage, alice, id)).toMatchObject({ 'line 0': 'read', 'line 2': 'read' })
    const before = stage.network.traffic()
    await stage.pass(60 * MINUTE_MS)
    expect(stage.network.traffic()).toBe(before)
  })

  test('come after all when what carried them was lost with the disk of a relay, or with a link', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    alice.crash()
    await say(stage, bob, id, 'read this')
    await stage.pass(10_000)
    bob.crash()
    await revive(stage, alice)
    await stage.done(alice.engine().markRead({ conversation: id }))
    await stage.pass(10_000)
    alice.crash()
    stage.network.relay.restart(500, 'lost')
    await stage.pass(5_000)
    await revive(stage, bob)
    await revive(stage, alice)
    await stage.pass(2 * MINUTE_MS)
    expect(await ticks(stage, bob, id)).toMatchObject({ 'read this': 'read' })
  })

  test('are told again to a device whose disk is an older one', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await say(stage, bob, id, 'from before')
    await stage.pass(10_000)
    const backup = bob.disk()
    await stage.done(alice.engine().markRead({ conversation: id }))
    await stage.pass(10_000)
    expect(await ticks(stage, bob, id)).toMatchObject({ 'from before': 'read' })
    bob.restore(backup)
    await revive(stage, bob)
    await say(stage, alice, id, 'anything new?')
    await stage.pass(2 * MINUTE_MS)
    await say(stage, bob, id, 'not here')
    await stage.pass(2 * MINUTE_MS)
    expect(await ticks(stage, bob, id)).toMatchObject({ 'from before': 'read', 'not here': 'delivered' })
  })
})

test('who says through the mailbox without end that it has heard of no receipt is told so often in a minute and no more', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await say(stage, bob, id, 'hello again')
  await stage.pass(10_000)
  const { outbox = expect.fail('no mailbox') } = peerOn(bob, alice.device())
  const heads = [...(conversationOn(alice, id)?.log.feeds.values() ?? [])].flatMap(({ device, tips }) =>
    tips.map((tip) => ({ device, seq: tip.seq, id: tip.id })),
  )
  let deposits = 0
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'deposit') deposits += request.deposits.length
    return undefined
  }
  const blob = () => sealBlob(outbox, [{ kind: 'have', have: [haveOf(id, heads)] }])
  for (let at = 0; at < 3 * RECEIPTS_AGAIN_PER_MINUTE_MAX; at++) {
    stage.network.inject(alice.device(), {
      kind: 'blobs',
      relay: toHex(outbox.relay.key),
      blobs: [{ mailbox: outbox.mailbox, blob: blob() }],
    })
    await stage.pass(200)
  }
  expect(deposits).toBeGreaterThan(0)
  expect(deposits).toBeLessThanOrEqual(RECEIPTS_AGAIN_PER_MINUTE_MAX + 10)
})
