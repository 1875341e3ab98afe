// Mailboxes and their blobs in Redis: each mailbox is asked for by itself, and has a copy of its own of each blob.

import { REDIS_BUCKETS } from '../../limits.ts'
import { toBlobId, toMailboxId } from '../sqlite-bytes.ts'
import { bytesOf, listOf, textOf } from './replies.ts'
import { SCRIPTS } from './scripts.ts'
import { bucketOf } from './slots.ts'
import type { BlobId, HeldName, MailboxId, ParcelName, RecordId } from '@kith/protocol'
import type { Ask, Deleted, DepositOutcome, GatherPlace, PlaceOutcome, Storage, StoredBlob, Usage, Wake } from '../storage.ts'
import type { Reply, Words } from './connection.ts'
import type { Script } from './scripts.ts'
import type { Servers } from './servers.ts'

export type Parts = {
  readonly servers: Servers
  /** The name of this relay, 8 characters. */ readonly me: string
  readonly onWake: (wake: Wake) => void
}

/** What comes before a blob: the name of the relay that brought it. */
export const ORIGIN_BYTES = 8
export const BUCKETS: readonly number[] = Array.from({ length: REDIS_BUCKETS }, (_, bucket) => bucket)

export const wordOf = (id: BlobId | HeldName | MailboxId | ParcelName | RecordId): Buffer => Buffer.from(id, 'hex')
/** Bytes as they go to a server: not copied. */
export const asWord = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
/** A call of a script about one thing. */
export const callOf = (script: Script, id: BlobId | MailboxId | RecordId, ...args: Words) => {
  const word = wordOf(id)
  return { script, bucket: bucketOf(word), args: [word, ...args] }
}

type MailboxOperations = Pick<
  Storage,
  | 'createMailbox'
  | 'mailboxKeys'
  | 'markOpened'
  | 'deposit'
  | 'gather'
  | 'readBlobs'
  | 'deleteBlobs'
  | 'purgeMailbox'
  | 'shiftBlobs'
  | 'capBlobs'
  | 'newestExpiry'
  | 'usage'
  | 'setPush'
  | 'pushesOf'
  | 'check'
  | 'sweep'
>

export function mailboxOperations(parts: Parts): MailboxOperations {
  const { servers } = parts
  return {
    async createMailbox({ mailbox, readKey, sendKey, now }) {
      const said = await servers.write(callOf(SCRIPTS.createMailbox, mailbox, asWord(readKey), asWord(sendKey), String(now)))
      return textOf(said) as 'created' | 'same' | 'taken'
    },
    mailboxKeys: ({ mailboxes }) =>
      Promise.all(
        mailboxes.map(async (mailbox) => {
          const [readKey, sendKey] = listOf(await servers.read(callOf(SCRIPTS.mailboxKeys, mailbox)))
          return Buffer.isBuffer(readKey) ? { readKey: bytesOf(readKey), sendKey: bytesOf(sendKey) } : undefined
        }),
      ),
    async markOpened({ mailboxes, now, grainMs }) {
      await forEachBucket(mailboxes, (bucket, ids) =>
        servers.write({ script: SCRIPTS.markOpened, bucket, args: [String(now), String(grainMs), ...ids] }),
      )
      return undefined
    },
    deposit: depositOf(parts),
    gather: gatherOf(parts),
    ...blobOperations(parts),
    ...pushOperations(parts),
    ...operatorOperations(parts),
  }
}

const NONE = Buffer.alloc(0)

function pushOperations({ servers }: Parts): Pick<Storage, 'setPush' | 'pushesOf'> {
  return {
    async setPush({ mailboxes, push, was }) {
      const words = [push, was].map((bytes) => (bytes === undefined ? NONE : asWord(bytes)))
      await forEachBucket(mailboxes, (bucket, ids) => servers.write({ script: SCRIPTS.setPush, bucket, args: [...words, ...ids] }))
      return undefined
    },
    async pushesOf({ mailboxes }) {
      const found = new Map<string, Uint8Array>()
      await forEachBucket(mailboxes, async (bucket, ids) => {
        const pushes = listOf(await servers.read({ script: SCRIPTS.pushesOf, bucket, args: [...ids] }))
        for (const [at, id] of ids.entries()) {
          const push = bytesOf(pushes[at])
          if (push.length > 0) found.set(toMailboxId(id), push)
        }
        return null
      })
      return mailboxes.map((mailbox) => found.get(mailbox))
    },
  }
}

