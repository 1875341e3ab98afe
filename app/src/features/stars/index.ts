// Door of starred messages. The list of them comes when somebody asks for it.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadStarList = () => import('./StarList.vue')

export const StarList = lazyPart(loadStarList)
export const preloadStars = (): readonly Promise<unknown>[] => [loadStarList()]
export { starred } from './state.ts'
