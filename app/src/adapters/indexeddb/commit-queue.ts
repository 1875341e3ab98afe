// Commits in the order in which they were called. All that wait while the disk is busy are written together, each whole or not at all.

import { StoreError } from '@kith/protocol'
import { GROUPED_WRITES_MAX } from './limits.ts'
import { toStoreError } from './requests.ts'
import type { StoreWrite } from '@kith/protocol'

export type CommitQueue = {
  commit(writes: readonly StoreWrite[]): Promise<void>
  /** Resolves when every commit that was called so far has ended, whatever became of it. */
  settled(): Promise<unknown>
}

type Commit = { readonly writes: readonly StoreWrite[]; readonly resolve: () => void; readonly reject: (error: StoreError) => void }

/** `write` makes a group durable, or rejects and leaves nothing of it behind. */
export function createCommitQueue(write: (writes: readonly StoreWrite[]) => Promise<void>): CommitQueue {
  const queue: Commit[] = []
  let isPumping = false
  let isRefused = false
  let settled: Promise<unknown> = Promise.resolve()

  async function pump(): Promise<void> {
    isPumping = true
    // Commits of the same turn travel together.
    await Promise.resolve()
    while (queue.length > 0) await writeGroup(takeGroup(queue))
    isPumping = false
  }

  async function writeGroup(group: readonly Commit[]): Promise<void> {
    try {
      await write(group.flatMap(({ writes }) => writes))
      for (const { resolve } of group) resolve()
    } catch (cause) {
      // After a hole in the order nothing may follow, or a later commit could lack what it builds on. Without room all that was called so
      // far is told, and what is called after that builds on what lies on the disk.
      const error = toStoreError(cause)
      isRefused = error.code !== 'quota'
      for (const { reject } of group) reject(error)
      for (const { reject } of queue.splice(0)) reject(isRefused ? closedError() : error)
    }
  }

  return {
    commit(writes) {
      if (isRefused) return Promise.reject(closedError())
      const done = new Promise<void>((resolve, reject) => queue.push({ writes: writes.map(copyWrite), resolve, reject }))
      settled = done.catch(() => undefined)
      if (!isPumping) void pump() // Its failures reject the commits.
      return done
    },
    settled: () => settled,
  }
}

function takeGroup(queue: Commit[]): readonly Commit[] {
  let writes = 0
  const beyond = queue.findIndex((one, i) => (writes += one.writes.length) > GROUPED_WRITES_MAX && i > 0)
  return queue.splice(0, beyond === -1 ? queue.length : beyond)
}

const copyWrite = (write: StoreWrite): StoreWrite => (write.kind === 'put' ? { ...write, value: write.value.slice() } : write)
const closedError = () => new StoreError('closed', 'the store refused an earlier commit')
