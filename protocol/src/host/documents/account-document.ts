// The account document of a running engine: read before anything is shown, and changed by one command after another. A change that
// does not become durable is undone, so that no later one rests on it (docs/protocol.md §10.4).

import { utf8ToBytes, parseUtf8 } from '../../bytes/bytes.ts'
import { clientOf } from '../../documents/client.ts'
import { isComplete, openDocument, snapshotOf, valuesAsUpdate } from '../../documents/document.ts'
import { StoreError } from '../../ports.ts'
import { createSequences } from '../sequences.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Document } from '../../documents/document.ts'
import type { DocumentStore, Store } from '../../ports.ts'

export type AccountDocument = {
  /** As it is now: asked anew for every look, because a failed change puts another one in its place. */
  readonly account: () => Document
  /** Makes a change durable and answers whether there was one. Rejects, and has changed nothing, when it cannot be kept. */
  readonly saveAccount: (change: (account: Document) => Uint8Array | undefined) => Promise<boolean>
  /** Resolves when nothing that changes took away can be read from the disk any more. */
  readonly tidyAccount: () => Promise<void>
}

export type AccountParts = {
  readonly store: Store
  readonly documents: DocumentStore
  readonly device: DeviceId
  readonly log: (line: string) => void
  /** Called when a change has become durable. */
  readonly saved?: () => void
}

export async function openAccountDocument(parts: AccountParts): Promise<AccountDocument> {
  const { documents } = parts
  const inTurn = createSequences<'account'>()
  let { name, document } = await open(parts)
  /** The document in memory has a change that may not be on the disk. */
  let isAhead = false

  async function reread(): Promise<void> {
    ;({ name, document } = await open(parts))
    isAhead = false
  }

  async function save(change: (account: Document) => Uint8Array | undefined): Promise<boolean> {
    if (isAhead) await reread()
    const update = change(document)
    if (update === undefined) return false
    try {
      isAhead = true
      await documents.append(name, update, () => snapshotOf(document))
      isAhead = false
      parts.saved?.()
    } catch (error) {
      // Should even that fail, the next change tries again before it changes anything.
      await reread().catch(() => undefined)
      throw error
    }
    return true
  }

  return {
    account: () => document,
    saveAccount: (change) => inTurn('account', () => save(change)),
    tidyAccount: () => inTurn('account', () => documents.tidy(name)),
  }
}

type LoadedAccount = { readonly name: string; readonly document: Document }

/**
 * The account document as stored. One that cannot be built is set aside, with what can be read of it carried over into the next: the
 * engine starts whatever lies there.
 */
async function open(parts: AccountParts): Promise<LoadedAccount> {
  const { store, documents, log } = parts
  const name = parseUtf8((await store.get('state', NAME)) ?? utf8ToBytes(FIRST_NAME)) ?? FIRST_NAME
  const document = await build(parts, name)
  if (document !== undefined && isComplete(document)) return { name, document }
  const next = `${FIRST_NAME}/${numberOf(name) + 1}`
  const readable = document && valuesAsUpdate({ ...document, client: clientFor(parts, next) })
  if (readable !== undefined) await documents.append(next, readable, () => readable)
  await store.commit([{ kind: 'put', table: 'state', key: NAME, value: utf8ToBytes(next) }])
  log(`the document ${name} ${document === undefined ? 'cannot be read' : 'is incomplete'} and is set aside`)
  return open(parts)
}

/** Undefined when what is stored is broken; a disk that merely fails rejects. */
async function build(parts: AccountParts, name: string): Promise<Document | undefined> {
  const { documents } = parts
  try {
    return openDocument('account', { client: clientFor(parts, name), updates: await documents.load(name) })
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'corrupt') throw error
    return undefined
  }
}

const FIRST_NAME = 'account'
/** Row of the `state` table with the name of the document in use, where it is not the first. */
const NAME = 'account-document'

// It belongs to no conversation; its client only has to differ between devices, and from that of a document that was set aside: other own devices know what
// was written under that one.
const clientFor = ({ device }: AccountParts, name: string): number =>
  clientOf(device, (numberOf(name) - 1).toString(16).padStart(64, '0') as ConversationId)
const numberOf = (name: string): number => Number(name.split('/')[1] ?? 1)
