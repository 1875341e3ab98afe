import { expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { decode, encode } from '../bytes/codec.ts'
import { prekeysRow } from '../host/records/sessions.ts'
import { sign } from '../crypto/sign.ts'
import { createDevice, devicePublicOf } from '../identity/device.ts'
import { BUNDLE_MS_MAX, OLD_PREKEYS_KEPT, PREKEY_ONE_TIME_BYTES_MAX, PREKEY_REUSABLE_BYTES_MAX, PREKEY_ROTATION_MS } from '../limits.ts'
import { INITIALS_PER_PEER_MAX, INITIALS_REMEMBERED_MAX, ONE_TIME_PREKEYS_HELD_MAX, ONE_TIME_PREKEYS_PER_PEER_MAX } from './limits.ts'
import {
  isFresh,
  isGenuineBundle,
  oneTimePrekey,
  oneTimeStatement,
  prekeyBundle,
  reusablePrekey,
  reusableStatement,
} from './prekey-bundle.ts'
import {
  addOneTime,
  afterInitial,
  bundleOf,
  createPrekeys,
  datePrekeys,
  judgeInitial,
  oneTimeLeft,
  prekeySecretsOf,
  rotatePrekeys,
  takeOneTime,
  withoutOneTime,
} from './prekeys.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { PrekeyStore } from './prekeys.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'

const random = seededRandom('prekeys')
const device = createDevice(random)
const mallory = createDevice(random)
const now = 1_800_000_000_000
const store = createPrekeys({ device, now, random, oneTime: 3 })
const peer = (value: number): DeviceId => value.toString(16).padStart(64, '0') as DeviceId
const initial = (value: number): Uint8Array => {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

test('a store gives back what was stored, and a bundle what was sent', () => {
  expect(decode(prekeysRow, encode(prekeysRow, store))).toEqual(store)
  const { bundle } = takeOneTime(store)
  expect(decode(prekeyBundle, encode(prekeyBundle, bundle))).toEqual(bundle)
})

test('prekeys fit into what a relay takes', () => {
  const { bundle } = takeOneTime(store)
  expect(encode(reusablePrekey, bundle.reusable).length).toBeLessThanOrEqual(PREKEY_REUSABLE_BYTES_MAX)
  if (bundle.oneTime === undefined) throw new Error('no one-time prekey')
  expect(encode(oneTimePrekey, bundle.oneTime).length).toBeLessThanOrEqual(PREKEY_ONE_TIME_BYTES_MAX)
})

test('every taken bundle has a one-time prekey that no other has, until none is left', () => {
  let at = store
  const ids: (number | undefined)[] = []
  for (let i = 0; i < 4; i++) {
    const taken = takeOneTime(at)
    ids.push(taken.bundle.oneTime?.id)
    expect(isGenuineBundle(taken.bundle)).toBe(true)
    at = taken.store
  }
  expect(new Set(ids).size).toBe(4)
  expect(ids[3]).toBeUndefined()
  expect(oneTimeLeft(store)).toBe(3)
  expect(oneTimeLeft(at)).toBe(0)
  expect(at.oneTime).toHaveLength(3)
})

test.each([PREKEY_ROTATION_MS, -PREKEY_ROTATION_MS])(
  'a reusable prekey that is %i ms off is replaced, whichever way the clock went',
  (off) => {
    const made = (ms: number) => rotatePrekeys(store, { device, now: now + ms, random }).reusable[0]?.created
    expect(made(off - Math.sign(off))).toBe(now)
    expect(made(off)).toBe(now + off)
  },
)

test('a reusable prekey is dated by the relay’s clock once, goes on under the same keys, and is replaced by one’s own', () => {
  const ahead = 60 * 86_400_000
  const dated = datePrekeys(store, { device, ahead })
  const [before, after] = [bundleOf(store, { oneTime: undefined }), bundleOf(dated, { oneTime: undefined })]
  expect(isGenuineBundle(after)).toBe(true)
  expect(after.reusable).toEqual({ ...before.reusable, created: now + ahead, signature: after.reusable.signature })
  expect(isGenuineBundle(bundleOf(datePrekeys(store, { device, ahead: 1 }), { oneTime: undefined }))).toBe(true)
  expect(datePrekeys(dated, { device, ahead: -ahead })).toBe(dated)
  expect(bundleOf(datePrekeys(store, { device, ahead: 0 }), { oneTime: undefined })).toEqual(before)
  expect(bundleOf(datePrekeys(store, { device, ahead: -2 * now }), { oneTime: undefined }).reusable.created).toBe(0)
  expect(rotatePrekeys(dated, { device, now: now + PREKEY_ROTATION_MS - 1, random })).toBe(dated)
  const next = rotatePrekeys(dated, { device, now: now + PREKEY_ROTATION_MS, random })
  expect(next.reusable.map(({ created }) => created)).toEqual([now + PREKEY_ROTATION_MS, now + ahead])
  expect(datePrekeys(next, { device, ahead }).reusable.map(({ created }) => created)).toEqual([
    now + PREKEY_ROTATION_MS + ahead,
    now + ahead,
  ])
})

test('prekeys are fresh for 14 days, and not before they were made', () => {
  const { bundle } = takeOneTime(store)
  const off = [BUNDLE_MS_MAX, BUNDLE_MS_MAX - 1, 1 - BUNDLE_MS_MAX, -BUNDLE_MS_MAX]
  expect(off.map((ms) => isFresh(bundle, now + ms))).toEqual([false, true, true, false])
})

test('bad signatures, swapped prekeys and foreign keys in a bundle are found', () => {
  const { bundle } = takeOneTime(store)
  const other = takeOneTime(takeOneTime(store).store).bundle
  const foreign = takeOneTime(createPrekeys({ device: mallory, now, random, oneTime: 1 })).bundle
  const oneTime = bundle.oneTime as NonNullable<PrekeyBundle['oneTime']>
  const foreignOneTime = foreign.oneTime as NonNullable<PrekeyBundle['oneTime']>
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte))
  expect(isGenuineBundle(bundle)).toBe(true)
  expect(isGenuineBundle({ ...bundle, oneTime: undefined })).toBe(true)
  const altered: Record<string, PrekeyBundle> = {
    'reusable signature': { ...bundle, reusable: { ...bundle.reusable, signature: flip(bundle.reusable.signature) } },
    'reusable agreement key': { ...bundle, reusable: { ...bundle.reusable, agreementKey: foreign.reusable.agreementKey } },
    'reusable KEM key': { ...bundle, reusable: { ...bundle.reusable, kemKey: foreign.reusable.kemKey } },
    'reusable id': { ...bundle, reusable: { ...bundle.reusable, id: bundle.reusable.id + 1 } },
    'reusable time': { ...bundle, reusable: { ...bundle.reusable, created: now + 1 } },
    'reusable of another device': { ...bundle, reusable: foreign.reusable },
    'one-time signature': { ...bundle, oneTime: { ...oneTime, signature: flip(oneTime.signature) } },
    'one-time signature of another prekey': {
      ...bundle,
      oneTime: { ...oneTime, signature: other.oneTime?.signature ?? oneTime.signature },
    },
    'one-time agreement key': { ...bundle, oneTime: { ...oneTime, agreementKey: foreignOneTime.agreementKey } },
    'one-time KEM key': { ...bundle, oneTime: { ...oneTime, kemKey: foreignOneTime.kemKey } },
    'one-time of another device': { ...bundle, oneTime: foreignOneTime },
    'one-time with the signature of the reusable': { ...bundle, oneTime: { ...bundle.reusable } },
    'agreement key of another device': { ...bundle, agreementKey: foreign.agreementKey },
    'signing key of another device': { ...bundle, signingKey: foreign.signingKey },
    'signing key of small order': { ...bundle, signingKey: Uint8Array.of(1, ...new Uint8Array(31)) },
    'agreement key of low order': { ...bundle, reusable: { ...bundle.reusable, agreementKey: new Uint8Array(32) } },
  }
  for (const [name, value] of Object.entries(altered)) expect(isGenuineBundle(value), name).toBe(false)
})

