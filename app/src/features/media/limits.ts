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
/** Steps of the waveform of a voice message that is recorded here. */
export const WAVEFORM_STEPS = 36
/** Bits of recorded sound in a second: speech in Opus needs no more. */
export const VOICE_BITS_A_SECOND = 32_000
/** How often what is recorded is handed over to be kept, and how often it is looked how loud it is, ms. */
export const VOICE_PART_MS = 1_000
export const LOUDNESS_MS = 100
/** What an arrow key moves a recording by, ms. */
export const SEEK_MS = 5_000
/** The longer side of the picture that stands for a video, pixels. */
export const POSTER_SIDE = 1_280
/** A video whose first picture takes longer goes as a file, ms. */
export const POSTER_WAIT_MS = 10_000
/** Headers of a video that are read to take out what a camera wrote into them, bytes. */
export const FILM_HEADER_BYTES_MAX = 32 * 1_048_576
/** Parts on the outermost level of a video that are looked at. */
export const FILM_BOXES_MAX = 4_096
/** Of a voice message, ms, and of what of one is kept at once, bytes: as the protocol bounds them. */
export const VOICE_MS_MAX = 1_800_000
export const VOICE_PART_SIZE = 1_048_576
/** A voice message that is shorter is not worth another speed, ms. */
export const SPEED_FROM_MS = 5_000
/** Messages that a gallery shows at once; older ones take their place. */
export const GALLERY_MESSAGES_MAX = 240
