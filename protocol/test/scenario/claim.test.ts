// One reader of a link: whoever is seen at it first keeps it, on this device, and whoever finds it later learns so and nothing else.

import { expect, test } from 'vitest'
import { claimProof } from '../../src/invite/secrets.ts'
import { parseInviteLink } from '../../src/invite/link.ts'
import { createStage, invite, letBothClaim, MINUTE_MS, open, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { RelayAnswer, RelayRequest } from '../../src/wire/relay.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const CLAIMED = { kind: 'refused', reason: 'claimed' } as const

const tryToOpen = (stage: Stage, person: Person, link: string) => stage.done(person.engine().openInvite({ link }))

async function touch(stage: Stage, person: Person, conversation: ConversationId): Promise<void> {
  await stage.done(person.engine().claimInvite({ conversation }))
  await stage.pass(1_000)
}

async function threeAndALink(text = 'welcome') {
  const stage = createStage()
  const [alice, bob, mallory] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('mallory')]
  return { stage, alice, bob, mallory, ...(await invite(stage, alice, text)) }
}

test('who finds a link after its guest was seen at it cannot read it, and the guest answers after a crash', async () => {
  const { stage, alice, bob, mallory, id, link } = await threeAndALink()
  alice.crash()
  await open(stage, bob, link)
  await touch(stage, bob, id)
  expect(await tryToOpen(stage, mallory, link)).toEqual(CLAIMED)
  bob.crash()
  await stage.pass(MINUTE_MS)
  await revive(stage, bob)
  expect(await tryToOpen(stage, mallory, link)).toEqual(CLAIMED)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  await revive(stage, alice)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  // The founder's word is for everybody.
  await stage.pass(5_000)
  expect(await tryToOpen(stage, mallory, link)).toEqual({ kind: 'refused', reason: 'used' })
})

