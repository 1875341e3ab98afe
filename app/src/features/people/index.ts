// Door of people.

export { default as NameField } from './NameField.vue'
export { isNameTooLong, toShownName } from './names.ts'
export { default as PersonAvatar } from './PersonAvatar.vue'
