// Somebody with one device in a simulated world: an engine over a store that can crash, and a memory of what it was promised.

import { openEngine } from '../../src/host/open-engine.ts'
import * as later from '../../src/host/later.ts'
import { REST_MS } from '../../src/host/rest-clerk.ts'
import { openFileDesk } from '../../src/host/attachments/index.ts'
import { MIGRATIONS } from '../../src/host/migrations/index.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { nodeOn } from './disk.ts'
import { disks } from './wholes.ts'
import { createMemoryDocuments } from './documents.ts'
import { createMemoryFiles } from './files.ts'
import type { ConversationId, DeviceId, EntryId } from '../../src/bytes/ids.ts'
import type { PlatformVerify } from '../../src/crypto/platform-verify.ts'
import type { ConversationView } from '../../src/views.ts'
import type { RunningEngine } from '../../src/host/open-engine.ts'
import { StoreError } from '../../src/ports.ts'
import type { Network } from '../../src/ports.ts'
import type { MemoryStore, MemoryStoreImage } from '../contract/memory-store.ts'
import type { DocumentImage, MemoryDocuments } from './documents.ts'
import type { MemoryFiles } from './files.ts'
import type { Sabotage } from './sabotage.ts'
import type { SimulatedNetwork } from './network.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'

export type Person = {
  readonly name: string
  /** Texts that were acknowledged as saved, with their message's id. */
  readonly saved: ReadonlyMap<string, EntryId>
  /** The same of one conversation. */
  readonly savedIn: (conversation: ConversationId) => ReadonlyMap<string, EntryId>
  readonly lines: readonly string[]
  readonly isUp: () => boolean
  readonly store: () => MemoryStore
  readonly device: () => DeviceId
  /** The same, be the process up or not. */
  readonly ownDevice: () => DeviceId
  readonly start: () => Promise<void>
  /** The process dies; of the commits in flight, some of the oldest had reached the disk. */
  readonly crash: () => void
  /** The process dies at the `count`th moment from now: a commit asked or done, a request, a frame, an event. */
  readonly crashAt: (count: number) => void
  /** The disk as it is, and a disk as it was: what a restored backup amounts to. */
  readonly disk: () => MemoryStoreImage
  readonly hasDisk: () => boolean
  readonly documents: () => DocumentImage
  /** Its photos and files, be the process up or not. */
  readonly files: MemoryFiles
  readonly restore: (image: MemoryStoreImage) => void
  /** Another disk, and other documents, for somebody who is not there: nothing was lost by it. */
  readonly put: (image: MemoryStoreImage) => void
  readonly putDocuments: (image: DocumentImage) => void
  /** The disk that the last restore has replaced. */
  readonly lastDisk: () => MemoryStoreImage
  /** Its documents are gone, while the rest of the disk stays. For somebody who is not there. */
  readonly loseDocuments: () => void
  /** Its clock runs this much ahead of the world's, ms. */
  skew: number
  /** Says no to commits. */
  refuse: ((writes: Parameters<MemoryStore['commit']>[0]) => StoreError | undefined) | undefined
  readonly engine: () => RunningEngine
  /** Writes and, should the process die before the answer, writes again with the same ref after the restart. */
  readonly say: (conversation: ConversationId, text: string) => void
  /** Rows that its engines have asked the store to write so far. */
  readonly written: () => number
  /** Messages that nobody has acknowledged yet. */
  readonly waiting: () => number
  /** Whether an entry lies on the disk right now, or did on one that was replaced, be the process up or not. */
  readonly hadOnDisk: (id: EntryId) => boolean
  /** The number of an entry that lies on the disk. */
  readonly seqOf: (id: EntryId) => number
  /** Whether an entry is one that this device wrote. */
  readonly hasWritten: (id: EntryId) => boolean
  /** Whether an entry lies on the disk right now, be the process up or not. */
  readonly hasOnDisk: (id: EntryId) => boolean
  readonly look: (conversation: ConversationId) => Promise<ConversationView | undefined>
  /** What they call themselves. */
  readonly ownName: () => string | undefined
}

