// Bounds of handles and of the first words that are left for them, each with its unit.

/** Characters of a handle; and of the beginning by which it is looked for, without what separates, and how many are shown then. */
export const HANDLE_LENGTH_MIN = 3
export const HANDLE_LENGTH_MAX = 24
export const HANDLE_PREFIX_LENGTH_MIN = 4
export const HANDLES_FOUND_MAX = 8
/** A claim with the longest device list. */
export const HANDLE_CLAIM_BYTES_MAX = 9_728
/** A claim counts for so long after it was issued, and is issued anew after the second, ms. */
export const HANDLE_MS = 90 * 86_400_000
export const HANDLE_RENEWED_MS = 7 * 86_400_000
/** So far the moment of a claim may lie from now, by the relay's clock, ms. */
export const HANDLE_CLOCK_MS_MAX = 600_000
/** The words of a hello; the sizes that it is padded to before sealing, the last for the longest device list; and then the longest, sealed. */
export const HELLO_TEXT_BYTES_MAX = 300
export const HELLO_BUCKETS = [1_024, 4_096, 12_288] as const
export const HELLO_BLOB_BYTES_MAX = 13_424
/** First words that a device was handed and has not judged; it judges one a second. */
export const HELLOS_UNREAD_MAX = 64
/** Bits that are to be zero: 131,072 hashes on average, a third of a second on a phone. Found for an hour, it counts in the next one too, ms. */
export const HELLO_WORK_BITS = 17
export const HELLO_WORK_MS = 3_600_000
/** Of the keys that hellos are sealed to: what was sealed to those of before may still be under way. */
export const DESK_SEEDS_MAX = 3
