// Door of groups: how one is made, and who is in it. Fetched beside the list.

import { shallowRef } from 'vue'
import type { AccountId } from '@kith/protocol'
import { createLateParts } from '../app/index.ts'

/** A member of the open group that is to be shown among the others. */
export const shownMember = shallowRef<AccountId>()

export const useGroupParts = createLateParts(() => import('./parts.ts')).use
