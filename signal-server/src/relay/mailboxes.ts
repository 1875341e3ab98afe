// Mailboxes as one stream sees them: who may create, open, bind, close, deposit and acknowledge (docs/protocol.md §8).

import { mailboxCloseStatement, mailboxReadStatement, mailboxSendStatement } from '@kith/protocol'
import { ITEM_ROW_BYTES, MAILBOXES_PER_STREAM_MAX, OPENED_GRAIN_MS } from '../limits.ts'
import { takeDeposits } from './deposits.ts'
import { gatherBlobs } from './gathering.ts'
import { holdBack } from './holding.ts'
import { createHandles } from './handles.ts'
import { DONE, refused, refusedBy } from './ports.ts'
import { createParcels } from './parcels.ts'
import { PushWindow } from './push.ts'
import { createRegistrations } from './registrations.ts'
import { bodyPlaceOf } from './shares.ts'
import type { MailboxId, MailboxProof, RelayRequestOf, StoredBlobs, Verdict } from '@kith/protocol'
import type { MailboxKeys } from '../storage/storage.ts'
import type { FreshBlob } from './deposits.ts'
import type { Outcome, Ports, Send } from './ports.ts'
import type { Share } from './shares.ts'

/** Which stream listens to which mailbox: the newest that proved it owns the read key, and when that ends the one before. */
export class Owners extends Map<MailboxId, PushWindow> {
  /** Streams that opened a mailbox before the one that listens, the latest last; bounded by what each stream may open. */
  private readonly before = new Map<MailboxId, readonly PushWindow[]>()

  listen(mailbox: MailboxId, window: PushWindow): void {
    const now = this.get(mailbox)
    if (now !== undefined && now !== window) {
      now.drop(mailbox)
      this.before.set(mailbox, [...this.waiting(mailbox, window), now])
    }
    this.set(mailbox, window)
    window.open(mailbox)
  }

  /** A stream is over, or has no use for a mailbox any more. */
  leave(mailbox: MailboxId, window: PushWindow): void {
    const rest = this.waiting(mailbox, window)
    const next = this.get(mailbox) === window ? rest.at(-1) : undefined
    const left = next === undefined ? rest : rest.slice(0, -1)
    if (left.length > 0) this.before.set(mailbox, left)
    else this.before.delete(mailbox)
    if (this.get(mailbox) !== window) return
    this.delete(mailbox)
    if (next === undefined) return
    this.set(mailbox, next)
    next.open(mailbox)
  }

  /** The mailbox is gone, or another relay has whoever listens to it now. */
  drop(mailbox: MailboxId): void {
    this.get(mailbox)?.drop(mailbox)
    this.delete(mailbox)
    this.before.delete(mailbox)
  }

  private waiting(mailbox: MailboxId, without: PushWindow): readonly PushWindow[] {
    return (this.before.get(mailbox) ?? []).filter((window) => window !== without)
  }
}
type Statement = typeof mailboxReadStatement
type CheckedProofs = { readonly accepted: readonly MailboxId[]; readonly refused: readonly MailboxId[] }

type MailboxParts = { readonly ports: Ports; readonly owners: Owners; readonly share: Share }