export type PersonParts = {
  readonly name: string
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  readonly luck: Seeded
  readonly sabotage?: Sabotage
  /** After how long without a change chats go to rest, ms; left out: as it is for people. */
  readonly restMs?: number | undefined
  /** Where its files lie; left out: in memory. */ readonly files?: MemoryFiles | undefined
  /** Left out: a new device. */ readonly image?: MemoryStoreImage
  /** Signatures by the platform, as in the app; left out: by the engine itself. */ readonly verify?: PlatformVerify
}

export const NEVER = Infinity
/** A person who is told that the disk is full tries again after this long. */
const AGAIN_MS = 2_000

type Asked = { readonly conversation: ConversationId; readonly text: string; readonly ref: string }

export function createPerson({
  name,
  scheduler,
  network,
  luck,
  sabotage,
  restMs = REST_MS,
  image: before,
  verify,
  files = createMemoryFiles(),
}: PersonParts): Person {
  const saved = new Map<string, EntryId>()
  const places = new Map<string, ConversationId>()
  const asked = new Map<string, Asked>()
  const lines: string[] = []
  const replaced: MemoryStoreImage[] = []
  let image = before
  let documentImage: DocumentImage | undefined
  let running:
    | {
        readonly engine: RunningEngine
        readonly store: MemoryStore
        readonly documents: MemoryDocuments
        readonly network: { detach: () => void }
        readonly device: DeviceId
        isAlive: boolean
      }
    | undefined
  let refs = 0
  let momentsLeft = NEVER
  let written = 0
  const crashed = new WeakSet<MemoryStore>()

  const moment = (): void => {
    if (running === undefined || momentsLeft === NEVER) return
    momentsLeft -= 1
    if (momentsLeft <= 0) crash()
  }

  const diskOf = (current: MemoryStoreImage | undefined): MemoryStoreImage => {
    if (current === undefined) throw new Error(`${name} has no disk yet`)
    return current
  }

  async function start(): Promise<void> {
    const disk = createMemoryStore({
      ...(image === undefined ? {} : { image }),
      schedule: (done) => void scheduler.after(luck.whole(1, 6), done),
      refuse: (writes) => self.refuse?.(writes),
    })
    const store: MemoryStore = {
      ...disk,
      commit: async (writes) => {
        moment()
        written += writes.length
        await disk.commit(writes)
        moment()
        // Died right after the commit: nobody hears of it.
        if (crashed.has(store)) await new Promise<never>(() => undefined)
      },
    }
    const documents = createMemoryDocuments({
      image: documentImage,
      schedule: (done) => void scheduler.after(luck.whole(1, 6), done),
      ...(sabotage?.forgetsDocuments === true ? { forgets: true } : {}),
    })
    let attached: (Network & { detach: () => void }) | undefined
    let device: DeviceId | undefined
    const opening = openEngine({
      // The very store, so that a test can watch what is read of it.
      store: sabotage?.writes === undefined ? store : { ...store, commit: (writes) => store.commit(sabotage.writes?.(writes) ?? writes) },
      documents,
      network: (identity) => {
        device = identity.device
        disks.set(device, () => store.image())
        attached = network.attach(identity.device, moment)
        return sabotage?.network?.(attached, { relay: network.relay, luck }) ?? attached
      },
      clock: () => toUnixMs(scheduler.now() + self.skew),
      random: luck.bytes,
      migrations: () => Promise.resolve(MIGRATIONS),
      later: () => Promise.resolve(later),
      timer: scheduler.after,
      ...(verify === undefined ? {} : { verify: () => Promise.resolve(verify) }),
      restMs,
      attachments: () => Promise.resolve({ files, open: openFileDesk }),
      relays: () => Promise.resolve(network.listed?.() ?? network.addresses),
      origin: 'http://127.0.0.1:1',
      log: (line) => void lines.push(`${scheduler.now()} ${name}: ${line}`),
      failed: (error) => {
        lines.push(
          `${scheduler.now()} ${name}: the engine failed: ${String(error)} ${(error as Error).stack} ${String((error as Error).cause)}`,
        )
        crash()
      },
    })
    const engine = await opening.catch((error: unknown) => {
      image = disk.crash()
      documentImage = documents.crash(() => 0)
      throw error
    })
    if (attached === undefined || device === undefined) throw new Error('the engine never asked for a network')
    running = { engine, store, documents, network: attached, device, isAlive: true }
    for (const item of asked.values()) put(item)
    sabotage?.engine?.(engine, scheduler)
  }

  function crash(): void {
    if (running === undefined) return
    const dying = running
    crashed.add(dying.store)
    running = undefined
    momentsLeft = NEVER
    dying.isAlive = false
    dying.network.detach()
    image = dying.store.crash((inFlight) => luck.whole(0, inFlight))
    documentImage = dying.documents.crash((inFlight) => luck.whole(0, inFlight))
    void dying.engine.close()
    files.crash()
  }

  function put(item: Asked): void {
    const mine = running
    if (mine === undefined || !asked.has(item.ref)) return
    mine.engine.send(item).then(
      (outcome) => {
        if (!mine.isAlive) return
        // Who seems to have come too late can be let in after all: the founder's word may still be under way.
        if (outcome.kind === 'refused') return void scheduler.after(AGAIN_MS, () => put(item))
        asked.delete(item.ref)
        saved.set(item.text, outcome.message)
        places.set(item.text, item.conversation)
      },
      (error: unknown) => {
        lines.push(`${scheduler.now()} ${name}: send failed: ${String(error)}`)
        if (error instanceof StoreError && error.code === 'quota') scheduler.after(AGAIN_MS, () => put(item))
      },
    )
  }

  const up = () => {
    if (running === undefined) throw new Error(`${name} is not running`)
    return running
  }

  const self: Person = {
    name,
    skew: 0,
    refuse: undefined,
    crashAt: (count) => {
      momentsLeft = count
    },
    hasDisk: () => (running?.store ?? image) !== undefined,
    disk: () => diskOf(running?.store.image() ?? image),
    documents: () => running?.documents.image() ?? documentImage ?? new Map(),
    restore: (backup) => {
      crash()
      replaced.push(diskOf(image))
      // Whoever waited for an answer is gone with that disk.
      asked.clear()
      image = backup
    },
    put: (disk) => {
      image = disk
    },
    putDocuments: (documents) => {
      documentImage = documents
    },
    lastDisk: () => diskOf(replaced.at(-1)),
    hadOnDisk: (id) => [diskOf(running?.store.image() ?? image), ...replaced].some((disk) => hasEntry(disk, id)),
    loseDocuments: () => {
      documentImage = new Map()
    },
    saved,
    savedIn: (conversation) => new Map([...saved].filter(([text]) => places.get(text) === conversation)),
    files,
    lines,
    isUp: () => running !== undefined,
    store: () => up().store,
    device: () => up().device,
    start,
    crash,
    engine: () => up().engine,
    say: (conversation, text) => {
      const item = { conversation, text, ref: `${name}-${(refs += 1)}` }
      asked.set(item.ref, item)
      put(item)
    },
    waiting: () => asked.size,
    written: () => written,
    seqOf: (id) => Number.parseInt(keyOf(diskOf(running?.store.image() ?? image), id)?.split('/')[2] ?? '', 16),
    hasWritten: (id) => keyOf(diskOf(running?.store.image() ?? image), id)?.split('/')[1] === self.ownDevice(),
    ownDevice: () => running?.device ?? nodeOn(diskOf(image)).self.device.id,
    hasOnDisk: (id) => hasEntry(diskOf(running?.store.image() ?? image), id),
    look: (conversation) =>
      new Promise((resolve) => {
        const watch = up().engine.watchConversation({ conversation, anchor: { kind: 'end' }, before: 1_000, after: 0 }, (view) => {
          watch.stop()
          resolve(view)
        })
      }),
    ownName: () => nodeOn(self.disk()).self.name,
  }
  return self
}

const keyOf = (disk: MemoryStoreImage, id: EntryId): string | undefined =>
  [...(disk.tables.get('entries')?.keys() ?? [])].find((key) => key.endsWith(id))

const hasEntry = (disk: MemoryStoreImage, id: EntryId): boolean => keyOf(disk, id) !== undefined
