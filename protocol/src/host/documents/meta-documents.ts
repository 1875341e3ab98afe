// The `meta` documents of conversations that somebody looks at or writes about (docs/protocol.md §10). What was admitted waits in rows
// of the store, written together with the entry that brought it, until it is durable in its document: the rows are the queue, so a crash
// or a full disk at any moment loses nothing, and nothing has to be done before the engine can start.

import { clientOf } from '../../documents/client.ts'
import { applyAdmitted, copyOf, hasAll, isComplete, openDocument, snapshotOf } from '../../documents/document.ts'
import { readMeta } from '../../documents/meta.ts'
import { waitingUpdates } from '../../node/incoming/document.ts'
import { StoreError } from '../../ports.ts'
import { readAdmitted } from './admitted-updates.ts'
import { createSequences } from '../sequences.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Document } from '../../documents/document.ts'
import type { Meta } from '../../documents/meta.ts'
import type { NodeState } from '../../node/state.ts'
import type { DocumentStore, Store, StoreRow, StoreWrite } from '../../ports.ts'

export type MetaDocuments = {
  /** What members gave. A document that cannot be read has nothing. */
  readonly metaOf: (conversation: ConversationId) => Promise<Meta>
  /**
   * The seconds after which what is written goes. Where the document is broken or lacks something, the log says it; rejects where neither can be
   * read, since a message that was to go would stay with everybody for ever.
   */
  readonly timerOf: (conversation: ConversationId) => Promise<number>
  /** The title, with all that was admitted before; a document that is not open does not stay so, since a list asks for many. */
  readonly listedTitleOf: (conversation: ConversationId) => Promise<string | undefined>
  /**
   * Hands the update that `change` makes of a conversation's document to `write`, and answers what that answers; undefined when nothing is to
   * change. The document itself changes only once the update was admitted.
   */
  readonly changeMeta: <T>(
    conversation: ConversationId,
    change: (document: Document) => Uint8Array | undefined,
    write: (update: Uint8Array) => Promise<T>,
  ) => Promise<T | undefined>
  /** Updates were admitted: they become part of their document, durably. */
  readonly takeIn: (conversation: ConversationId) => Promise<void>
  /** Leaves nothing of the document of a conversation that was removed. */
  readonly forget: (conversation: ConversationId) => Promise<void>
}

export type MetaParts = {
  readonly store: Store
  readonly documents: DocumentStore
  readonly device: DeviceId
  /** The durable state of the node: it knows what a document has to hold. */
  readonly state: () => Pick<NodeState, 'conversations'>
  readonly log: (line: string) => void
}

type UpdateRows = { readonly document: Document; readonly rows: readonly StoreRow[]; readonly faulty: readonly StoreRow[] }

