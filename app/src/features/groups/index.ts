// Door of groups: how one is made, and who is in it. Fetched beside the list.

import { createLateParts } from '../app/index.ts'

export const useGroupParts = createLateParts(() => import('./parts.ts')).use
