// Bounds that only sessions know (docs/protocol.md §4); the rest stand in ../limits.ts.

/** One-time prekeys in a store, those that were handed out and not yet used included. */
export const ONE_TIME_PREKEYS_HELD_MAX = 500
/** Those that were handed to one device and not yet used. It keeps the last that came; the others are for what is still under way. */
export const ONE_TIME_PREKEYS_PER_PEER_MAX = 16
/** Initial messages that are remembered per reusable prekey, in all and of one device. */
export const INITIALS_REMEMBERED_MAX = 2_000
export const INITIALS_PER_PEER_MAX = 50
/** Plaintext of one envelope; with the initial part and the seals it stays below ENVELOPE_BYTES_MAX. */
export const SESSION_PLAINTEXT_BYTES_MAX = 14_336
/** Items of one session payload. */
export const PAYLOAD_ITEMS_MAX = 64
/** What somebody who asks to talk says with it. */
export const REQUEST_TEXT_BYTES_MAX = 1_000
/** The initial part of an envelope. */
export const INITIAL_BYTES_MAX = 1_400
/** Steps that a message may leave out freely; finding the key behind more of them costs as much as a handshake. */
export const STEPS_LEFT_OUT_FREELY_MAX = 100
/** A key for healing rides with payloads up to this size: both together stay below ENVELOPE_BYTES_MAX. */
export const OFFERED_PLAINTEXT_BYTES_MAX = 8_192
/** An envelope that answers a key and says nothing else. */
export const EMPTY_ANSWER_BYTES = 1_195
/** Keys for healing that one side offers in one session, which ends long before. */
export const HEALING_OFFERS_MAX = 0xffff_fffe
export const GENERATION_MAX = 0xffff_fffe
