// A storage that lives in memory: for tests and for the simulation. It keeps the same contract as SQLite, except durability.

import { equalBytes } from '@kith/protocol'
import { toStorage } from './storage.ts'
import type { BlobId, MailboxId, RecordId } from '@kith/protocol'
import type { Ask, Claim, PutOutcome, Storage, StorageOperations, StoredRecord } from './storage.ts'

type Blob = { readonly seq: number; readonly blob: Uint8Array; readonly expires: number }
type Mailbox = {
  readonly readKey: Uint8Array
  readonly sendKey: Uint8Array
  readonly blobs: Map<BlobId, Blob>
  opened: number
  seq: number
  bytes: number
}
type Owned = { readonly owner: Uint8Array; readonly serial: number; readonly expires: number }
type KeptRecord = Owned & { readonly blob: Uint8Array; readonly ended: boolean; readonly claim: Claim | undefined }
type Prekeys = Owned & { readonly reusable: Uint8Array; readonly oneTime: Uint8Array[] }

export function createMemoryStorage(): Storage {
  const operations = { ...mailboxOperations(), ...recordOperations() }
  const all: StorageOperations = {
    ...operations,
    check: () => undefined,
    sweep: (ask) => {
      operations.sweepMailboxes(ask)
      operations.sweepRecords(ask)
      return { more: false }
    },
  }
  return toStorage(
    async (name, ask) => (all[name] as (ask: unknown) => unknown)(ask),
    async () => {},
  )
}

function mailboxOperations() {
  const mailboxes = new Map<MailboxId, Mailbox>()
  const drop = (mailbox: Mailbox, id: BlobId): readonly number[] => {
    const size = mailbox.blobs.get(id)?.blob.length
    if (size === undefined) return []
    mailbox.bytes -= size
    mailbox.blobs.delete(id)
    return [size]
  }
  return {
    createMailbox({ mailbox, readKey, sendKey, now }: Ask<'createMailbox'>) {
      const old = mailboxes.get(mailbox)
      if (old) return equalBytes(old.readKey, readKey) && equalBytes(old.sendKey, sendKey) ? ('same' as const) : ('taken' as const)
      mailboxes.set(mailbox, { readKey, sendKey, blobs: new Map(), opened: now, seq: 0, bytes: 0 })
      return 'created' as const
    },
    mailboxKeys: ({ mailboxes: ids }: Ask<'mailboxKeys'>) => ids.map((id) => mailboxes.get(id)),
    markOpened({ mailboxes: ids, now, grainMs }: Ask<'markOpened'>) {
      for (const mailbox of ids.map((id) => mailboxes.get(id))) if (mailbox && mailbox.opened <= now - grainMs) mailbox.opened = now
      return undefined
    },
    deposit({ mailbox: id, id: blobId, blob, expires, quota }: Ask<'deposit'>) {
      const mailbox = mailboxes.get(id)
      if (!mailbox) return { kind: 'unknown' } as const
      const old = mailbox.blobs.get(blobId)
      if (old) {
        mailbox.blobs.set(blobId, { ...old, expires: Math.max(old.expires, expires) })
        return { kind: 'stored', seq: old.seq, fresh: false } as const
      }
      if (mailbox.blobs.size >= quota.blobs || mailbox.bytes + blob.length > quota.bytes) return { kind: 'full' } as const
      mailbox.seq += 1
      mailbox.bytes += blob.length
      mailbox.blobs.set(blobId, { seq: mailbox.seq, blob, expires })
      return { kind: 'stored', seq: mailbox.seq, fresh: true } as const
    },
    readBlobs({ mailbox, after, limit, now }: Ask<'readBlobs'>) {
      const stored = [...(mailboxes.get(mailbox)?.blobs ?? [])].filter(([, { seq, expires }]) => seq > after && expires > now)
      return stored.slice(0, limit).map(([id, { seq, blob }]) => ({ id, seq, blob }))
    },
    deleteBlobs({ mailbox: id, blobs }: Ask<'deleteBlobs'>) {
      const mailbox = mailboxes.get(id)
      return mailbox ? blobs.flatMap((blob) => drop(mailbox, blob)) : []
    },
    sweepMailboxes({ now, idleBefore }: Ask<'sweep'>) {
      for (const [id, mailbox] of mailboxes) {
        for (const [blob, { expires }] of mailbox.blobs) if (expires <= now) drop(mailbox, blob)
        if (mailbox.opened < idleBefore) mailboxes.delete(id)
      }
    },
  }
}

function recordOperations() {
  const records = new Map<RecordId, KeptRecord>()
  const prekeys = new Map<RecordId, Prekeys>()
  const alive = <T extends Owned>(table: ReadonlyMap<RecordId, T>, id: RecordId, now: number): T | undefined => {
    const found = table.get(id)
    return found && found.expires > now ? found : undefined
  }
  return {
    putRecord({ record, owner, serial, expires, blob, now, perOwner }: Ask<'putRecord'>): PutOutcome {
      const old = alive(records, record, now)
      if (old) {
        if (!equalBytes(old.owner, owner)) return 'denied'
        if (old.ended) return 'ended'
        if (serial <= old.serial) return serial === old.serial && equalBytes(old.blob, blob) ? 'stored' : 'stale'
      } else if ([...records.values()].filter((other) => other.expires > now && equalBytes(other.owner, owner)).length >= perOwner)
        return 'full'
      records.set(record, { owner, serial, expires, blob, ended: false, claim: old?.claim })
      return 'stored'
    },
    getRecord: ({ record, now }: Ask<'getRecord'>) => storedOf(alive(records, record, now)),
    claimRecord({ record, claimant, proof, now }: Ask<'claimRecord'>) {
      const found = alive(records, record, now)
      if (found && !found.ended && !found.claim) records.set(record, { ...found, claim: { claimant, proof } })
      return storedOf(alive(records, record, now))
    },
    endRecord({ record, word, now }: Ask<'endRecord'>) {
      const found = alive(records, record, now)
      if (found) records.set(record, { ...found, blob: word, ended: true, claim: undefined })
      return undefined
    },
    putPrekeys({ record, owner, serial, reusable, oneTime, expires, now, kept }: Ask<'putPrekeys'>): PutOutcome {
      const old = alive(prekeys, record, now)
      if (old && !equalBytes(old.owner, owner)) return 'denied'
      if (old && serial <= old.serial) return serial === old.serial && equalBytes(old.reusable, reusable) ? 'stored' : 'stale'
      prekeys.set(record, { owner, serial, expires, reusable, oneTime: [...(old?.oneTime ?? []), ...oneTime].slice(-kept) })
      return 'stored'
    },
    takePrekeys({ record, now }: Ask<'takePrekeys'>) {
      const found = alive(prekeys, record, now)
      if (!found) return undefined
      const oneTime = found.oneTime.shift()
      return { reusable: found.reusable, oneTime, left: found.oneTime.length }
    },
    sweepRecords({ now }: Ask<'sweep'>) {
      for (const table of [records, prekeys]) for (const [id, { expires }] of table) if (expires <= now) table.delete(id)
    },
  }
}

function storedOf(found: KeptRecord | undefined): StoredRecord | undefined {
  if (!found) return undefined
  const { owner, serial, expires, blob, claim } = found
  return found.ended ? { kind: 'ended', owner, word: blob } : { kind: 'record', owner, serial, expires, blob, claim }
}