test('who had read a link before is told at the first touch that somebody else was there, and can send nothing', async () => {
  const { stage, alice, bob, mallory, id, link } = await threeAndALink()
  alice.crash()
  for (const reader of [mallory, bob]) await open(stage, reader, link)
  await touch(stage, bob, id)
  await touch(stage, mallory, id)
  expect(await view(stage, mallory, id)).toMatchObject({ isTooLate: true, lateReason: 'claimed', summary: { phase: 'invited' } })
  expect(await stage.done(mallory.engine().send({ conversation: id, text: 'it is me', ref: 'm' }))).toEqual({
    kind: 'refused',
    reason: 'closed',
  })
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: false })
  await say(stage, bob, id, 'hello')
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('an answer claims as well, before it leaves', async () => {
  const { stage, alice, bob, mallory, id, link } = await threeAndALink()
  alice.crash()
  for (const reader of [mallory, bob]) await open(stage, reader, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(1_000)
  // He leaves his answer once more at his first looks, which is not what is counted here.
  bob.crash()
  const before = stage.network.traffic()
  await say(stage, mallory, id, 'it is me')
  await stage.pass(MINUTE_MS)
  expect(await view(stage, mallory, id)).toMatchObject({ isTooLate: true, lateReason: 'claimed' })
  expect(stage.network.traffic(), 'nothing of it left').toBe(before)
})

test('reading alone claims nothing, however often', async () => {
  const { stage, alice, bob, mallory, id, link } = await threeAndALink()
  for (const reader of [mallory, bob]) await open(stage, reader, link)
  mallory.crash()
  await revive(stage, mallory)
  await stage.pass(10 * MINUTE_MS)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('a claim whose answer was lost is claimed again, and is the same', async () => {
  const { stage, alice, bob, mallory, id, link } = await threeAndALink()
  alice.crash()
  await open(stage, bob, link)
  let lost = 0
  stage.network.relay.forge = (asked, answer) => {
    if (asked.kind !== 'claim-record' || lost > 2) return answer
    lost += 1
    return { kind: 'refused', reason: 'busy', retryMs: 0 }
  }
  await touch(stage, bob, id)
  await stage.pass(MINUTE_MS)
  expect(lost).toBe(3)
  expect(await view(stage, bob, id)).toMatchObject({ isTooLate: false })
  expect(await tryToOpen(stage, mallory, link)).toEqual(CLAIMED)
})

test('nothing leaves while the relay has not said whose the link is', async () => {
  const { stage, alice, bob, id, link } = await threeAndALink()
  await open(stage, bob, link)
  const before = stage.network.traffic()
  stage.network.relay.refuse = (request) =>
    request.kind === 'claim-record' ? { kind: 'refused', reason: 'disk', retryMs: 1_000 } : undefined
  await say(stage, bob, id, 'hello')
  await stage.pass(MINUTE_MS)
  expect(stage.network.traffic()).toBe(before)
  stage.network.relay.refuse = undefined
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('a relay that starts again keeps a claim, and one that lost everything is told of it again', async () => {
  const { stage, alice, bob, mallory, id, link } = await threeAndALink()
  await open(stage, bob, link)
  await touch(stage, bob, id)
  stage.network.relay.restart(500, 'kept')
  await stage.pass(5_000)
  expect(await tryToOpen(stage, mallory, link)).toEqual(CLAIMED)
  alice.crash()
  stage.network.relay.restart(500, 'lost')
  await stage.pass(5_000)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await tryToOpen(stage, mallory, link)).toEqual(CLAIMED)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('a device that forgot that it opened a link reads it again by its own claim', async () => {
  const { stage, bob, id, link } = await threeAndALink()
  const before = bob.disk()
  await open(stage, bob, link)
  await touch(stage, bob, id)
  bob.crash()
  bob.restore(before)
  await revive(stage, bob)
  expect(await open(stage, bob, link)).toBe(id)
})

test('a relay cannot invent a claim: only who has the link can make one', async () => {
  const { stage, alice, bob, id, link } = await threeAndALink()
  await open(stage, bob, link)
  const claims: RelayRequest[] = []
  let forged: RelayAnswer = { kind: 'claimed', claimant: new Uint8Array(32), proof: new Uint8Array(32) }
  stage.network.relay.refuse = (request) => {
    if (request.kind !== 'claim-record') return undefined
    claims.push(request)
    return forged
  }
  await say(stage, bob, id, 'hello')
  await stage.pass(5 * MINUTE_MS)
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  // Nor pass off somebody's own claim as another's.
  const [own] = claims
  if (own?.kind !== 'claim-record') throw new Error('no claim')
  forged = { kind: 'claimed', claimant: own.claimant, proof: own.proof }
  await stage.pass(5 * MINUTE_MS)
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  stage.network.relay.refuse = (request) => (request.kind === 'get-record' ? forged : undefined)
  expect(await tryToOpen(stage, await stage.enter('carol'), link)).toEqual(CLAIMED)
  forged = { kind: 'claimed', claimant: own.claimant, proof: own.proof.map((byte) => byte ^ 1) }
  expect(await tryToOpen(stage, await stage.enter('dave'), link)).toEqual({ kind: 'refused', reason: 'not-authentic' })
  stage.network.relay.refuse = undefined
  await stage.pass(3 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('a relay that lets two claim one link brings in one of them, and the other learns it from the founder', async () => {
  const { stage, alice, bob, mallory: carol, id, link } = await threeAndALink()
  alice.crash()
  letBothClaim(stage)
  for (const guest of [bob, carol]) await open(stage, guest, link)
  for (const guest of [bob, carol]) await say(stage, guest, id, `from ${guest.name}`)
  await stage.pass(30_000)
  for (const guest of [bob, carol]) expect(await view(stage, guest, id)).toMatchObject({ isTooLate: false, summary: { phase: 'joining' } })
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  const shown = [await view(stage, bob, id), await view(stage, carol, id)]
  expect(shown.filter(({ isTooLate }) => isTooLate === true).map(({ lateReason }) => lateReason)).toEqual(['used'])
  expect(await texts(stage, alice, id)).toHaveLength(2)
})

test('whoever has answered is not sent away by a claim that came later, at a relay that had lost the first', async () => {
  const { stage, alice, bob, id, link } = await threeAndALink()
  alice.crash()
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(3_000)
  const parsed = parseInviteLink(link)
  if (parsed.kind !== 'parsed') throw new Error('no link')
  const claimant = new Uint8Array(32).fill(9)
  const other: RelayAnswer = { kind: 'claimed', claimant, proof: claimProof(parsed.link.token, claimant) }
  stage.network.relay.refuse = (request) => (request.kind === 'claim-record' ? other : undefined)
  await stage.pass(5 * MINUTE_MS)
  expect((await view(stage, bob, id)).isTooLate).toBe(false)
  stage.network.relay.refuse = undefined
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})
