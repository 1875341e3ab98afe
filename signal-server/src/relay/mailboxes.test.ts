// Who may do what with a mailbox: each rule first with valid input, then with one thing changed.

import { describe, expect, test } from 'vitest'
import {
  blobIdOf,
  depositedStatement,
  hash,
  mailboxIdOf,
  mailboxReadStatement,
  sign,
  signedFor,
  signingKeyOf,
  verify,
} from '@kith/protocol'
import { bindMailbox, connectCore, connectSilently, createWorld, meet, openMailbox, settle } from '../../test/core-client.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf, verdictsIn } from '../../test/mailbox-keys.ts'
import { BLOB_MS_MAX, MAILBOX_BLOBS_MAX, MAILBOX_BYTES_MAX, MAILBOX_IDLE_MS_MAX, MAILBOXES_PER_STREAM_MAX } from '../limits.ts'
import { createMemoryStorage, createRelay, StorageError } from './index.ts'
import type { BlobId, MailboxId } from '@kith/protocol'
import type { Storage } from './index.ts'

const idOf = (blob: Uint8Array): BlobId => blobIdOf(hash(blob))

describe('a stream', () => {
  test('says hello first, once, in a version that the relay knows', async () => {
    const client = connectSilently(createWorld())
    expect(shortOf(await client.ask({ kind: 'ping' }))).toBe('malformed')
    expect(shortOf(await client.ask({ kind: 'hello', version: 2 }))).toBe('version')
    expect(shortOf(await client.ask({ kind: 'hello', version: 1 }))).toBe('welcome')
    expect(shortOf(await client.ask({ kind: 'hello', version: 1 }))).toBe('malformed')
    expect(shortOf(await client.ask({ kind: 'ping' }))).toBe('done')
  })
  test('hears nothing after it was closed', async () => {
    const client = await connectCore(createWorld())
    client.close()
    void client.ask({ kind: 'ping' })
    await settle()
    expect(client.heard).toEqual(['answer'])
  })
})

describe('creating a mailbox', () => {
  test('needs keys that can sign, and works again with the same ones only', async () => {
    const alice = await connectCore(createWorld())
    const { create } = createMailboxKit()
    const identity = Uint8Array.of(1, ...new Uint8Array(31))
    expect(shortOf(await alice.ask({ ...create, readKey: identity }))).toBe('malformed')
    expect(shortOf(await alice.ask({ ...create, sendKey: identity }))).toBe('malformed')
    expect(shortOf(await alice.ask(create))).toBe('done')
    expect(shortOf(await alice.ask(create))).toBe('done')
    expect(shortOf(await alice.ask({ ...create, readKey: create.sendKey }))).toBe('denied')
  })
})

