// Records and prekeys in Redis.

import { SCRIPTS } from './scripts.ts'
import { bucketOf } from './slots.ts'
import { asWord, callOf, wordOf } from './mailboxes.ts'
import { bytesOf, listOf, textOf } from './replies.ts'
import type { PutOutcome, Storage, StoredRecord } from '../storage.ts'
import type { Reply, Words } from './connection.ts'
import type { Servers } from './servers.ts'
import type { Script } from './scripts.ts'

type RecordOperations = Pick<Storage, 'putRecord' | 'getRecord' | 'claimRecord' | 'endRecord' | 'putPrekeys' | 'takePrekeys'>

/** What an owner has is counted where the owner lies, which may be another server than the record's: room is taken there first, and given back. */
const NEW = 1

export function recordOperations(servers: Servers): RecordOperations {
  const ofOwner = (script: Script, owner: Uint8Array, ...args: Words): Promise<Reply> =>
    servers.write({ script, bucket: bucketOf(owner), args: [asWord(owner), ...args] })
  return {
    async putRecord({ record, owner, serial, expires, blob, now, perOwner }) {
      const room = Number(await ofOwner(SCRIPTS.reserveRecord, owner, wordOf(record), String(expires), String(now), String(perOwner)))
      if (room === 0) return 'full'
      const call = callOf(SCRIPTS.putRecord, record, asWord(owner), String(serial), String(expires), asWord(blob), String(now))
      const said = textOf(await servers.write(call)) as PutOutcome
      if (said !== 'stored' && room === NEW) await ofOwner(SCRIPTS.releaseRecord, owner, wordOf(record))
      return said
    },
    getRecord: async ({ record, now }) => storedOf(await servers.read(callOf(SCRIPTS.getRecord, record, String(now)))),
    claimRecord: async ({ record, claimant, proof, now }) =>
      storedOf(await servers.write(callOf(SCRIPTS.claimRecord, record, String(now), asWord(claimant), asWord(proof)))),
    async endRecord({ record, word, now }) {
      await servers.write(callOf(SCRIPTS.endRecord, record, String(now), asWord(word)))
      return undefined
    },
    async putPrekeys({ record, owner, serial, reusable, oneTime, expires, now, kept }) {
      const words = [asWord(owner), String(serial), asWord(reusable), String(expires), String(now), String(kept), ...oneTime.map(asWord)]
      return textOf(await servers.write(callOf(SCRIPTS.putPrekeys, record, ...words))) as PutOutcome
    },
    async takePrekeys({ record, now }) {
      const said = await servers.write(callOf(SCRIPTS.takePrekeys, record, String(now)))
      if (said === null) return undefined
      const [reusable, left, oneTime] = listOf(said)
      return { reusable: bytesOf(reusable), left: Number(left), oneTime: Buffer.isBuffer(oneTime) ? bytesOf(oneTime) : undefined }
    },
  }
}

function storedOf(reply: Reply): StoredRecord | undefined {
  if (reply === null) return undefined
  const [owner, serial, expires, blob, ended, claimant, proof] = listOf(reply)
  if (Buffer.isBuffer(ended)) return { kind: 'ended', owner: bytesOf(owner), word: bytesOf(blob) }
  const claim = Buffer.isBuffer(claimant) ? { claimant: bytesOf(claimant), proof: bytesOf(proof) } : undefined
  return { kind: 'record', owner: bytesOf(owner), serial: numberOf(serial), expires: numberOf(expires), blob: bytesOf(blob), claim }
}

const numberOf = (reply: Reply | undefined): number => Number(textOf(reply))
