// One small file beside the databases, in the browser's private file system. Writing into it shows whether the disk has room without any
// danger to them, and its first byte holds marks that outlive them. It names nobody and keeps no secret.

import { isNoRoom } from '../indexeddb/requests.ts'
import { GROUND_RETRY_MS, GROUND_TRIES_MAX } from './limits.ts'
import { GROUND_FILE } from './names.ts'

/**
 * `begun`: there were chats here. `torn`: a database write failed, and what it left has not been mended. `slow`: the last look took so long that this
 * is a private window, whose files lie in memory.
 */
export type Mark = 'begun' | 'torn' | 'slow'

export type Ground = {
  has(mark: Mark): boolean
  set(mark: Mark, state: 'on' | 'off'): void
  /** Whether so many bytes can be written. `unknown` where the browser has no such file for us. `isEnough`: asked after each piece, and ends the look. */
  look(bytes: number, isEnough?: () => boolean): 'room' | 'full' | 'unknown'
}

/** What of a FileSystemSyncAccessHandle is used; the DOM's types do not have it. */
export type SyncFile = {
  read(into: Uint8Array, at: { readonly at: number }): number
  write(bytes: Uint8Array, at: { readonly at: number }): number
  truncate(size: number): void
  flush(): void
}
type SyncFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncFile> }

const BITS: Readonly<Record<Mark, number>> = { begun: 1, torn: 2, slow: 4 }
const HEADER_BYTES = 1
/** Written over and over: larger ones take longer, since each write has memory taken for it. */
const PIECE = new Uint8Array(262_144)

/** Never rejects: where there is no such file, marks last as long as this ground and nothing is known of the room. */
export async function openGround(storage: StorageManager | undefined = globalThis.navigator.storage): Promise<Ground> {
  const file = await openPrivateFile(storage, GROUND_FILE)
  if (typeof file !== 'string') return onFile(file)
  let marks = 0
  return {
    has: (mark) => (marks & BITS[mark]) !== 0,
    set: (mark, state) => void (marks = changed(marks, mark, state)),
    look: () => file,
  }
}

/** `unknown`: the browser has no such file for us, or does not let us have it. */
export async function openPrivateFile(storage: StorageManager | undefined, name: string): Promise<SyncFile | 'full' | 'unknown'> {
  for (let tries = 1; ; tries += 1) {
    try {
      const root = await storage?.getDirectory()
      const handle = (await root?.getFileHandle(name, { create: true })) as SyncFileHandle | undefined
      return (await handle?.createSyncAccessHandle()) ?? 'unknown'
    } catch (error) {
      if (isNoRoom(error)) return 'full'
      const isHeld = error instanceof DOMException && error.name === 'NoModificationAllowedError'
      if (!isHeld || tries >= GROUND_TRIES_MAX) return 'unknown'
      await new Promise((resolve) => setTimeout(resolve, GROUND_RETRY_MS))
    }
  }
}

function onFile(file: SyncFile): Ground {
  const header = new Uint8Array(HEADER_BYTES)
  file.read(header, { at: 0 })
  let marks = header[0] ?? 0
  return {
    has: (mark) => (marks & BITS[mark]) !== 0,
    set(mark, state) {
      const next = changed(marks, mark, state)
      if (next === marks) return
      marks = next
      try {
        // In place, which needs no room once the byte is there.
        file.write(Uint8Array.of(marks), { at: 0 })
        file.flush()
      } catch {
        // No room for one byte. The mark holds as long as this engine runs, and is tried again with the next change.
      }
    },
    look(bytes, isEnough) {
      try {
        for (let at = HEADER_BYTES; at < bytes; at += PIECE.length) {
          if (file.write(PIECE, { at }) < PIECE.length) return 'full'
          if (isEnough?.() === true) break
        }
        return 'room'
      } catch (error) {
        return isNoRoom(error) ? 'full' : 'unknown'
      } finally {
        file.truncate(HEADER_BYTES)
      }
    },
  }
}

const changed = (marks: number, mark: Mark, state: 'on' | 'off'): number => (state === 'on' ? marks | BITS[mark] : marks & ~BITS[mark])
