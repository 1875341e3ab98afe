// Door of handles, opened by a tap.

import { lazyPart } from '../../ui/lazy-part.ts'

export const HandleSheet = lazyPart(() => import('./HandleSheet.vue'))
export const FindSheet = lazyPart(() => import('./FindSheet.vue'))
