// Door of who may write to whom: requests, blocking, and names that look alike. One chunk, loaded when something of it is first shown.

export { default as AskedHello } from './AskedHello.vue'
export { default as BlockDialog } from './BlockDialog.vue'
export { default as BlockedNote } from './BlockedNote.vue'
export { default as BlockedSheet } from './BlockedSheet.vue'
export { default as HelloSheet } from './HelloSheet.vue'
export { default as RequestRow } from './RequestRow.vue'
export { resembled, toKnownPeople } from './look-alike.ts'
export { useBlocking } from './useBlocking.ts'
