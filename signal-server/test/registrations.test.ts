// Devices that ask to be woken: who may, for which mailboxes, and when the relay wakes them (docs/protocol.md §8.5).

import { createECDH } from 'node:crypto'
import { blobIdOf, decode, encode, hash, PUSH_ENDPOINT_BYTES_MAX, pushSubscription, relayCall, tryDecode } from '@kith/protocol'
import { beforeEach, expect, test } from 'vitest'
import { bindMailbox, connectCore, connectSilently, createWorld, meet, openMailbox, settle } from './core-client.ts'
import { acknowledgementOf, createMailboxKit, depositOf, messageFor, randomBlob } from './mailbox-keys.ts'
import { PUSH_GATHER_MS, PUSH_MAILBOXES_MAX, PUSH_REGISTER_RATE, PUSH_UNREAD_MS } from '../src/limits.ts'
import { createMemoryStorage } from '../src/storage/memory.ts'
import { createWakeUps } from '../src/web-push/wake-ups.ts'
import type { MailboxId, PushSubscription } from '@kith/protocol'
import type { PushFor } from '../src/web-push/sender.ts'

const keyOf = (): Uint8Array => new Uint8Array(createECDH('prime256v1').generateKeys())
const subscriptionAt = (path: string, host = 'fcm.googleapis.com'): PushSubscription => ({
  endpoint: `https://${host}/${path}`,
  key: keyOf(),
  auth: new Uint8Array(16).fill(3),
})
const register = (subscription: PushSubscription) => ({ kind: 'register-push', subscription }) as const

let woken: PushFor[] = []
let timers: { readonly ms: number; readonly work: () => void }[] = []
function wakingWorld() {
  const storage = createMemoryStorage()
  const wakeUps = createWakeUps({
    storage,
    sender: { wake: (push) => (woken.push(push), true) },
    publicKey: Uint8Array.of(4, ...new Uint8Array(64)),
    places: { hosts: [], origins: [] },
    pageUrl: 'https://chat.example.org',
    later: (ms, work) => void timers.push({ ms, work }),
    report: (error) => expect(error).toBeUndefined(),
  })
  return { storage, world: createWorld({ storage, wakeUps }) }
}
const endpoints = () => woken.map(({ subscription }) => subscription.endpoint)
/** Until everything that was gathered has been looked at. */
const gather = async (): Promise<void> => {
  for (const { ms, work } of timers.splice(0)) {
    expect(ms).toBe(PUSH_GATHER_MS)
    work()
  }
  await settle()
}
beforeEach(() => {
  woken = []
  timers = []
})