describe('opening and binding', () => {
  test('names the mailboxes that are open, and those that are unknown or denied', async () => {
    const alice = await connectCore(createWorld())
    const [known, unknown] = [createMailboxKit(), createMailboxKit()]
    await alice.ask(known.create)
    expect(await openMailbox(alice, known, unknown)).toEqual({ kind: 'mailboxes', accepted: [known.mailbox], refused: [unknown.mailbox] })
    expect(await bindMailbox(alice, unknown, known)).toEqual({ kind: 'mailboxes', accepted: [known.mailbox], refused: [unknown.mailbox] })
  })
  test('the send key does not read, and the read key does not write', async () => {
    const { kit, alice, bob } = await meet(createWorld())
    const read = await bob.ask({ kind: 'open-mailboxes', proofs: [kit.sendProof(bob.greeting)] })
    expect(read).toMatchObject({ accepted: [], refused: [kit.mailbox] })
    const write = await alice.ask({ kind: 'bind-mailboxes', proofs: [kit.readProof(alice.greeting)] })
    expect(write).toMatchObject({ accepted: [], refused: [kit.mailbox] })
    expect(shortOf(await bob.ask(acknowledgementOf(kit.mailbox, [])))).toBe('denied')
    expect(shortOf(await alice.ask(depositOf(kit.mailbox, randomBlob())))).toBe('denied')
  })
  test("a send key that signs the reader's statement does not read", async () => {
    const seed = new Uint8Array(32).fill(7)
    const world = createWorld()
    const { kit, bob } = await meet(world)
    const mailbox = mailboxIdOf(new Uint8Array(32).fill(8))
    await bob.ask({ kind: 'create-mailbox', mailbox, readKey: kit.create.readKey, sendKey: signingKeyOf(seed) })
    const signature = sign(seed, mailboxReadStatement(world.key, bob.greeting.challenge, mailbox))
    expect(await bob.ask({ kind: 'open-mailboxes', proofs: [{ mailbox, signature }] })).toMatchObject({ refused: [mailbox] })
  })
  test('a proof counts on its own stream, at its own relay, for its own mailbox only', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const proof = kit.readProof(alice.greeting)
    const elsewhere = createWorld({ seed: 2 })
    const other = await connectCore(elsewhere)
    await other.ask(kit.create)
    // The other relay happens to give the same challenge: its key still tells it apart.
    expect([...other.greeting.challenge]).toEqual([...alice.greeting.challenge])
    expect(await other.ask({ kind: 'open-mailboxes', proofs: [proof] })).toMatchObject({ accepted: [] })
    expect(await bob.ask({ kind: 'open-mailboxes', proofs: [proof] })).toMatchObject({ accepted: [] })
    const second = createMailboxKit()
    await alice.ask(second.create)
    const moved = { ...proof, mailbox: second.mailbox }
    expect(await alice.ask({ kind: 'open-mailboxes', proofs: [moved] })).toMatchObject({ accepted: [] })
    expect(await alice.ask({ kind: 'open-mailboxes', proofs: [proof] })).toMatchObject({ accepted: [kit.mailbox] })
  })
  test('one mailbox more than a stream may hold is too many, and known ones still open', async () => {
    const kits = Array.from({ length: MAILBOXES_PER_STREAM_MAX + 1 }, (_, n) =>
      mailboxIdOf(Uint8Array.from({ length: 32 }, (_, i) => (i < 2 ? (n >> (8 * i)) & 255 : 9))),
    )
    const storage = {
      ...createMemoryStorage(),
      mailboxKeys: async () => kits.map(() => ({ readKey: new Uint8Array(32), sendKey: new Uint8Array(32) })),
    }
    const relay = createRelay({
      storage,
      clock: () => 0,
      random: () => new Uint8Array(32),
      key: new Uint8Array(32),
      sign: () => new Uint8Array(64),
      verify: () => true,
    })
    const client = connectSilently({ relay })
    const proofs = kits.map((mailbox) => ({ mailbox, signature: new Uint8Array(64) }))
    await client.ask({ kind: 'hello', version: 1 })
    expect(shortOf(await client.ask({ kind: 'bind-mailboxes', proofs: proofs.slice(0, -1) }))).toBe('mailboxes')
    expect(shortOf(await client.ask({ kind: 'bind-mailboxes', proofs: proofs.slice(-1) }))).toBe('too-many')
    expect(shortOf(await client.ask({ kind: 'bind-mailboxes', proofs: proofs.slice(0, 1) }))).toBe('mailboxes')
  })
})

describe('closing', () => {
  test('takes a mailbox away with all that is in it, and with it the right to deposit', async () => {
    const storage = createMemoryStorage()
    const world = createWorld({ storage })
    const { kit, alice, bob } = await meet(world)
    await bob.ask(depositOf(kit.mailbox, randomBlob()))
    expect(await alice.ask({ kind: 'close-mailboxes', proofs: [kit.closeProof(alice.greeting)] })).toEqual({
      kind: 'mailboxes',
      accepted: [kit.mailbox],
      refused: [],
    })
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('unknown')
    expect(await bindMailbox(await connectCore(world), kit)).toMatchObject({ accepted: [], refused: [kit.mailbox] })
    expect(await openMailbox(alice, kit)).toMatchObject({ accepted: [], refused: [kit.mailbox] })
    expect((await storage.usage({ fullest: 0 })).mailboxes).toBe(0)
    expect(shortOf(await alice.ask({ kind: 'close-mailboxes', proofs: [kit.closeProof(alice.greeting)] }))).toBe('mailboxes')
  })
  test('is for its owner alone: neither the writer closes it, nor a proof that opens it or is of another stream', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    for (const proof of [kit.sendProof(bob.greeting), kit.readProof(bob.greeting), kit.closeProof(alice.greeting)])
      expect(await bob.ask({ kind: 'close-mailboxes', proofs: [proof] })).toMatchObject({ accepted: [], refused: [kit.mailbox] })
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('deposited')
    expect(await bob.ask({ kind: 'close-mailboxes', proofs: [kit.closeProof(bob.greeting)] })).toMatchObject({ accepted: [kit.mailbox] })
  })
})

