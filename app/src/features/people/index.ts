// Door of people.

export { preloadContacts, useContactParts, useFaceOf } from './lazy.ts'
export { default as NameField } from './NameField.vue'
export { isNameTooLong, isolated, toPersonName, toPlainName, toInitials, toShownName } from './names.ts'
export { toNameOutcome } from './outcome.ts'
export type { NameOutcome } from './outcome.ts'
export { default as PersonAvatar } from './PersonAvatar.vue'