export function createStreamMailboxes({ ports, owners, share }: MailboxParts, send: Send) {
  const { storage, clock } = ports
  const window = new PushWindow(ports, send)
  const opened = new Set<MailboxId>()
  const bound = new Set<MailboxId>()
  const isOwned = (mailbox: MailboxId): boolean => owners.get(mailbox) === window
  const pushes = createRegistrations(ports, { opened, window, isOwned })

  const hasRoom = (set: ReadonlySet<MailboxId>, proofs: readonly MailboxProof[]): boolean =>
    set.size + proofs.filter(({ mailbox }) => !set.has(mailbox)).length <= MAILBOXES_PER_STREAM_MAX

  const forget = async (from: readonly StoredBlobs[]): Promise<Verdict> => {
    if (from.length === 0) return { kind: 'done' }
    try {
      const deleted = await storage.deleteBlobs({ from })
      for (const [at, { blobs, gone }] of deleted.entries()) {
        const { mailbox } = from[at] as StoredBlobs
        share.release(`mailbox ${mailbox}`, blobs.length * ITEM_ROW_BYTES)
        for (const blob of gone) share.release(bodyPlaceOf(storage, mailbox, blob), Infinity)
      }
      return { kind: 'done' }
    } catch (error) {
      ports.report(error)
      return refusedBy(error).answer
    }
  }

  return {
    async create({ mailbox, readKey, sendKey }: RelayRequestOf<'create-mailbox'>): Promise<Outcome> {
      if (!ports.admitsKey(readKey) || !ports.admitsKey(sendKey)) return refused('malformed')
      const outcome = await storage.createMailbox({ mailbox, readKey, sendKey, now: clock() })
      return outcome === 'taken' ? refused('denied') : DONE
    },
    async open({ proofs }: RelayRequestOf<'open-mailboxes'>, challenge: Uint8Array): Promise<Outcome> {
      if (!hasRoom(opened, proofs)) return refused('too-many')
      const checked = await checkProofs(ports, { proofs, challenge, statement: mailboxReadStatement, keyOf: (keys) => keys.readKey })
      // Only the sweep needs it. Whoever cannot read its mailbox because the disk is full could never empty it.
      await storage.markOpened({ mailboxes: checked.accepted, now: clock(), grainMs: OPENED_GRAIN_MS }).catch(ports.report)
      // Before anything is read, or what comes meanwhile to another relay would be missed.
      await storage.shared?.listen(checked.accepted)
      for (const mailbox of checked.accepted) opened.add(mailbox)
      await pushes.opened(checked.accepted).catch(ports.report)
      return {
        answer: { kind: 'mailboxes', ...checked },
        after: () => checked.accepted.forEach((mailbox) => owners.listen(mailbox, window)),
      }
    },
    async bind({ proofs }: RelayRequestOf<'bind-mailboxes'>, challenge: Uint8Array): Promise<Outcome> {
      if (!hasRoom(bound, proofs)) return refused('too-many')
      const checked = await checkProofs(ports, { proofs, challenge, statement: mailboxSendStatement, keyOf: (keys) => keys.sendKey })
      for (const mailbox of checked.accepted) bound.add(mailbox)
      return { answer: { kind: 'mailboxes', ...checked } }
    },
    async closeForGood({ proofs }: RelayRequestOf<'close-mailboxes'>, challenge: Uint8Array): Promise<Outcome> {
      const checked = await checkProofs(ports, { proofs, challenge, statement: mailboxCloseStatement, keyOf: (keys) => keys.readKey })
      for (const mailbox of new Set(checked.accepted)) {
        await purge({ ports, owners, share }, mailbox)
        opened.delete(mailbox)
      }
      return { answer: { kind: 'mailboxes', ...checked } }
    },
    deposit: ({ deposits }: RelayRequestOf<'deposit'>): Promise<Outcome> =>
      takeDeposits({ ports, share, isBound: (mailbox) => bound.has(mailbox), stored: pushFresh(owners, ports.wakeUps) }, deposits),
    gather: (asked: RelayRequestOf<'gather'>): Promise<Outcome> =>
      gatherBlobs({ ports, share, isBound: (mailbox) => bound.has(mailbox) }, asked),
    async acknowledge({ stored }: RelayRequestOf<'acknowledge'>): Promise<Outcome> {
      const own = stored.filter(({ mailbox }) => opened.has(mailbox))
      const verdict = await forget(own)
      // Blobs that could not be deleted are pushed again on the next stream; this one goes on.
      window.acknowledged(own)
      const denied = refused('denied').answer
      return { answer: { kind: 'acknowledged', verdicts: stored.map(({ mailbox }) => (opened.has(mailbox) ? verdict : denied)) } }
    },
    hold: (asked: RelayRequestOf<'hold'>): Promise<Outcome> => holdBack({ ports, share, isBound: (mailbox) => bound.has(mailbox) }, asked),
    parcels: createParcels({ ports, share, opened, bound }),
    handles: createHandles({ ports, share, opened, stored: pushFresh(owners, ports.wakeUps) }),
    pushes,
    /** Somebody is at the other end who has a mailbox here. */
    hasOpened: (): boolean => opened.size > 0,
    resume: () => window.resume(),
    close(): void {
      // A device that went to sleep while its connection still looked alive was pushed what it has not stored.
      ports.wakeUps?.stored(window.unread().filter(isOwned))
      window.close()
      for (const mailbox of opened) owners.leave(mailbox, window)
    },
  }
}

/** A mailbox goes with all that is in it. How many blobs that were; undefined where there was none. */
export async function purge({ ports: { storage }, owners, share }: MailboxParts, mailbox: MailboxId): Promise<number | undefined> {
  const purged = await storage.purgeMailbox({ mailbox })
  if (!purged) return undefined
  owners.drop(mailbox)
  share.release(`mailbox ${mailbox}`, Infinity)
  for (const blob of purged.gone) share.release(bodyPlaceOf(storage, mailbox, blob), Infinity)
  return purged.blobs.length
}

/** Each owner's stream gets what is new for it together; owners that are not here are woken. */
export const pushFresh =
  (owners: Owners, wakeUps: Ports['wakeUps']) =>
  (fresh: readonly FreshBlob[]): void => {
    const windows = new Set<PushWindow>()
    wakeUps?.stored(fresh.flatMap(({ mailbox, wakes }) => (wakes && !owners.has(mailbox) ? [mailbox] : [])))
    for (const { mailbox, blob, wakes } of fresh) {
      const window = owners.get(mailbox)
      window?.stored(mailbox, blob)
      if (wakes) window?.called(mailbox)
      if (window) windows.add(window)
    }
    for (const window of windows) window.flush()
  }

type Proofs = {
  readonly proofs: readonly MailboxProof[]
  readonly challenge: Uint8Array
  readonly statement: Statement
  readonly keyOf: (keys: MailboxKeys) => Uint8Array
}

async function checkProofs(ports: Ports, { proofs, challenge, statement, keyOf }: Proofs): Promise<CheckedProofs> {
  const keys = await ports.storage.mailboxKeys({ mailboxes: proofs.map(({ mailbox }) => mailbox) })
  const accepted: MailboxId[] = []
  const refusedOnes: MailboxId[] = []
  for (const [index, { mailbox, signature }] of proofs.entries()) {
    const found = keys[index]
    const isProven = found && ports.verify(keyOf(found), statement(ports.key, challenge, mailbox), signature)
    if (isProven) accepted.push(mailbox)
    else refusedOnes.push(mailbox)
  }
  return { accepted, refused: refusedOnes }
}
