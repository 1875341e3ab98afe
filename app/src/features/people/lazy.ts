// What the first screens show of requests and blocking, fetched when it is.

import { createLateParts } from '../app/index.ts'

const contacts = createLateParts(() => import('../contacts/index.ts'))

export const useContactParts = contacts.use
export const preloadContacts = (): readonly Promise<unknown>[] => [contacts.load()]
