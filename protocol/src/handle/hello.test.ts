// A first word: it opens for whom it was sealed, says whose it is with proof, and nothing of it can be said to somebody else.

import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { mailboxIdOf } from '../bytes/ids.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../identity/account.ts'
import { createDevice, devicePublicOf } from '../identity/device.ts'
import { signDeviceList } from '../identity/device-list.ts'
import { DEVICES_PER_ACCOUNT_MAX, NAME_BYTES_MAX, REVOKED_DEVICES_MAX } from '../limits.ts'
import {
  HANDLE_CLAIM_BYTES_MAX,
  HANDLE_LENGTH_MAX,
  HELLO_BLOB_BYTES_MAX,
  HELLO_BUCKETS,
  HELLO_TEXT_BYTES_MAX,
  HELLO_WORK_BITS,
} from './limits.ts'
import { hasLaterList, judgeHandleClaim, signHandleClaim } from './claim.ts'
import { deskKeysOf, openHello, sealHello } from './hello.ts'
import { doWork, isWorkDone, workHourAt, workStatement } from './work.ts'

const random = seededRandom('hello')
const mailbox = mailboxIdOf(random(32))
const relay = { key: random(32), url: `wss://${'a'.repeat(240)}:65535` }

function person(devices = 1, revoked = 0) {
  const account = createAccount(random)
  const all = Array.from({ length: devices }, () => createDevice(random))
  const [device = createDevice(random)] = all
  const accountKey = accountKeyOf(account)
  const listed = all.map((one) => ({ ...keysOf(one), added: 1 }))
  const gone = Array.from({ length: revoked }, () => ({ device: devicePublicOf(createDevice(random)).id, at: 1, cut: random(32) }))
  const list = signDeviceList({ accountKey, serial: 0, prev: new Uint8Array(32), issued: 1, devices: listed, revoked: gone }, account)
  return { id: accountIdFromKey(accountKey), list, device: devicePublicOf(device).id, seed: device.signSeed }
}
const keysOf = (device: ReturnType<typeof createDevice>) => {
  const { signingKey, agreementKey } = devicePublicOf(device)
  return { signingKey, agreementKey }
}
const [alice, bob, eve] = [person(), person(), person()]
const seed = random(32)
const { key, kemKey } = deskKeysOf(seed)
const toAlice = { account: alice.id, desk: { mailbox, key, kemKey } }
const atAlice = { account: alice.id, mailbox, seed }
const offer = { relay, token: random(16), key: random(32), expires: 1_800_000_000 }
const saidBy = ({ list, device }: ReturnType<typeof person>, text = 'Hello') => ({ list, device, name: 'Bob', offer, text })
const seal = (by: ReturnType<typeof person>, said = saidBy(by), to = toAlice) =>
  sealHello(to, said, { signSeed: by.seed, random }) ?? new Uint8Array()