test('a device that is not connected is woken once for all that came, with nothing of what waits', async () => {
  const { world } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  const subscription = subscriptionAt('alice')
  expect(await alice.ask(register(subscription))).toEqual({ kind: 'done' })
  alice.close()
  for (let n = 0; n < 3; n++) await bob.ask(messageFor(kit.mailbox, randomBlob(100)))
  expect(timers).toHaveLength(1)
  await gather()
  expect(endpoints()).toEqual([subscription.endpoint])
  const notification = { title: 'New messages', body: 'Open Kith to read them.', tag: 'kith', lang: 'en', dir: 'ltr' }
  expect(JSON.parse(Buffer.from(woken[0]?.text ?? []).toString())).toEqual({
    kith: 'news',
    web_push: 8030,
    mutable: true,
    notification: { ...notification, navigate: 'https://chat.example.org/' },
  })
})
test('nobody is woken for what is not for a person, such as a tick', async () => {
  const { world } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  await alice.ask(register(subscriptionAt('alice')))
  await bob.ask(depositOf(kit.mailbox, randomBlob(100)))
  expect(timers).toEqual([])
  alice.close()
  await bob.ask(depositOf(kit.mailbox, randomBlob(100)))
  expect(timers).toEqual([])
})
test('a device that left with something that it had not stored is woken', async () => {
  const { world } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  await alice.ask(register(subscriptionAt('alice')))
  await bob.ask(messageFor(kit.mailbox, randomBlob(100)))
  timers = []
  alice.close()
  await gather()
  expect(woken).toHaveLength(1)
})
test('a device that sleeps behind an open connection is woken after a while, and one that acknowledges is not', async () => {
  const { world } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  await alice.ask(register(subscriptionAt('alice')))
  const blobs = [randomBlob(100), randomBlob(100), randomBlob(100)]
  const pass = async (): Promise<void> => {
    const [watch, ...others] = timers.splice(0)
    expect([watch?.ms, others]).toEqual([PUSH_UNREAD_MS, []])
    watch?.work()
    await gather()
  }
  await bob.ask(messageFor(kit.mailbox, ...blobs))
  await alice.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blobs[0] ?? new Uint8Array()))]))
  await pass()
  expect(woken).toEqual([])
  await bob.ask(messageFor(kit.mailbox, randomBlob(100)))
  await bob.ask(messageFor(kit.mailbox, randomBlob(100)))
  await pass()
  expect(woken).toHaveLength(1)
})
test('a device that fetched it meanwhile is left alone', async () => {
  const { world } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  await alice.ask(register(subscriptionAt('alice')))
  alice.close()
  const blob = randomBlob(100)
  await bob.ask(messageFor(kit.mailbox, blob))
  const again = await connectCore(world)
  await openMailbox(again, kit)
  await settle()
  await again.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hash(blob))]))
  await gather()
  expect(woken).toEqual([])
})
test('a mailbox that is opened later on the same stream wakes the device too, and after it is withdrawn none does', async () => {
  const { world } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  const later = createMailboxKit()
  await alice.ask(register(subscriptionAt('alice')))
  await alice.ask(later.create)
  await openMailbox(alice, later)
  await bindMailbox(bob, later)
  alice.close()
  await bob.ask(messageFor(later.mailbox, randomBlob(100)))
  await gather()
  expect(woken).toHaveLength(1)
  const again = await connectCore(world)
  await openMailbox(again, kit, later)
  expect(await again.ask({ kind: 'forget-push' })).toEqual({ kind: 'done' })
  again.close()
  woken = []
  for (const { mailbox } of [kit, later]) await bob.ask(messageFor(mailbox, randomBlob(100)))
  await gather()
  expect(woken).toEqual([])
})
test('nobody registers for a mailbox whose read key they did not prove: not its writer, and not whoever repeats what its owner said', async () => {
  const { world, storage } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  const own = subscriptionAt('alice')
  await alice.ask(register(own))
  const mallory = await connectCore(world)
  const proof = kit.readProof(alice.greeting)
  expect(await mallory.ask({ kind: 'open-mailboxes', proofs: [proof] })).toMatchObject({ refused: [kit.mailbox] })
  await mallory.ask(register(subscriptionAt('mallory')))
  await bob.ask(register(subscriptionAt('bob')))
  await mallory.ask({ kind: 'forget-push' })
  await mallory.ask(register(own))
  mallory.close()
  alice.close()
  await bob.ask(messageFor(kit.mailbox, randomBlob(100)))
  const [kept] = await storage.pushesOf({ mailboxes: [kit.mailbox] })
  expect(decode(pushSubscription, kept ?? new Uint8Array()).endpoint).toBe(own.endpoint)
  await gather()
  expect(endpoints()).toEqual([own.endpoint])
})
test('a push service that does not know the device any more takes away the registration, and no newer one', async () => {
  const { world, storage } = wakingWorld()
  const { kit, alice, bob } = await meet(world)
  await alice.ask(register(subscriptionAt('alice')))
  alice.close()
  const leave = () => bob.ask(messageFor(kit.mailbox, randomBlob(100)))
  await leave()
  await gather()
  const again = await connectCore(world)
  await openMailbox(again, kit)
  await again.ask(register(subscriptionAt('newer')))
  again.close()
  woken[0]?.onGone()
  await settle()
  expect((await storage.pushesOf({ mailboxes: [kit.mailbox] }))[0]).toBeDefined()
  await leave()
  await gather()
  woken.at(-1)?.onGone()
  await settle()
  expect(await storage.pushesOf({ mailboxes: [kit.mailbox] })).toEqual([undefined])
})
test('what is no subscription, leads inside or to a service that is not known is refused, and nothing is kept', async () => {
  const { world } = wakingWorld()
  const { alice } = await meet(world)
  const ask = async (change: Partial<PushSubscription>) => await alice.ask(register({ ...subscriptionAt('a'), ...change }))
  expect(await ask({})).toEqual({ kind: 'done' })
  for (const endpoint of [
    'http://fcm.googleapis.com/a',
    'https://127.0.0.1/a',
    'https://[::1]/a',
    'https://localhost/a',
    'https://metadata/a',
  ])
    expect(await ask({ endpoint }), endpoint).toMatchObject({ kind: 'refused', reason: 'malformed' })
  expect(await ask({ endpoint: 'https://inside.example.org/a' })).toMatchObject({ kind: 'refused', reason: 'denied' })
  expect(await ask({ key: new Uint8Array(65).fill(4) })).toMatchObject({ kind: 'refused', reason: 'malformed' })
  const long = (length: number) => encode(relayCall, { id: 1, request: register({ ...subscriptionAt('a'), endpoint: 'a'.repeat(length) }) })
  expect(tryDecode(relayCall, long(PUSH_ENDPOINT_BYTES_MAX))).toBeDefined()
  expect(() => long(PUSH_ENDPOINT_BYTES_MAX + 1)).toThrow()
})
test('a flood of registrations is refused from the stream that makes it', async () => {
  const { world } = wakingWorld()
  const { alice, bob } = await meet(world)
  for (let n = 0; n < PUSH_REGISTER_RATE.burst; n++) expect(await alice.ask(register(subscriptionAt(`${n}`)))).toEqual({ kind: 'done' })
  const refused = await alice.ask(register(subscriptionAt('one more')))
  expect(refused).toMatchObject({ kind: 'refused', reason: 'too-many' })
  expect(refused.kind === 'refused' && refused.retryMs).toBeLessThanOrEqual(PUSH_REGISTER_RATE.refillMs)
  expect(await bob.ask(register(subscriptionAt('bob')))).toEqual({ kind: 'done' })
})
test('a device that is here is tried out when it asks, and only where it has registered', async () => {
  const { world } = wakingWorld()
  const { alice } = await meet(world)
  expect(await alice.ask({ kind: 'test-push' })).toMatchObject({ kind: 'refused', reason: 'unknown' })
  await alice.ask(register(subscriptionAt('alice')))
  expect(await alice.ask({ kind: 'test-push' })).toEqual({ kind: 'done' })
  expect(woken.map(({ text }) => (JSON.parse(Buffer.from(text).toString()) as { readonly kith: string }).kith)).toEqual(['test'])
})
test('a page is told the key; a relay that wakes nobody says so, and nothing comes before the greeting', async () => {
  const { world } = wakingWorld()
  const alice = await connectCore(world)
  expect(await alice.ask({ kind: 'get-push-key' })).toEqual({ kind: 'push-key', key: Uint8Array.of(4, ...new Uint8Array(64)) })
  expect(await connectSilently(world).ask(register(subscriptionAt('a')))).toMatchObject({ kind: 'refused', reason: 'malformed' })
  const other = await connectCore(createWorld())
  for (const request of [{ kind: 'get-push-key' }, register(subscriptionAt('a')), { kind: 'test-push' }] as const)
    expect(await other.ask(request)).toMatchObject({ kind: 'refused', reason: 'unknown' })
})
test('as many mailboxes are looked at together as there is room for', async () => {
  const asked: number[] = []
  const wakeUps = createWakeUps({
    storage: {
      pushesOf: async ({ mailboxes }) => (asked.push(mailboxes.length), mailboxes.map(() => undefined)),
      setPush: async () => undefined,
    },
    sender: { wake: () => true },
    publicKey: new Uint8Array(65),
    places: { hosts: [], origins: [] },
    pageUrl: 'https://chat.example.org',
    later: (ms, work) => void timers.push({ ms, work }),
    report: () => {},
  })
  wakeUps.stored(Array.from({ length: PUSH_MAILBOXES_MAX + 1 }, (_, n) => String(n) as MailboxId))
  wakeUps.stored(['another' as MailboxId])
  await gather()
  expect(asked).toEqual([PUSH_MAILBOXES_MAX])
})
