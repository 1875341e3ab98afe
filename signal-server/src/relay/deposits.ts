// What devices leave in mailboxes: many blobs in one call, each for one or more mailboxes. Each mailbox is judged by itself; all that may
// be stored goes into one transaction, and one signature stands under it (docs/protocol.md §8.3).

import { BLOB_BYTES_MAX, blobIdOf, depositedStatement } from '@kith/protocol'
import { BLOB_MS_MAX, ITEM_ROW_BYTES, MAILBOX_BLOBS_MAX, MAILBOX_BYTES_MAX, SHARE_RETRY_MS } from '../limits.ts'
import { refused, refusedBy } from './ports.ts'
import { bodyBytesOf, bodyPlaceOf } from './shares.ts'
import type { Deposit, MailboxId, Verdict } from '@kith/protocol'
import type { Ask, BlobFor, DepositOutcome, Storage, StoredBlob } from '../storage/storage.ts'
import type { Outcome, Ports } from './ports.ts'
import type { Item, Share } from './shares.ts'

export type DepositParts = {
  readonly ports: Ports
  readonly share: Share
  /** May this stream write there? */
  readonly isBound: (mailbox: MailboxId) => boolean
  /** What is durable now and was not before, in the order of the call. */
  readonly stored: (fresh: readonly FreshBlob[]) => void
}
/** `wakes`: a device that is asleep may be woken for it. */
export type FreshBlob = { readonly mailbox: MailboxId; readonly blob: StoredBlob; readonly wakes: boolean }

/** A deposit on its way. `verdicts`: one for each mailbox that it names. `bytes`: what it takes of the share at most. */
type PendingDeposit = BlobFor & {
  readonly bytes: number
  readonly wakes: boolean
  readonly verdicts: Map<MailboxId, Verdict>
  readonly fresh: FreshBlob[]
}

export const MAILBOX_QUOTA = { blobs: MAILBOX_BLOBS_MAX, bytes: MAILBOX_BYTES_MAX }
const DONE: Verdict = { kind: 'done' }
const DENIED: Verdict = refused('denied').answer

export async function takeDeposits(parts: DepositParts, deposits: readonly Deposit[]): Promise<Outcome> {
  const { clock, prove } = parts.ports
  const terms = { expires: clock() + BLOB_MS_MAX, quota: MAILBOX_QUOTA }
  const wanted = deposits.map((deposit) => wantedOf(parts, deposit))
  await keepAll(
    parts,
    wanted.filter((one) => mayKeep(parts, one)),
    terms,
  )
  const verdicts = deposits.map(({ mailboxes }, at) => mailboxes.map((mailbox) => wanted[at]?.verdicts.get(mailbox) ?? DENIED))
  const time = clock()
  const proof = await prove(depositedStatement(time, storedIn(deposits, verdicts, wanted)))
  const fresh = wanted.flatMap((one) => one.fresh)
  return { answer: { kind: 'deposited', time, ...proof, verdicts }, ...(fresh.length > 0 ? { after: () => parts.stored(fresh) } : {}) }
}

type KeepParts = Pick<DepositParts, 'ports' | 'share'>
/** Until when, and in what mailbox there is room for it. */
type Terms = Pick<Ask<'deposit'>, 'expires' | 'quota'>

/** One blob for a mailbox that nobody had to bind, on terms of its own; its device is woken for it. */
export async function keepBlob(
  parts: KeepParts,
  { mailbox, blob, ...terms }: Terms & { readonly mailbox: MailboxId; readonly blob: Uint8Array },
): Promise<{ readonly verdict: Verdict; readonly fresh: readonly FreshBlob[] }> {
  const one = wantedOf({ ...parts, isBound: () => true }, { mailboxes: [mailbox], blob, wakes: true })
  if (mayKeep(parts, one)) await keepAll(parts, [one], terms)
  return { verdict: one.verdicts.get(mailbox) ?? DENIED, fresh: one.fresh }
}

function wantedOf(
  { ports, isBound }: Pick<DepositParts, 'ports' | 'isBound'>,
  { mailboxes: named, blob, wakes = false }: Deposit,
): PendingDeposit {
  const mailboxes = (named.length > 1 ? [...new Set(named)] : named).filter(isBound)
  const copies = ports.storage.copies === 'one' ? 1 : mailboxes.length
  const bytes = copies * bodyBytesOf(blob.length) + mailboxes.length * ITEM_ROW_BYTES
  return { id: blobIdOf(ports.hash(blob)), blob, mailboxes, bytes, wakes, verdicts: new Map(), fresh: [] }
}

