// Door of what other apps share with Kith. All but its name is fetched when something is shared.

import { shallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { lazySheet } from '../../ui/lazy-part.ts'

/** What was chosen to go into a chat, until its message box has it. */
export const handed = shallowRef<Given & { readonly conversation: ConversationId }>()

export type Given = { readonly text: string; readonly files: readonly File[] }

export const SharedSheet = lazySheet(() => import('./SharedSheet.vue'))

/** The name of what was shared, out of the address, where a reload would ask for it again. */
export const takeShared = (page: Window = window): string | undefined => {
  const name = /^#shared\/([\da-f-]{36})$/u.exec(page.location.hash)?.[1]
  if (name !== undefined) page.history.replaceState(page.history.state, '', '/')
  return name
}
