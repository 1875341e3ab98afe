// How the app's database is called; apart, so that a page can name it without loading what opens it.

export const DATABASE_NAME = 'kith'
