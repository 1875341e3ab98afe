// Door of time.

export * from './format.ts'
export { formats } from './formats.ts'
export { useNow } from './useNow.ts'
