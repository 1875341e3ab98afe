// What the files of a chat take here, for its details.

import { lazyPart } from '../../ui/lazy-part.ts'

export const FilesRow = lazyPart(() => import('./FilesRow.vue'))
