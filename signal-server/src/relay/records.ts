// Records (invite packets, device lists) and prekeys: small things that one owner leaves for readers who know the id.

import {
  equalBytes,
  ONE_TIME_PREKEYS_PER_PUT_MAX,
  PREKEY_ONE_TIME_BYTES_MAX,
  PREKEY_REUSABLE_BYTES_MAX,
  prekeysPutStatement,
  RECORD_BYTES_MAX,
  RECORD_WORD_BYTES_MAX,
  recordClaimStatement,
  recordedStatement,
  recordEndStatement,
  recordPutStatement,
} from '@kith/protocol'
import { ONE_TIME_PREKEYS_KEPT_MAX, PREKEYS_MS_MAX, RECORD_MS_MAX, RECORDS_PER_OWNER_MAX } from '../limits.ts'
import { DONE, refused, shareUsedUp } from './ports.ts'
import { keepWithin, storedBytesOf } from './shares.ts'
import type { RelayRequestOf } from '@kith/protocol'
import type { PutOutcome, StoredRecord } from '../storage/storage.ts'
import type { Outcome, Ports } from './ports.ts'
import type { Share } from './shares.ts'

/** The key is checked first: `verify` promises nothing for keys that were never admitted. */
const isSignedBy = (ports: Ports, owner: Uint8Array, statement: Uint8Array, signature: Uint8Array): boolean =>
  ports.admitsKey(owner) && ports.verify(owner, statement, signature)

const isStored = (outcome: PutOutcome): boolean => outcome === 'stored'

export async function putRecord(ports: Ports, share: Share, request: RelayRequestOf<'put-record'>): Promise<Outcome> {
  const { record, owner, serial, expires, blob, signature } = request
  const now = ports.clock()
  if (blob.length > RECORD_BYTES_MAX) return refused('too-large')
  if (!isSignedBy(ports, owner, recordPutStatement(record, serial, expires, blob), signature)) return refused('denied')
  // An old put, replayed after the record's end was forgotten, has expired as well.
  if (expires <= now) return refused('stale')
  const kept = Math.min(expires, now + RECORD_MS_MAX)
  const ask = { record, owner, serial, expires: kept, blob, now, perOwner: RECORDS_PER_OWNER_MAX }
  const item = { place: `record ${record}`, bytes: storedBytesOf(blob.length), until: kept } as const
  const outcome = await keepWithin(share, item, { keep: () => ports.storage.putRecord(ask), isKept: isStored })
  if (outcome === undefined) return shareUsedUp(ports)
  if (outcome !== 'stored') return refused(outcome)
  const time = ports.clock()
  return { answer: { kind: 'recorded', time, signature: ports.sign(recordedStatement(request, time)) } }
}

export async function getRecord(ports: Ports, { record }: RelayRequestOf<'get-record'>): Promise<Outcome> {
  return shownTo(undefined, await ports.storage.getRecord({ record, now: ports.clock() }))
}

/** The first claim stays. Whoever may not read the record learns that before anything is verified or written. */
export async function claimRecord(ports: Ports, request: RelayRequestOf<'claim-record'>, challenge: Uint8Array): Promise<Outcome> {
  const { record, claimant, proof, signature } = request
  const found = await ports.storage.getRecord({ record, now: ports.clock() })
  if (found?.kind !== 'record' || !isFree(found, claimant)) return shownTo(claimant, found)
  if (!isSignedBy(ports, claimant, recordClaimStatement(ports.key, challenge, request), signature)) return refused('denied')
  if (found.claim) return shownTo(claimant, found)
  return shownTo(claimant, await ports.storage.claimRecord({ record, claimant, proof, now: ports.clock() }))
}

const isFree = ({ claim }: Extract<StoredRecord, { kind: 'record' }>, claimant: Uint8Array | undefined): boolean =>
  claim === undefined || (claimant !== undefined && equalBytes(claim.claimant, claimant))

function shownTo(claimant: Uint8Array | undefined, found: StoredRecord | undefined): Outcome {
  if (!found) return refused('unknown')
  if (found.kind === 'ended') return { answer: { kind: 'ended', word: found.word } }
  if (found.claim && !isFree(found, claimant)) return { answer: { kind: 'claimed', ...found.claim } }
  return { answer: { kind: 'record', serial: found.serial, expires: found.expires, blob: found.blob } }
}

export async function endRecord(ports: Ports, { record, word, signature }: RelayRequestOf<'end-record'>): Promise<Outcome> {
  if (word.length > RECORD_WORD_BYTES_MAX) return refused('too-large')
  const found = await ports.storage.getRecord({ record, now: ports.clock() })
  if (!found) return refused('unknown')
  if (!ports.verify(found.owner, recordEndStatement(record, word), signature)) return refused('denied')
  await ports.storage.endRecord({ record, word, now: ports.clock() })
  return DONE
}

export async function putPrekeys(ports: Ports, share: Share, request: RelayRequestOf<'put-prekeys'>): Promise<Outcome> {
  const { record, owner, serial, reusable, oneTime, signature } = request
  const isTooLarge = reusable.length > PREKEY_REUSABLE_BYTES_MAX || oneTime.some((key) => key.length > PREKEY_ONE_TIME_BYTES_MAX)
  if (isTooLarge || oneTime.length > ONE_TIME_PREKEYS_PER_PUT_MAX) return refused('too-large')
  if (!isSignedBy(ports, owner, prekeysPutStatement(record, serial, reusable, oneTime), signature)) return refused('denied')
  const now = ports.clock()
  const kept = ONE_TIME_PREKEYS_KEPT_MAX
  const expires = now + PREKEYS_MS_MAX
  const ask = { record, owner, serial, reusable, oneTime, expires, now, kept }
  const size = oneTime.reduce((sum, key) => sum + key.length, reusable.length)
  const item = { place: `prekeys ${record}`, bytes: storedBytesOf(size), until: expires } as const
  const outcome = await keepWithin(share, item, { keep: () => ports.storage.putPrekeys(ask), isKept: isStored })
  if (outcome === undefined) return shareUsedUp(ports)
  return outcome === 'stored' ? DONE : refused(outcome)
}

export async function takePrekeys(ports: Ports, { record }: RelayRequestOf<'take-prekeys'>): Promise<Outcome> {
  const taken = await ports.storage.takePrekeys({ record, now: ports.clock() })
  return taken ? { answer: { kind: 'prekeys', ...taken } } : refused('unknown')
}
