// Door of time.

export * from './format.ts'
export { useNow } from './useNow.ts'
