// Bounds of what is scanned, each with its unit. It comes from outside, as a pasted text does, and nobody has read it before.

/** No code can say more, UTF-16 units; what a browser claims to have read beyond that is none of ours. */
export const SCANNED_LENGTH_MAX = 2_953
/** Codes of one picture that are looked at. */
export const CODES_SEEN_MAX = 8
/** From one frame of the camera that is looked at to the next. */
export const FRAME_MS = 100
/** The side of the square that is cut out of a frame, pixels: an invite’s code has 61 modules in a row. */
export const FRAME_SIDE_MAX = 720
/** A picture of this length is not unpacked, bytes. */
export const PICTURE_BYTES_MAX = 30 * 1_048_576
/** The longer sides at which a code is looked for in a picture, in this order, pixels: what is too fine or too large at one may be read at another. */
export const PICTURE_SIDES = [1_600, 800, 3_200] as const
/** A picture that takes longer to be read is given up, with the thread that reads it, ms. */
export const READ_MS_MAX = 8_000
/** Until somebody is told how to hold what they hold, ms. */
export const HINT_AFTER_MS = 6_000
/** Letters of the host of an invite for another address that are shown, from its end, which says whose it is. */
export const HOST_SHOWN_MAX = 80
/** What the library may spend on a second look at one size, beside the first. */
export const SECOND_LOOK_MS = 60
