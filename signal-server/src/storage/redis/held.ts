// What is held back until a moment, in Redis: in each bucket a list of all that lie there, by their moments.

import { toHeldName, toMailboxId } from '../sqlite-bytes.ts'
import { BUCKETS, callOf, wordOf } from './mailboxes.ts'
import { bytesOf, listOf } from './replies.ts'
import { SCRIPTS } from './scripts.ts'
import type { HeldBlob } from '@kith/protocol'
import type { HeldPlace, Storage } from '../storage.ts'
import type { Servers } from './servers.ts'

const WAKES = 1
const ID_BYTES = 32

export function heldOperations(servers: Servers): Pick<Storage, 'hold' | 'dueHeld' | 'dropHeld'> {
  return {
    hold: ({ held, at, most }) =>
      Promise.all(
        held.map(async ({ mailbox, name, wakes, blob }): Promise<HeldPlace> => {
          const kept = Buffer.concat([Buffer.of(wakes ? WAKES : 0), blob])
          const said = await servers.write(callOf(SCRIPTS.hold, mailbox, String(at), String(most), wordOf(name), kept))
          return said === null ? 'unknown' : (PLACES.get(Number(said)) ?? 'full')
        }),
      ),
    async dueHeld({ now, rows }) {
      const args = [String(now), String(rows)]
      const all = await Promise.all(BUCKETS.map(async (bucket) => listOf(await servers.read({ script: SCRIPTS.dueHeld, bucket, args }))))
      const found: (HeldBlob & { readonly at: number })[] = []
      for (const bucket of all)
        for (let i = 0; i + 2 < bucket.length; i += 3) {
          const [place, kept] = [bytesOf(bucket[i + 1]), bytesOf(bucket[i + 2])]
          found.push({
            at: Number(bucket[i]),
            mailbox: toMailboxId(place.subarray(0, ID_BYTES)),
            name: toHeldName(place.subarray(ID_BYTES)),
            wakes: kept[0] === WAKES,
            blob: kept.subarray(1),
          })
        }
      const first = found.toSorted((a, b) => a.at - b.at).slice(0, rows)
      return first.map(({ mailbox, name, wakes, blob }) => ({ mailbox, name, wakes, blob }))
    },
    dropHeld: ({ held }) =>
      Promise.all(
        held.map(async ({ mailbox, name }) => Number(await servers.write(callOf(SCRIPTS.dropHeld, mailbox, wordOf(name)))) === 1),
      ),
  }
}

const PLACES: ReadonlyMap<number, HeldPlace> = new Map([
  [1, 'stored'],
  [0, 'kept'],
  [-1, 'full'],
])
