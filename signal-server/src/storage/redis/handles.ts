// Handles in Redis. Those whose keys begin with the same four characters lie in one bucket, so that one place knows all that begin alike; how many an account
// has is counted where the account lies, which may be another server: room is taken there first, and given back.

import { createHash } from 'node:crypto'
import { asWord } from './mailboxes.ts'
import { bytesOf, listOf, textOf } from './replies.ts'
import { SCRIPTS } from './scripts.ts'
import { bucketOf } from './slots.ts'
import type { HandleOutcome, Storage } from '../storage.ts'
import type { Reply, Words } from './connection.ts'
import type { Script } from './scripts.ts'
import type { Servers } from './servers.ts'

/** No search is for fewer (HANDLE_PREFIX_LENGTH_MIN). Never to be changed while anything is stored. */
const BUCKET_CHARACTERS = 4
const NEW = 1

const bucketOfKey = (key: string): number => bucketOf(createHash('sha256').update(key.slice(0, BUCKET_CHARACTERS)).digest())
const callOf = (script: Script, key: string, ...args: Words) => ({ script, bucket: bucketOfKey(key), args: [key, ...args] })

export function handleOperations(servers: Servers): Pick<Storage, 'putHandle' | 'getHandle' | 'listHandles'> {
  const ofAccount = (script: Script, account: Uint8Array, ...args: Words): Promise<Reply> =>
    servers.write({ script, bucket: bucketOf(account), args: [asWord(account), ...args] })
  const claimOf = async (key: string, now: number): Promise<Uint8Array | undefined> => {
    const said = await servers.read(callOf(SCRIPTS.getHandle, key, String(now)))
    return said === null ? undefined : bytesOf(said)
  }
  /** Two claims at the same moment may both find none: an account that tries has two for a while. */
  const usesAnother = async (account: Uint8Array, key: string, now: number): Promise<boolean> => {
    const ask = { script: SCRIPTS.handlesOf, bucket: bucketOf(account), args: [asWord(account)] }
    const others = listOf(await servers.read(ask))
      .map(textOf)
      .filter((other) => other !== key)
    const claims = await Promise.all(others.map((other) => claimOf(other, now)))
    return claims.some((claim) => claim !== undefined)
  }
  return {
    async putHandle({ key, handle, account, issued, isListed, claim, expires, freeAt, now, perAccount }): Promise<HandleOutcome> {
      const isUsed = claim.length > 0
      const reserve = async (most: number): Promise<number> =>
        Number(await ofAccount(SCRIPTS.reserveRecord, account, key, String(freeAt), String(now), String(most)))
      const room = await reserve(perAccount)
      const isFull = room === 0 || (isUsed && (await usesAnother(account, key, now)))
      const flags = [isListed, isFull].map((flag) => (flag ? '1' : '0'))
      const words = [handle, asWord(account), String(issued), ...flags, asWord(claim), String(expires), String(freeAt), String(now)]
      const said = textOf(await servers.write(callOf(SCRIPTS.putHandle, key, ...words))) as HandleOutcome
      const isOver = said === 'stored' ? !isUsed : room === NEW
      if (isOver) await ofAccount(SCRIPTS.releaseRecord, account, key)
      // What is given up counts for a shorter time than it would have.
      if (isOver && said === 'stored') await reserve(perAccount)
      return said
    },
    getHandle: ({ key, now }) => claimOf(key, now),
    async listHandles({ prefix, now, rows }) {
      return listOf(await servers.read(callOf(SCRIPTS.listHandles, prefix, String(now), String(rows)))).map(textOf)
    },
  }
}
