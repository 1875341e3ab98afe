// Door of the search. Everything but what is asked, and which message is to be shown, comes when somebody searches.

import { defineAsyncComponent } from 'vue'

const loadPanel = () => import('./SearchPanel.vue')
const loadFindBar = () => import('./FindBar.vue')

export const SearchPanel = defineAsyncComponent(loadPanel)
export const FindBar = defineAsyncComponent(loadFindBar)
export const preloadSearch = (): readonly Promise<unknown>[] => [loadPanel(), loadFindBar()]
export { searching, sought } from './state.ts'
