// Door of handles, opened by a tap.

import { lazySheet } from '../../ui/lazy-part.ts'

export const HandleSheet = lazySheet(() => import('./HandleSheet.vue'))
export const FindSheet = lazySheet(() => import('./FindSheet.vue'))
