// What is measured against each other: servers that keep what clients leave for each other. Each is a process of its own, so that the system
// knows what it takes.

import { readFileSync } from 'node:fs'

export type Subject = {
  readonly name: string
  readonly pid: number
  connectWriter(): Promise<Writer>
  stop(): Promise<void>
}
/** One client that leaves messages in mailboxes of its own. */
export type Writer = {
  /** As many as go into one call, to the mailbox with this number; resolves with how many when they are durable. */
  deposit(mailbox: number): Promise<number>
  /** One message for so many mailboxes, which need not be those of the others; resolves when it is durable in all of them. */
  depositForAll(mailboxes: number): Promise<void>
  /** Another client fetches and acknowledges all that waits in these mailboxes. Resolves when the server has forgotten it. */
  drain(count: number): Promise<void>
  close(): Promise<void>
}

export const MAILBOXES_PER_WRITER = 32
export const BLOB_BYTES = 1_064

/** Bytes that nobody has had before: others are the same blob again. */
export function createBlobs(): () => Uint8Array {
  const pattern = new Uint8Array(BLOB_BYTES).map((_, at) => (at * 167) ^ (at >> 3))
  const origin = crypto.getRandomValues(new Uint8Array(24))
  let count = 0
  return () => {
    const blob = pattern.slice()
    blob.set(origin)
    new DataView(blob.buffer).setUint32(24, (count += 1))
    return blob
  }
}

const PAGE_KIB = 4

/** Its share of the machine's memory. */
export const memoryKibOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_KIB