describe('depositing', () => {
  test('is answered with a signature of this relay over mailbox, blob and time', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    const blob = randomBlob()
    const answer = await bob.ask(depositOf(kit.mailbox, blob))
    if (answer.kind !== 'deposited') throw new Error(answer.kind)
    expect(answer.time).toBe(world.now)
    const stored = [{ mailbox: kit.mailbox, blob: idOf(blob) }]
    expect(verify(world.key, signedFor(depositedStatement(answer.time, stored), answer.path), answer.signature)).toBe(true)
    expect(verify(world.key, signedFor(depositedStatement(answer.time + 1, stored), answer.path), answer.signature)).toBe(false)
  })
  test('needs a bound mailbox', async () => {
    const { kit, bob } = await meet(createWorld())
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('deposited')
    expect(shortOf(await bob.ask(depositOf(createMailboxKit().mailbox, randomBlob())))).toBe('denied')
  })
  test('may follow the binding at once, without waiting for its answer', async () => {
    const world = createWorld()
    const { kit } = await meet(world)
    const carol = await connectCore(world)
    const answers = await Promise.all([
      bindMailbox(carol, kit),
      carol.ask(depositOf(kit.mailbox, randomBlob())),
      carol.ask({ kind: 'ping' }),
    ])
    expect(answers.map(shortOf)).toEqual(['mailboxes', 'deposited', 'done'])
  })
  test('refuses a blob that is one byte too large', async () => {
    const { kit, bob } = await meet(createWorld())
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, new Uint8Array(65_576))))).toBe('deposited')
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, new Uint8Array(65_577))))).toBe('too-large')
  })
  test('blob 1,001 is full, a known blob is not, and other mailboxes take more', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const blobs = Array.from({ length: MAILBOX_BLOBS_MAX + 1 }, () => randomBlob(8))
    for (const blob of blobs.slice(0, -1)) expect(shortOf(await bob.ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
    const last = blobs.at(-1) ?? randomBlob()
    expect(verdictsIn(await bob.ask(depositOf(kit.mailbox, last)))).toEqual([{ kind: 'refused', reason: 'full', retryMs: 0 }])
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, blobs[0] ?? last)))).toBe('deposited')
    const second = createMailboxKit()
    await alice.ask(second.create)
    await bindMailbox(bob, second)
    expect(shortOf(await bob.ask(depositOf(second.mailbox, last)))).toBe('deposited')
    await alice.ask(acknowledgementOf(kit.mailbox, [idOf(blobs[0] ?? last)]))
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, last)))).toBe('deposited')
  })
  test('the byte quota of one mailbox is full to the byte', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    for (let n = 0; n < MAILBOX_BYTES_MAX / 65_536; n++)
      expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob(65_536))))).toBe('deposited')
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob(1))))).toBe('full')
  })
  test('into a mailbox that was forgotten meanwhile is unknown', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    world.now += MAILBOX_IDLE_MS_MAX
    await world.relay.sweep()
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('deposited')
    world.now += 1
    await world.relay.sweep()
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, randomBlob())))).toBe('unknown')
  })
})

