// Cards of devices in a group: everything that one says of its device is proven, and nothing else is taken.

import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { grant } from '../../test/vectors/wire.ts'
import { conversationIdOf } from '../bytes/ids.ts'
import { accountKeyOf, createAccount } from '../identity/account.ts'
import { createDevice, devicePublicOf } from '../identity/device.ts'
import { acceptDeviceList, signDeviceList } from '../identity/device-list.ts'
import { createPrekeys, takeOneTime } from '../session/prekeys.ts'
import { parseCard, signCard, storedCard } from './card.ts'
import type { DeviceSecret } from '../identity/device.ts'

const NOW = 1_800_000_000_000
const random = seededRandom('cards')
const conversation = conversationIdOf(random(32))

function listOf(...devices: readonly DeviceSecret[]): Uint8Array {
  const account = createAccount(random)
  const listed = devices.map((device) => {
    const { signingKey, agreementKey } = devicePublicOf(device)
    return { signingKey, agreementKey, added: NOW }
  })
  const first = { accountKey: accountKeyOf(account), serial: 0, prev: new Uint8Array(32), issued: NOW }
  return signDeviceList({ ...first, devices: listed, revoked: [] }, account)
}
const bundleOf = (device: DeviceSecret) => takeOneTime(createPrekeys({ device, now: NOW, random, oneTime: 1 })).bundle

const [device, other] = [createDevice(random), createDevice(random)]
const list = listOf(device)
const valid = { conversation, issued: NOW, list, bundle: bundleOf(device), door: grant }
const parsed = (changed: Partial<typeof valid> = {}, by = device) =>
  parseCard(signCard({ ...valid, ...changed }, by.signSeed), conversation)?.device.id

describe('a card', () => {
  test('is of the device that signed it, in its own group', () => {
    expect(parsed()).toBe(devicePublicOf(device).id)
    expect(parsed({ list: listOf(device, other) })).toBe(devicePublicOf(device).id)
  })

  test('of another group, with a list that nobody signed, or signed by another device is none', () => {
    expect(parsed({ conversation: conversationIdOf(random(32)) })).toBeUndefined()
    expect(parsed({ list: list.with(list.length - 1, (list.at(-1) ?? 0) ^ 1) })).toBeUndefined()
    expect(parsed({}, other)).toBeUndefined()
  })

  test('with the prekeys of a device that is not in the list, or that say another key than the list, is none', () => {
    expect(parsed({ bundle: bundleOf(other) })).toBeUndefined()
    // The device is another one to the list by its second key alone: whoever has one of the two keys is not the device.
    const { agreementKey } = devicePublicOf(other)
    const account = createAccount(random)
    const { signingKey } = devicePublicOf(device)
    const mixed = { accountKey: accountKeyOf(account), serial: 0, prev: new Uint8Array(32), issued: NOW, revoked: [] }
    expect(parsed({ list: signDeviceList({ ...mixed, devices: [{ signingKey, agreementKey, added: NOW }] }, account) })).toBeUndefined()
  })

  test('with prekeys that the device did not sign is none', () => {
    const { bundle } = valid
    const forged = bundleOf(other)
    expect(parsed({ bundle: { ...bundle, reusable: forged.reusable } })).toBeUndefined()
    expect(parsed({ bundle: { ...bundle, oneTime: forged.oneTime } })).toBeUndefined()
  })

  test('that was stored is read with the list that is known, and is an error without it', () => {
    const signed = signCard(valid, device.signSeed)
    const acceptance = acceptDeviceList(undefined, list)
    const elsewhere = acceptDeviceList(undefined, listOf(other))
    if (acceptance.kind === 'refused' || elsewhere.kind === 'refused') throw new Error('no list')
    expect(storedCard(signed, () => acceptance.pinned)).toMatchObject({ device: { id: devicePublicOf(device).id }, issued: NOW })
    expect(() => storedCard(signed, () => undefined)).toThrow(RangeError)
    expect(() => storedCard(signed, () => elsewhere.pinned)).toThrow(RangeError)
    expect(() => storedCard(signed.subarray(1), () => acceptance.pinned)).toThrow(RangeError)
  })
})