test('prekeys that were signed rightly and with which no handshake can be computed are none', () => {
  const { bundle } = takeOneTime(store)
  const oneTime = bundle.oneTime as NonNullable<PrekeyBundle['oneTime']>
  const kemKey = new Uint8Array(bundle.reusable.kemKey.length).fill(0xff)
  const broken = [
    {
      ...bundle,
      reusable: { ...bundle.reusable, kemKey, signature: sign(device.signSeed, reusableStatement(bundle, { ...bundle.reusable, kemKey })) },
    },
    { ...bundle, oneTime: { ...oneTime, kemKey, signature: sign(device.signSeed, oneTimeStatement(bundle, { ...oneTime, kemKey })) } },
  ]
  expect(broken.map(isGenuineBundle)).toEqual([false, false])
})

test('the reusable prekey is replaced after 7 days, and two old ones are kept', () => {
  const at = (weeks: number, from: PrekeyStore): PrekeyStore =>
    rotatePrekeys(from, { device, now: now + weeks * PREKEY_ROTATION_MS, random })
  expect(rotatePrekeys(store, { device, now: now + PREKEY_ROTATION_MS - 1, random })).toBe(store)
  const third = at(2, at(1, store))
  expect(third.reusable).toHaveLength(1 + OLD_PREKEYS_KEPT)
  expect(third.reusable.map((held) => held.id)).toContain(store.reusable[0]?.id)
  const fourth = at(3, third)
  expect(fourth.reusable).toHaveLength(1 + OLD_PREKEYS_KEPT)
  expect(fourth.reusable.map((held) => held.id)).not.toContain(store.reusable[0]?.id)
  expect(isGenuineBundle(bundleOf(fourth, { oneTime: undefined }))).toBe(true)
})

test('one-time prekeys that went out with a forgotten reusable prekey are forgotten with it', () => {
  let at = takeOneTime(store).store
  for (let week = 1; week <= 2; week++) at = rotatePrekeys(at, { device, now: now + week * PREKEY_ROTATION_MS, random })
  expect(at.oneTime).toHaveLength(3)
  at = rotatePrekeys(at, { device, now: now + 3 * PREKEY_ROTATION_MS, random })
  expect(at.oneTime).toHaveLength(2)
  expect(oneTimeLeft(at)).toBe(2)
})

