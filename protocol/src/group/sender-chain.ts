// Sender chains: one key per entry of a device in a conversation, handed to every member device over its session
// (docs/protocol.md §4.5). A chain only moves forward, and a key is gone once it was used.

import { equalBytes } from '../bytes/bytes.ts'
import { fixed, struct, u32 } from '../bytes/codec.ts'
import { chainId, chainIdOf } from '../bytes/ids.ts'
import { labelHash, mac, macs } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { CHAIN_MESSAGES_MAX, CHAIN_RENEWAL_MESSAGES, CHAIN_RENEWAL_MS, CHAINS_PER_DEVICE_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ChainId, DeviceId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'

/** The chain that this device seals its entries with. `step`: of the next key. */
export type OwnChain = { readonly chain: ChainId; readonly step: number; readonly key: Uint8Array; readonly created: number }

/** What is told to a member device: everything from `step` on can be opened with it. */
export type ChainHandout = { readonly chain: ChainId; readonly step: number; readonly key: Uint8Array }

/** A chain of another device. `start`: the first step that was handed out. `skipped`: ascending by step. */
export type ReceivedChain = {
  readonly owner: DeviceId
  readonly chain: ChainId
  readonly start: number
  readonly step: number
  readonly key: Uint8Array
  readonly skipped: readonly StepKey[]
}

export type StepKey = { readonly step: number; readonly key: Uint8Array }

export type HandoutRefusal = 'not-owner' | 'other-chain' | 'other-key' | 'rewound' | 'expired'
export type HandoutAcceptance =
  | { readonly kind: 'accepted'; readonly received: ReceivedChain }
  | { readonly kind: 'refused'; readonly reason: HandoutRefusal }

/** `used`: the key was used, or lies before the first step that was handed out. `expired`: no chain goes that far. */
export type ChainKey =
  | { readonly kind: 'key'; readonly key: Uint8Array; readonly received: ReceivedChain }
  | { readonly kind: 'refused'; readonly reason: 'used' | 'expired' }

export const createChain = ({ now, random }: { readonly now: number; readonly random: Random }): OwnChain => ({
  chain: chainIdOf(random(16)),
  step: 0,
  key: random(32),
  created: now,
})

/**
 * The chain after another one. Keys that others handed over are mixed in: whoever has copied this device, down to what its random numbers come
 * from, has those of before only.
 */
export function followingChain(env: { readonly now: number; readonly random: Random }, received: readonly ReceivedChain[]): OwnChain {
  const chain = createChain(env)
  if (received.length === 0) return chain
  const secrets = labelHash('kith/1/chain-secrets', ...received.map(({ key }) => key))
  return { ...chain, key: derive(chain.key, secrets, 'kith/1/chain', 32) }
}

/** The next key. Store `own` before anything sealed with the key leaves. A chain that is due must not be asked: see {@link chainDue}. */
export function nextKey(own: OwnChain): { readonly own: OwnChain; readonly step: number; readonly messageKey: Uint8Array } {
  if (own.step >= CHAIN_MESSAGES_MAX) throw new RangeError('the chain is used up')
  const { messageKey, next } = keysOf(own.key)
  return { own: { ...own, step: own.step + 1, key: next }, step: own.step, messageKey }
}

/** The own chain past a step that was used for certain, be it by this device before its disk was replaced by an older one. */
export const pastStep = (own: OwnChain, step: number): OwnChain =>
  step < own.step ? own : { ...own, step: step + 1, key: forward(own, step + 1) }

/** What the owner keeps of its own chain: the state from which entries that nobody has confirmed can be opened. */
export const keptOf = (own: OwnChain, owner: DeviceId): ReceivedChain => ({
  owner,
  chain: own.chain,
  start: own.step,
  step: own.step,
  key: own.key,
  skipped: [],
})

/** The chain without its keys before `step`. */
export const forgetBefore = (received: ReceivedChain, step: number): ReceivedChain =>
  step <= received.step ? received : { ...received, step, key: forward(received, step), skipped: [] }

/** The current state, for a device that may read from here on. */
export const handoutOf = (own: OwnChain): ChainHandout => ({ chain: own.chain, step: own.step, key: own.key })

/** True when the next entry needs a new chain. With nobody else there it is enough that there are keys left. */
export const chainDue = (own: OwnChain, { now, isAlone }: { readonly now: number; readonly isAlone: boolean }): boolean =>
  own.step >= (isAlone ? CHAIN_MESSAGES_MAX : CHAIN_RENEWAL_MESSAGES) ||
  (!isAlone && now - own.created >= CHAIN_RENEWAL_MS) ||
  now < own.created

/** `owner`: the device that the handout came from, over its own session. A repeated handout is accepted and changes nothing. */
export function acceptHandout(held: ReceivedChain | undefined, handout: ChainHandout, owner: DeviceId): HandoutAcceptance {
  if (handout.step >= CHAIN_MESSAGES_MAX) return { kind: 'refused', reason: 'expired' }
  if (held === undefined) {
    const { chain, step, key } = handout
    return { kind: 'accepted', received: { owner, chain, start: step, step, key, skipped: [] } }
  }
  if (held.owner !== owner) return { kind: 'refused', reason: 'not-owner' }
  if (held.chain !== handout.chain) return { kind: 'refused', reason: 'other-chain' }
  // Both are brought to the later of the two steps: only there can they be compared, since a chain has no way back.
  const meeting = Math.max(held.step, handout.step)
  if (!equalBytes(forward(held, meeting), forward(handout, meeting))) return { kind: 'refused', reason: 'other-key' }
  return handout.step < held.start ? { kind: 'refused', reason: 'rewound' } : { kind: 'accepted', received: held }
}

/** The key of one entry, once. The caller makes sure that the entry's device is `received.owner`. */
export function keyAt(received: ReceivedChain, step: number): ChainKey {
  if (step >= CHAIN_MESSAGES_MAX) return { kind: 'refused', reason: 'expired' }
  if (step < received.step) {
    const found = received.skipped.find((item) => item.step === step)
    if (found === undefined) return { kind: 'refused', reason: 'used' }
    return { kind: 'key', key: found.key, received: { ...received, skipped: received.skipped.filter((item) => item !== found) } }
  }
  const skipped = [...received.skipped]
  let key = received.key
  for (let at = received.step; at < step; at++) {
    const { messageKey, next } = keysOf(key)
    skipped.push({ step: at, key: messageKey })
    key = next
  }
  const { messageKey, next } = keysOf(key)
  return { kind: 'key', key: messageKey, received: { ...received, step: step + 1, key: next, skipped } }
}

/** `chain` in its place among the chains of one device in one conversation, newest first; the oldest beyond `max` is let go. */
export function withChain(
  chains: readonly ReceivedChain[],
  chain: ReceivedChain,
  max: number = CHAINS_PER_DEVICE_MAX,
): readonly ReceivedChain[] {
  const isKnown = chains.some((other) => other.chain === chain.chain)
  if (isKnown) return chains.map((other) => (other.chain === chain.chain ? chain : other))
  return [chain, ...chains].slice(0, max)
}

export const chainHandout: Codec<ChainHandout> = struct({ chain: chainId, step: u32, key: fixed(32) })

const MESSAGE = Uint8Array.of(1)
const NEXT = Uint8Array.of(2)

/** What a chain key gives: the key of its message, and the chain key after it. */
function keysOf(chainKey: Uint8Array): { readonly messageKey: Uint8Array; readonly next: Uint8Array } {
  const [messageKey, next] = macs(chainKey, MESSAGE, NEXT)
  return { messageKey, next }
}

const nextChainKey = (chainKey: Uint8Array): Uint8Array => mac(chainKey, NEXT)

function forward(from: { readonly step: number; readonly key: Uint8Array }, to: number): Uint8Array {
  let key = from.key
  for (let at = from.step; at < to; at++) key = nextChainKey(key)
  return key
}
