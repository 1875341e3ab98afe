// The secret side of a device's prekeys (docs/protocol.md §4.1). Immutable: every change returns a new store, which the caller
// keeps in the same transaction as whatever the change allowed.

import { equalBytes } from '../bytes/bytes.ts'
import { agreementKeyOf } from '../crypto/agree.ts'
import { derive } from '../crypto/kdf.ts'
import { kemKeysOf } from '../crypto/kem.ts'
import { sign } from '../crypto/sign.ts'
import { devicePublicOf } from '../identity/device.ts'
import { OLD_PREKEYS_KEPT, PREKEY_ROTATION_MS } from '../limits.ts'
import { INITIALS_PER_PEER_MAX, INITIALS_REMEMBERED_MAX, ONE_TIME_PREKEYS_HELD_MAX, ONE_TIME_PREKEYS_PER_PEER_MAX } from './limits.ts'
import { oneTimeStatement, reusableStatement } from './prekey-bundle.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'
import type { DeviceKeys, DeviceSecret } from '../identity/device.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'

/** An initial message that used a reusable prekey alone; its repetition is refused. */
export type SeenInitial = { readonly peer: DeviceId; readonly initial: Uint8Array }

/** Both secrets come from `seed`. `created` is what others are told; `made`: the same moment by this device's clock, once `created` is by a relay's. */
export type HeldReusable = {
  readonly id: number
  readonly created: number
  readonly made?: number
  readonly seed: Uint8Array
  readonly signature: Uint8Array
  readonly seen: readonly SeenInitial[]
}

/** `with`: id of the reusable prekey that it was handed out with, undefined while nobody has it. `to`: the device that has it, where that is known. */
export type HeldOneTime = {
  readonly id: number
  readonly seed: Uint8Array
  readonly signature: Uint8Array
  readonly with: number | undefined
  readonly to?: DeviceId | undefined
}

/** `reusable`: newest first. */
export type PrekeyStore = DeviceKeys & {
  readonly nextId: number
  readonly reusable: readonly HeldReusable[]
  readonly oneTime: readonly HeldOneTime[]
}

export type PrekeySecrets = { readonly agreeSecret: Uint8Array; readonly agreementKey: Uint8Array; readonly kemSeed: Uint8Array }

export type CreatePrekeys = {
  readonly device: DeviceSecret
  readonly now: number
  readonly random: Random
  /** How many one-time prekeys to make; each takes some milliseconds. */
  readonly oneTime: number
}

export function createPrekeys({ device, now, random, oneTime }: CreatePrekeys): PrekeyStore {
  const { signingKey, agreementKey } = devicePublicOf(device)
  const empty: PrekeyStore = { signingKey, agreementKey, nextId: 1, reusable: [], oneTime: [] }
  return addOneTime(withNewReusable(empty, { device, now, random }), { device, random, count: oneTime })
}

/**
 * The same store until the newest reusable prekey is a week old; then one with a new prekey and two old ones. One that is a week younger
 * than now is replaced too: the clock was put back, and nobody uses prekeys of such a date.
 */
export function rotatePrekeys(store: PrekeyStore, made: Omit<CreatePrekeys, 'oneTime'>): PrekeyStore {
  const newest = store.reusable[0]
  const isCurrent = newest !== undefined && Math.abs(made.now - (newest.made ?? newest.created)) < PREKEY_ROTATION_MS
  return isCurrent ? store : withNewReusable(store, made)
}

/** The same store with the newest reusable prekey dated by a clock that is `ahead` of this device's, ms; once, so that no later word of a relay changes it. */
export function datePrekeys(store: PrekeyStore, { device, ahead }: { readonly device: DeviceSecret; readonly ahead: number }): PrekeyStore {
  const [newest, ...older] = store.reusable
  if (newest === undefined || newest.made !== undefined) return store
  const { id, seed, created: made } = newest
  const created = Math.max(0, made + ahead)
  const signature = ahead === 0 ? newest.signature : sign(device.signSeed, reusableStatement(store, { id, created, ...publicKeysOf(seed) }))
  return { ...store, reusable: [{ ...newest, created, made, signature }, ...older] }
}

/** `count` more one-time prekeys, as far as there is room. */
export function addOneTime(
  store: PrekeyStore,
  { device, random, count }: { readonly device: DeviceSecret; readonly random: Random; readonly count: number },
): PrekeyStore {
  const room = Math.max(0, Math.min(count, ONE_TIME_PREKEYS_HELD_MAX - store.oneTime.length))
  const added = Array.from({ length: room }, (_, index): HeldOneTime => {
    const id = store.nextId + index
    const seed = random(32)
    const signature = sign(device.signSeed, oneTimeStatement(store, { id, ...publicKeysOf(seed) }))
    return { id, seed, signature, with: undefined }
  })
  return { ...store, nextId: store.nextId + room, oneTime: [...store.oneTime, ...added] }
}

