// Door of who may write to whom: requests, blocking, names that look alike, and what people show of themselves. One chunk, loaded when something of it is first shown.

export { default as AskedHello } from './AskedHello.vue'
export { default as BlockDialog } from './BlockDialog.vue'
export { default as BlockedNote } from './BlockedNote.vue'
export { default as BlockedSheet } from './BlockedSheet.vue'
export { default as HelloSheet } from './HelloSheet.vue'
export { default as RequestRow } from './RequestRow.vue'
export { resembled, toKnownPeople } from './look-alike.ts'
export { useFaces } from './faces.ts'
export { useBlocking } from './useBlocking.ts'
