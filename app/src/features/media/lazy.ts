// Fetched beside the first message with a photo or file. Until it is here, a message is its text.

import { createLateParts } from '../app/index.ts'

export const useMediaParts = createLateParts(() => import('./parts.ts')).use
