// How the app's databases are called; apart, so that a page can name them without loading what opens them.

export const DATABASE_NAME = 'kith'
/** Key of the mark that no row of version 0.1 is left. */
export const RESEALED = 'resealed'
/** Lives only while databases are mended. */
export const MENDING_DATABASE = 'kith-mending'
