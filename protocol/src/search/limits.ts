// Bounds of the search index, each with its unit.

/** Letters (UTF-16) of a word that are in the index; what is longer is found by these, and compared whole. */
export const TERM_LENGTH_MAX = 24
/** Different terms of one line. A text of the length that may be sent has fewer. */
export const TERMS_PER_LINE_MAX = 8_192
/** Words and runs of a question; whatever stands behind them is left out. */
export const QUERY_PARTS_MAX = 16
/** Letters of a question that are looked at. */
export const QUERY_LENGTH_MAX = 512
/** Bytes of a block before it is sealed. */
export const BLOCK_BYTES_MAX = 4_096
/** Lines of one segment, those that went included. */
export const SEGMENT_LINES_MAX = 32_768
/** Blocks of one segment: all of them are read to take a line out. */
export const SEGMENT_BLOCKS_MAX = 1_024
/** Letters (UTF-16) of a text that are shown of it where it is longer, and places that are marked in it, word by word. */
export const EXCERPT_LENGTH_MAX = 280
export const EXCERPT_MARKS_MAX = 32
/** Lowest bits of a number that stand as they are, where many numbers stand together: numbers of lines have sixteen. */
export const RICE_WIDTH_MAX = 15
