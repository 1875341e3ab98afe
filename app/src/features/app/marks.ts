// Moments on the browser's own time line, for whoever measures how quick Kith is.

/** The message box can be written in. */
export const COMPOSER_MARK = 'kith:composer'
