// The living documents of a running engine: the account's own, and the `meta` of conversations that somebody looks at.

import { clientOf } from '../documents/client.ts'
import { applyAdmitted, openDocument, snapshotOf } from '../documents/document.ts'
import { readMeta, setTitle } from '../documents/meta.ts'
import { PENDING_DOCUMENTS } from '../node/document.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Document } from '../documents/document.ts'
import type { DocumentStore, Store } from '../ports.ts'

export type Documents = {
  readonly account: Document
  /** Resolves when the change is durable; at once when there is none. */
  readonly saveAccount: (update: Uint8Array | undefined) => Promise<void>
  readonly titleOf: (conversation: ConversationId) => Promise<string | undefined>
  /** The update that gives a conversation its title, for an entry; undefined when it has that title. */
  readonly titleUpdate: (conversation: ConversationId, title: string) => Promise<Uint8Array | undefined>
  /** A title's update was not admitted: the document is as stored again. */
  readonly forgetUpdate: (conversation: ConversationId) => void
  /** An admitted update becomes part of its document, durably; then its waiting row is let go. */
  readonly apply: (change: { readonly conversation: ConversationId; readonly key: string; readonly update: Uint8Array }) => Promise<void>
}

const ACCOUNT = 'account'

export async function openDocuments({
  store,
  documents,
  device,
}: {
  readonly store: Store
  readonly documents: DocumentStore
  readonly device: DeviceId
}): Promise<Documents> {
  const open = new Map<ConversationId, Promise<Document>>()
  const accountClient = clientOf(device, ACCOUNT_PLACE)
  const account = openDocument('account', { client: accountClient, updates: await documents.load(ACCOUNT) })

  function metaOf(conversation: ConversationId): Promise<Document> {
    const known = open.get(conversation)
    if (known !== undefined) return known
    const opening = documents
      .load(nameOf(conversation))
      .then((updates) => openDocument('meta', { client: clientOf(device, conversation), updates }))
    open.set(conversation, opening)
    return opening
  }

  const self: Documents = {
    account,
    saveAccount: async (update) => {
      if (update !== undefined) await documents.append(ACCOUNT, update, () => snapshotOf(account))
    },
    titleOf: async (conversation) => readMeta(await metaOf(conversation)).title,
    titleUpdate: async (conversation, title) => setTitle(await metaOf(conversation), title),
    forgetUpdate: (conversation) => void open.delete(conversation),
    apply: async ({ conversation, key, update }) => {
      const meta = await metaOf(conversation)
      applyAdmitted(meta, update)
      await documents.append(nameOf(conversation), update, () => snapshotOf(meta))
      await store.commit([{ kind: 'delete', table: 'state', key }])
    },
  }
  await applyPending(store, self)
  return self
}

// A crash between admission and application leaves rows behind; Yjs takes an update twice without harm.
async function applyPending(store: Store, documents: Documents): Promise<void> {
  const rows = await store.read({ table: 'state', from: PENDING_DOCUMENTS, to: `${PENDING_DOCUMENTS}~` })
  for (const { key, value } of rows) {
    const conversation = key.slice(PENDING_DOCUMENTS.length).split('/')[0] as ConversationId
    await documents.apply({ conversation, key, update: value })
  }
}

const nameOf = (conversation: ConversationId): string => `meta/${conversation}`

// The account document belongs to no conversation; its client number only has to differ between devices.
const ACCOUNT_PLACE = '0'.repeat(64) as ConversationId
