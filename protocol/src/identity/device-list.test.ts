import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { craftedSignatures, smallOrderPoints } from '../../test/vectors/crafted-signatures.ts'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { DEVICES_PER_ACCOUNT_MAX, REVOKED_DEVICES_MAX } from '../limits.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from './account.ts'
import { acceptDeviceList, parseDeviceList, pinnedFrom, signDeviceList } from './device-list.ts'
import { createDevice, devicePublicOf } from './device.ts'
import type { DeviceList, DeviceListRefusal, PinnedDeviceList } from './device-list.ts'

const random = seededRandom('device lists')
const alice = createAccount(random)
const aliceKey = accountKeyOf(alice)
const mallory = createAccount(random)
const phone = devicePublicOf(createDevice(random))
const laptop = devicePublicOf(createDevice(random))
const listed = ({ signingKey, agreementKey }: typeof phone) => ({ signingKey, agreementKey, added: 1_000 })
const NO_HASH = new Uint8Array(32)

const first: DeviceList = { accountKey: aliceKey, serial: 0, prev: NO_HASH, issued: 1_000, devices: [listed(phone)], revoked: [] }
const signed = (list: Partial<DeviceList>): Uint8Array => signDeviceList({ ...first, ...list }, alice)

function pin(list: Partial<DeviceList> = {}, before?: PinnedDeviceList): PinnedDeviceList {
  const acceptance = acceptDeviceList(before, signed(list))
  if (acceptance.kind === 'refused') throw new Error(acceptance.reason)
  return acceptance.pinned
}

const reasonOf = (before: PinnedDeviceList | undefined, bytes: Uint8Array): DeviceListRefusal | 'accepted' => {
  const acceptance = acceptDeviceList(before, bytes)
  return acceptance.kind === 'accepted' ? 'accepted' : acceptance.reason
}

describe('a device list', () => {
  test('is accepted at first sight and names its account and devices', () => {
    const pinned = pin()
    expect(pinned.account).toBe(accountIdFromKey(aliceKey))
    expect(pinned.serial).toBe(0)
    expect(pinned.devices).toEqual([phone])
    expect(parseDeviceList(pinned.signed)).toMatchObject(first)
  })

  test('is the same when it is read from where it was kept, and what is worked out of it is worked out once', () => {
    const pinned = pin({ devices: [listed(phone), listed(laptop)] })
    const kept = pinnedFrom(pinned.signed)
    expect(kept).toEqual(pinned)
    expect(kept?.hash).toBe(kept?.hash)
    expect(kept?.devices).toBe(kept?.devices)
    expect(pinnedFrom(pinned.signed.subarray(1))).toBeUndefined()
  })

  test('of another account than expected is refused', () => {
    expect(acceptDeviceList(undefined, signed({}), accountIdFromKey(aliceKey)).kind).toBe('accepted')
    expect(acceptDeviceList(undefined, signed({}), accountIdFromKey(accountKeyOf(mallory)))).toEqual({
      kind: 'refused',
      reason: 'wrong-account',
    })
    const foreign = signDeviceList({ ...first, accountKey: accountKeyOf(mallory) }, mallory)
    expect(reasonOf(pin(), foreign)).toBe('wrong-account')
    const asExpected = acceptDeviceList(pin(), foreign, accountIdFromKey(accountKeyOf(mallory)))
    expect(asExpected).toEqual({ kind: 'refused', reason: 'wrong-account' })
  })

  test('signed by another account is refused', () => {
    expect(reasonOf(undefined, signDeviceList(first, alice))).toBe('accepted')
    expect(reasonOf(undefined, signDeviceList(first, mallory))).toBe('signature')
  })

  test('with any byte flipped is refused', () => {
    const bytes = signed({})
    for (let at = 0; at < bytes.length; at++) {
      expect(
        reasonOf(
          undefined,
          bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
        `byte ${at}`,
      ).not.toBe('accepted')
    }
  })

  test('that is cut, has bytes left over, or is noise is malformed', () => {
    const bytes = signed({})
    expect(reasonOf(undefined, bytes.slice(0, -1))).toBe('malformed')
    expect(reasonOf(undefined, Uint8Array.of(...bytes, 0))).toBe('malformed')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => reasonOf(undefined, noise) === 'malformed'))
  })

  test('of another version is malformed', () => {
    const bytes = signed({})
    expect(
      reasonOf(
        undefined,
        bytes.map((byte, i) => (i === 2 ? 2 : byte)),
      ),
    ).toBe('malformed')
  })
})

