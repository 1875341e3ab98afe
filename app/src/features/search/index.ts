// Door of the search. Everything but what is asked, and which message is to be shown, comes when somebody searches.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadPanel = () => import('./SearchPanel.vue')
const loadFindBar = () => import('./FindBar.vue')

export const SearchPanel = lazyPart(loadPanel)
export const FindBar = lazyPart(loadFindBar)
export const preloadSearch = (): readonly Promise<unknown>[] => [loadPanel(), loadFindBar()]
export { searching, sought } from './state.ts'
