// What Yjs asks of its surroundings, in the place of `lib0/logging` and `lib0/environment` (tools/instead.ts): styles of lines that nobody reads, and
// variables of a process that a worker does not have.

export const BOLD = ''
export const UNBOLD = ''
export const ORANGE = ''
export const RED = ''

export const print = (): void => undefined
export const warn = (): void => undefined

export const isBrowser = true
export const getVariable = (): null => null