describe('a first word', () => {
  test('opens for whom it is, with whose it is', () => {
    const hello = openHello(atAlice, seal(bob))
    expect(hello).toMatchObject({ name: 'Bob', text: 'Hello', offer })
    expect(hello?.list.account).toBe(bob.id)
  })
  test('is sealed anew each time, in one of few sizes', () => {
    const [one, other] = [seal(bob), seal(bob, saidBy(bob, 'x'))]
    expect(one).toHaveLength(other.length)
    expect(one).not.toEqual(other)
    expect(one.length).toBeLessThan(HELLO_BUCKETS[1])
  })
  test('with the longest list, name and words there may be has a size of its own, and one byte more is none', () => {
    const carol = person(DEVICES_PER_ACCOUNT_MAX, REVOKED_DEVICES_MAX)
    const longest = { ...saidBy(carol, 'x'.repeat(HELLO_TEXT_BYTES_MAX)), name: 'n'.repeat(NAME_BYTES_MAX) }
    expect(seal(carol, longest)).toHaveLength(HELLO_BLOB_BYTES_MAX)
    expect(openHello(atAlice, seal(carol, longest))?.list.account).toBe(carol.id)
    expect(() => seal(carol, { ...longest, text: `${longest.text}x` })).toThrow(RangeError)
    expect(openHello(atAlice, new Uint8Array(HELLO_BLOB_BYTES_MAX + 1))).toBeUndefined()
  })
  test('that was altered anywhere, cut, or is for another desk opens for nobody', () => {
    const blob = seal(bob)
    for (let at = 0; at < blob.length; at += 97) {
      const altered = Uint8Array.from(blob)
      altered[at] = (altered[at] as number) ^ 1
      expect(openHello(atAlice, altered), `byte ${at}`).toBeUndefined()
    }
    for (const length of [0, 31, 32, 1_119, 1_120, 1_136, blob.length - 1])
      expect(openHello(atAlice, blob.subarray(0, length)), `${length} bytes`).toBeUndefined()
    expect(openHello({ ...atAlice, seed: random(32) }, blob)).toBeUndefined()
    expect(openHello({ ...atAlice, mailbox: mailboxIdOf(random(32)) }, blob)).toBeUndefined()
    expect(openHello({ ...atAlice, account: bob.id }, blob)).toBeUndefined()
  })
  test('in the name of somebody else is nothing, whoever has their device list', () => {
    expect(openHello(atAlice, seal(bob, saidBy(bob)))?.list.account).toBe(bob.id)
    expect(openHello(atAlice, seal(eve, saidBy(bob)))).toBeUndefined()
    expect(openHello(atAlice, seal(eve, { ...saidBy(bob), device: eve.device }))).toBeUndefined()
    expect(openHello(atAlice, seal(eve, { ...saidBy(bob), list: eve.list }))).toBeUndefined()
  })
  test('that was said to one cannot be sealed to another: it names whom it is for', () => {
    const bobSeed = random(32)
    const desk = { mailbox: mailboxIdOf(random(32)), key: deskKeysOf(bobSeed).key, kemKey: deskKeysOf(bobSeed).kemKey }
    // As Bob would hand on what Eve has said to him, with his own desk in front and her signature behind.
    const toBob = { account: bob.id, desk }
    expect(openHello({ account: bob.id, mailbox: desk.mailbox, seed: bobSeed }, seal(eve, saidBy(eve), toBob))?.list.account).toBe(eve.id)
    expect(openHello({ account: alice.id, mailbox: desk.mailbox, seed: bobSeed }, seal(eve, saidBy(eve), toBob))).toBeUndefined()
  })
  test('is sealed to no desk whose keys are none', () => {
    const sealTo = (desk: typeof toAlice.desk) => sealHello({ ...toAlice, desk }, saidBy(bob), { signSeed: bob.seed, random })
    expect(sealTo({ ...toAlice.desk, key: new Uint8Array(32) })).toBeUndefined()
    expect(sealTo({ ...toAlice.desk, kemKey: new Uint8Array(1_184).fill(255) })).toBeUndefined()
    expect(sealTo(toAlice.desk)).toBeDefined()
  })
})

describe('a claim', () => {
  const relayKey = random(32)
  const desk = { mailbox, key, kemKey, isListed: true }
  const claimed = (by = alice) => ({ handle: 'alice', list: by.list, device: by.device, issued: 1, desk })
  test('is what it says where a device of the account signed it, and nothing else', () => {
    const judged = judgeHandleClaim(signHandleClaim(claimed(), relayKey, alice.seed), relayKey)
    expect(judged.kind === 'genuine' && judged.claim.list.account).toBe(alice.id)
    const denied = { kind: 'refused', reason: 'denied' }
    expect(judgeHandleClaim(signHandleClaim(claimed(), relayKey, eve.seed), relayKey)).toEqual(denied)
    expect(judgeHandleClaim(signHandleClaim({ ...claimed(), device: eve.device }, relayKey, eve.seed), relayKey)).toEqual(denied)
    expect(judgeHandleClaim(signHandleClaim(claimed(), relayKey, alice.seed), random(32))).toEqual(denied)
  })
  test('with the longest list and the longest handle is not too long', () => {
    const carol = person(DEVICES_PER_ACCOUNT_MAX, REVOKED_DEVICES_MAX)
    const longest = { ...claimed(carol), handle: 'a'.repeat(HANDLE_LENGTH_MAX) }
    const signed = signHandleClaim(longest, relayKey, carol.seed)
    expect(signed.length).toBeLessThanOrEqual(HANDLE_CLAIM_BYTES_MAX)
    expect(judgeHandleClaim(signed, relayKey).kind).toBe('genuine')
  })
  test('with a later list of the same account stands before one with an earlier', () => {
    const kept = signHandleClaim(claimed(), relayKey, alice.seed)
    expect(hasLaterList(kept, { account: alice.id, serial: 0 })).toBe(false)
    expect(hasLaterList(kept, { account: alice.id, serial: -1 })).toBe(true)
    expect(hasLaterList(kept, { account: eve.id, serial: -1 })).toBe(false)
  })
})

test('the work that is found is done for what it was found for alone', async () => {
  const work = { relayKey: relay.key, mailbox, hour: workHourAt(1_800_000_000_000), blob: random(100) }
  let pauses = 0
  const nonce = await doWork(workStatement(work), async () => void (pauses += 1))
  expect(isWorkDone(workStatement(work), nonce)).toBe(true)
  expect(pauses).toBe(Math.floor(nonce / 2_048))
  const others = [
    { ...work, hour: work.hour + 1 },
    { ...work, relayKey: random(32) },
    { ...work, mailbox: mailboxIdOf(random(32)) },
    { ...work, blob: random(100) },
  ]
  expect(others.filter((other) => isWorkDone(workStatement(other), nonce))).toEqual([])
  expect(2 ** HELLO_WORK_BITS).toBe(131_072)
})
