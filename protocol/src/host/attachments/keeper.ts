// What of photos and files is there from the start: who is told that there is something to do about them. The rest is loaded when there is.

import { ANY_TO_DO, FILE_PREFIXES, rangeOf, rowsOfChat } from './prefixes.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Engine } from '../../engine.ts'
import type { FileView } from '../../views.ts'
import type { Clock, FileStore, Network, NetworkEvent, Random, Store, Timer } from '../../ports.ts'
import type { Change, Loop } from '../loop.ts'

export type FileDeskParts = {
  readonly store: Store
  readonly files: FileStore
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly network: Pick<Network, 'sendFile' | 'request'>
  readonly clock: Clock
  readonly timer: Timer
  readonly random: Random
  readonly log: (line: string) => void
}

export type FileCommand = 'sendFiles' | 'readFile' | 'fetchFile' | 'voiceDraft' | 'readFilesHere' | 'readChatsHere' | 'removeFiles'
type FileCommands = Pick<Engine, FileCommand>

export type FileDesk = FileCommands & {
  /** Reads what has to be known before files of a conversation can be shown; never rejects. */
  readonly learn: (conversation: ConversationId) => Promise<void>
  readonly watch: (conversation: ConversationId, show: (views: readonly FileView[]) => void) => () => void
  readonly follow: (change: Pick<Change, 'before' | 'after' | 'writes'>) => void
  readonly hear: (event: Extract<NetworkEvent, { kind: 'file-frame' }>) => void
  /** Removes all files of a conversation; nothing more is written for it. */
  readonly forget: (conversation: ConversationId) => Promise<void>
  /** Resolves when nothing will be written any more. */
  readonly stop: () => Promise<void>
}

export type OpenFileDesk = (parts: FileDeskParts) => Promise<FileDesk>

/** Where files lie, and what moves them. */
export type LoadedAttachments = { readonly files: FileStore; readonly open: OpenFileDesk }

export type FileKeeper = Pick<FileDesk, 'follow'> & {
  /** What the engine offers. */
  readonly engine: FileCommands & Pick<Engine, 'watchFiles'>
  readonly hear: (event: NetworkEvent) => void
  /** Removes all files of a conversation, and answers which rows of the table `state` are about them. */
  readonly forget: (conversation: ConversationId) => Promise<readonly string[]>
  readonly stop: () => Promise<void>
}

/** What is left from before can wait for the first screen, ms. */
const START_MS = 3_000

/** `attachments`: left out where no files are kept. */
type KeeperParts = Omit<FileDeskParts, 'files'> & {
  readonly attachments?: (() => Promise<LoadedAttachments>) | undefined
}

export function createFileKeeper({ attachments, ...parts }: KeeperParts): FileKeeper {
  const { store, timer, log } = parts
  let desk: Promise<FileDesk | undefined> | undefined
  let isStopped = false

  // One that could not be loaded is tried with the next thing to do.
  async function start(): Promise<FileDesk | undefined> {
    if (isStopped || attachments === undefined) return undefined
    desk ??= attachments()
      .then(({ open, files }) => open({ ...parts, files }))
      .catch((error: unknown) => {
        desk = undefined
        log(`files wait: ${String(error)}`)
        return undefined
      })
    return desk
  }

  const keysOf = async (conversation: ConversationId): Promise<readonly string[]> =>
    (await Promise.all(rowsOfChat(conversation).map((range) => store.read(range)))).flat().map(({ key }) => key)

  const cancel = timer(
    START_MS,
    () => void store.read({ ...ANY_TO_DO, limit: 1 }).then((rows) => (rows.length > 0 ? start() : undefined), log),
  )

  return {
    engine: {
      sendFiles: async (input) => (await start())?.sendFiles(input) ?? NO_FILES,
      readFile: async (input) => (await start())?.readFile(input) ?? NO_FILES,
      fetchFile: async (input) => (await start())?.fetchFile(input),
      voiceDraft: async (input) => {
        // Every chat that is opened asks: where there is none, nothing is loaded for that.
        const isThere =
          input.act.kind === 'keep' || (await store.read({ ...rangeOf(FILE_PREFIXES.spoken, input.conversation), limit: 1 })).length > 0
        return (isThere ? await (await start())?.voiceDraft(input) : undefined) ?? { draft: undefined }
      },
      readFilesHere: async (input) => (await start())?.readFilesHere(input) ?? NOTHING_HERE,
      readChatsHere: async (input) => (await start())?.readChatsHere(input) ?? { chats: [] },
      removeFiles: async (input) => (await start())?.removeFiles(input) ?? 0,
      // Until it is known how far the files are, nothing is said: what is not listed counts as being here.
      watchFiles({ conversation }, show) {
        let stop: (() => void) | undefined
        let isOver = false
        if (attachments === undefined) show([])
        void start().then(async (open) => {
          await open?.learn(conversation)
          if (!isOver) stop = open?.watch(conversation, show)
        })
        return () => {
          isOver = true
          stop?.()
        }
      },
    },
    follow(change) {
      const isConcerned = change.writes.some((write) => write.kind === 'put' && write.key.startsWith(ANY_TO_DO.from))
      if (isConcerned || desk !== undefined) void start().then((open) => open?.follow(change))
    },
    hear(event) {
      if (event.kind === 'file-frame') void start().then((open) => open?.hear(event))
    },
    async forget(conversation) {
      // Without a row there is no file.
      if (attachments === undefined || (await keysOf(conversation)).length === 0) return keysOf(conversation)
      const open = await start()
      // Without its rows nothing would ever remove the files: whoever erases tries again.
      if (open === undefined) throw new Error('files of a chat wait to be removed')
      await open.forget(conversation)
      // What was under way until now may have written more.
      return keysOf(conversation)
    },
    async stop() {
      isStopped = true
      cancel()
      await (await desk)?.stop()
    },
  }
}

const NOTHING_HERE = { files: [], count: 0, bytes: 0 }
const NO_FILES = { kind: 'refused', reason: 'no-files-here' } as const