/** How many one-time prekeys nobody has yet. */
export const oneTimeLeft = (store: PrekeyStore): number => store.oneTime.filter((held) => held.with === undefined).length

/** The newest reusable prekey, and the named one-time prekey where the store still has it. */
export function bundleOf(store: PrekeyStore, { oneTime }: { readonly oneTime: number | undefined }): PrekeyBundle {
  const [newest] = store.reusable
  if (newest === undefined) throw new RangeError('a store without a reusable prekey')
  const { id, created, seed, signature } = newest
  const single = store.oneTime.find((held) => held.id === oneTime)
  return {
    signingKey: store.signingKey,
    agreementKey: store.agreementKey,
    reusable: { id, created, ...publicKeysOf(seed), signature },
    oneTime: single && { id: single.id, ...publicKeysOf(single.seed), signature: single.signature },
  }
}

/**
 * A bundle for one receiver, with a one-time prekey that nobody else gets; without one when none is left. `to`: the receiver, where there
 * is one already: of too many that it did not use the oldest goes, so that nobody's prekeys are taken by somebody else.
 */
export function takeOneTime(store: PrekeyStore, to?: DeviceId): { readonly store: PrekeyStore; readonly bundle: PrekeyBundle } {
  const free = store.oneTime.find((held) => held.with === undefined)
  const bundle = bundleOf(store, { oneTime: free?.id })
  const theirs = to === undefined ? [] : store.oneTime.filter((held) => held.to === to)
  const surplus = free !== undefined && theirs.length >= ONE_TIME_PREKEYS_PER_PEER_MAX ? theirs[0] : undefined
  const oneTime = store.oneTime.flatMap((held) => {
    if (held === surplus) return []
    return held === free ? { ...held, with: bundle.reusable.id, to } : held
  })
  return { store: { ...store, oneTime }, bundle }
}

/** Both secrets of one prekey. */
export function prekeySecretsOf({ seed }: { readonly seed: Uint8Array }): PrekeySecrets {
  const bytes = derive(seed, new Uint8Array(0), 'kith/1/prekey', 96)
  const agreeSecret = bytes.slice(0, 32)
  return { agreeSecret, agreementKey: agreementKeyOf(agreeSecret), kemSeed: bytes.slice(32) }
}

export type UsedPrekeys = SeenInitial & { readonly reusable: number; readonly oneTime: number | undefined }

/** Whether an initial message was seen, or may not be remembered because too many are. */
export function judgeInitial(store: PrekeyStore, used: UsedPrekeys): 'new' | 'replayed' | 'busy' {
  if (used.oneTime !== undefined) return 'new'
  const seen = store.reusable.find((held) => held.id === used.reusable)?.seen ?? []
  if (seen.some((item) => equalBytes(item.initial, used.initial))) return 'replayed'
  const ofPeer = seen.filter((item) => item.peer === used.peer)
  return seen.length >= INITIALS_REMEMBERED_MAX || ofPeer.length >= INITIALS_PER_PEER_MAX ? 'busy' : 'new'
}

/** The store after a session was made: the one-time prekey is gone; without one, the initial message is remembered. */
export function afterInitial(store: PrekeyStore, { peer, initial, reusable, oneTime }: UsedPrekeys): PrekeyStore {
  if (oneTime !== undefined) return withoutOneTime(store, oneTime)
  const remember = (held: HeldReusable): HeldReusable =>
    held.id === reusable ? { ...held, seen: [...held.seen, { peer, initial }] } : held
  return { ...store, reusable: store.reusable.map(remember) }
}

/** The same store where it does not have that one. */
export const withoutOneTime = (store: PrekeyStore, id: number | undefined): PrekeyStore =>
  store.oneTime.some((held) => held.id === id) ? { ...store, oneTime: store.oneTime.filter((held) => held.id !== id) } : store

function publicKeysOf(seed: Uint8Array): { readonly agreementKey: Uint8Array; readonly kemKey: Uint8Array } {
  const { agreementKey, kemSeed } = prekeySecretsOf({ seed })
  return { agreementKey, kemKey: kemKeysOf(kemSeed).publicKey }
}

// One-time prekeys that went out with a reusable prekey which is let go cannot be used any more, so they go with it.
function withNewReusable(store: PrekeyStore, { device, now, random }: Omit<CreatePrekeys, 'oneTime'>): PrekeyStore {
  const id = store.nextId
  const seed = random(32)
  const signature = sign(device.signSeed, reusableStatement(store, { id, created: now, ...publicKeysOf(seed) }))
  const reusable = [{ id, created: now, seed, signature, seen: [] }, ...store.reusable].slice(0, 1 + OLD_PREKEYS_KEPT)
  const alive = new Set(reusable.map((held) => held.id))
  const oneTime = store.oneTime.filter((held) => held.with === undefined || alive.has(held.with))
  return { ...store, nextId: id + 1, reusable, oneTime }
}
