// A relay that drops, repeats, reverses, withholds and mixes up what it was given. It may delay; it may not make anything unnoticed.

import { expect, test } from 'vitest'
import { HELD_BLOBS_MAX } from '../../src/limits.ts'
import { blobIdOfSealed, sealBlob } from '../../src/mailbox/blob.ts'
import { entryIdOf, toHex } from '../../src/index.ts'
import { haveOf } from '../fixtures/have.ts'
import { conversationOn, peerOn } from '../simulation/disk.ts'
import { createStage, invite, meet, MINUTE_MS, open, revive, say, texts, ticks } from './stage.ts'
import type { BlobId, ConversationId, MailboxId } from '../../src/bytes/ids.ts'
import type { Conversation } from '../../src/node/state.ts'
import type { RelayAnswer } from '../../src/wire/relay.ts'
import type { Push } from '../simulation/relay-path.ts'
import type { Person } from '../simulation/person.ts'

/** A conversation of somebody, as on the disk. */
const conversationOf = (person: Person, id: ConversationId): Conversation =>
  conversationOn(person, id) ?? expect.fail('no such conversation')

/** The mailbox of `owner` that `writer` deposits into. */
function inboxOf(owner: Person, writer: Person): { readonly mailbox: MailboxId } {
  const { inbox } = peerOn(owner, writer.device())
  if (inbox === undefined) throw new Error('no mailbox')
  return inbox.keys
}

test('who has a used link and writes to its mailbox cannot take away what the founder says to its guest', async () => {
  const stage = createStage()
  const [alice, bob, mallory] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('mallory')]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, mallory, link)
  const device = alice.device()
  const { grant } = conversationOf(mallory, id).invitation ?? expect.fail('no invitation')
  alice.crash()
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  // Deposited after Bob's answer, while Alice was away: "I have everything", in nobody's name.
  const heads = [{ device, seq: 0xffff_ffff, id: entryIdOf(new Uint8Array(32)) }]
  const forged = sealBlob(grant, [{ kind: 'have', have: [haveOf(id, heads)] }])
  let isDone = false
  stage.network.relay.tamper = (push) => {
    if (isDone || push.device !== device) return [push]
    isDone = true
    return [push, { ...push, blob: forged }]
  }
  await revive(stage, alice)
  await say(stage, alice, id, 'glad you came')
  await stage.pass(MINUTE_MS)
  expect(isDone).toBe(true)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'glad you came'])
  expect(await ticks(stage, alice, id)).toMatchObject({ 'glad you came': 'delivered' })
})

test('once a guest knows that it was let in, nobody listens to the mailbox of the link any more', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  const shared = conversationOf(alice, id).invite?.inbox.keys.mailbox
  const bound = new Set<string>()
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'deposit') for (const { mailboxes } of request.deposits) mailboxes.forEach((mailbox) => bound.add(mailbox))
    return undefined
  }
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(10_000)
  expect(bound).toContain(shared)
  bound.clear()
  await say(stage, bob, id, 'to a mailbox of our own')
  await stage.pass(10_000)
  expect(bound.size).toBeGreaterThan(0)
  expect(bound).not.toContain(shared)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'to a mailbox of our own'])
  const opened: string[] = []
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'open-mailboxes') opened.push(...request.proofs.map(({ mailbox }) => mailbox))
    return undefined
  }
  stage.network.relay.restart(500, 'kept')
  await stage.pass(10_000)
  expect(opened.length).toBeGreaterThan(0)
  expect(opened).not.toContain(shared)
})

test('what a guest wrote to the mailbox of the link while it was let in arrives, each word once', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  await open(stage, bob, link)
  const many = Array.from({ length: 90 }, (_, at) => `word ${at}`)
  for (const text of many) await say(stage, bob, id, text)
  await stage.pass(10_000)
  stage.network.setOnline(bob.device(), 'offline')
  await say(stage, bob, id, 'offline')
  await revive(stage, alice)
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', ...many])
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(20_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', ...many, 'offline'])
  expect(await ticks(stage, bob, id)).toMatchObject({ 'word 0': 'delivered', 'word 89': 'delivered', offline: 'delivered' })
})

test('a relay that drops one message is found out by the next, and the message comes', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  let left = 1
  stage.network.relay.tamper = (push) => (push.device === alice.device() && left-- > 0 ? [] : [push])
  await say(stage, bob, id, 'dropped')
  await stage.pass(3_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  expect(await ticks(stage, bob, id)).toMatchObject({ dropped: 'relay' })
  await say(stage, bob, id, 'the next')
  await stage.pass(30_000)
  // The relay still has it for delivered, so it pushes it no more on this stream; on the next one it must.
  stage.network.relay.restart(500, 'kept')
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'dropped', 'the next'])
})

test('a relay that drops all of one sender is found out by a direct link', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.relay.tamper = (push) => (push.device === alice.device() ? [] : [push])
  for (const text of ['one', 'two', 'three']) await say(stage, bob, id, text)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  stage.network.direct.faults = { dials: 1, linkBreaks: 0 }
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'one', 'two', 'three'])
  expect(await ticks(stage, bob, id)).toMatchObject({ one: 'delivered', three: 'delivered' })
})

