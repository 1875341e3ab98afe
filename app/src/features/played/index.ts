// Door of recordings and videos where only words are shown.

export { default as PlayedMark } from './PlayedMark.vue'
export { playedIn, toPlayedWords, withPlayed } from './played.ts'
export type { Played } from './played.ts'
