// Fetched beside the first poll, checklist or note. Until it is here, each is its text.

import { createLateParts } from '../app/index.ts'

export const useLivingParts = createLateParts(() => import('./parts.ts')).use