test('a relay that says that a mailbox is empty delays, and no tick says otherwise', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  await say(stage, bob, id, 'hidden')
  stage.network.relay.tamper = () => []
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await ticks(stage, bob, id)).toMatchObject({ hidden: 'relay' })
  stage.network.relay.tamper = undefined
  stage.network.relay.restart(500, 'kept')
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'hidden'])
})

test('every blob three times: each message once', async () => {
  const stage = createStage()
  stage.network.relay.tamper = (push) => [push, push, push]
  const { alice, bob, id } = await meet(stage)
  await say(stage, bob, id, 'echo?')
  await say(stage, alice, id, 'echo!')
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'echo?', 'echo!'])
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'echo?', 'echo!'])
})

test('everything of a mailbox backwards, across new chains: the same conversation, without asking anybody', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  // Two of each week: the first brings the chain, the second cannot be read without it.
  const lines = Array.from({ length: 6 }, (_, at) => `line ${at}`)
  for (const [at, text] of lines.entries()) {
    bob.skew += at % 2 === 0 ? 7 * 86_400_000 : 0
    await say(stage, bob, id, text)
    await stage.pass(2_000)
  }
  bob.crash()
  await stage.pass(2_000)
  const kept: Push[] = []
  stage.network.relay.tamper = (push) => {
    kept.push(push)
    return kept.length < lines.length ? [] : kept.splice(0).toReversed()
  }
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...lines])
})

test('an answer to an invite backwards: what comes before its introduction waits for it', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const made = await stage.done(alice.engine().createConversation({ text: 'welcome', ref: 'w' }))
  if (made.kind !== 'created') throw new Error(made.reason)
  const id = made.conversation
  await stage.pass(3_000)
  const link = (await stage.done(alice.look(id)))?.invite?.link ?? ''
  alice.crash()
  await stage.done(bob.engine().openInvite({ link }))
  for (const text of ['first', 'second', 'third']) {
    await say(stage, bob, id, text)
    await stage.pass(2_000)
  }
  bob.crash()
  const kept: Push[] = []
  stage.network.relay.tamper = (push) => {
    kept.push(push)
    return kept.length < 3 ? [] : kept.splice(0).toReversed()
  }
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'first', 'second', 'third'])
})

test("another mailbox's blob opens nothing, and the real ones still come", async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const carol = await stage.enter('carol')
  const made = await stage.done(alice.engine().createConversation({ text: 'for carol', ref: 'c' }))
  if (made.kind !== 'created') throw new Error(made.reason)
  await stage.pass(3_000)
  const link = (await stage.done(alice.look(made.conversation)))?.invite?.link ?? ''
  await stage.done(carol.engine().openInvite({ link }))
  const seen: Push[] = []
  stage.network.relay.tamper = (push) => {
    if (push.device !== alice.device()) return [push]
    const others = seen.filter(({ mailbox }) => mailbox !== push.mailbox).map(({ blob }) => ({ ...push, blob }))
    seen.push(push)
    return [...others, push]
  }
  await say(stage, bob, id, 'to the first mailbox')
  await say(stage, carol, made.conversation, 'to the second')
  await say(stage, bob, id, 'once more')
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'to the first mailbox', 'once more'])
  expect(await texts(stage, alice, made.conversation)).toEqual(['for carol', 'to the second'])
  expect(alice.lines.some((line) => line.includes('not for this mailbox'))).toBe(true)
})

test('a relay that gives the packet of another invite for a link has nobody meet somebody else, and the right one still opens', async () => {
  const stage = createStage()
  const [alice, mallory, bob] = [await stage.enter('alice'), await stage.enter('mallory'), await stage.enter('bob')]
  const [right, wrong] = [await invite(stage, alice, 'from alice'), await invite(stage, mallory, 'from mallory')]
  let swapped: RelayAnswer | undefined
  let swaps = 0
  stage.network.relay.forge = (asked, answer) => {
    if (asked.kind !== 'get-record' || answer.kind !== 'record') return answer
    swapped ??= answer
    if (answer !== swapped) swaps += 1
    return swapped
  }
  expect(await open(stage, await stage.enter('carol'), wrong.link)).toBe(wrong.id)
  expect(await stage.done(bob.engine().openInvite({ link: right.link }))).toEqual({ kind: 'refused', reason: 'not-authentic' })
  expect(swaps).toBeGreaterThan(0)
  stage.network.relay.forge = undefined
  expect(await open(stage, bob, right.link)).toBe(right.id)
  expect(await texts(stage, bob, right.id)).toEqual(['from alice'])
})

