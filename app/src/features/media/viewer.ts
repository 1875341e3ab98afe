// The look at one photo is fetched when somebody looks.

import { lazyPart } from '../../ui/lazy-part.ts'

export const PhotoViewer = lazyPart(() => import('./PhotoLightbox.vue'))
