// Bounds of a search, each with its unit.

/** Messages in one answer. */
export const HITS_MAX = 100
/** Places in the timeline that are looked at for one answer; what is behind them comes with the next one. */
export const LOOKS_MAX = 2_048
/** Lines of one moment that are looked at: they take as many devices. */
export const LINES_PER_PLACE_MAX = 64
/** Letters (UTF-16) of texts after which a segment that is made of new messages is large enough: beyond any bound of one, whatever they are. */
export const LETTERS_AT_ONCE = 32_768
