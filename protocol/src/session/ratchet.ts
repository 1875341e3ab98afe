// Double Ratchet (docs/protocol.md §4.3): a message key per message, a new root key with every change of turn.
// What differs between protocols is a profile, so that this code also runs as Signal v3 and as Olm in oracles/.
// Pure: a refused message leaves nothing behind, and the caller stores the new state before the message leaves.

import { equalBytes } from '../bytes/bytes.ts'
import { agree, agreementKeyOf } from '../crypto/agree.ts'
import { FORWARD_JUMP_MAX, OLD_RATCHET_CHAINS_MAX, SKIPPED_KEYS_PER_CHAIN_MAX, SKIPPED_KEYS_PER_PAIR_MAX } from '../limits.ts'
import type { Random } from '../crypto/random.ts'
import type { KeyPair, Ratchet, ReceivingChain, SendingChain, SkippedKey } from './ratchet-state.ts'

/** `previous`: length of the sender's chain before this one; undefined where a protocol does not tell. */
export type RatchetHeader = { readonly ratchetKey: Uint8Array; readonly previous: number | undefined; readonly step: number }

export type SealMessage = {
  readonly messageKey: Uint8Array
  readonly headerKey: Uint8Array
  readonly header: RatchetHeader
  readonly plaintext: Uint8Array
  readonly associated: Uint8Array
  readonly random: Random
}

export type OpenMessage = {
  readonly messageKey: Uint8Array
  readonly message: Uint8Array
  readonly associated: Uint8Array
}

export type RatchetProfile = {
  /** `mixed`: a secret of elsewhere that goes into the root as well. */
  readonly rootStep: (
    root: Uint8Array,
    shared: Uint8Array,
    mixed?: Uint8Array,
  ) => { readonly root: Uint8Array; readonly chain: Uint8Array; readonly headerKey: Uint8Array }
  readonly chainStep: (chain: Uint8Array) => { readonly chain: Uint8Array; readonly messageKey: Uint8Array }
  readonly seal: (parts: SealMessage) => Uint8Array
  /** The header, or undefined when the message has none or it was not sealed with `headerKey`. */
  readonly readHeader: (headerKey: Uint8Array, message: Uint8Array) => RatchetHeader | undefined
  readonly open: (parts: OpenMessage) => Uint8Array | undefined
}

/** `used`: its key was used or let go. `jump`: too many messages ahead. `sealed`: it does not open, and why is not said. */
export type RatchetRefusal = 'used' | 'jump' | 'sealed'

export type RatchetOpening =
  | { readonly kind: 'opened'; readonly ratchet: Ratchet; readonly plaintext: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: RatchetRefusal }

/** What a handshake leaves behind. Header keys are empty where the profile does not seal headers. */
export type RatchetStart = { readonly root: Uint8Array; readonly initiatorHeader: Uint8Array; readonly responderHeader: Uint8Array }

/** The side that writes first, towards the other's ratchet key. */
export const startAsInitiator = (start: RatchetStart, theirs: Uint8Array): Ratchet => ({
  ...emptyRatchet(start.root),
  theirs,
  nextSendingHeader: start.initiatorHeader,
  nextReceivingHeader: start.responderHeader,
})

/** The side that is written to first, with the key pair that the other side used. */
export const startAsResponder = (start: RatchetStart, ours: KeyPair): Ratchet => ({
  ...emptyRatchet(start.root),
  ours,
  nextSendingHeader: start.responderHeader,
  nextReceivingHeader: start.initiatorHeader,
})

export function sealRatchet(
  profile: RatchetProfile,
  ratchet: Ratchet,
  {
    plaintext,
    associated,
    random,
    mixed,
  }: Pick<SealMessage, 'plaintext' | 'associated' | 'random'> & {
    /** Goes into the root where this message begins a turn. */
    readonly mixed?: Uint8Array | undefined
  },
): { readonly ratchet: Ratchet; readonly message: Uint8Array } {
  const turned = ratchet.sending === undefined ? takeTurn(profile, ratchet, { random, mixed }) : ratchet
  const { sending, ours } = turned
  if (sending === undefined || ours === undefined) throw new Error('a ratchet that cannot write')
  const { chain, messageKey } = profile.chainStep(sending.key)
  const header = { ratchetKey: ours.publicKey, previous: turned.previous, step: sending.next }
  const message = profile.seal({ messageKey, headerKey: sending.headerKey, header, plaintext, associated, random })
  messageKey.fill(0)
  return { ratchet: { ...turned, sending: { ...sending, key: chain, next: sending.next + 1 } }, message }
}

