import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { craftedSignatures, smallOrderPoints } from '../../test/vectors/crafted-signatures.ts'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { toHex } from '../bytes/bytes.ts'
import { DEVICES_PER_ACCOUNT_MAX, REVOKED_DEVICES_MAX } from '../limits.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from './account.ts'
import { acceptDeviceList, mergedLists, parseDeviceList, pinnedFrom, signDeviceList } from './device-list.ts'
import { createDevice, deviceIdFromKeys, devicePublicOf } from './device.ts'
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

describe('two lists that follow one', () => {
  const pinned = pin()
  const [tablet, other] = [devicePublicOf(createDevice(random)), devicePublicOf(createDevice(random))]
  const after = (change: Partial<DeviceList>) =>
    pin({ serial: 1, prev: pinned.hash, issued: 2_000, devices: [listed(phone)], ...change }, pinned)
  const namesIn = (list: DeviceList | undefined) => list?.devices.map(deviceIdFromKeys).toSorted()
  const nobody = () => false

  test('that add somebody each say both together, the same from either side, and that follows both', () => {
    const [one, two] = [
      after({ devices: [listed(phone), listed(tablet)] }),
      after({ devices: [listed(phone), listed(other)], issued: 2_500 }),
    ]
    const [here, there] = [mergedLists(one, two, nobody), mergedLists(two, one, nobody)]
    expect(here).toEqual(there)
    expect(namesIn(here)).toEqual([phone.id, tablet.id, other.id].toSorted())
    for (const list of [one, two]) expect(reasonOf(list, signDeviceList(here ?? first, alice))).toBe('accepted')
  })

  test('of which one revokes: what the other adds counts where it is an own word, and who is revoked stays out', () => {
    const laptopToo = [listed(phone), listed(laptop)]
    const base = pin({ devices: laptopToo })
    const next = (change: Partial<DeviceList>) => pin({ serial: 1, prev: base.hash, issued: 2_000, ...change }, base)
    const without = next({ devices: [listed(phone)], revoked: [{ device: laptop.id, at: 3_000, cut: NO_HASH }] })
    const adding = next({ devices: [...laptopToo, listed(tablet)] })
    expect(mergedLists(without, adding, nobody)).toBeUndefined()
    expect(namesIn(mergedLists(adding, without, nobody))).toEqual([phone.id])
    const mine = mergedLists(adding, without, (device) => device === tablet.id)
    expect(namesIn(mine)).toEqual([phone.id, tablet.id].toSorted())
    expect(mine?.revoked.map(({ device }) => device)).toEqual([laptop.id])
    for (const list of [without, adding]) expect(reasonOf(list, signDeviceList(mine ?? first, alice))).toBe('accepted')
  })

  test('that revoke each other leave neither', () => {
    const both = [listed(phone), listed(laptop), listed(tablet)]
    const base = pin({ devices: both })
    const without = (out: typeof phone) =>
      pin(
        {
          serial: 1,
          prev: base.hash,
          issued: 2_000,
          devices: both.filter((device) => device.signingKey !== out.signingKey),
          revoked: [{ device: out.id, at: 3_000, cut: NO_HASH }],
        },
        base,
      )
    const together = mergedLists(without(phone), without(laptop), nobody)
    expect(together).toEqual(mergedLists(without(laptop), without(phone), nobody))
    expect(namesIn(together)).toEqual([tablet.id])
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

  test('with the same serial, where each of the two says what the other does not, is a fork', () => {
    expect(reasonOf(pinned, signed({ devices: [listed(laptop)] }))).toBe('fork')
    const pinnedSecond = pin(second, pinned)
    const tablet = devicePublicOf(createDevice(random))
    expect(reasonOf(pinnedSecond, signed({ ...second, devices: [listed(phone), listed(tablet)] }))).toBe('fork')
  })

  test('with the same serial that says more is accepted, and one that says less is older', () => {
    const pinnedSecond = pin(second, pinned)
    expect(reasonOf(pinnedSecond, signed({ ...second, devices: [listed(phone)], issued: 3_000 }))).toBe('rollback')
    expect(reasonOf(pin({ ...second, devices: [listed(phone)], issued: 3_000 }, pinned), pinnedSecond.signed)).toBe('accepted')
    const revoked = [{ device: laptop.id, at: 3_000, cut: NO_HASH }]
    const without = pin({ ...second, devices: [listed(phone)], revoked }, pinned)
    // What a device that has not heard of a removal renews: the removal stays.
    expect(reasonOf(without, signed({ ...second, issued: 9_000 }))).toBe('rollback')
    expect(reasonOf(pinnedSecond, without.signed)).toBe('accepted')
  })

  test('with the same serial that says the same counts where it is the later one, of one day where its hash is smaller: the same one everywhere', () => {
    const at = (issued: number, prev = pinned.hash) => pin({ ...second, issued, prev }, undefined)
    const twins = [
      at(5_000),
      at(
        5_000,
        NO_HASH.map(() => 7),
      ),
    ]
    const [small, large] = twins.toSorted((a, b) => (toHex(a.hash) < toHex(b.hash) ? -1 : 1)) as [PinnedDeviceList, PinnedDeviceList]
    for (const [one, other] of [
      [at(6_000), at(5_000)],
      [small, large],
    ] as const) {
      expect(reasonOf(other, one.signed)).toBe('accepted')
      expect(reasonOf(one, other.signed)).toBe('rollback')
    }
  })

  test('that follows another list than the pinned one is a fork, or a gap, where it leaves out what that one says', () => {
    const [elsewhere, onlyLaptop] = [NO_HASH.map(() => 7), [listed(laptop)]]
    expect(reasonOf(pinned, signed({ ...second, prev: elsewhere, devices: onlyLaptop }))).toBe('fork')
    expect(reasonOf(pinned, signed({ ...second, serial: 2, prev: elsewhere, devices: onlyLaptop }))).toBe('gap')
    const revoked = [{ device: laptop.id, at: 3_000, cut: NO_HASH }]
    const without = pin({ ...second, devices: [listed(phone)], revoked }, pinned)
    expect(reasonOf(without, signed({ ...second, serial: 2, prev: elsewhere }))).toBe('fork')
    expect(reasonOf(without, signed({ ...second, serial: 3, prev: elsewhere }))).toBe('gap')
  })

  test('that has all that the pinned one says is accepted, whatever it follows', () => {
    const elsewhere = NO_HASH.map(() => 7)
    expect(reasonOf(pinned, signed({ ...second, prev: elsewhere }))).toBe('accepted')
    expect(reasonOf(pinned, signed({ ...second, serial: 5, prev: elsewhere }))).toBe('accepted')
    const revoked = [{ device: phone.id, at: 3_000, cut: NO_HASH }]
    expect(reasonOf(pinned, signed({ ...second, serial: 2, prev: elsewhere, devices: [listed(laptop)], revoked }))).toBe('accepted')
  })

  test('that revokes whom the pinned one names is accepted in its place, and never one that names whom the pinned one revokes', () => {
    const revoked = [{ device: phone.id, at: 3_000, cut: NO_HASH }]
    const both = pin(second, pinned)
    const without = signed({ ...second, devices: [], revoked })
    expect(reasonOf(both, without)).toBe('accepted')
    expect(reasonOf(pin({ ...second, devices: [], revoked }, pinned), both.signed)).toBe('fork')
    const mutual = signed({ ...second, devices: [listed(phone)], revoked: [{ device: laptop.id, at: 3_000, cut: NO_HASH }] })
    expect(reasonOf(pin({ ...second, devices: [listed(laptop)], revoked }, pinned), mutual)).toBe('fork')
  })

  test('that revokes somebody and forgets who was revoked before is no way back for those', () => {
    const out = { device: laptop.id, at: 3_000, cut: NO_HASH }
    const tablet = devicePublicOf(createDevice(random))
    const withoutLaptop = pin({ ...second, devices: [listed(phone), listed(tablet)], revoked: [out] }, pinned)
    const forked = (revoked: DeviceList['revoked']) =>
      signed({ ...second, serial: 2, prev: NO_HASH.map(() => 7), devices: [listed(phone)], revoked })
    const tabletOut = { device: tablet.id, at: 4_000, cut: NO_HASH }
    expect(reasonOf(withoutLaptop, forked([out, tabletOut]))).toBe('accepted')
    expect(reasonOf(withoutLaptop, forked([tabletOut]))).toBe('fork')
  })

  test('with a lower serial stays a rollback, whomever it revokes', () => {
    const third = pin({ ...second, serial: 2, prev: pin(second, pinned).hash }, pin(second, pinned))
    const revoked = [{ device: laptop.id, at: 3_000, cut: NO_HASH }]
    expect(reasonOf(third, signed({ ...second, devices: [listed(phone)], revoked }))).toBe('rollback')
  })

  test('that forgets a revocation is a rollback', () => {
    const revoked = [{ device: laptop.id, at: 3_000, cut: NO_HASH }]
    const pinnedSecond = pin({ ...second, devices: [listed(phone)], revoked }, pinned)
    const third = { ...second, serial: 2, prev: pinnedSecond.hash, devices: [listed(phone)] }
    expect(reasonOf(pinnedSecond, signed({ ...third, revoked }))).toBe('accepted')
    expect(reasonOf(pinnedSecond, signed(third))).toBe('rollback')
  })

  test('only raises the alarm of a fork when the account signed it', () => {
    expect(reasonOf(pinned, signDeviceList({ ...first, devices: [listed(laptop)] }, mallory))).toBe('signature')
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
