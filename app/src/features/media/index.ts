// Door of photos and files. All of it comes after the first messages.

export { useMediaParts } from './lazy.ts'
export { saveBlob } from './read-file.ts'
export { toPercent, toSizeText } from './size.ts'