describe('one call with many deposits', () => {
  test('is stored as a whole in one go, and one signature stands under all of it', async () => {
    const memory = createMemoryStorage()
    let asked = 0
    const deposit: Storage['deposit'] = (ask) => {
      asked += 1
      return memory.deposit(ask)
    }
    const world = createWorld({ storage: { ...memory, deposit } })
    const { kit, alice, bob } = await meet(world)
    const blobs = [randomBlob(), randomBlob(), randomBlob()]
    const answer = await bob.ask(depositOf(kit.mailbox, ...blobs))
    expect(answer).toMatchObject({ kind: 'deposited', verdicts: blobs.map(() => [{ kind: 'done' }]) })
    const stored = blobs.map((blob) => ({ mailbox: kit.mailbox, blob: idOf(blob) }))
    const provesAll = (all: readonly { readonly mailbox: MailboxId; readonly blob: BlobId }[]) =>
      answer.kind === 'deposited' && verify(world.key, signedFor(depositedStatement(answer.time, all), answer.path), answer.signature)
    expect([provesAll(stored), provesAll(stored.slice(1)), provesAll(stored.toReversed())]).toEqual([true, false, false])
    expect(asked).toBe(1)
    await settle()
    expect(alice.blobs).toEqual(blobs)
  })
  test('judges each deposit by itself: one that is refused keeps no other one out', async () => {
    const { kit, bob } = await meet(createWorld())
    const unbound = createMailboxKit()
    const deposits = [kit.mailbox, unbound.mailbox, kit.mailbox].map((mailbox) => ({ mailboxes: [mailbox], blob: randomBlob() }))
    const answer = await bob.ask({ kind: 'deposit', deposits: [...deposits, { mailboxes: [kit.mailbox], blob: new Uint8Array(65_577) }] })
    expect(verdictsIn(answer).map((verdict) => (verdict.kind === 'refused' ? verdict.reason : verdict.kind))).toEqual([
      'done',
      'denied',
      'done',
      'too-large',
    ])
  })
  test('that has no room together gets as far as there is room', async () => {
    const memory = createMemoryStorage()
    let room = 2
    const deposit: Storage['deposit'] = (ask) => {
      room -= ask.deposits.length
      if (room >= 0) return memory.deposit(ask)
      room += ask.deposits.length
      return Promise.reject(new StorageError('disk', 'full'))
    }
    const { kit, alice, bob } = await meet(createWorld({ storage: { ...memory, deposit } }))
    const blobs = [randomBlob(), randomBlob(), randomBlob()]
    const answer = await bob.ask(depositOf(kit.mailbox, ...blobs))
    expect(verdictsIn(answer).map(({ kind }) => kind)).toEqual(['done', 'done', 'refused'])
    await settle()
    expect(alice.blobs).toEqual(blobs.slice(0, 2))
  })
})