const judgeAll = ({ mailboxes, verdicts }: PendingDeposit, verdict: Verdict): void => {
  for (const mailbox of mailboxes) verdicts.set(mailbox, verdict)
}

function mayKeep({ ports, share }: KeepParts, one: PendingDeposit): boolean {
  if (one.mailboxes.length === 0) return false
  if (one.blob.length > BLOB_BYTES_MAX) judgeAll(one, refused('too-large').answer)
  else if (share.reserve(one.bytes)) return true
  else {
    ports.onShareUsedUp()
    judgeAll(one, refused('too-many', SHARE_RETRY_MS).answer)
  }
  return false
}

/** In one transaction. What has no room together may have some one by one. */
async function keepAll(parts: KeepParts, wanted: readonly PendingDeposit[], { expires, quota }: Terms): Promise<void> {
  const { ports, share } = parts
  if (wanted.length === 0) return
  let outcomes: readonly DepositOutcome[] = []
  try {
    const deposits = wanted.map(({ id, blob, mailboxes }) => ({ id, blob, mailboxes }))
    outcomes = await ports.storage.deposit({ deposits, expires, quota })
  } catch (error) {
    if (wanted.length > 1) return void (await Promise.all(wanted.map((one) => keepAll(parts, [one], { expires, quota }))))
    ports.report(error)
    for (const one of wanted) judgeAll(one, refusedBy(error).answer)
  }
  for (const [at, one] of wanted.entries()) judge(one, outcomes[at])
  const judged = { storage: ports.storage, wanted, outcomes, until: expires }
  extendAll(share, judged)
  const reserved = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
  share.charge(reserved, itemsOf(judged))
}

type Outcomes = {
  readonly storage: Storage
  readonly wanted: readonly PendingDeposit[]
  readonly outcomes: readonly DepositOutcome[]
  readonly until: number
}

/** What comes again is kept for longer. */
function extendAll(share: Share, { storage, wanted, outcomes, until }: Outcomes): void {
  if (outcomes.length === 0) return
  for (const mailbox of new Set(wanted.flatMap(({ mailboxes }) => mailboxes))) share.extend(`mailbox ${mailbox}`, until)
  for (const { id, mailboxes } of wanted) for (const mailbox of mailboxes) share.extend(bodyPlaceOf(storage, mailbox, id), until)
}

function judge({ id, blob, mailboxes, wakes, verdicts, fresh }: PendingDeposit, outcome: DepositOutcome | undefined): void {
  for (const [at, place] of (outcome?.places ?? []).entries()) {
    const mailbox = mailboxes[at] as MailboxId
    verdicts.set(mailbox, place.kind === 'stored' ? DONE : refused(place.kind).answer)
    if (place.kind === 'stored' && place.fresh) fresh.push({ mailbox, blob: { seq: place.seq, id, blob }, wakes })
  }
}

/** What counts in the share from now on: the bytes of each blob for each copy, and for each mailbox its rows. */
function itemsOf({ storage, wanted, outcomes, until }: Outcomes): readonly Item[] {
  const items: Item[] = []
  const rows = new Map<MailboxId, number>()
  for (const [at, { id, blob, fresh }] of wanted.entries()) {
    const copied = storage.copies === 'each' ? fresh : outcomes[at]?.isNew ? fresh.slice(0, 1) : []
    for (const { mailbox } of copied) items.push({ place: bodyPlaceOf(storage, mailbox, id), bytes: bodyBytesOf(blob.length), until })
    for (const { mailbox } of fresh) rows.set(mailbox, (rows.get(mailbox) ?? 0) + ITEM_ROW_BYTES)
  }
  for (const [mailbox, bytes] of rows) items.push({ place: `mailbox ${mailbox}`, bytes, until })
  return items
}

const storedIn = (deposits: readonly Deposit[], verdicts: readonly (readonly Verdict[])[], wanted: readonly PendingDeposit[]) =>
  deposits.flatMap(({ mailboxes }, at) =>
    mailboxes.flatMap((mailbox, index) =>
      verdicts[at]?.[index]?.kind === 'done' ? [{ mailbox, blob: (wanted[at] as PendingDeposit).id }] : [],
    ),
  )
