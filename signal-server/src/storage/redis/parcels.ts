// Parcels in Redis: each mailbox has a copy of its own of each, under the name of the parcel.

import { REDIS_BUCKETS } from '../../limits.ts'
import { toBlobId } from '../sqlite-bytes.ts'
import { asWord, callOf, ORIGIN_BYTES, wordOf } from './mailboxes.ts'
import { bytesOf, listOf } from './replies.ts'
import { SCRIPTS } from './scripts.ts'
import type { ParcelPlace, Storage } from '../storage.ts'
import type { Parts } from './mailboxes.ts'

/** What is allowed in all is counted in each bucket by itself, and mailboxes are not spread evenly: one may have so many times its share. */
const UNEVEN = 8

export function parcelOperations({ servers, me }: Parts): Pick<Storage, 'putParcel' | 'getParcel' | 'dropParcels'> {
  return {
    async putParcel({ mailboxes, name, parcel, expires, quota }) {
      const most = Math.max(quota.parcels, Math.ceil((UNEVEN * quota.bytes) / (parcel.length * REDIS_BUCKETS)))
      const words = [me, ...[expires, quota.parcels, Math.min(most, Number.MAX_SAFE_INTEGER)].map(String), wordOf(name), asWord(parcel)]
      const said = await Promise.all(mailboxes.map((mailbox) => servers.write(callOf(SCRIPTS.putParcel, mailbox, ...words))))
      const places = said.map((one): ParcelPlace => (one === null ? 'unknown' : (PLACES.get(Number(one)) ?? 'full')))
      return { isNew: places.includes('stored'), places }
    },
    async getParcel({ mailbox, name, now }) {
      const kept = await servers.read(callOf(SCRIPTS.getParcel, mailbox, wordOf(name), String(now)))
      return kept === null ? undefined : bytesOf(kept).subarray(ORIGIN_BYTES)
    },
    async dropParcels({ mailbox, names }) {
      const said = listOf(await servers.write(callOf(SCRIPTS.dropParcels, mailbox, me, ...names.map(wordOf))))
      const gone = said.map((name) => toBlobId(bytesOf(name)))
      return { blobs: gone, gone }
    },
  }
}

const PLACES: ReadonlyMap<number, ParcelPlace> = new Map([
  [1, 'stored'],
  [0, 'kept'],
  [-1, 'full'],
])
