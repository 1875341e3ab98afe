// Door of what is done with one message. Everything but the desk comes later.

export { createDesk, deskKey, useDesk } from './desk.ts'
export type { Desk } from './desk.ts'
export { preloadMessage, useMessageParts, usePlainWords } from './lazy.ts'
