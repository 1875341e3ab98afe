// Door of messages that are looked for and kept level with what is there. It comes with what shows them.

export { HITS_AT_ONCE } from './limits.ts'
export { useHits } from './useHits.ts'
export type { Question } from './useHits.ts'
