// Pushes blobs to one owner's stream: oldest first in each mailbox, many to a frame, and no more than RELAY_PUSH_WINDOW and
// RELAY_PUSH_BYTES_WINDOW without an acknowledgement.

import {
  BLOBS_PER_PUSH_MAX,
  pushedBytesOf,
  RELAY_FRAME_BYTES_MAX,
  RELAY_FRAME_OVERHEAD_BYTES,
  RELAY_PUSH_BYTES_WINDOW,
  RELAY_PUSH_WINDOW,
} from '@kith/protocol'
import type { BlobId, MailboxId, PushedBlob, StoredBlobs } from '@kith/protocol'
import type { StoredBlob } from '../storage/storage.ts'
import type { Ports, Send } from './ports.ts'

/** `seq`: the last blob that was pushed. */
type Cursor = { seq: number; reading: boolean }

export class PushWindow {
  private readonly ports: Ports
  private readonly send: Send
  private readonly cursors = new Map<MailboxId, Cursor>()
  /** Bytes of each blob. */
  private readonly unacknowledged = new Map<MailboxId, Map<BlobId, number>>()
  /** Mailboxes in which storage may hold more than was pushed, each read in turn. */
  private readonly behind = new Set<MailboxId>()
  private room = RELAY_PUSH_WINDOW
  private roomBytes = RELAY_PUSH_BYTES_WINDOW
  private frame: PushedBlob[] = []
  private frameBytes = RELAY_FRAME_OVERHEAD_BYTES
  private pumping = false
  /** Mailboxes in which something for a person was stored since anything of them was acknowledged. */
  private readonly calling = new Set<MailboxId>()
  /** How often something was acknowledged. */
  acknowledgements = 0
  /** Told when something for a person is stored. */
  onCalled: () => void = () => {}

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

  /** A blob of this mailbox has become durable. Leaves with the next `flush`. */
  stored(mailbox: MailboxId, blob: StoredBlob): void {
    const cursor = this.cursors.get(mailbox)
    if (!cursor || blob.seq <= cursor.seq) return
    const isNext = blob.seq === cursor.seq + 1 && !cursor.reading && !this.behind.has(mailbox)
    if (isNext && this.hasRoom) return this.push(mailbox, cursor, blob)
    this.behind.add(mailbox)
    void this.pump()
  }

  /** Something may have been stored there by somebody else. */
  wake(mailbox: MailboxId): void {
    if (!this.cursors.has(mailbox)) return
    this.behind.add(mailbox)
    void this.pump()
  }

  acknowledged(stored: readonly StoredBlobs[]): void {
    this.acknowledgements += 1
    for (const { mailbox, blobs } of stored) {
      this.calling.delete(mailbox)
      const pushed = this.unacknowledged.get(mailbox)
      for (const blob of blobs) this.release(pushed, blob)
    }
    void this.pump()
  }

  /** Sends what was pushed and has not left yet. */
  flush(): void {
    const blobs = this.frame
    if (blobs.length === 0) return
    this.frame = []
    this.frameBytes = RELAY_FRAME_OVERHEAD_BYTES
    this.send({ kind: 'push', blobs })
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

  /** Something for a person was stored there. */
  called(mailbox: MailboxId): void {
    this.calling.add(mailbox)
    this.onCalled()
  }

  /** Mailboxes of which this stream has not acknowledged what is for a person. */
  unread(): readonly MailboxId[] {
    return [...this.calling]
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
        if (!this.hasRoom) break
        await this.fill(mailbox)
      }
    } catch (error) {
      this.ports.report(error)
    } finally {
      this.pumping = false
    }
  }

  private async fill(mailbox: MailboxId): Promise<void> {
    const cursor = this.cursors.get(mailbox)
    this.behind.delete(mailbox)
    if (!cursor) return
    cursor.reading = true
    try {
      const ask = { mailbox, after: cursor.seq, limit: this.room, bytes: this.roomBytes, now: this.ports.clock() }
      const { blobs, more } = await this.ports.storage.readBlobs(ask)
      if (this.cursors.get(mailbox) !== cursor) return
      let isBehind = more
      for (const blob of blobs) {
        // Another mailbox may have taken room while this one was read.
        isBehind ||= !this.hasRoom
        if (this.hasRoom) this.push(mailbox, cursor, blob)
      }
      this.flush()
      if (isBehind) this.behind.add(mailbox)
    } catch (error) {
      if (this.cursors.get(mailbox) === cursor) this.behind.add(mailbox)
      throw error
    } finally {
      cursor.reading = false
    }
  }

  private push(mailbox: MailboxId, cursor: Cursor, { seq, id, blob }: StoredBlob): void {
    cursor.seq = seq
    const pushed = this.unacknowledged.get(mailbox) ?? new Map<BlobId, number>()
    this.unacknowledged.set(mailbox, pushed.set(id, blob.length))
    this.room -= 1
    this.roomBytes -= blob.length
    const bytes = pushedBytesOf({ mailbox, blob })
    if (this.frame.length === BLOBS_PER_PUSH_MAX || this.frameBytes + bytes > RELAY_FRAME_BYTES_MAX) this.flush()
    this.frame.push({ mailbox, blob })
    this.frameBytes += bytes
  }

  private get hasRoom(): boolean {
    return this.room > 0 && this.roomBytes > 0
  }

  private release(pushed: Map<BlobId, number> | undefined, blob: BlobId): void {
    const bytes = pushed?.get(blob)
    if (bytes === undefined) return
    pushed?.delete(blob)
    this.room += 1
    this.roomBytes += bytes
  }

  private forget(mailbox: MailboxId): void {
    const pushed = this.unacknowledged.get(mailbox)
    for (const blob of pushed?.keys() ?? []) this.release(pushed, blob)
    this.unacknowledged.delete(mailbox)
    this.cursors.delete(mailbox)
    this.behind.delete(mailbox)
    this.calling.delete(mailbox)
  }
}
