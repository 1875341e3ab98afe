// A storage that lives in memory: for tests and for the simulation. It keeps the same contract as SQLite, except durability.

import { equalBytes } from '@kith/protocol'
import { createMemoryHandles } from './memory-handles.ts'
import { createMemoryHeld } from './memory-held.ts'
import { createMemoryParcels } from './memory-parcels.ts'
import { toStorage } from './storage.ts'
import type { BlobId, MailboxId, RecordId } from '@kith/protocol'
import type { MemoryHeld } from './memory-held.ts'
import type { MemoryParcels } from './memory-parcels.ts'
import type {
  Ask,
  Claim,
  Deleted,
  DepositOutcome,
  GatherOutcome,
  OperationName,
  PutOutcome,
  SharedStore,
  Storage,
  StorageOperations,
  StoredBlob,
  StoredRecord,
  Usage,
  Wake,
} from './storage.ts'

type PlaceRow = { readonly seq: number; readonly body: Body; readonly expires: number }
/** The bytes of a blob, once for all mailboxes that hold it. */
type Body = { readonly blob: Uint8Array; places: number }
type Mailbox = {
  readonly readKey: Uint8Array
  readonly sendKey: Uint8Array
  readonly blobs: Map<BlobId, PlaceRow>
  opened: number
  seq: number
  bytes: number
  push: Uint8Array | undefined
}
type Put = { readonly blob: Uint8Array; readonly mailbox: Mailbox | undefined } & Pick<Ask<'deposit'>, 'expires' | 'quota'>
type Owned = { readonly owner: Uint8Array; readonly serial: number; readonly expires: number }
type KeptRecord = Owned & { readonly blob: Uint8Array; readonly ended: boolean; readonly claim: Claim | undefined }
type Prekeys = Owned & { readonly reusable: Uint8Array; readonly oneTime: Uint8Array[] }

export function createMemoryStorage(): Storage {
  const operations = allOperations()
  return toStorage(async (name, ask) => (operations[name] as (ask: unknown) => unknown)(ask), { copies: 'one', close: async () => {} })
}

/** A store that several relays share: each call opens it for one more. */
export function createSharedMemory(clock: () => number = () => 0): () => Storage {
  const operations = allOperations()
  const listeners = new Map<MailboxId, (wake: Wake) => void>()
  const turns = new Map<string, number>()
  /** Who stored what. */
  const origins = new Map<string, (wake: Wake) => void>()
  return () => {
    let onWake: (wake: Wake) => void = () => {}
    const me = (wake: Wake): void => onWake(wake)
    const tell = (mailbox: MailboxId, kind: 'stored' | 'taken' = 'stored'): void => {
      const listener = listeners.get(mailbox)
      if (listener && listener !== me) listener({ kind, mailbox })
    }
    const release = (mailbox: MailboxId, blob: BlobId): void => {
      const origin = origins.get(`${mailbox} ${blob}`)
      origins.delete(`${mailbox} ${blob}`)
      if (origin !== me) origin?.({ kind: 'released', mailbox, blob })
    }
    const shared: SharedStore = {
      subscribe: (listener) => void (onWake = listener),
      async listen(mailboxes) {
        for (const mailbox of mailboxes) {
          tell(mailbox, 'taken')
          listeners.set(mailbox, me)
        }
      },
      async takeTurn(name, ms) {
        if ((turns.get(name) ?? 0) > clock()) return false
        turns.set(name, clock() + ms)
        return true
      },
      time: async () => clock(),
    }
    const perform = async (name: OperationName, ask: unknown): Promise<unknown> => {
      const result = (operations[name] as (ask: unknown) => unknown)(ask)
      if (name === 'deposit')
        for (const { mailbox, id } of freshIn(ask as Ask<'deposit'>, result as DepositOutcome[])) {
          origins.set(`${mailbox} ${id}`, me)
          tell(mailbox)
        }
      if (name === 'gather')
        for (const [at, { blobs }] of (result as GatherOutcome).deleted.entries()) {
          const { mailboxes, id } = ask as Ask<'gather'>
          const mailbox = mailboxes[at] as MailboxId
          if (blobs.length > 0) origins.set(`${mailbox} ${id}`, me)
          for (const blob of blobs) release(mailbox, blob)
        }
      if (name === 'deleteBlobs')
        for (const [at, { mailbox }] of (ask as Ask<'deleteBlobs'>).from.entries())
          for (const blob of (result as Deleted[])[at]?.blobs ?? []) release(mailbox, blob)
      if (name === 'putParcel')
        for (const mailbox of (ask as Ask<'putParcel'>).mailboxes) origins.set(`${mailbox} ${(ask as Ask<'putParcel'>).id}`, me)
      if (name === 'dropParcels') for (const id of (result as Deleted).blobs) release((ask as Ask<'dropParcels'>).mailbox, id)
      return result
    }
    return toStorage(perform, { copies: 'one', shared, close: async () => {} })
  }
}

