// Door of sending messages on.

import { lazyPart } from '../../ui/lazy-part.ts'

export { toTargets } from './targets.ts'
export const ForwardSheet = lazyPart(() => import('./ForwardSheet.vue'))
