// Bounds of photos and files on the screen, each with its unit.

/** The longer side of a photo that is sent, pixels. */
export const PHOTO_SENT_SIDE_MAX = 2_048
/** A picture of this length is not unpacked to be made smaller: it goes as a file, bytes. */
export const PHOTO_READ_BYTES_MAX = 60 * 1_048_576
/** The longer side of what a photo’s blur is made from, pixels. */
export const THUMB_SIDE = 100
/** Chunks of a file that are read at once: 1 MB. */
export const CHUNKS_AT_ONCE = 16
/** Files of one message. */
export const FILES_MAX = 10
/** A finger that moves this far wants the next photo, pixels. */
export const SWIPE_PIXELS = 60
/** What an arrow key moves a photo by that is larger than the screen, pixels. */
export const SCROLL_PIXELS = 80
/** Either side of what a photo’s blur is drawn from, pixels. */
export const BLUR_SIDE_MAX = 32