const freshIn = ({ deposits }: Ask<'deposit'>, outcomes: readonly DepositOutcome[]) =>
  deposits.flatMap(({ mailboxes, id }, at) =>
    mailboxes.flatMap((mailbox, index) => {
      const place = outcomes[at]?.places[index]
      return place?.kind === 'stored' && place.fresh ? [{ mailbox, id }] : []
    }),
  )

function allOperations(): StorageOperations {
  const operations = { ...mailboxOperations(), ...recordOperations() }
  const { sweep: sweepHandles, ...handles } = createMemoryHandles()
  return {
    ...operations,
    ...handles,
    check: () => undefined,
    usage: (ask) => ({ ...operations.usage(ask), records: operations.countRecords() }),
    sweep: (ask) => {
      operations.sweepMailboxes(ask)
      operations.sweepRecords(ask)
      sweepHandles(ask.now)
      return { more: false }
    },
  }
}

function mailboxOperations() {
  const mailboxes = new Map<MailboxId, Mailbox>()
  const bodies = new Map<BlobId, Body>()
  const { putParcel, getParcel, dropParcels, ...parcels } = createMemoryParcels((mailbox) => mailboxes.has(mailbox))
  const { hold, dueHeld, dropHeld, ...held } = createMemoryHeld((mailbox) => mailboxes.has(mailbox))
  /** What was let go of: nothing when it was not there. */
  const drop = (mailbox: Mailbox, id: BlobId): Deleted => {
    const body = mailbox.blobs.get(id)?.body
    if (body === undefined) return { blobs: [], gone: [] }
    mailbox.bytes -= body.blob.length
    mailbox.blobs.delete(id)
    body.places -= 1
    if (body.places > 0) return { blobs: [id], gone: [] }
    bodies.delete(id)
    return { blobs: [id], gone: [id] }
  }
  const put = (id: BlobId, { blob, mailbox, expires, quota }: Put): DepositOutcome['places'][number] => {
    if (!mailbox) return { kind: 'unknown' }
    const old = mailbox.blobs.get(id)
    if (old) {
      mailbox.blobs.set(id, { ...old, expires: Math.max(old.expires, expires) })
      return { kind: 'stored', seq: old.seq, fresh: false }
    }
    if (mailbox.blobs.size >= quota.blobs || mailbox.bytes + blob.length > quota.bytes) return { kind: 'full' }
    const body = bodies.get(id) ?? { blob, places: 0 }
    bodies.set(id, body)
    body.places += 1
    mailbox.seq += 1
    mailbox.bytes += blob.length
    mailbox.blobs.set(id, { seq: mailbox.seq, body, expires })
    return { kind: 'stored', seq: mailbox.seq, fresh: true }
  }
  return {
    createMailbox({ mailbox, readKey, sendKey, now }: Ask<'createMailbox'>) {
      const old = mailboxes.get(mailbox)
      if (old) return equalBytes(old.readKey, readKey) && equalBytes(old.sendKey, sendKey) ? ('same' as const) : ('taken' as const)
      mailboxes.set(mailbox, { readKey, sendKey, blobs: new Map(), opened: now, seq: 0, bytes: 0, push: undefined })
      return 'created' as const
    },
    mailboxKeys: ({ mailboxes: ids }: Ask<'mailboxKeys'>) => ids.map((id) => mailboxes.get(id)),
    markOpened({ mailboxes: ids, now, grainMs }: Ask<'markOpened'>) {
      for (const mailbox of ids.map((id) => mailboxes.get(id))) if (mailbox && mailbox.opened <= now - grainMs) mailbox.opened = now
      return undefined
    },
    deposit: ({ deposits, expires, quota }: Ask<'deposit'>) =>
      deposits.map(({ id, blob, mailboxes: ids }) => {
        const isKnown = bodies.has(id)
        const places = ids.map((mailbox) => put(id, { blob, mailbox: mailboxes.get(mailbox), expires, quota }))
        return { isNew: !isKnown && bodies.has(id), places }
      }),
    gather: gatherOperation({ mailboxes, bodies, drop }),
    readBlobs({ mailbox, after, limit, bytes, now }: Ask<'readBlobs'>) {
      const blobs: StoredBlob[] = []
      let left = bytes
      for (const [id, { seq, body, expires }] of mailboxes.get(mailbox)?.blobs ?? []) {
        if (left <= 0 || blobs.length === limit) break
        if (seq <= after || expires <= now) continue
        blobs.push({ id, seq, blob: body.blob })
        left -= body.blob.length
      }
      return { blobs, more: left <= 0 || blobs.length === limit }
    },
    deleteBlobs: ({ from }: Ask<'deleteBlobs'>) =>
      from.map(({ mailbox: id, blobs }) => {
        const mailbox = mailboxes.get(id)
        return joined(mailbox ? blobs.map((blob) => drop(mailbox, blob)) : [])
      }),
    putParcel,
    getParcel,
    dropParcels,
    hold,
    dueHeld,
    dropHeld,
    ...expiryOperations(mailboxes, parcels),
    ...operatorOperations({ mailboxes, drop, parcels, held }),
    ...pushOperations(mailboxes),
    sweepMailboxes: sweepOf({ mailboxes, drop, parcels, held }),
  }
}

