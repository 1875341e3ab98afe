// The state of one Double Ratchet, and its stored form (docs/protocol.md §4.3).

import { bytes, fixed, list, optional, struct, u32 } from '../bytes/codec.ts'
import { OLD_RATCHET_CHAINS_MAX, SKIPPED_KEYS_PER_CHAIN_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'

export type KeyPair = { readonly secret: Uint8Array; readonly publicKey: Uint8Array }
export type SkippedKey = { readonly step: number; readonly key: Uint8Array }

/** `next`: the step of the next message. `headerKey` is empty where a profile does not seal headers. */
export type SendingChain = { readonly key: Uint8Array; readonly next: number; readonly headerKey: Uint8Array }

/** `key` is gone once the chain is closed; what was skipped can still be opened. `skipped`: ascending by step. */
export type ReceivingChain = {
  readonly ratchetKey: Uint8Array
  readonly key: Uint8Array | undefined
  readonly next: number
  readonly headerKey: Uint8Array
  readonly skipped: readonly SkippedKey[]
}

export type Ratchet = {
  readonly root: Uint8Array
  /** Our ratchet key pair until the peer has answered it. */
  readonly ours: KeyPair | undefined
  readonly theirs: Uint8Array | undefined
  /** None until we write in this turn: then a new key pair is made. */
  readonly sending: SendingChain | undefined
  /** How many messages our last sending chain had. */
  readonly previous: number
  /** Newest first. */
  readonly receiving: readonly ReceivingChain[]
  readonly nextSendingHeader: Uint8Array
  readonly nextReceivingHeader: Uint8Array
}

const headerKey = bytes(32)
const keyPair: Codec<KeyPair> = struct({ secret: fixed(32), publicKey: fixed(32) })
const skippedKey: Codec<SkippedKey> = struct({ step: u32, key: fixed(32) })
const sendingChain: Codec<SendingChain> = struct({ key: fixed(32), next: u32, headerKey })

const receivingChain: Codec<ReceivingChain> = struct({
  ratchetKey: fixed(32),
  key: optional(fixed(32)),
  next: u32,
  headerKey,
  skipped: list(skippedKey, SKIPPED_KEYS_PER_CHAIN_MAX),
})

export const ratchetState: Codec<Ratchet> = struct({
  root: fixed(32),
  ours: optional(keyPair),
  theirs: optional(fixed(32)),
  sending: optional(sendingChain),
  previous: u32,
  receiving: list(receivingChain, 1 + OLD_RATCHET_CHAINS_MAX),
  nextSendingHeader: headerKey,
  nextReceivingHeader: headerKey,
})
