// Who may do what with a mailbox: each rule first with valid input, then with one thing changed.

import { describe, expect, test } from 'vitest'
import { blobIdOf, depositedStatement, hash, mailboxIdOf, mailboxReadStatement, sign, signingKeyOf, verify } from '@kith/protocol'
import { bindMailbox, connectCore, connectSilently, createWorld, meet, openMailbox, settle, shortOf } from '../../test/core-client.ts'
import { createMailboxKit, randomBlob } from '../../test/mailbox-keys.ts'
import { BLOB_MS_MAX, MAILBOX_BLOBS_MAX, MAILBOX_BYTES_MAX, MAILBOX_IDLE_MS_MAX, MAILBOXES_PER_STREAM_MAX } from '../limits.ts'
import { createMemoryStorage, createRelay } from './index.ts'
import type { BlobId, MailboxId } from '@kith/protocol'

const idOf = (blob: Uint8Array): BlobId => blobIdOf(hash(blob))
const depositOf = (mailbox: MailboxId, blob: Uint8Array) => ({ kind: 'deposit', mailbox, blob }) as const

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
    expect(shortOf(await bob.ask({ kind: 'acknowledge', mailbox: kit.mailbox, blobs: [] }))).toBe('denied')
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

describe('depositing', () => {
  test('is answered with a signature of this relay over mailbox, blob and time', async () => {
    const world = createWorld()
    const { kit, bob } = await meet(world)
    const blob = randomBlob()
    const answer = await bob.ask(depositOf(kit.mailbox, blob))
    if (answer.kind !== 'deposited') throw new Error(answer.kind)
    expect(answer.time).toBe(world.now)
    expect(verify(world.key, depositedStatement(kit.mailbox, idOf(blob), answer.time), answer.signature)).toBe(true)
    expect(verify(world.key, depositedStatement(kit.mailbox, idOf(blob), answer.time + 1), answer.signature)).toBe(false)
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
    expect(await bob.ask(depositOf(kit.mailbox, last))).toEqual({ kind: 'refused', reason: 'full', retryMs: 0 })
    expect(shortOf(await bob.ask(depositOf(kit.mailbox, blobs[0] ?? last)))).toBe('deposited')
    const second = createMailboxKit()
    await alice.ask(second.create)
    await bindMailbox(bob, second)
    expect(shortOf(await bob.ask(depositOf(second.mailbox, last)))).toBe('deposited')
    await alice.ask({ kind: 'acknowledge', mailbox: kit.mailbox, blobs: [idOf(blobs[0] ?? last)] })
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

describe('acknowledging', () => {
  test("deletes the owner's blobs, and nobody else's", async () => {
    const world = createWorld()
    const { kit, alice, bob } = await meet(world)
    const mallory = createMailboxKit()
    const blob = randomBlob()
    await bob.ask(mallory.create)
    await openMailbox(bob, mallory)
    await bob.ask(depositOf(kit.mailbox, blob))
    expect(shortOf(await bob.ask({ kind: 'acknowledge', mailbox: mallory.mailbox, blobs: [idOf(blob)] }))).toBe('done')
    expect(shortOf(await bob.ask({ kind: 'acknowledge', mailbox: kit.mailbox, blobs: [idOf(blob)] }))).toBe('denied')
    const again = await connectCore(world)
    await openMailbox(again, kit)
    await settle()
    expect(again.blobs).toEqual([blob])
    expect(shortOf(await alice.ask({ kind: 'acknowledge', mailbox: kit.mailbox, blobs: [idOf(blob)] }))).toBe('done')
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
