// Bounds of files on their way: between devices, at relays, and to a screen, each with its unit.

/** Chunks that one device is asked for at a time, and those that it may ask for in one go: 2 MB. */
export const CHUNKS_WANTED_MAX = 32
/** Attachments that are fetched at the same time. */
export const FETCHES_MAX = 2
/** What one device wants of this one and has not got. */
export const WANTS_PER_DEVICE_MAX = 8
/** Fetched chunks between two rows that say how far it has come: 4 MB are fetched again after a crash. */
export const CHUNKS_PER_ROW_MAX = 64
/** Photos of one chat that are fetched unasked in a day; what is beyond waits for a tap. */
export const UNASKED_BYTES_PER_DAY_MAX = 256 * 1_048_576
/** Files whose bytes are at hand, each with its tree of at most 12 MB. */
export const OPEN_FILES_MAX = 4
/** Files of a chat that are listed by what they take. */
export const FILES_LISTED_MAX = 200
/** Chunks that are read for a screen at once. */
export const CHUNKS_READ_MAX = 16
/** A parcel, and what is in it: a chunk of a file with its proof, all of one size (docs/protocol.md §7.2). */
export const PARCEL_CONTENT_BYTES = 64_600
export const PARCEL_BYTES = 64_616
/** Parcels of one mailbox that are let go of at once. */
export const PARCELS_DROPPED_MAX = 256
/** A file that is larger is not left at a relay: it waits for a direct link. */
export const RELAYED_FILE_BYTES_MAX = 32 * 1_048_576
/** After that a relay has forgotten a parcel, ms. */
export const PARCEL_MS_MAX = 14 * 86_400_000
/** Devices of one conversation for which a file is left at relays. */
export const RELAYED_TO_MAX = 1_000
/** A relay that has no room for a parcel, or has none yet that is waited for, is asked again after the first, then after twice as long, up to the last, ms. */
export const PARCEL_RETRY_MS = 2_000
export const PARCEL_RETRY_MS_LAST = 120_000
/** A blob that a relay holds back until a date: one of the smallest size (docs/protocol.md §8.7). */
export const HELD_BYTES_MAX = 1_064
export const HELD_PER_CALL_MAX = 64
/** The furthest date, after now, ms. */
export const HELD_MS_MAX = 366 * 86_400_000
/** For that long a device that is not linked is given time to link before anything is left for it, ms. */
export const LEAVE_MS = 4_000
/** Nothing came of what was asked for: another device is asked, or the same one later, ms. */
export const WANT_MS_MAX = 20_000
/** Who does not give a file is asked again, each time after twice as long, so many times over. */
export const WANT_DOUBLINGS_MAX = 8
