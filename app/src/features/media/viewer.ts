// The look at one photo is fetched when somebody looks.

import { defineAsyncComponent } from 'vue'

export const PhotoViewer = defineAsyncComponent(() => import('./PhotoLightbox.vue'))
