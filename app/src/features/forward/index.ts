// Door of sending messages on.

import { lazySheet } from '../../ui/lazy-part.ts'

export { toTargets } from './targets.ts'
export const ForwardSheet = lazySheet(() => import('./ForwardSheet.vue'))
