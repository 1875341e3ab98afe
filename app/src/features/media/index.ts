// Door of photos and files. All of it comes after the first messages.

export { useMediaParts } from './lazy.ts'