test('one deposit replayed 10,000 times changes nothing', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  let caught: Push | undefined
  stage.network.relay.tamper = (push) => {
    if (push.device === alice.device()) caught = push
    return [push]
  }
  await say(stage, bob, id, 'again and again')
  await stage.pass(5_000)
  const disk = alice.disk()
  if (caught === undefined) throw new Error('nothing was pushed')
  const event = { kind: 'blobs', relay: toHex(stage.network.address.key), blobs: [{ mailbox: caught.mailbox, blob: caught.blob }] } as const
  for (let round = 0; round < 100; round++) {
    for (let copy = 0; copy < 100; copy++) stage.network.inject(alice.device(), event)
    await stage.pass(50)
  }
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'again and again'])
  expect(alice.disk().tables.get('entries')?.size).toBe(disk.tables.get('entries')?.size)
})

test('a contact who makes blobs wait for ever holds up nobody else, and a bounded number of them', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const carol = await stage.enter('carol')
  const second = await invite(stage, alice, 'for carol')
  await open(stage, carol, second.link)
  await say(stage, carol, second.id, 'hello from carol')
  await stage.pass(5_000)
  const { mailbox } = inboxOf(alice, bob)
  const kept: Push[] = []
  stage.network.relay.tamper = (push) => {
    if (push.mailbox !== mailbox) return [push]
    kept.push(push)
    return []
  }
  const acknowledged: BlobId[] = []
  stage.network.relay.refuse = (asked) => {
    if (asked.kind === 'acknowledge') for (const stored of asked.stored) if (stored.mailbox === mailbox) acknowledged.push(...stored.blobs)
    return undefined
  }
  // Each line travels by itself; the first one, which all others rest on, is held back.
  const lines = Array.from({ length: HELD_BLOBS_MAX + 4 }, (_, at) => `line ${at}`)
  for (const text of lines) {
    await say(stage, bob, id, text)
    await stage.pass(500)
  }
  expect(kept).toHaveLength(lines.length)
  const relay = toHex(stage.network.address.key)
  const deliver = ({ blob }: Push): void => stage.network.inject(alice.device(), { kind: 'blobs', relay, blobs: [{ mailbox, blob }] })
  const [first, ...later] = kept
  if (first === undefined) throw new Error('nothing was pushed')
  const idsOf = (pushes: readonly Push[]): readonly BlobId[] => pushes.map(({ blob }) => blobIdOfSealed(blob))
  for (const [at, push] of later.entries()) {
    deliver(push)
    await stage.pass(100)
    expect(acknowledged).toEqual(idsOf(later.slice(0, Math.max(0, at + 1 - HELD_BLOBS_MAX))))
  }
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])

  await say(stage, carol, second.id, 'still here')
  await stage.pass(3_000)
  expect(await texts(stage, alice, second.id)).toEqual(['for carol', 'hello from carol', 'still here'])

  // What it rested on comes after all: everything is read, and whatever waited is acknowledged.
  stage.network.relay.tamper = undefined
  deliver(first)
  await stage.pass(3_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...lines])
  expect(new Set(acknowledged)).toEqual(new Set(idsOf(kept)))
  await say(stage, bob, id, 'the next one')
  await stage.pass(3_000)
  expect((await texts(stage, alice, id)).at(-1)).toBe('the next one')
})

test('what waited too long and was let go is asked for, and comes', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const lines = Array.from({ length: HELD_BLOBS_MAX + 4 }, (_, at) => `line ${at}`)
  let dropped = 0
  stage.network.relay.tamper = (push) => (push.mailbox === inboxOf(alice, bob).mailbox && dropped++ === 0 ? [] : [push])
  for (const text of lines) {
    await say(stage, bob, id, text)
    await stage.pass(300)
  }
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  // The process dies, and with it whatever was parked: the relay has the held ones only, and those need the others.
  alice.crash()
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...lines])
})

test.each(['hello', 'create-mailbox', 'open-mailboxes', 'bind-mailboxes', 'end-record'] as const)(
  'a relay that answers “%s” with nothing that helps is asked less and less often',
  async (kind) => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    let asked = 0
    stage.network.relay.forge = (request, answer) => {
      if (request.kind !== kind) return answer
      asked += 1
      return kind === 'hello' ? { kind: 'done' } : { kind: 'mailboxes', accepted: [], refused: [] }
    }
    await invite(stage, alice, 'another')
    stage.network.relay.restart(500, kind === 'create-mailbox' ? 'lost' : 'kept')
    await stage.done(alice.engine().revokeInvite({ conversation: (await invite(stage, alice, 'for nobody')).id }))
    await stage.pass(MINUTE_MS)
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThan(40)
    stage.network.relay.forge = undefined
    stage.network.relay.restart(500, 'kept')
    await stage.pass(2 * MINUTE_MS)
    await say(stage, bob, id, 'there after all')
    await stage.pass(10_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'there after all'])
  },
)

test('a relay that has lost a mailbox and keeps the question after it to itself is given it less and less often', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const { mailbox } = inboxOf(bob, alice)
  let asked = 0
  stage.network.relay.forge = (request, answer) => {
    if (request.kind !== 'deposit' || !request.deposits.some(({ mailboxes }) => mailboxes.includes(mailbox))) return answer
    asked += 1
    return { kind: 'done' }
  }
  stage.network.relay.restart(500, 'lost')
  await stage.pass(MINUTE_MS)
  expect(conversationOf(alice, id).missing).toBeDefined()
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThan(40)
})