type SweepParts = Pick<OperatorParts, 'mailboxes' | 'drop' | 'held'> & { readonly parcels: Pick<MemoryParcels, 'forget' | 'sweep'> }

const sweepOf =
  ({ mailboxes, drop, parcels, held }: SweepParts) =>
  ({ now, idleBefore }: Ask<'sweep'>): void => {
    parcels.sweep(now)
    for (const [id, mailbox] of mailboxes) {
      for (const [blob, { expires }] of mailbox.blobs) if (expires <= now) drop(mailbox, blob)
      if (mailbox.opened >= idleBefore) continue
      for (const blob of mailbox.blobs.keys()) drop(mailbox, blob)
      parcels.forget(id)
      held.forget(id)
      mailboxes.delete(id)
    }
  }

type GatherParts = {
  readonly mailboxes: ReadonlyMap<MailboxId, Mailbox>
  readonly bodies: Map<BlobId, Body>
  readonly drop: (mailbox: Mailbox, id: BlobId) => Deleted
}

function gatherOperation({ mailboxes, bodies, drop }: GatherParts) {
  const nothing: Deleted = { blobs: [], gone: [] }
  const gatherIn = (mailbox: Mailbox | undefined, { blobs, id, blob, expires, quota }: Omit<Ask<'gather'>, 'mailboxes'>) => {
    const old = mailbox?.blobs.get(id)
    if (mailbox && old) {
      mailbox.blobs.set(id, { ...old, expires: Math.max(old.expires, expires) })
      return { place: 'gathered', deleted: nothing } as const
    }
    const waiting = blobs.map((each) => mailbox?.blobs.get(each))
    if (!mailbox || !waiting.every((each) => each !== undefined)) return { place: 'unknown', deleted: nothing } as const
    const freed = waiting.reduce((sum, { body }) => sum + body.blob.length, 0)
    if (mailbox.bytes - freed + blob.length > quota.bytes) return { place: 'full', deleted: nothing } as const
    const seq = Math.max(...waiting.map((each) => each.seq))
    const dropped = blobs.map((each) => drop(mailbox, each))
    const body = bodies.get(id) ?? { blob, places: 0 }
    bodies.set(id, body)
    body.places += 1
    mailbox.bytes += blob.length
    // In the order of their numbers, as they are read.
    const after = [...mailbox.blobs].filter((each) => each[1].seq > seq)
    for (const [each] of after) mailbox.blobs.delete(each)
    for (const [each, place] of [[id, { seq, body, expires }] as const, ...after]) mailbox.blobs.set(each, place)
    return { place: 'gathered', deleted: joined(dropped) } as const
  }
  return ({ mailboxes: ids, blobs, id, blob, expires, quota }: Ask<'gather'>): GatherOutcome => {
    const isKnown = bodies.has(id)
    const outcomes = ids.map((mailbox) => gatherIn(mailboxes.get(mailbox), { blobs: [...new Set(blobs)], id, blob, expires, quota }))
    return {
      isNew: !isKnown && bodies.has(id),
      places: outcomes.map(({ place }) => place),
      deleted: outcomes.map(({ deleted }) => deleted),
    }
  }
}

