// The living documents of a running engine: the account's own, and the `meta` of conversations.

import { openAccountDocument } from './account-document.ts'
import { createMetaDocuments } from './meta-documents.ts'
import type { AccountDocument, AccountParts } from './account-document.ts'
import type { MetaDocuments, MetaParts } from './meta-documents.ts'

export type Documents = AccountDocument & MetaDocuments

export async function openDocuments(parts: MetaParts & AccountParts): Promise<Documents> {
  const account = await openAccountDocument(parts)
  return { ...account, ...createMetaDocuments(parts) }
}
