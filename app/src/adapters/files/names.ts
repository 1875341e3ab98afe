/** The folder of the site's private file system in which photos and files lie. */
export const FILES_FOLDER = 'kith-files'
