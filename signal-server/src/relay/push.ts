// Pushes blobs to one owner's stream: oldest first in each mailbox, and never more than RELAY_PUSH_WINDOW without an acknowledgement.

import { RELAY_PUSH_WINDOW } from '@kith/protocol'
import type { BlobId, MailboxId } from '@kith/protocol'
import type { StoredBlob } from '../storage/storage.ts'
import type { Ports, Send } from './ports.ts'

export type PushWindow = {
  /** Begins with the oldest stored blob. */
  open(mailbox: MailboxId): void
  /** A blob of this mailbox has become durable. */
  stored(mailbox: MailboxId, blob: StoredBlob): void
  acknowledged(mailbox: MailboxId, blobs: readonly BlobId[]): void
  /** Another stream listens to this mailbox now. */
  drop(mailbox: MailboxId): void
  /** Goes on after a read that failed. */
  resume(): void
  close(): void
}

/** `seq`: the last blob that was pushed. */
type Cursor = { seq: number; reading: boolean }

export function createPushWindow(ports: Ports, send: Send): PushWindow {
  const cursors = new Map<MailboxId, Cursor>()
  const unacknowledged = new Map<MailboxId, Set<BlobId>>()
  /** Mailboxes in which storage may hold more than was pushed, each read in turn. */
  const behind = new Set<MailboxId>()
  let room = RELAY_PUSH_WINDOW
  let pumping = false

  const push = (mailbox: MailboxId, cursor: Cursor, { seq, id, blob }: StoredBlob): void => {
    cursor.seq = seq
    const pushed = unacknowledged.get(mailbox) ?? new Set()
    unacknowledged.set(mailbox, pushed.add(id))
    room -= 1
    send({ kind: 'blob', mailbox, blob })
  }

  const fill = async (mailbox: MailboxId, cursor: Cursor): Promise<void> => {
    const limit = room
    cursor.reading = true
    behind.delete(mailbox)
    try {
      const blobs = await ports.storage.readBlobs({ mailbox, after: cursor.seq, limit, now: ports.clock() })
      if (cursors.get(mailbox) !== cursor) return
      const fitting = blobs.slice(0, room)
      for (const blob of fitting) push(mailbox, cursor, blob)
      if (fitting.length < blobs.length || blobs.length === limit) behind.add(mailbox)
    } catch (error) {
      if (cursors.get(mailbox) === cursor) behind.add(mailbox)
      throw error
    } finally {
      cursor.reading = false
    }
  }

  const pump = async (): Promise<void> => {
    if (pumping) return
    pumping = true
    try {
      for (const mailbox of behind) {
        const cursor = cursors.get(mailbox)
        if (room === 0) break
        if (cursor) await fill(mailbox, cursor)
        else behind.delete(mailbox)
      }
    } catch (error) {
      ports.report(error)
    } finally {
      pumping = false
    }
  }

  const forget = (mailbox: MailboxId): void => {
    room += unacknowledged.get(mailbox)?.size ?? 0
    unacknowledged.delete(mailbox)
    cursors.delete(mailbox)
    behind.delete(mailbox)
  }

  return {
    open(mailbox) {
      forget(mailbox)
      cursors.set(mailbox, { seq: 0, reading: false })
      behind.add(mailbox)
      void pump()
    },
    stored(mailbox, blob) {
      const cursor = cursors.get(mailbox)
      if (!cursor || blob.seq <= cursor.seq) return
      const isNext = blob.seq === cursor.seq + 1 && !cursor.reading && !behind.has(mailbox)
      if (isNext && room > 0) return push(mailbox, cursor, blob)
      behind.add(mailbox)
      void pump()
    },
    acknowledged(mailbox, blobs) {
      const pushed = unacknowledged.get(mailbox)
      for (const blob of blobs) if (pushed?.delete(blob)) room += 1
      void pump()
    },
    drop(mailbox) {
      forget(mailbox)
      void pump()
    },
    resume: () => void pump(),
    close() {
      cursors.clear()
      behind.clear()
    },
  }
}
