// Pushes blobs to one owner's stream: oldest first in each mailbox, and never more than RELAY_PUSH_WINDOW without an acknowledgement.

import { RELAY_PUSH_WINDOW } from '@kith/protocol'
import type { BlobId, MailboxId } from '@kith/protocol'
import type { StoredBlob } from '../storage/storage.ts'
import type { Ports, Send } from './ports.ts'

/** `seq`: the last blob that was pushed. */
type Cursor = { seq: number; reading: boolean }

export class PushWindow {
  private readonly ports: Ports
  private readonly send: Send
  private readonly cursors = new Map<MailboxId, Cursor>()
  private readonly unacknowledged = new Map<MailboxId, Set<BlobId>>()
  /** Mailboxes in which storage may hold more than was pushed, each read in turn. */
  private readonly behind = new Set<MailboxId>()
  private room = RELAY_PUSH_WINDOW
  private pumping = false

  constructor(ports: Ports, send: Send) {
    this.ports = ports
    this.send = send
  }

  /** Begins with the oldest stored blob. */
  open(mailbox: MailboxId): void {
    this.forget(mailbox)
    this.cursors.set(mailbox, { seq: 0, reading: false })
    this.behind.add(mailbox)
    void this.pump()
  }

  /** A blob of this mailbox has become durable. */
  stored(mailbox: MailboxId, blob: StoredBlob): void {
    const cursor = this.cursors.get(mailbox)
    if (!cursor || blob.seq <= cursor.seq) return
    const isNext = blob.seq === cursor.seq + 1 && !cursor.reading && !this.behind.has(mailbox)
    if (isNext && this.room > 0) return this.push(mailbox, cursor, blob)
    this.behind.add(mailbox)
    void this.pump()
  }

  acknowledged(mailbox: MailboxId, blobs: readonly BlobId[]): void {
    const pushed = this.unacknowledged.get(mailbox)
    for (const blob of blobs) if (pushed?.delete(blob)) this.room += 1
    void this.pump()
  }

  /** Another stream listens to this mailbox now. */
  drop(mailbox: MailboxId): void {
    this.forget(mailbox)
    void this.pump()
  }

  /** Goes on after a read that failed. */
  resume(): void {
    void this.pump()
  }

  close(): void {
    this.cursors.clear()
    this.behind.clear()
  }

  private async pump(): Promise<void> {
    if (this.pumping) return
    this.pumping = true
    try {
      // A set is walked in the order of adding, and a mailbox that stays behind is added anew: each gets its turn.
      for (const mailbox of this.behind) {
        if (this.room === 0) break
        await this.fill(mailbox)
      }
    } catch (error) {
      this.ports.report(error)
    } finally {
      this.pumping = false
    }
  }

  private async fill(mailbox: MailboxId): Promise<void> {
    const limit = this.room
    const cursor = this.cursors.get(mailbox)
    this.behind.delete(mailbox)
    if (!cursor) return
    cursor.reading = true
    try {
      const blobs = await this.ports.storage.readBlobs({ mailbox, after: cursor.seq, limit, now: this.ports.clock() })
      if (this.cursors.get(mailbox) !== cursor) return
      // Another mailbox may have taken room while this one was read.
      const fitting = blobs.slice(0, this.room)
      for (const blob of fitting) this.push(mailbox, cursor, blob)
      if (fitting.length < blobs.length || blobs.length === limit) this.behind.add(mailbox)
    } catch (error) {
      if (this.cursors.get(mailbox) === cursor) this.behind.add(mailbox)
      throw error
    } finally {
      cursor.reading = false
    }
  }

  private push(mailbox: MailboxId, cursor: Cursor, { seq, id, blob }: StoredBlob): void {
    cursor.seq = seq
    const pushed = this.unacknowledged.get(mailbox) ?? new Set()
    this.unacknowledged.set(mailbox, pushed.add(id))
    this.room -= 1
    this.send({ kind: 'blob', mailbox, blob })
  }

  private forget(mailbox: MailboxId): void {
    this.room += this.unacknowledged.get(mailbox)?.size ?? 0
    this.unacknowledged.delete(mailbox)
    this.cursors.delete(mailbox)
    this.behind.delete(mailbox)
  }
}