describe('a newer device list', () => {
  const pinned = pin()
  const second = { serial: 1, prev: pinned.hash, issued: 2_000, devices: [listed(phone), listed(laptop)] }

  test('that follows the pinned one is accepted', () => {
    expect(pin(second, pinned).devices).toEqual([phone, laptop])
  })

  test('that is the pinned one again changes nothing', () => {
    const acceptance = acceptDeviceList(pinned, signed({}))
    expect(acceptance.kind === 'accepted' && acceptance.pinned).toBe(pinned)
  })

  test('with a lower serial is a rollback', () => {
    expect(reasonOf(pin(second, pinned), signed({}))).toBe('rollback')
  })

  test('with the same serial and other content is a fork', () => {
    expect(reasonOf(pinned, signed({ issued: 1_001 }))).toBe('fork')
    const pinnedSecond = pin(second, pinned)
    expect(reasonOf(pinnedSecond, signed({ ...second, prev: pinnedSecond.hash }))).toBe('fork')
  })

  test('that follows another list than the pinned one is a fork', () => {
    expect(reasonOf(pinned, signed({ ...second, prev: NO_HASH.map(() => 7) }))).toBe('fork')
  })

  test('that leaves one out is a gap', () => {
    const pinnedSecond = pin(second, pinned)
    const third = { ...second, serial: 2, prev: pinnedSecond.hash }
    expect(reasonOf(pinned, signed(third))).toBe('gap')
    expect(reasonOf(pinnedSecond, signed(third))).toBe('accepted')
  })

  test('that forgets a revocation is a rollback', () => {
    const revoked = [{ device: laptop.id, at: 3_000, cut: NO_HASH }]
    const pinnedSecond = pin({ ...second, devices: [listed(phone)], revoked }, pinned)
    const third = { ...second, serial: 2, prev: pinnedSecond.hash, devices: [listed(phone)] }
    expect(reasonOf(pinnedSecond, signed({ ...third, revoked }))).toBe('accepted')
    expect(reasonOf(pinnedSecond, signed(third))).toBe('rollback')
  })

  test('only raises the alarm of a fork when the account signed it', () => {
    expect(reasonOf(pinned, signDeviceList({ ...first, issued: 1_001 }, mallory))).toBe('signature')
  })

  test('with serial 0 names no list before it', () => {
    expect(reasonOf(undefined, signed({ prev: NO_HASH.map(() => 1) }))).toBe('malformed')
  })
})

describe('keys in a device list', () => {
  const withDevice = (keys: { readonly signingKey: Uint8Array; readonly agreementKey: Uint8Array }) =>
    signed({ devices: [{ ...keys, added: 1_000 }] })

  test('of small order or torsioned are refused', () => {
    expect(reasonOf(undefined, withDevice(phone))).toBe('accepted')
    for (const point of smallOrderPoints()) expect(reasonOf(undefined, withDevice({ ...phone, signingKey: point.toBytes() }))).toBe('key')
    const torsioned = craftedSignatures().find((item) => item.name.startsWith('A torsioned'))?.key ?? NO_HASH
    expect(reasonOf(undefined, withDevice({ ...phone, signingKey: torsioned }))).toBe('key')
    expect(reasonOf(undefined, withDevice({ ...phone, agreementKey: NO_HASH }))).toBe('key')
  })

  test('are not looked at before the signature, which costs less', () => {
    const devices = [{ ...phone, signingKey: NO_HASH, added: 1_000 }]
    expect(reasonOf(undefined, signed({ devices }))).toBe('key')
    expect(reasonOf(undefined, signDeviceList({ ...first, devices }, mallory))).toBe('signature')
  })

  test('that appear twice are refused', () => {
    expect(reasonOf(undefined, signed({ devices: [listed(phone), listed(laptop)] }))).toBe('accepted')
    expect(reasonOf(undefined, signed({ devices: [listed(phone), listed(phone)] }))).toBe('key')
    expect(reasonOf(undefined, signed({ devices: [listed(phone), { ...listed(laptop), signingKey: phone.signingKey }] }))).toBe('key')
    expect(reasonOf(undefined, signed({ devices: [listed(phone), { ...listed(laptop), agreementKey: phone.agreementKey }] }))).toBe('key')
    expect(reasonOf(undefined, signed({ devices: [{ ...listed(phone), signingKey: aliceKey }] }))).toBe('key')
  })

  test('of a revoked device do not come back', () => {
    const revoked = [{ device: phone.id, at: 2_000, cut: NO_HASH }]
    expect(reasonOf(undefined, signed({ devices: [listed(laptop)], revoked }))).toBe('accepted')
    expect(reasonOf(undefined, signed({ devices: [listed(phone)], revoked }))).toBe('key')
  })

  test('of an account key of small order are refused', () => {
    const list = { ...first, accountKey: smallOrderPoints()[1]?.toBytes() ?? NO_HASH }
    expect(reasonOf(undefined, signDeviceList(list, alice))).toBe('key')
  })
})

test('a device list holds as many devices and revocations as its bounds say, and no more', () => {
  const devices = Array.from({ length: DEVICES_PER_ACCOUNT_MAX + 1 }, () => listed(devicePublicOf(createDevice(random))))
  const revoked = Array.from({ length: REVOKED_DEVICES_MAX + 1 }, (_, i) => ({
    device: (i + 1).toString(16).padStart(64, '0') as typeof phone.id,
    at: 1,
    cut: NO_HASH,
  }))
  expect(reasonOf(undefined, signed({ devices: devices.slice(1), revoked: revoked.slice(1) }))).toBe('accepted')
  expect(() => signed({ devices })).toThrow(RangeError)
  expect(() => signed({ revoked })).toThrow(RangeError)
})