export function createMetaDocuments(parts: MetaParts): MetaDocuments {
  const { store, documents, device, log } = parts
  const open = new Map<ConversationId, Document>()
  /** Documents whose stored content is broken: reading it again before anything new came would end the same, and may take long. */
  const unreadable = new Set<ConversationId>()
  const inTurn = createSequences<ConversationId>()

  async function load(conversation: ConversationId): Promise<Document> {
    const updates = await documents.load(nameOf(conversation))
    return openDocument('meta', { client: clientOf(device, conversation), updates })
  }

  /** The document with all that was admitted so far. */
  async function current(conversation: ConversationId): Promise<Document> {
    const document = open.get(conversation) ?? (await load(conversation))
    const rows = await store.read({ table: 'state', ...waitingUpdates(conversation) })
    const faulty = rows.filter((row) => !isApplied(document, row))
    // What Yjs failed at may be half there: the next use reads the document again, and the update lies aside by then.
    if (faulty.length > 0) open.delete(conversation)
    else open.set(conversation, document)
    await rebuild(parts, conversation, document).catch((error: unknown) => log(`a document is not rebuilt: ${String(error)}`))
    if (rows.length > 0 && !isComplete(document)) log('a document lacks something that it rests on')
    await mergeRows(parts, conversation, { document, rows, faulty }).catch((error: unknown) =>
      log(`a document's update waits: ${String(error)}`),
    )
    return document
  }

  async function read(conversation: ConversationId): Promise<Meta> {
    if (unreadable.has(conversation)) return NOTHING
    try {
      // Also of one that is open: what was admitted may still wait in rows, and whoever lists titles asks once for each change.
      return readMeta(await current(conversation))
    } catch (error) {
      log(`what a chat is called cannot be read: ${String(error)}`)
      if (!(error instanceof StoreError) || error.code === 'corrupt') unreadable.add(conversation)
      return NOTHING
    }
  }

  async function readTimer(conversation: ConversationId): Promise<number> {
    const document = unreadable.has(conversation) ? undefined : await current(conversation).catch(brokenOnly)
    if (document !== undefined && isLevel(parts, conversation, document)) return readMeta(document).timer
    const fromLog = await readFromLog(parts, conversation)
    open.set(conversation, fromLog)
    return readMeta(fromLog).timer
  }

  return {
    metaOf: async (conversation) => {
      const known = open.get(conversation)
      return known === undefined ? inTurn(conversation, () => read(conversation)) : readMeta(known)
    },
    timerOf: async (conversation) => {
      const known = open.get(conversation)
      if (known !== undefined && isLevel(parts, conversation, known)) return readMeta(known).timer
      return inTurn(conversation, () => readTimer(conversation))
    },
    listedTitleOf: (conversation) =>
      inTurn(conversation, async () => {
        const isLookedAt = open.has(conversation)
        const { title } = await read(conversation)
        if (!isLookedAt) open.delete(conversation)
        return title
      }),
    changeMeta: (conversation, change, write) =>
      inTurn(conversation, async () => {
        const update = change(copyOf(await current(conversation)))
        return update === undefined ? undefined : write(update)
      }),
    takeIn: (conversation) =>
      inTurn(conversation, async () => {
        await current(conversation)
        unreadable.delete(conversation)
      }),
    forget: (conversation) =>
      inTurn(conversation, async () => {
        open.delete(conversation)
        unreadable.delete(conversation)
        await documents.erase(nameOf(conversation))
      }),
  }
}

/** Moves updates from their rows into the stored document. Where that fails, the rows stay. */
async function mergeRows(
  { store, documents, log }: MetaParts,
  conversation: ConversationId,
  { document, rows, faulty }: UpdateRows,
): Promise<void> {
  for (const row of rows) if (!faulty.includes(row)) await documents.append(nameOf(conversation), row.value, () => snapshotOf(document))
  if (rows.length > 0) await store.commit([...rows.map(forgetRow), ...faulty.map(keepAside)])
  if (faulty.length > 0) log(`a document goes on without ${faulty.length} of its updates, which cannot be applied`)
}

/** As those changes make it that the log keeps, without what the disk has of it. */
async function readFromLog({ store, device, log }: MetaParts, conversation: ConversationId): Promise<Document> {
  log('what a chat has agreed on is read from its log')
  const document = openDocument('meta', { client: clientOf(device, conversation), updates: [] })
  for (const value of await readAdmitted(store, conversation)) isApplied(document, { value })
  return document
}

/** Whether it has all that was admitted, as far as the node knows. */
function isLevel({ state }: MetaParts, conversation: ConversationId, document: Document): boolean {
  const admitted = state().conversations.awake.get(conversation)?.meta
  return admitted === undefined || hasAll(document, admitted)
}

// A document is kept apart from the log, so one of the two can be lost alone. The log is the one that counts.
async function rebuild(parts: MetaParts, conversation: ConversationId, document: Document): Promise<void> {
  if (isLevel(parts, conversation, document)) return
  const updates = await readAdmitted(parts.store, conversation)
  for (const update of updates) applyAdmitted(document, update)
  if (updates.length > 0) await parts.documents.append(nameOf(conversation), snapshotOf(document), () => snapshotOf(document))
}

const NOTHING: Meta = { title: undefined, timer: 0 }
const nameOf = (conversation: ConversationId): string => `meta/${conversation}`

// Admission lets nothing through at which Yjs fails; should it have a hole, or the disk one, it costs that update.
function isApplied(document: Document, { value }: Pick<StoreRow, 'value'>): boolean {
  try {
    applyAdmitted(document, value)
    return true
  } catch {
    return false
  }
}

/** Undefined for a document that is broken, and will be so the next time. A disk that is only away is waited for. */
function brokenOnly(error: unknown): undefined {
  if (error instanceof StoreError && error.code !== 'corrupt') throw error
}

const forgetRow = ({ key }: StoreRow): StoreWrite => ({ kind: 'delete', table: 'state', key })
const keepAside = ({ key, value }: StoreRow): StoreWrite => ({ kind: 'put', table: 'state', key: `aside/${key}`, value })