export function openRatchet(
  profile: RatchetProfile,
  ratchet: Ratchet,
  {
    message,
    associated,
    mixed,
  }: Pick<OpenMessage, 'message' | 'associated'> & {
    /** What the peer mixed into the root where this message begins a turn; asked for only there. Undefined from it: that is not known. */
    readonly mixed?: (() => Uint8Array | undefined) | undefined
  },
): RatchetOpening {
  for (const chain of ratchet.receiving) {
    const header = profile.readHeader(chain.headerKey, message)
    if (header === undefined || !equalBytes(header.ratchetKey, chain.ratchetKey)) continue
    return openInChain(profile, ratchet, { chain, step: header.step, message, associated })
  }
  const header = profile.readHeader(ratchet.nextReceivingHeader, message)
  if (header === undefined) return refused('sealed')
  const given = giveTurn(profile, ratchet, header, mixed)
  if (typeof given === 'string') return refused(given)
  return openInChain(profile, given.ratchet, { chain: given.chain, step: header.step, message, associated })
}

/** How many steps have to be gone before it shows whether a message opens. Only the peer can seal the header that says so. */
export function stepsBefore(profile: RatchetProfile, ratchet: Ratchet, message: Uint8Array): number {
  for (const chain of ratchet.receiving) {
    const header = profile.readHeader(chain.headerKey, message)
    if (header !== undefined && equalBytes(header.ratchetKey, chain.ratchetKey)) return Math.max(0, header.step - chain.next)
  }
  const header = profile.readHeader(ratchet.nextReceivingHeader, message)
  if (header === undefined) return 0
  return header.step + Math.max(0, (header.previous ?? 0) - (ratchet.receiving[0]?.next ?? 0))
}

/** True for a message that reads as the first of a chain that is not known yet. */
export const beginsTurn = (profile: RatchetProfile, { receiving, nextReceivingHeader }: Ratchet, message: Uint8Array): boolean =>
  profile.readHeader(nextReceivingHeader, message) !== undefined &&
  receiving.every(({ headerKey, ratchetKey }) => {
    const header = profile.readHeader(headerKey, message)
    return header === undefined || !equalBytes(header.ratchetKey, ratchetKey)
  })

/** How many skipped keys a ratchet holds. */
export const skippedIn = (ratchet: Ratchet): number => ratchet.receiving.reduce((sum, chain) => sum + chain.skipped.length, 0)

/** The same ratchet with at most `max` skipped keys; the oldest are let go. */
export function trimSkipped(ratchet: Ratchet, max: number): Ratchet {
  let room = max
  const receiving = ratchet.receiving.map((chain) => {
    const skipped = lastOf(chain.skipped, room)
    room -= skipped.length
    return skipped.length === chain.skipped.length ? chain : { ...chain, skipped }
  })
  return { ...ratchet, receiving }
}

const refused = (reason: RatchetRefusal): RatchetOpening => ({ kind: 'refused', reason })

const lastOf = <T>(items: readonly T[], count: number): readonly T[] => (items.length <= count ? items : items.slice(items.length - count))

const emptyRatchet = (root: Uint8Array): Pick<Ratchet, 'root' | 'ours' | 'theirs' | 'sending' | 'previous' | 'receiving'> => ({
  root,
  ours: undefined,
  theirs: undefined,
  sending: undefined,
  previous: 0,
  receiving: [],
})

// Our first message after the peer's: a new key pair and a new sending chain.
function takeTurn(
  profile: RatchetProfile,
  ratchet: Ratchet,
  { random, mixed }: { readonly random: Random; readonly mixed: Uint8Array | undefined },
): Ratchet {
  if (ratchet.theirs === undefined) return ratchet
  const secret = random(32)
  const shared = agree(secret, ratchet.theirs)
  if (shared === undefined) throw new Error('a ratchet key of low order')
  const step = profile.rootStep(ratchet.root, shared, mixed)
  const sending: SendingChain = { key: step.chain, next: 0, headerKey: ratchet.nextSendingHeader }
  return { ...ratchet, root: step.root, ours: { secret, publicKey: agreementKeyOf(secret) }, sending, nextSendingHeader: step.headerKey }
}

