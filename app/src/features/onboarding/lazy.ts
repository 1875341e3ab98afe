// What is asked only after a first message, fetched ahead while the page is idle.

import { defineAsyncComponent } from 'vue'

const loadNameCard = () => import('./NameCard.vue')

export const NameCard = defineAsyncComponent(loadNameCard)
export const preloadOnboarding = (): readonly Promise<unknown>[] => [loadNameCard()]
