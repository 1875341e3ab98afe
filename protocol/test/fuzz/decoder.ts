// What the fuzzer knows of a decoder, and what none of them may do: throw anything but its typed refusal, accept two encodings of one value, take long, or
// take much memory for few bytes.

export type Reading =
  | { readonly kind: 'refused' }
  /** `again`: what the value that was read is written as, where it is written at all. */
  | { readonly kind: 'read'; readonly again?: Uint8Array | undefined }

export type Decoder = {
  readonly name: string
  /** Valid bytes, to begin with. */
  readonly seeds: readonly Uint8Array[]
  /** Throws where it breaks a promise: nothing that it throws is a refusal. */
  readonly read: (bytes: Uint8Array) => Reading
  /** It calculates with curves, ciphers, Yjs or parts of texts, which leaves much behind that nobody holds: of that it may leave more. */
  readonly isCalculating?: boolean
}

export type FailureKind = 'thrown' | 'not canonical' | 'slow' | 'memory'
export type Failure = { readonly kind: FailureKind; readonly what: string; readonly input: Uint8Array }

export const READING_MS_MAX = 50
/** A reading may take twice the room of its bytes and this, what it leaves behind included. */
export const READING_BYTES_FREE = 1_048_576
export const CALCULATING_BYTES_FREE = 32 * 1_048_576