// The peer's first message after ours: the old receiving chain is closed at the length that the peer tells, a new one begins, and
// our key pair has done its work.
function giveTurn(
  profile: RatchetProfile,
  ratchet: Ratchet,
  header: RatchetHeader,
  mixed: (() => Uint8Array | undefined) | undefined,
): { readonly ratchet: Ratchet; readonly chain: ReceivingChain } | RatchetRefusal {
  const shared = ratchet.ours && agree(ratchet.ours.secret, header.ratchetKey)
  if (shared === undefined) return 'sealed'
  const secret = mixed?.()
  if (mixed !== undefined && secret === undefined) return 'sealed'
  const [current, ...older] = ratchet.receiving
  const closed = current && closeChain(profile, current, header.previous)
  if (closed === 'jump') return 'jump'
  const step = profile.rootStep(ratchet.root, shared, secret)
  const chain: ReceivingChain = {
    ratchetKey: header.ratchetKey,
    key: step.chain,
    next: 0,
    headerKey: ratchet.nextReceivingHeader,
    skipped: [],
  }
  const rest = (closed === undefined ? older : [closed, ...older]).filter(isOpenable).slice(0, OLD_RATCHET_CHAINS_MAX)
  const next: Ratchet = {
    ...ratchet,
    root: step.root,
    ours: undefined,
    theirs: header.ratchetKey,
    sending: undefined,
    previous: ratchet.sending?.next ?? ratchet.previous,
    receiving: [chain, ...rest],
    nextReceivingHeader: step.headerKey,
  }
  return { ratchet: next, chain }
}

const isOpenable = (chain: ReceivingChain): boolean => chain.key !== undefined || chain.skipped.length > 0

function closeChain(profile: RatchetProfile, chain: ReceivingChain, length: number | undefined): ReceivingChain | 'jump' {
  if (length === undefined || chain.key === undefined) return chain
  const skipped = skipTo(profile, chain, Math.max(length, chain.next))
  return skipped === 'jump' ? 'jump' : { ...skipped, key: undefined }
}

function openInChain(
  profile: RatchetProfile,
  ratchet: Ratchet,
  {
    chain,
    step,
    message,
    associated,
  }: Pick<OpenMessage, 'message' | 'associated'> & { readonly chain: ReceivingChain; readonly step: number },
): RatchetOpening {
  const found = messageKeyAt(profile, chain, step)
  if (typeof found === 'string') return refused(found)
  const plaintext = profile.open({ messageKey: found.messageKey, message, associated })
  if (plaintext === undefined) return refused('sealed')
  const receiving = ratchet.receiving.map((other) => (other === chain ? found.chain : other))
  return { kind: 'opened', plaintext, ratchet: trimSkipped({ ...ratchet, receiving }, SKIPPED_KEYS_PER_PAIR_MAX) }
}

function messageKeyAt(
  profile: RatchetProfile,
  chain: ReceivingChain,
  step: number,
): { readonly chain: ReceivingChain; readonly messageKey: Uint8Array } | RatchetRefusal {
  if (step < chain.next) {
    const found = chain.skipped.find((item) => item.step === step)
    if (found === undefined) return 'used'
    return { messageKey: found.key, chain: { ...chain, skipped: chain.skipped.filter((item) => item !== found) } }
  }
  const skipped = skipTo(profile, chain, step)
  if (skipped === 'jump' || skipped.key === undefined) return skipped === 'jump' ? 'jump' : 'used'
  const { chain: key, messageKey } = profile.chainStep(skipped.key)
  return { messageKey, chain: { ...skipped, key, next: step + 1 } }
}

function skipTo(profile: RatchetProfile, chain: ReceivingChain, step: number): ReceivingChain | 'jump' {
  if (step - chain.next > FORWARD_JUMP_MAX) return 'jump'
  if (chain.key === undefined) return chain
  const skipped: SkippedKey[] = [...chain.skipped]
  let key = chain.key
  for (let at = chain.next; at < step; at++) {
    const advanced = profile.chainStep(key)
    skipped.push({ step: at, key: advanced.messageKey })
    key = advanced.chain
  }
  return { ...chain, key, next: Math.max(step, chain.next), skipped: lastOf(skipped, SKIPPED_KEYS_PER_CHAIN_MAX) }
}
