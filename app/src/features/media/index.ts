// Door of photos and files. All of it comes after the first messages.

export { FilesRow } from './files-row.ts'
export { useMediaParts } from './lazy.ts'