test('a store holds no more one-time prekeys than its bound', () => {
  const [sample] = store.oneTime
  if (sample === undefined) throw new Error('no one-time prekey')
  const held = Array.from({ length: ONE_TIME_PREKEYS_HELD_MAX - 1 }, () => sample)
  const full = addOneTime({ ...store, oneTime: held }, { device, random, count: 2 })
  expect(full.oneTime).toHaveLength(ONE_TIME_PREKEYS_HELD_MAX)
})

test('one device holds so many unused one-time prekeys, and of one more its oldest is gone; those of others stay', () => {
  const [sample] = store.oneTime
  if (sample === undefined) throw new Error('no one-time prekey')
  const oneTime = Array.from({ length: ONE_TIME_PREKEYS_PER_PEER_MAX + 3 }, (_, at) => ({ ...sample, id: 100 + at }))
  let at = takeOneTime({ ...store, oneTime }, peer(2)).store
  const idsOf = (of: PrekeyStore, device: number) => of.oneTime.flatMap(({ id, to }) => (to === peer(device) ? [id] : []))
  for (let taken = 0; taken < ONE_TIME_PREKEYS_PER_PEER_MAX; taken++) at = takeOneTime(at, peer(1)).store
  expect(idsOf(at, 1)).toHaveLength(ONE_TIME_PREKEYS_PER_PEER_MAX)
  const [oldest, ...others] = idsOf(at, 1)
  at = takeOneTime(at, peer(1)).store
  expect(idsOf(at, 1)).toEqual([...others, 100 + ONE_TIME_PREKEYS_PER_PEER_MAX + 1])
  expect(at.oneTime.map(({ id }) => id)).not.toContain(oldest)
  expect(idsOf(at, 2)).toEqual([100])
  expect(decode(prekeysRow, encode(prekeysRow, at))).toEqual(at)
})

test('an initial message without a one-time prekey is remembered, and the memory is bounded for each peer and in all', () => {
  const reusable = store.reusable[0]?.id ?? 0
  const used = (device: number, value: number) => ({ peer: peer(device), initial: initial(value), reusable, oneTime: undefined })
  let at = store
  expect(judgeInitial(at, used(1, 0))).toBe('new')
  for (let value = 0; value < INITIALS_PER_PEER_MAX; value++) at = afterInitial(at, used(1, value))
  expect(judgeInitial(at, used(1, 0))).toBe('replayed')
  expect(judgeInitial(at, used(1, INITIALS_PER_PEER_MAX))).toBe('busy')
  expect(judgeInitial(at, used(2, INITIALS_PER_PEER_MAX))).toBe('new')
  for (let value = INITIALS_PER_PEER_MAX; value < INITIALS_REMEMBERED_MAX; value++)
    at = afterInitial(at, used(2 + Math.floor(value / 10), value))
  expect(judgeInitial(at, used(9_999, INITIALS_REMEMBERED_MAX))).toBe('busy')
  expect(judgeInitial(at, { ...used(9_999, INITIALS_REMEMBERED_MAX), oneTime: store.oneTime[0]?.id })).toBe('new')
  expect(decode(prekeysRow, encode(prekeysRow, at))).toEqual(at)
})

test('no two prekeys have one number or one secret, however they were added', () => {
  const more = addOneTime(rotatePrekeys(store, { device, now: now + PREKEY_ROTATION_MS, random }), { device, random, count: 4 })
  const ids = [...more.reusable, ...more.oneTime].map(({ id }) => id)
  expect([ids.length, new Set(ids).size, Math.max(...ids) < more.nextId]).toEqual([9, 9, true])
  const secrets = more.oneTime.map(prekeySecretsOf)
  expect(secrets.map(({ agreeSecret, kemSeed }) => [agreeSecret.length, kemSeed.length])).toEqual(secrets.map(() => [32, 64]))
})

test('a one-time prekey that was used is gone, the last one too, and nothing else is', () => {
  const [one, ...others] = store.oneTime
  if (one === undefined) throw new Error('no one-time prekey')
  expect(withoutOneTime(store, one.id).oneTime).toEqual(others)
  expect(withoutOneTime({ ...store, oneTime: [one] }, one.id).oneTime).toEqual([])
  expect(withoutOneTime(store, store.nextId)).toBe(store)
  expect(withoutOneTime(store, undefined)).toBe(store)
})

test('a store without a reusable prekey has no bundle', () => {
  expect(() => bundleOf(store, { oneTime: undefined })).not.toThrow()
  expect(() => bundleOf({ ...store, reusable: [] }, { oneTime: undefined })).toThrow('a store without a reusable prekey')
})

test('the bundle is of the device that made the store', () => {
  expect(takeOneTime(store).bundle).toMatchObject({
    signingKey: devicePublicOf(device).signingKey,
    agreementKey: devicePublicOf(device).agreementKey,
  })
})
