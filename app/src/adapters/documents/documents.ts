// The DocumentStore port: every update is sealed before y-indexeddb sees it, and a long list of them becomes one sealed snapshot.
// A document can always be rebuilt from the log; this is where it is read from at once (docs/protocol.md §10).

import { toStoreError } from '../indexeddb/requests.ts'
import { ENDLESS_ROOM } from '../room/room.ts'
import { mergedUpdates } from './carrier.ts'
import { databaseNameOf, forgetDocumentSeal, openDocumentSeal } from './document-seal.ts'
import { eraseKeptDocument, openKeptDocument } from './kept-document.ts'
import { createReminders } from './reminders.ts'
import { DOCUMENT_TIDY_MS, DOCUMENT_UPDATES_MAX, OPEN_DOCUMENTS_MAX } from './limits.ts'
import type { DocumentStore, StoreError, Timer } from '@kith/protocol'
import type { Room } from '../room/room.ts'
import type { DocumentSeal, DocumentSealParts } from './document-seal.ts'
import type { KeptDocument } from './kept-document.ts'

type SealedDocument = { readonly kept: KeptDocument; readonly seal: DocumentSeal }

type OpenDocument = {
  readonly sealed: Promise<SealedDocument>
  /** The last thing asked of it; things happen one after another. */
  tail: Promise<unknown>
  /** How many of the carrier's items were durable when last looked at, and how often the list was compacted. */
  durable: number
  compactions: number
  /** Why nothing is done with it any more. */
  failure: StoreError | undefined
}

/** `store`: of the rows in which the keys of documents lie. */
export type DocumentStoreParts = DocumentSealParts & { readonly timer: Timer; readonly room?: Room }

/** `append`'s `snapshot` must cover every update whose append had resolved before the call. */
export function createDocumentStore(parts: DocumentStoreParts): DocumentStore & { close(): Promise<void> } {
  const { timer, room = ENDLESS_ROOM } = parts
  const open = new Map<string, OpenDocument>()
  /** Documents of which the caller has seen everything, so that its snapshot can stand for the list. */
  const seen = new Set<string>()
  const untidy = createReminders(timer, { ms: DOCUMENT_TIDY_MS, act: tidy })

  function use(name: string): OpenDocument {
    const document = open.get(name) ?? start(parts, name)
    // Behind all others: the least recently used one is first.
    open.delete(name)
    open.set(name, document)
    closeIdle(open)
    return document
  }

  /** `bytes`: what `act` writes. A document that is not open yet writes of its own accord. */
  async function inTurn<T>(
    { name, bytes }: { readonly name: string; readonly bytes: number },
    act: (document: OpenDocument, sealed: SealedDocument) => Promise<T>,
  ): Promise<T> {
    if (bytes > 0 || !open.has(name)) room.claim(bytes + OPENING_BYTES)
    const document = use(name)
    const answer = document.tail.then(async () => {
      if (document.failure !== undefined) throw document.failure
      try {
        return await act(document, await document.sealed)
      } catch (cause) {
        // What the carrier holds in memory may not be on the disk. Whatever was asked for meanwhile may rest on it, and would be lost
        // with it; the next use reads the disk again.
        document.failure = toStoreError(cause)
        if (isCutOff(document.failure)) room.failed(document.failure)
        if (open.get(name) === document) open.delete(name)
        void closeDocument(document)
        throw document.failure
      }
    })
    document.tail = answer.catch(() => undefined)
    return answer
  }

  /** Afterwards nothing lies there but what the document says now, under a key that opens nothing older. */
  async function tidy(name: string): Promise<void> {
    untidy.stop(name)
    await inTurn({ name, bytes: OPENING_BYTES }, mergeAll)
  }

  return {
    load: (name) =>
      inTurn({ name, bytes: 0 }, async (document, { kept: { carrier }, seal }) => {
        const items = carrier.sealed()
        document.durable = items.length
        seen.add(name)
        if (items.length > 1 || seal.isMixed()) untidy.start(name)
        return items.map((item) => seal.open(item))
      }),
    append(name, update, snapshot) {
      const { durable, compactions } = open.get(name) ?? NOT_OPEN
      return inTurn({ name, bytes: update.length + SEAL_BYTES }, async (document, { kept, seal }) => {
        const items = kept.carrier.sealed()
        if (items.length === 0) seen.add(name)
        if (items.length >= DOCUMENT_UPDATES_MAX && durable > 0 && seen.has(name) && compactions === document.compactions) {
          const rest = items.slice(durable).map((item) => seal.open(item))
          return replaceAll(document, { kept, seal }, [snapshot(), ...rest, update])
        }
        await kept.keep((carrier) => carrier.append(seal.seal(update)))
        document.durable = kept.carrier.sealed().length
        if (document.durable > 1) untidy.start(name)
      })
    },
    tidy,
    async erase(name) {
      const document = open.get(name)
      open.delete(name)
      seen.delete(name)
      untidy.stop(name)
      if (document !== undefined) await closeDocument(document)
      await eraseKeptDocument(databaseNameOf(parts, name))
      await forgetDocumentSeal(parts, name)
    },
    async close() {
      const all = [...open.values()]
      open.clear()
      untidy.stopAll()
      await Promise.all(all.map(closeDocument))
    },
  }
}

/** What opening a document writes, bytes. */
const OPENING_BYTES = 4_096
/** What sealing adds. */
const SEAL_BYTES = 40
const NOT_OPEN: Pick<OpenDocument, 'durable' | 'compactions'> = { durable: 0, compactions: 0 }
/** The browser's own limit refuses before anything is written, and what cannot be read was not written just now. */
const isCutOff = ({ code }: StoreError): boolean => code === 'failed' || code === 'closed'

function closeIdle(open: Map<string, OpenDocument>): void {
  for (const [name, idle] of open) {
    if (open.size <= OPEN_DOCUMENTS_MAX) break
    open.delete(name)
    void closeDocument(idle)
  }
}

function start(parts: DocumentSealParts, name: string): OpenDocument {
  const sealed = openSealed(parts, name)
  return { sealed, tail: sealed.catch(() => undefined), durable: 0, compactions: 0, failure: undefined }
}

async function openSealed(parts: DocumentSealParts, name: string): Promise<SealedDocument> {
  const kept = await openKeptDocument(databaseNameOf(parts, name))
  try {
    return { kept, seal: await openDocumentSeal(parts, name) }
  } catch (cause) {
    await kept.close()
    throw cause
  }
}

async function replaceAll(document: OpenDocument, { kept, seal }: SealedDocument, updates: readonly Uint8Array[]): Promise<void> {
  await seal.renew(() => kept.keepCompacted((carrier) => carrier.replaceAll(updates.map((update) => seal.seal(update)))))
  document.compactions += 1
  document.durable = updates.length
}

async function mergeAll(document: OpenDocument, { kept, seal }: SealedDocument): Promise<void> {
  const items = kept.carrier.sealed()
  if (items.length <= 1 && !seal.isMixed()) return
  const whole = mergedUpdates(items.map((item) => seal.open(item)))
  if (whole !== undefined) await replaceAll(document, { kept, seal }, [whole])
}

async function closeDocument(document: OpenDocument): Promise<void> {
  await document.tail
  // One that never opened has nothing to close, and has told so to whoever asked.
  await document.sealed.then(
    ({ kept }) => kept.close(),
    () => undefined,
  )
}
