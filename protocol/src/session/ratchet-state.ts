// The state of one Double Ratchet (docs/protocol.md §4.3).

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
