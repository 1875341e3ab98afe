// In the place of `mortice` (tools/instead.ts), whose locks reach over workers and let readers in together: libp2p keeps what it knows of a peer in memory, where
// nobody holds a lock for longer than a moment, so everybody waits for a turn.

type Options = { readonly signal?: AbortSignal }
type Lock = (options?: Options) => Promise<() => void>

// oxlint-disable-next-line import/no-default-export -- As `mortice` exports it.
export default function createLocks(): { readonly readLock: Lock; readonly writeLock: Lock; readonly finalize: () => void } {
  let released: Promise<unknown> = Promise.resolve()
  const lock: Lock = async ({ signal } = {}) => {
    const before = released
    const { promise, resolve: release } = Promise.withResolvers<void>()
    released = promise
    await before
    if (signal?.aborted === true) release()
    signal?.throwIfAborted()
    return release
  }
  return { readLock: lock, writeLock: lock, finalize: () => {} }
}
