// Bounds of what people show of themselves (docs/protocol.md §5.18).

/** What somebody says about themselves: so many letters, and as many bytes as those take at most. */
export const ABOUT_LETTERS_MAX = 140
export const ABOUT_BYTES_MAX = 4 * ABOUT_LETTERS_MAX
/** Somebody's picture. With what they say about themselves it fits the bucket of 4,096 bytes. */
export const PICTURE_BYTES_MAX = 3_488
/** Pixels of a side. */
export const PICTURE_SIDE_MAX = 256
/** Chats in which this person's face is said anew within one tick. */
export const FACES_SAID_PER_TICK_MAX = 8
/** Faces that one command reads. */
export const FACES_READ_MAX = 64
