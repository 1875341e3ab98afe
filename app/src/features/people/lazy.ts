// What the first screens show of requests and blocking, fetched when it is.

import { computed } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { createLateParts } from '../app/index.ts'

const contacts = createLateParts(() => import('../contacts/index.ts'))

export const useContactParts = contacts.use
export const preloadContacts = (): readonly Promise<unknown>[] => [contacts.load()]

type FaceQuery = { readonly account: string | undefined; readonly chat?: ConversationId | 'own' | undefined }

/** What somebody shows of themselves; undefined for nothing, and before it is known. */
export const useFaceOf = (query: () => FaceQuery) => {
  const parts = contacts.use()
  return computed(() => {
    const { chat, account } = query()
    return chat && account ? parts.value?.useFaces().of(chat, account) : undefined
  })
}
