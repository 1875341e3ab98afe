// What is asked only after a first message, fetched ahead while the page is idle.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadNameCard = () => import('./NameCard.vue')

export const NameCard = lazyPart(loadNameCard)
export const preloadOnboarding = (): readonly Promise<unknown>[] => [loadNameCard()]