/** Each bucket is asked once. */
export async function forEachBucket(
  mailboxes: readonly MailboxId[],
  act: (bucket: number, ids: readonly Buffer[]) => Promise<Reply>,
): Promise<void> {
  const words = Map.groupBy(mailboxes.map(wordOf), bucketOf)
  await Promise.all([...words].map(([bucket, ids]) => act(bucket, ids)))
}

function depositOf({ servers, me, onWake }: Parts): Storage['deposit'] {
  return async ({ deposits, expires, quota }) => {
    const outcomes = deposits.map(({ mailboxes }) => ({ isNew: false, places: mailboxes.map((): PlaceOutcome => ({ kind: 'unknown' })) }))
    /** For each mailbox, the deposits and where among their mailboxes it stands. */
    const byMailbox = Map.groupBy(
      deposits.flatMap(({ mailboxes }, deposit) => mailboxes.map((mailbox, place) => ({ mailbox, deposit, place }))),
      ({ mailbox }) => mailbox,
    )
    const keep = async (mailbox: MailboxId, all: readonly { readonly deposit: number; readonly place: number }[]): Promise<void> => {
      const words = all.flatMap(({ deposit }) => {
        const { id, blob } = deposits[deposit] as Ask<'deposit'>['deposits'][number]
        return [wordOf(id), asWord(blob)]
      })
      const call = callOf(SCRIPTS.deposit, mailbox, me, String(expires), String(quota.blobs), String(quota.bytes), ...words)
      let isRepeated = false
      const numbers = await servers.write(call, () => (isRepeated = true))
      for (const [at, { deposit, place }] of all.entries()) {
        const outcome = outcomes[deposit] as (typeof outcomes)[number]
        if (numbers === null) continue
        const kept = placeOf(Number(listOf(numbers)[at]))
        outcome.places[place] = kept
        outcome.isNew ||= kept.kind === 'stored' && kept.fresh
      }
      // The first time it may have been stored without a word, and then it looks as if it had been there.
      if (isRepeated) onWake({ kind: 'stored', mailbox })
    }
    const kept = await Promise.allSettled([...byMailbox].map(([mailbox, all]) => keep(mailbox, all)))
    const failed = kept.find((one) => one.status === 'rejected')
    if (failed === undefined) return outcomes satisfies readonly DepositOutcome[]
    // Some were stored all the same, and will not look new when they are brought again.
    for (const mailbox of byMailbox.keys()) onWake({ kind: 'stored', mailbox })
    throw failed.reason
  }
}

function gatherOf({ servers, me }: Parts): Storage['gather'] {
  return async ({ mailboxes, blobs, id, blob, expires, quota }) => {
    const gatherIn = async (mailbox: MailboxId) => {
      const words = [me, String(expires), String(quota.bytes), wordOf(id), asWord(blob), ...blobs.map(wordOf)]
      const [place, ...gone] = listOf(await servers.write(callOf(SCRIPTS.gather, mailbox, ...words)))
      return { place: textOf(place) as GatherPlace, deleted: deletedOf(gone) }
    }
    const all = await Promise.all(mailboxes.map(gatherIn))
    return {
      isNew: all.some(({ deleted }) => deleted.blobs.length > 0),
      places: all.map(({ place }) => place),
      deleted: all.map(({ deleted }) => deleted),
    }
  }
}

function placeOf(number: number): PlaceOutcome {
  if (number === 0) return { kind: 'full' }
  return { kind: 'stored', seq: Math.abs(number), fresh: number > 0 }
}

const deletedOf = (reply: Reply): Deleted => {
  const blobs = listOf(reply).map((id) => toBlobId(bytesOf(id)))
  return { blobs, gone: blobs }
}

