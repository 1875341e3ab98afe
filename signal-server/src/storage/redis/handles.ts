// Handles in Redis. Those whose keys begin with the same four characters lie in one bucket, so that one place knows all that begin alike; how many an account
// has is counted where the account lies, which may be another server: there one claim of an account at a time is let through, whichever relay it came to, and room
// is taken first, and given back.

import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { HANDLE_CLAIM_MS_MAX, REDIS_PATIENCE_MS_MAX, REDIS_RETRY_MS } from '../../limits.ts'
import { StorageError } from '../storage.ts'
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
  const usesAnother = async (account: Uint8Array, key: string, now: number): Promise<boolean> => {
    const ask = { script: SCRIPTS.handlesOf, bucket: bucketOf(account), args: [asWord(account)] }
    const others = listOf(await servers.read(ask))
      .map(textOf)
      .filter((other) => other !== key)
    const claims = await Promise.all(others.map((other) => claimOf(other, now)))
    return claims.some((claim) => claim !== undefined)
  }
  /** What an account has lies in several places, which are looked at one after the other. */
  const alone = async (account: Uint8Array, claim: () => Promise<HandleOutcome>): Promise<HandleOutcome> => {
    const token = randomBytes(16)
    const begin = performance.now()
    while (Number(await ofAccount(SCRIPTS.takeAccount, account, token, String(HANDLE_CLAIM_MS_MAX))) === 0) {
      if (performance.now() - begin > REDIS_PATIENCE_MS_MAX) throw new StorageError('busy', 'another claim of the account is under way')
      await pause(REDIS_RETRY_MS)
    }
    try {
      return await claim()
    } finally {
      // Or it is over by itself.
      await ofAccount(SCRIPTS.leaveAccount, account, token).catch(() => {})
    }
  }
  const putAlone: Storage['putHandle'] = async ({ key, handle, account, issued, isListed, claim, expires, freeAt, now, perAccount }) => {
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
  }
  return {
    putHandle: (ask) => alone(ask.account, () => putAlone(ask)),
    getHandle: ({ key, now }) => claimOf(key, now),
    async listHandles({ prefix, now, rows }) {
      return listOf(await servers.read(callOf(SCRIPTS.listHandles, prefix, String(now), String(rows)))).map(textOf)
    },
  }
}
