// Door of navigation.

export { parsePath, toPath } from './route.ts'
export type { Beside, Route } from './route.ts'
export { useNavigation } from './useNavigation.ts'
export type { Navigation } from './useNavigation.ts'
