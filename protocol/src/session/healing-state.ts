// What a session knows of its healing (docs/protocol.md §4.7).

/** `number`: how many keys its side has offered in this session, this one included. */
type OfferedKey = { readonly number: number; readonly key: Uint8Array }
/** `number`: of the key that it was made for. */
export type Answer = { readonly number: number; readonly ciphertext: Uint8Array }

/** What a message carries beside what it says. */
export type HealingPart = { readonly answer: Answer | undefined; readonly offer: OfferedKey | undefined }

export type Healing = {
  /** When the root was mixed last, by this device's clock, ms; when the session began before that. */
  readonly healed: number
  /** Keys that this side has offered. */
  readonly offers: number
  /** Of the last of them, until it is answered. It is never given up for another: an answer that cannot be followed would end the session. */
  readonly seed: Uint8Array | undefined
  /** The peer's key that waits for our turn. */
  readonly theirs: OfferedKey | undefined
  /** Number of the last key of theirs that was answered: older ones may still come. */
  readonly answered: number
  /** Goes with every message of our chain, since any of them may be the first that arrives. */
  readonly answer: Answer | undefined
}
