// The relay's storage on disk: hands every operation to the storage thread, so that no commit ever holds up the network.

import { mkdir } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { STORAGE_CALLS_MAX, STORAGE_QUEUE_BYTES_MAX } from '../limits.ts'
import { bytesOf, StorageError, toStorage } from './storage.ts'
import type { OperationName, Storage } from './storage.ts'
import type { ThreadCall, ThreadOptions, ThreadReply } from './sqlite-thread.ts'

type PendingCall = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void; readonly bytes: number }

/** `onLost`: the storage thread has ended by itself; every operation fails from then on. Rejects with {@link StorageError} when the folder cannot be used; its message names the setting to change. */
export async function openSqliteStorage(options: ThreadOptions, onLost: (reason: string) => void = () => {}): Promise<Storage> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: options })
  await firstReply(worker)
  return storageOf(worker, onLost)
}

function firstReply(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (reply: ThreadReply) => {
      worker.off('error', reject)
      if (reply.kind === 'ready') return resolve()
      void worker.terminate()
      reject(new StorageError('disk', reply.kind === 'failed' ? reply.message : 'the storage did not start'))
    })
  })
}

function storageOf(worker: Worker, onLost: (reason: string) => void): Storage {
  const calls = new Map<number, PendingCall>()
  const closed = Promise.withResolvers<void>()
  let lastId = 0
  let bytes = 0
  let gone: StorageError | undefined
  let leaving: ThreadCall[] = []

  /** What is asked in one turn of the event loop leaves together. */
  const post = (call: ThreadCall): void => {
    if (leaving.push(call) === 1) setImmediate(flush)
  }
  const flush = (): void => {
    const all = leaving
    leaving = []
    worker.postMessage(all satisfies readonly ThreadCall[])
  }
  const take = (id: number): PendingCall | undefined => {
    const call = calls.get(id)
    calls.delete(id)
    bytes -= call?.bytes ?? 0
    return call
  }
  const onReply = (reply: ThreadReply): void => {
    if (reply.kind === 'closed') closed.resolve()
    if (reply.kind !== 'results') return
    for (const result of reply.results) {
      const call = take(result.id)
      if ('error' in result) call?.reject(new StorageError(result.isDamage ? 'damaged' : 'disk', result.error))
      else call?.resolve(result.value)
    }
  }
  const onEnd = (cause: unknown): void => {
    if (!gone) {
      gone = new StorageError('disk', 'the storage thread ended', { cause })
      onLost(`the storage thread ended (${String(cause)})`)
    }
    for (const id of calls.keys()) take(id)?.reject(gone)
    closed.resolve()
  }
  worker.on('message', onReply)
  worker.on('error', onEnd)
  worker.on('exit', (code) => onEnd(`exit ${code}`))

  const perform = (name: OperationName, ask: unknown): Promise<unknown> => {
    if (gone) return Promise.reject(gone)
    const size = bytesOf(ask)
    if (calls.size >= STORAGE_CALLS_MAX || bytes + size > STORAGE_QUEUE_BYTES_MAX) {
      return Promise.reject(new StorageError('busy', 'too many changes wait for the disk'))
    }
    lastId += 1
    bytes += size
    const waiting = Promise.withResolvers<unknown>()
    calls.set(lastId, { ...waiting, bytes: size })
    post({ id: lastId, name, ask })
    return waiting.promise
  }
  const close = async (): Promise<void> => {
    if (gone) return closed.promise
    gone = new StorageError('disk', 'the storage is closed')
    post('close')
    await closed.promise
    await worker.terminate()
  }
  return toStorage(perform, { copies: 'one', close })
}