const joined = (all: readonly Deleted[]): Deleted => ({
  blobs: all.flatMap(({ blobs }) => blobs),
  gone: all.flatMap(({ gone }) => gone),
})

type OperatorParts = {
  readonly mailboxes: Map<MailboxId, Mailbox>
  readonly drop: (mailbox: Mailbox, id: BlobId) => Deleted
  readonly parcels: Pick<MemoryParcels, 'forget' | 'bytes'>
  readonly held: Pick<MemoryHeld, 'forget'>
}

function operatorOperations({ mailboxes, drop, parcels, held }: OperatorParts) {
  return {
    usage({ fullest }: Ask<'usage'>): Omit<Usage, 'records'> {
      const all = [...mailboxes].map(([mailbox, { blobs, bytes }]) => ({ mailbox, blobs: blobs.size, bytes }))
      const sumOf = (of: (each: (typeof all)[number]) => number): number => all.reduce((sum, each) => sum + of(each), 0)
      const first = all.toSorted((a, b) => b.bytes - a.bytes).slice(0, fullest)
      return {
        bytes: sumOf(({ bytes }) => bytes) + parcels.bytes(),
        mailboxes: all.length,
        blobs: sumOf(({ blobs }) => blobs),
        fullest: first,
      }
    },
    purgeMailbox({ mailbox: id }: Ask<'purgeMailbox'>): Deleted | undefined {
      const mailbox = mailboxes.get(id)
      if (!mailbox) return undefined
      const dropped = [...mailbox.blobs.keys()].map((blob) => drop(mailbox, blob))
      mailboxes.delete(id)
      held.forget(id)
      // Those who operate a relay are told of messages.
      const { blobs, gone } = joined(dropped)
      return { blobs, gone: [...gone, ...parcels.forget(id).gone] }
    },
  }
}

function pushOperations(mailboxes: ReadonlyMap<MailboxId, Mailbox>) {
  return {
    setPush({ mailboxes: ids, push, was }: Ask<'setPush'>) {
      for (const mailbox of ids.map((id) => mailboxes.get(id)))
        if (mailbox && (was === undefined || (mailbox.push && equalBytes(mailbox.push, was)))) mailbox.push = push
      return undefined
    },
    pushesOf: ({ mailboxes: ids }: Ask<'pushesOf'>) =>
      ids.map((id) => {
        const mailbox = mailboxes.get(id)
        return mailbox && mailbox.blobs.size > 0 ? mailbox.push : undefined
      }),
  }
}

function expiryOperations(mailboxes: ReadonlyMap<MailboxId, Mailbox>, parcels: Pick<MemoryParcels, 'move'>) {
  return {
    shiftBlobs({ by }: Ask<'shiftBlobs'>) {
      parcels.move((expires) => expires + by)
      for (const { blobs } of mailboxes.values()) for (const [id, place] of blobs) blobs.set(id, { ...place, expires: place.expires + by })
      return undefined
    },
    capBlobs({ latest }: Ask<'capBlobs'>) {
      parcels.move((expires) => Math.min(expires, latest))
      for (const { blobs } of mailboxes.values())
        for (const [id, place] of blobs) blobs.set(id, { ...place, expires: Math.min(place.expires, latest) })
      return undefined
    },
    newestExpiry() {
      const all = [...mailboxes.values()].flatMap(({ blobs }) => [...blobs.values()].map(({ expires }) => expires))
      return { newest: all.length === 0 ? undefined : Math.max(...all) }
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
    countRecords: () => records.size,
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
