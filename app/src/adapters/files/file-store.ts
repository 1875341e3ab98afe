// Photos and files in the browser's private file system: sealed bytes in files of their own, a folder for each conversation. They are opened by
// synchronous handles, which read and write at any place and keep nothing in memory (docs/decisions/0043).

import { StoreError } from '@kith/protocol'
import { isNoRoom } from '../indexeddb/requests.ts'
import { FILES_FOLDER } from './names.ts'
import type { FileStore, KeptFile } from '@kith/protocol'

/** What of a FileSystemSyncAccessHandle is used; the DOM's types do not have it. */
type SyncFile = {
  read(into: Uint8Array, at: { readonly at: number }): number
  write(bytes: Uint8Array, at: { readonly at: number }): number
  flush(): void
  close(): void
}
type SyncFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncFile> }

export function createFileStore(storage: StorageManager | undefined = globalThis.navigator.storage): FileStore {
  const folder = async (): Promise<FileSystemDirectoryHandle> => {
    const root = await storage?.getDirectory()
    if (root === undefined) throw new StoreError('failed', 'this browser keeps no files')
    return root.getDirectoryHandle(FILES_FOLDER, { create: true })
  }

  return {
    async open(conversation, name, how) {
      try {
        const create = how === 'write'
        const chat = await (await folder()).getDirectoryHandle(conversation, { create })
        const handle = (await chat.getFileHandle(name, { create })) as SyncFileHandle
        return onFile(await handle.createSyncAccessHandle())
      } catch (error) {
        throw toStoreError(error)
      }
    },
    async remove(conversation, name) {
      await unlessMissing(async () => (await (await folder()).getDirectoryHandle(conversation)).removeEntry(name))
    },
    async removeAll(conversation) {
      // Where there are no such folders nothing lies in one.
      if (storage?.getDirectory === undefined) return
      await unlessMissing(async () => (await folder()).removeEntry(conversation, { recursive: true }))
    },
  }
}

function onFile(file: SyncFile): KeptFile {
  return {
    read(at, length) {
      const bytes = new Uint8Array(length)
      return bytes.subarray(0, file.read(bytes, { at }))
    },
    write(at, bytes) {
      try {
        // A full disk takes a part and says so by its length alone.
        if (file.write(bytes, { at }) < bytes.length) throw new StoreError('quota', 'there is no room for a file')
      } catch (error) {
        throw toStoreError(error)
      }
    },
    flush: () => file.flush(),
    close: () => file.close(),
  }
}

async function unlessMissing(remove: () => Promise<void>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    const isMissing = error instanceof DOMException && error.name === 'NotFoundError'
    if (!isMissing) throw toStoreError(error)
  }
}

function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  if (isNoRoom(error)) return new StoreError('quota', 'there is no room for a file', { cause: error })
  const isMissing = error instanceof DOMException && error.name === 'NotFoundError'
  return new StoreError(isMissing ? 'corrupt' : 'failed', 'a file cannot be had', { cause: error })
}