function blobOperations({ servers, me }: Parts) {
  return {
    async readBlobs({ mailbox, after, limit, bytes, now }: Ask<'readBlobs'>) {
      const most = Number.isFinite(bytes) ? bytes : Number.MAX_SAFE_INTEGER
      const call = callOf(SCRIPTS.readBlobs, mailbox, String(after), String(limit), String(most), String(now))
      const [more, ...rows] = listOf(await servers.read(call))
      const blobs: StoredBlob[] = []
      for (let at = 0; at + 2 < rows.length; at += 3)
        blobs.push({
          seq: Number(rows[at]),
          id: toBlobId(bytesOf(rows[at + 1])),
          blob: bytesOf(rows[at + 2]).subarray(ORIGIN_BYTES),
        })
      return { blobs, more: Number(more) === 1 }
    },
    deleteBlobs: ({ from }: Ask<'deleteBlobs'>) =>
      Promise.all(
        from.map(async ({ mailbox, blobs }) =>
          deletedOf(await servers.write(callOf(SCRIPTS.deleteBlobs, mailbox, me, ...blobs.map(wordOf)))),
        ),
      ),
    async purgeMailbox({ mailbox }: Ask<'purgeMailbox'>) {
      const said = await servers.write(callOf(SCRIPTS.purge, mailbox, me))
      if (said === null) return undefined
      const [blobs, ...gone] = listOf(said)
      const { gone: all } = deletedOf(gone)
      return { blobs: all.slice(0, Number(blobs)), gone: all }
    },
  }
}

function operatorOperations({ servers }: Parts) {
  const inAll = (script: Script, ...args: Words): Promise<readonly Reply[]> =>
    Promise.all(BUCKETS.map((bucket) => servers.write({ script, bucket, args })))
  return {
    async shiftBlobs({ by }: Ask<'shiftBlobs'>) {
      await inAll(SCRIPTS.expiries, 'shift', String(by))
      return undefined
    },
    async capBlobs({ latest }: Ask<'capBlobs'>) {
      await inAll(SCRIPTS.expiries, 'cap', String(latest))
      return undefined
    },
    async newestExpiry() {
      const all = (await inAll(SCRIPTS.expiries, 'newest', '0')).filter((each) => each !== null).map(Number)
      return { newest: all.length === 0 ? undefined : Math.max(...all) }
    },
    async usage({ fullest }: Ask<'usage'>) {
      const args = [String(fullest)]
      const all = await Promise.all(BUCKETS.map(async (bucket) => listOf(await servers.read({ script: SCRIPTS.usage, bucket, args }))))
      const memory = await servers.askMasters(['INFO', 'memory'])
      return usageOf(all, { fullest, bytes: memory.reduce<number>((sum, text) => sum + usedMemoryIn(textOf(text)), 0) })
    },
    async check({ bytes }: Ask<'check'>) {
      const { masterOf } = servers.topology()
      const first = masterOf.flatMap((master, bucket) => (masterOf.indexOf(master) === bucket ? [bucket] : []))
      // While one of several masters is away, what belongs to the others can be kept, and a relay that called itself unwell would be sent no device.
      await anyOf(first.map((bucket) => servers.write({ script: SCRIPTS.check, bucket, args: [String(bytes)] })))
      return undefined
    },
    async sweep({ now, idleBefore, rows }: Ask<'sweep'>) {
      return { more: (await inAll(SCRIPTS.sweep, String(now), String(idleBefore), String(rows))).map(Number).includes(1) }
    },
  }
}

/** Rejects as the first of them did when all do. */
const anyOf = (all: readonly Promise<Reply>[]): Promise<Reply> =>
  Promise.any(all).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error
  })

const usedMemoryIn = (info: string): number => Number(/^used_memory:([0-9]+)/m.exec(info)?.[1] ?? 0)

function usageOf(buckets: readonly (readonly Reply[])[], { fullest, bytes }: { readonly fullest: number; readonly bytes: number }): Usage {
  const sumOf = (at: number): number => buckets.reduce((sum, bucket) => sum + Number(bucket[at]), 0)
  const all: Usage['fullest'][number][] = []
  for (const bucket of buckets)
    for (let at = 3; at + 2 < bucket.length; at += 3)
      all.push({ mailbox: toMailboxId(bytesOf(bucket[at])), blobs: Number(bucket[at + 1]), bytes: Number(bucket[at + 2]) })
  const first = all.toSorted((a, b) => b.bytes - a.bytes).slice(0, fullest)
  return { bytes, mailboxes: sumOf(0), blobs: sumOf(1), records: sumOf(2), fullest: first }
}
