// Door of time.

export * from './format.ts'
export { toDuration } from './durations.ts'
export { formats } from './formats.ts'
export { useNow } from './useNow.ts'
