// Door of navigation.

export { default as SettingsButton } from './SettingsButton.vue'
export { toAddress } from './route.ts'
export type { Beside, Route } from './route.ts'
export { useNavigation } from './useNavigation.ts'
export type { Navigation } from './useNavigation.ts'
