// Mailboxes as one stream sees them: who may create, open, bind, deposit and acknowledge (docs/protocol.md §8).

import {
  BLOB_BYTES_MAX,
  blobIdOf,
  depositedStatement,
  hash,
  isSigningKey,
  mailboxReadStatement,
  mailboxSendStatement,
} from '@kith/protocol'
import { BLOB_MS_MAX, MAILBOX_BLOBS_MAX, MAILBOX_BYTES_MAX, MAILBOXES_PER_STREAM_MAX, OPENED_GRAIN_MS } from '../limits.ts'
import { DONE, refused, shareUsedUp } from './ports.ts'
import { PushWindow } from './push.ts'
import type { MailboxId, MailboxProof } from '@kith/protocol'
import type { MailboxKeys } from '../storage/storage.ts'
import type { Outcome, Ports, RequestOf, Send } from './ports.ts'
import type { Share } from './shares.ts'

/** Which stream listens to which mailbox: the newest that proved it owns the read key. */
export type Owners = Map<MailboxId, PushWindow>
type Statement = typeof mailboxReadStatement
type Checked = { readonly accepted: readonly MailboxId[]; readonly refused: readonly MailboxId[] }

type Shared = { readonly ports: Ports; readonly owners: Owners; readonly share: Share }

export function createStreamMailboxes({ ports, owners, share }: Shared, send: Send) {
  const { storage, clock } = ports
  const window = new PushWindow(ports, send)
  const opened = new Set<MailboxId>()
  const bound = new Set<MailboxId>()

  const listen = (mailbox: MailboxId): void => {
    const before = owners.get(mailbox)
    if (before !== window) before?.drop(mailbox)
    owners.set(mailbox, window)
    window.open(mailbox)
  }
  const hasRoom = (set: ReadonlySet<MailboxId>, proofs: readonly MailboxProof[]): boolean =>
    set.size + proofs.filter(({ mailbox }) => !set.has(mailbox)).length <= MAILBOXES_PER_STREAM_MAX

  return {
    async create({ mailbox, readKey, sendKey }: RequestOf<'create-mailbox'>): Promise<Outcome> {
      if (!isSigningKey(readKey) || !isSigningKey(sendKey)) return refused('malformed')
      const outcome = await storage.createMailbox({ mailbox, readKey, sendKey, now: clock() })
      return outcome === 'taken' ? refused('denied') : DONE
    },
    async open({ proofs }: RequestOf<'open-mailboxes'>, challenge: Uint8Array): Promise<Outcome> {
      if (!hasRoom(opened, proofs)) return refused('too-many')
      const checked = await checkProofs(ports, { proofs, challenge, statement: mailboxReadStatement, keyOf: (keys) => keys.readKey })
      // Only the sweep needs it. Whoever cannot read its mailbox because the disk is full could never empty it.
      await storage.markOpened({ mailboxes: checked.accepted, now: clock(), grainMs: OPENED_GRAIN_MS }).catch(ports.report)
      for (const mailbox of checked.accepted) opened.add(mailbox)
      return { answer: { kind: 'mailboxes', ...checked }, after: () => checked.accepted.forEach(listen) }
    },
    async bind({ proofs }: RequestOf<'bind-mailboxes'>, challenge: Uint8Array): Promise<Outcome> {
      if (!hasRoom(bound, proofs)) return refused('too-many')
      const checked = await checkProofs(ports, { proofs, challenge, statement: mailboxSendStatement, keyOf: (keys) => keys.sendKey })
      for (const mailbox of checked.accepted) bound.add(mailbox)
      return { answer: { kind: 'mailboxes', ...checked } }
    },
    async deposit({ mailbox, blob }: RequestOf<'deposit'>): Promise<Outcome> {
      if (!bound.has(mailbox)) return refused('denied')
      if (blob.length > BLOB_BYTES_MAX) return refused('too-large')
      const id = blobIdOf(hash(blob))
      const quota = { blobs: MAILBOX_BLOBS_MAX, bytes: MAILBOX_BYTES_MAX }
      const expires = clock() + BLOB_MS_MAX
      const outcome = await share.keep(
        { place: `mailbox ${mailbox}`, size: blob.length, until: expires },
        () => storage.deposit({ mailbox, id, blob, expires, quota }),
        (deposited) => deposited.kind === 'stored' && deposited.fresh,
      )
      if (!outcome) return shareUsedUp(ports)
      if (outcome.kind !== 'stored') return refused(outcome.kind)
      const time = clock()
      const signature = ports.sign(depositedStatement(mailbox, id, time))
      const after = (): void => owners.get(mailbox)?.stored(mailbox, { seq: outcome.seq, id, blob })
      return { answer: { kind: 'deposited', time, signature }, ...(outcome.fresh ? { after } : {}) }
    },
    async acknowledge({ mailbox, blobs }: RequestOf<'acknowledge'>): Promise<Outcome> {
      if (!opened.has(mailbox)) return refused('denied')
      try {
        share.free(`mailbox ${mailbox}`, await storage.deleteBlobs({ mailbox, blobs }))
        return DONE
      } finally {
        // Blobs that could not be deleted are pushed again on the next stream; this one goes on.
        window.acknowledged(mailbox, blobs)
      }
    },
    resume: () => window.resume(),
    close(): void {
      for (const mailbox of opened) if (owners.get(mailbox) === window) owners.delete(mailbox)
      window.close()
    },
  }
}

type Proofs = {
  readonly proofs: readonly MailboxProof[]
  readonly challenge: Uint8Array
  readonly statement: Statement
  readonly keyOf: (keys: MailboxKeys) => Uint8Array
}

async function checkProofs(ports: Ports, { proofs, challenge, statement, keyOf }: Proofs): Promise<Checked> {
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