describe('one blob for many mailboxes', () => {
  /** Mailboxes that Alice owns and listens to. `bound`: that Bob may write to. */
  async function group(bound: number, unbound = 0) {
    const world = createWorld()
    const kits = Array.from({ length: bound + unbound }, createMailboxKit)
    const [alice, bob] = [await connectCore(world), await connectCore(world)]
    for (const { create } of kits) await alice.ask(create)
    await openMailbox(alice, ...kits)
    if (bound > 0) await bindMailbox(bob, ...kits.slice(0, bound))
    return { world, kits, alice, bob, mailboxes: kits.map(({ mailbox }) => mailbox) }
  }

  test('reaches each of them, and the signature names each', async () => {
    const { world, alice, bob, mailboxes } = await group(3)
    const blob = randomBlob()
    const answer = await bob.ask(depositOf(mailboxes, blob))
    expect(answer).toMatchObject({ verdicts: [mailboxes.map(() => ({ kind: 'done' }))] })
    const stored = mailboxes.map((mailbox) => ({ mailbox, blob: idOf(blob) }))
    expect(
      answer.kind === 'deposited' && verify(world.key, signedFor(depositedStatement(answer.time, stored), answer.path), answer.signature),
    ).toBe(true)
    await settle()
    expect(alice.blobs).toEqual([blob, blob, blob])
  })
  test('needs the right to write to each: those without it are refused, and the others get it', async () => {
    const { alice, bob, mailboxes, kits } = await group(2, 1)
    const [first, second, third] = kits.map(({ mailbox }) => mailbox) as [MailboxId, MailboxId, MailboxId]
    const answer = await bob.ask(depositOf([third, first, createMailboxKit().mailbox, second], randomBlob()))
    expect(verdictsIn(answer).map(({ kind }) => kind)).toEqual(['refused', 'done', 'refused', 'done'])
    expect(shortOf(answer)).toBe('denied,denied')
    await settle()
    expect(alice.blobs).toHaveLength(2)
    expect(mailboxes).toHaveLength(3)
  })
  test('is kept once in each however often it comes, in whatever company', async () => {
    const { alice, bob, mailboxes } = await group(3)
    const [first, second, third] = mailboxes as [MailboxId, MailboxId, MailboxId]
    const blob = randomBlob()
    for (const to of [[first, second], [second, third], [first], mailboxes]) await bob.ask(depositOf(to, blob))
    await settle()
    expect(alice.blobs).toHaveLength(3)
  })
  test('of whom one is full goes to the others', async () => {
    const { bob, mailboxes } = await group(2)
    const [full] = mailboxes as [MailboxId]
    const small = Array.from({ length: MAILBOX_BLOBS_MAX }, () => randomBlob(8))
    for (let at = 0; at < small.length; at += 100) await bob.ask(depositOf(full, ...small.slice(at, at + 100)))
    expect(verdictsIn(await bob.ask(depositOf(mailboxes, randomBlob())))).toEqual([
      { kind: 'refused', reason: 'full', retryMs: 0 },
      { kind: 'done' },
    ])
  })
  test('stays at the relay for those who have not acknowledged it', async () => {
    const { world, alice, bob, mailboxes, kits } = await group(2)
    const [first, second] = mailboxes as [MailboxId, MailboxId]
    const blob = randomBlob()
    await bob.ask(depositOf(mailboxes, blob))
    await alice.ask(acknowledgementOf(first, [idOf(blob)]))
    alice.close()
    const again = await connectCore(world)
    await openMailbox(again, ...kits)
    await settle()
    expect(again.blobs).toEqual([blob])
    expect(shortOf(await again.ask(acknowledgementOf(second, [idOf(blob)])))).toBe('acknowledged')
  })
})

describe('acknowledging', () => {
  test('for many mailboxes at once is judged for each', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const blob = randomBlob()
    await bob.ask(depositOf(kit.mailbox, blob))
    const stored = [createMailboxKit().mailbox, kit.mailbox].map((mailbox) => ({ mailbox, blobs: [idOf(blob)] }))
    expect(await alice.ask({ kind: 'acknowledge', stored })).toEqual({
      kind: 'acknowledged',
      verdicts: [{ kind: 'refused', reason: 'denied', retryMs: 0 }, { kind: 'done' }],
    })
    alice.close()
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toEqual([])
  })
  test("deletes the owner's blobs, and nobody else's", async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const mallory = createMailboxKit()
    const blob = randomBlob()
    await bob.ask(mallory.create)
    await openMailbox(bob, mallory)
    await bob.ask(depositOf(kit.mailbox, blob))
    expect(shortOf(await bob.ask(acknowledgementOf(mallory.mailbox, [idOf(blob)])))).toBe('acknowledged')
    expect(shortOf(await bob.ask(acknowledgementOf(kit.mailbox, [idOf(blob)])))).toBe('denied')
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toEqual([blob])
    expect(shortOf(await alice.ask(acknowledgementOf(kit.mailbox, [idOf(blob)])))).toBe('acknowledged')
    const last = await connectCore(world)
    await openMailbox(last, kit)
    await settle()
    expect(last.blobs).toEqual([])
  })
  test('a blob that nobody fetched is gone after its time', async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    alice.close()
    await bob.ask(depositOf(kit.mailbox, randomBlob()))
    world.now += BLOB_MS_MAX - 1
    const early = await connectCore(world)
    await openMailbox(early, kit)
    await settle()
    expect(early.blobs).toHaveLength(1)
    world.now += 1
    await world.relay.sweep()
    const late = await connectCore(world)
    await openMailbox(late, kit)
    await settle()
    expect(late.blobs).toEqual([])
  })
})
