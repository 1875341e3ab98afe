// The DocumentStore port: every update is sealed before y-indexeddb sees it, and a long list of them becomes one sealed snapshot.
// A document can always be rebuilt from the log; this is where it is read from at once (docs/protocol.md §10).

import { concatBytes, derive, labelMac, openNamed, sealNamed, StoreError, toHex, utf8ToBytes } from '@kith/protocol'
import { toStoreError } from '../indexeddb/requests.ts'
import { ENDLESS_ROOM } from '../room/room.ts'
import { eraseKeptDocument, openKeptDocument } from './kept-document.ts'
import { DOCUMENT_UPDATES_MAX, OPEN_DOCUMENTS_MAX } from './limits.ts'
import { DOCUMENT_DATABASE_PREFIX } from './names.ts'
import type { DocumentStore, Random } from '@kith/protocol'
import type { Room } from '../room/room.ts'
import type { KeptDocument } from './kept-document.ts'

type OpenDocument = {
  readonly kept: Promise<KeptDocument>
  /** The last thing asked of it; things happen one after another. */
  tail: Promise<unknown>
  /** How many of the carrier's items were durable when last looked at, and how often the list was compacted. */
  durable: number
  compactions: number
  /** Why nothing is done with it any more. */
  failure: StoreError | undefined
}

export type DocumentStoreParts = { readonly vaultKey: Uint8Array; readonly random: Random; readonly room?: Room }

/** `append`'s `snapshot` must cover every update whose append had resolved before the call. */
export function createDocumentStore({
  vaultKey,
  random,
  room = ENDLESS_ROOM,
}: DocumentStoreParts): DocumentStore & { close(): Promise<void> } {
  const sealing = createDocumentSeal({ vaultKey, random })
  const open = new Map<string, OpenDocument>()
  /** Documents of which the caller has seen everything, so that its snapshot can stand for the list. */
  const seen = new Set<string>()

  function use(name: string): OpenDocument {
    const document = open.get(name) ?? start(sealing.databaseName(name))
    // Behind all others: the least recently used one is first.
    open.delete(name)
    open.set(name, document)
    closeIdle(open)
    return document
  }

  /** `bytes`: what `act` writes. A document that is not open yet writes of its own accord. */
  async function inTurn<T>(
    { name, bytes }: { readonly name: string; readonly bytes: number },
    act: (document: OpenDocument, kept: KeptDocument) => Promise<T>,
  ): Promise<T> {
    if (bytes > 0 || !open.has(name)) room.claim(bytes + OPENING_BYTES)
    const document = use(name)
    const answer = document.tail.then(async () => {
      if (document.failure !== undefined) throw document.failure
      try {
        return await act(document, await document.kept)
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

  return {
    load: (name) =>
      inTurn({ name, bytes: 0 }, async (document, { carrier }) => {
        const items = carrier.sealed()
        document.durable = items.length
        seen.add(name)
        return items.map((item) => sealing.open(name, item))
      }),
    append(name, update, snapshot) {
      const sealed = sealing.seal(name, update)
      const { durable, compactions } = open.get(name) ?? NOT_OPEN
      return inTurn({ name, bytes: sealed.length }, async (document, kept) => {
        const length = kept.carrier.sealed().length
        if (length === 0) seen.add(name)
        if (length >= DOCUMENT_UPDATES_MAX && durable > 0 && seen.has(name) && compactions === document.compactions) {
          const whole = sealing.seal(name, snapshot())
          await kept.keepCompacted((carrier) => {
            carrier.replaceFirst(durable, whole)
            carrier.append(sealed)
          })
          document.compactions += 1
        } else {
          await kept.keep((carrier) => carrier.append(sealed))
        }
        document.durable = kept.carrier.sealed().length
      })
    },
    async erase(name) {
      const document = open.get(name)
      open.delete(name)
      seen.delete(name)
      if (document !== undefined) await closeDocument(document)
      await eraseKeptDocument(sealing.databaseName(name))
    },
    async close() {
      const all = [...open.values()]
      open.clear()
      await Promise.all(all.map(closeDocument))
    },
  }
}

/** What opening a document writes, bytes. */
const OPENING_BYTES = 4_096
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

function start(databaseName: string): OpenDocument {
  const kept = openKeptDocument(databaseName)
  return { kept, tail: kept.catch(() => undefined), durable: 0, compactions: 0, failure: undefined }
}

async function closeDocument(document: OpenDocument): Promise<void> {
  await document.tail
  // One that never opened has nothing to close, and has told so to whoever asked.
  await document.kept.then(
    (kept) => kept.close(),
    () => undefined,
  )
}

function createDocumentSeal({ vaultKey, random }: { readonly vaultKey: Uint8Array; readonly random: Random }) {
  const key = derive(vaultKey, new Uint8Array(0), 'kith documents', 32)
  const nameKey = derive(vaultKey, new Uint8Array(0), 'kith document names', 32)
  const associated = (name: string) => concatBytes(utf8ToBytes('document'), Uint8Array.of(0), utf8ToBytes(name))
  return {
    databaseName: (name: string) => DOCUMENT_DATABASE_PREFIX + toHex(labelMac(nameKey, 'name', utf8ToBytes(name)).subarray(0, 16)),
    seal: (name: string, update: Uint8Array) => sealNamed(key, random(24), update, associated(name)),
    open(name: string, item: unknown): Uint8Array {
      const update = item instanceof Uint8Array ? openNamed(key, item, associated(name)) : undefined
      if (update === undefined) throw new StoreError('corrupt', 'an update of a document is not as it was sealed')
      return update
    },
  }
}
