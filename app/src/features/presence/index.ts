// Door of who is here and who writes.

import { computed } from 'vue'
import type { AccountId } from '@kith/protocol'
import { createLateParts } from '../app/index.ts'

export const usePresenceParts = createLateParts(() => import('./parts.ts')).use

/** `seen`: when somebody was here last; undefined where they do not let that be seen, ms. */
export type Presence = { readonly isHere: boolean; readonly seen: number | undefined }

/** Undefined before it is known, and for nobody. */
export const usePresenceOf = (account: () => AccountId | undefined) => {
  const parts = usePresenceParts()
  return computed((): Presence | undefined => {
    const who = account()
    return who && parts.value?.usePresence().of(who)
  })
}
