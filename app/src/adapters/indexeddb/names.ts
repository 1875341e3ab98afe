// How the app's databases are called; apart, so that a page can name them without loading what opens them.

export const DATABASE_NAME = 'kith'
/** Lives only while databases are mended. */
export const MENDING_DATABASE = 'kith-mending'
