// A mailbox with its two keys, and the requests and proofs that go with it. For tests and measurements.

import { mailboxCloseStatement, mailboxIdOf, mailboxReadStatement, mailboxSendStatement } from '@kith/protocol'
import { randomBytes } from 'node:crypto'
import { toRelayKey } from '../src/key.ts'
import type { BlobId, MailboxId, MailboxProof, RelayAnswer, RelayRequest, RelayRequestOf, Verdict } from '@kith/protocol'

/** A relay's key and the challenge of one stream. */
export type Greeting = { readonly key: Uint8Array; readonly challenge: Uint8Array }
export type MailboxKit = {
  readonly mailbox: MailboxId
  readonly create: Extract<RelayRequest, { kind: 'create-mailbox' }>
  readProof(greeting: Greeting): MailboxProof
  sendProof(greeting: Greeting): MailboxProof
  closeProof(greeting: Greeting): MailboxProof
}

export function createMailboxKit(): MailboxKit {
  const mailbox = mailboxIdOf(new Uint8Array(randomBytes(32)))
  // OpenSSL's Ed25519, so that a measurement is not one of its clients.
  const read = toRelayKey(new Uint8Array(randomBytes(32)))
  const send = toRelayKey(new Uint8Array(randomBytes(32)))
  return {
    mailbox,
    create: { kind: 'create-mailbox', mailbox, readKey: read.publicKey, sendKey: send.publicKey },
    readProof: ({ key, challenge }) => ({ mailbox, signature: read.sign(mailboxReadStatement(key, challenge, mailbox)) }),
    closeProof: ({ key, challenge }) => ({ mailbox, signature: read.sign(mailboxCloseStatement(key, challenge, mailbox)) }),
    sendProof: ({ key, challenge }) => ({ mailbox, signature: send.sign(mailboxSendStatement(key, challenge, mailbox)) }),
  }
}

export const depositOf = (mailboxes: MailboxId | readonly MailboxId[], ...blobs: readonly Uint8Array[]): RelayRequestOf<'deposit'> => ({
  kind: 'deposit',
  deposits: blobs.map((blob) => ({ mailboxes: [mailboxes].flat(), blob })),
})
/** With something for a person in it. */
export const messageFor = (mailbox: MailboxId, ...blobs: readonly Uint8Array[]): RelayRequestOf<'deposit'> => ({
  kind: 'deposit',
  deposits: blobs.map((blob) => ({ mailboxes: [mailbox], blob, wakes: true })),
})
export const acknowledgementOf = (mailbox: MailboxId, blobs: readonly BlobId[]): RelayRequestOf<'acknowledge'> => ({
  kind: 'acknowledge',
  stored: [{ mailbox, blobs }],
})

/** Each mailbox's verdict, where an answer has some; else the answer. */
export function verdictsIn(answer: RelayAnswer): readonly (Verdict | RelayAnswer)[] {
  if (answer.kind === 'deposited') return answer.verdicts.flat()
  return answer.kind === 'acknowledged' ? answer.verdicts : [answer]
}

/** The kind of answer, or the reasons of what was refused, in order. */
export function shortOf(answer: RelayAnswer): string {
  const reasons = verdictsIn(answer).flatMap((verdict) => (verdict.kind === 'refused' ? [verdict.reason] : []))
  return reasons.length === 0 ? answer.kind : reasons.join()
}

export const randomBlob = (length = 1_064): Uint8Array => new Uint8Array(randomBytes(length))
