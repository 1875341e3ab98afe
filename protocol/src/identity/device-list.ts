// The list of a person's devices: signed by the account key, hash-chained, and pinned by everybody who saw it
// (docs/protocol.md §2.3). A lower serial is refused; another list under the same serial is an alarm.

import { equalBytes, toHex } from '../bytes/bytes.ts'
import { bytes, encode, fixed, list, struct, tryDecode, u32, u48, u8 } from '../bytes/codec.ts'
import { deviceId } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { isSigningKey, verify } from '../crypto/sign.ts'
import { DEVICES_PER_ACCOUNT_MAX, REVOKED_DEVICES_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { accountIdFromKey, signAsAccount } from './account.ts'
import { areDeviceKeys, deviceIdFromKeys, devicePublicFromKeys } from './device.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId, DeviceId } from '../bytes/ids.ts'
import type { AccountSecret } from './account.ts'
import type { DevicePublic } from './device.ts'

export type ListedDevice = { readonly signingKey: Uint8Array; readonly agreementKey: Uint8Array; readonly added: number }

/** `cut`: hash of the last entry of the device that still counts, zeros for none. */
export type RevokedDevice = { readonly device: DeviceId; readonly at: number; readonly cut: Uint8Array }

export type DeviceList = {
  readonly accountKey: Uint8Array
  /** 0 for the first list, then one more each time. */
  readonly serial: number
  /** Hash of the list before this one; zeros where serial is 0. */
  readonly prev: Uint8Array
  readonly issued: number
  readonly devices: readonly ListedDevice[]
  readonly revoked: readonly RevokedDevice[]
}

export type PinnedDeviceList = {
  readonly account: AccountId
  readonly serial: number
  /** By the clock of the device that signed it, ms. */
  readonly issued: number
  readonly hash: Uint8Array
  readonly devices: readonly DevicePublic[]
  /** The bytes as they were signed, to be shown to others and stored. */
  readonly signed: Uint8Array
}

/** `gap`: lists are missing between the pinned one and this. `fork`: two lists claim one place in the chain. */
export type DeviceListRefusal = 'malformed' | 'signature' | 'wrong-account' | 'rollback' | 'fork' | 'gap' | 'key'

export type DeviceListAcceptance =
  | { readonly kind: 'accepted'; readonly pinned: PinnedDeviceList }
  | { readonly kind: 'refused'; readonly reason: DeviceListRefusal }

export function signDeviceList(value: DeviceList, secret: AccountSecret): Uint8Array {
  const listBytes = encode(deviceList, { version: 1, ...value })
  return encode(signedDeviceList, { list: listBytes, signature: signAsAccount(secret, deviceListHash(listBytes)) })
}

/** Judges `signed` against what is pinned. `expected`: the account that it must belong to where nothing is pinned yet. */
export function acceptDeviceList(
  pinned: PinnedDeviceList | undefined,
  signed: Uint8Array,
  expected: AccountId | undefined = pinned?.account,
): DeviceListAcceptance {
  const envelope = tryDecode(signedDeviceList, signed)
  const value = envelope && tryDecode(deviceList, envelope.list)
  if (envelope === undefined || value === undefined || value.version !== 1) return refused('malformed')
  const account = accountIdFromKey(value.accountKey)
  if ((expected !== undefined && account !== expected) || (pinned !== undefined && account !== pinned.account))
    return refused('wrong-account')
  const listHash = deviceListHash(envelope.list)
  if (pinned !== undefined && equalBytes(listHash, pinned.hash) && equalBytes(signed, pinned.signed)) return { kind: 'accepted', pinned }
  // Keys cost some milliseconds each, so they are looked at last. A pinned account's own key was.
  const reason = placeRefusal(pinned, value, listHash)
  if (reason !== undefined && reason !== 'fork') return refused(reason)
  if (pinned === undefined && !isSigningKey(value.accountKey)) return refused('key')
  if (!verify(value.accountKey, listHash, envelope.signature)) return refused('signature')
  if (reason !== undefined) return refused(reason)
  if (!areKeysAdmissible(value)) return refused('key')
  if (pinned !== undefined && equalBytes(listHash, pinned.hash)) return { kind: 'accepted', pinned }
  return { kind: 'accepted', pinned: toPinned(value, { account, hash: listHash, signed }) }
}

/** A list that was accepted before, from its bytes. They are read at once; what takes hashing is worked out when it is first asked for. */
export function pinnedFrom(signed: Uint8Array): PinnedDeviceList | undefined {
  const envelope = tryDecode(signedDeviceList, signed)
  const value = envelope && tryDecode(deviceList, envelope.list)
  if (envelope === undefined || value === undefined) return undefined
  const account = once(() => accountIdFromKey(value.accountKey))
  const hash = once(() => deviceListHash(envelope.list))
  const devices = once(() => value.devices.map(devicePublicFromKeys))
  return {
    serial: value.serial,
    issued: value.issued,
    signed,
    get account() {
      return account()
    },
    get hash() {
      return hash()
    },
    get devices() {
      return devices()
    },
  }
}

function once<T extends object | string>(work: () => T): () => T {
  let known: T | undefined
  return () => (known ??= work())
}

/** What a signed list says, without judging it. */
export function parseDeviceList(signed: Uint8Array): DeviceList | undefined {
  const envelope = tryDecode(signedDeviceList, signed)
  return envelope && tryDecode(deviceList, envelope.list)
}

const listed: Codec<ListedDevice> = struct({ signingKey: fixed(32), agreementKey: fixed(32), added: u48 })
const revoked: Codec<RevokedDevice> = struct({ device: deviceId, at: u48, cut: fixed(32) })

const deviceList: Codec<DeviceList & { readonly version: number }> = struct({
  version: u8,
  accountKey: fixed(32),
  serial: u32,
  prev: fixed(32),
  issued: u48,
  devices: list(listed, DEVICES_PER_ACCOUNT_MAX),
  revoked: list(revoked, REVOKED_DEVICES_MAX),
})

const signedDeviceList = struct({ list: bytes(SIGNED_DEVICE_LIST_BYTES_MAX - 66), signature: fixed(64) })

const deviceListHash = (listBytes: Uint8Array): Uint8Array => labelHash('kith/1/device-list', listBytes)

const refused = (reason: DeviceListRefusal): DeviceListAcceptance => ({ kind: 'refused', reason })

function toPinned(value: DeviceList, rest: Pick<PinnedDeviceList, 'account' | 'hash' | 'signed'>): PinnedDeviceList {
  return { ...rest, serial: value.serial, issued: value.issued, devices: value.devices.map(devicePublicFromKeys) }
}

// A key that stands in two places would let one device answer for another, and a revoked device never comes back.
function areKeysAdmissible(value: DeviceList): boolean {
  const signingKeys = [value.accountKey, ...value.devices.map((device) => device.signingKey)].map(toHex)
  const agreementKeys = value.devices.map((device) => toHex(device.agreementKey))
  const ids = [...value.devices.map(deviceIdFromKeys), ...value.revoked.map((entry) => entry.device)]
  return [signingKeys, agreementKeys, ids].every((keys) => new Set(keys).size === keys.length) && value.devices.every(areDeviceKeys)
}

// Who holds the account's key may sign any list, so what matters is that nothing is lost: a list that follows another than the pinned one is as good as one
// that follows it where it has all that both say, and where it takes somebody out whom the pinned one still has.
function placeRefusal(pinned: PinnedDeviceList | undefined, value: DeviceList, listHash: Uint8Array): DeviceListRefusal | undefined {
  if (value.serial === 0 && value.prev.some((byte) => byte !== 0)) return 'malformed'
  if (pinned === undefined || equalBytes(listHash, pinned.hash)) return undefined
  if (value.serial < pinned.serial) return 'rollback'
  const before = parseDeviceList(pinned.signed)
  const hasAllRevoked = before === undefined || lostRevocations(before, value).length === 0
  if (value.serial === pinned.serial + 1 && equalBytes(value.prev, pinned.hash)) return hasAllRevoked ? undefined : 'rollback'
  if (before !== undefined && value.serial === pinned.serial && saysAllOf(before, value)) {
    // Of two that say the same, since two devices have renewed it apart from each other, the same one counts everywhere.
    const isOther =
      saysAllOf(value, before) && (value.issued > before.issued || (value.issued === before.issued && isBeforeBy(listHash, pinned.hash)))
    return isOther ? undefined : 'rollback'
  }
  if (before !== undefined && saysAllOf(value, before)) return undefined
  // Without all revocations it would be a way back for somebody whom neither names: the next list could name them again.
  if (before !== undefined && hasAllRevoked && takesOut(value, before) && !takesOut(before, value)) return undefined
  return value.serial > pinned.serial + 1 ? 'gap' : 'fork'
}

/** True where a list has all revocations of another, and names or revokes every device that it names. */
export const saysAllOf = (list: DeviceList, other: DeviceList): boolean =>
  lostRevocations(other, list).length === 0 && lostDevices(other, list).length === 0

const isBeforeBy = (a: Uint8Array, b: Uint8Array): boolean => toHex(a) < toHex(b)

const lostRevocations = (before: DeviceList, after: DeviceList): readonly RevokedDevice[] => {
  const still = new Set(after.revoked.map(({ device }) => device))
  return before.revoked.filter(({ device }) => !still.has(device))
}

/** Devices of one list that another neither names nor revokes. */
const lostDevices = (before: DeviceList, after: DeviceList): readonly ListedDevice[] => {
  const known = new Set([...after.devices.map(deviceIdFromKeys), ...after.revoked.map(({ device }) => device)])
  return before.devices.filter((device) => !known.has(deviceIdFromKeys(device)))
}

/** True where a list revokes a device that another one names. */
const takesOut = (list: DeviceList, other: DeviceList): boolean => {
  const named = new Set(other.devices.map(deviceIdFromKeys))
  return list.revoked.some(({ device }) => named.has(device))
}

/**
 * What two lists of one account say together that do not follow each other; undefined where the first says all of it. Whoever either revokes is out. What
 * only one of them adds counts where the other revokes nobody whom the first names, and where `isOwnWord` says so: this device has linked it itself, with a
 * person in front of it. Whoever else may have been the one that is revoked. The same two lists, in whatever order, give the same list where neither revokes.
 */
export function mergedLists(
  mine: PinnedDeviceList,
  theirs: PinnedDeviceList,
  isOwnWord: (device: DeviceId) => boolean,
): DeviceList | undefined {
  const [one, other] = [parseDeviceList(mine.signed), parseDeviceList(theirs.signed)]
  if (one === undefined || other === undefined) return undefined
  const out = new Map([...other.revoked, ...one.revoked].map((entry) => [entry.device, entry]))
  for (const entry of other.revoked) if (entry.at < (out.get(entry.device)?.at ?? Infinity)) out.set(entry.device, entry)
  const [mineOut, theirsOut] = [takesOut(one, other), takesOut(other, one)]
  const devices = new Map<DeviceId, ListedDevice>()
  const inBoth = new Set(one.devices.map(deviceIdFromKeys))
  const shared = new Set(other.devices.map(deviceIdFromKeys).filter((device) => inBoth.has(device)))
  for (const device of one.devices) {
    const id = deviceIdFromKeys(device)
    if (!out.has(id) && (shared.has(id) || !theirsOut || isOwnWord(id))) devices.set(id, device)
  }
  for (const device of other.devices) {
    const id = deviceIdFromKeys(device)
    if (!out.has(id) && (shared.has(id) || !mineOut) && !devices.has(id)) devices.set(id, device)
  }
  if (devices.size === one.devices.length && out.size === one.revoked.length) return undefined
  const [later] = [mine, theirs].toSorted((a, b) => b.serial - a.serial || (toHex(a.hash) < toHex(b.hash) ? -1 : 1)) as [PinnedDeviceList]
  const byId = <T>(items: ReadonlyMap<DeviceId, T>): readonly T[] =>
    [...items].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
  return {
    accountKey: one.accountKey,
    serial: later.serial + 1,
    prev: later.hash,
    issued: Math.max(one.issued, other.issued),
    devices: byId(devices).slice(0, DEVICES_PER_ACCOUNT_MAX),
    revoked: byId(out),
  }
}
