// A mailbox with its two keys, and the requests and proofs that go with it. For tests and measurements.

import { mailboxIdOf, mailboxReadStatement, mailboxSendStatement, sign, signingKeyOf } from '@kith/protocol'
import { randomBytes } from 'node:crypto'
import type { MailboxId, MailboxProof, RelayRequest } from '@kith/protocol'

/** A relay's key and the challenge of one stream. */
export type Greeting = { readonly key: Uint8Array; readonly challenge: Uint8Array }
export type MailboxKit = {
  readonly mailbox: MailboxId
  readonly create: Extract<RelayRequest, { kind: 'create-mailbox' }>
  readProof(greeting: Greeting): MailboxProof
  sendProof(greeting: Greeting): MailboxProof
}

export function createMailboxKit(): MailboxKit {
  const mailbox = mailboxIdOf(new Uint8Array(randomBytes(32)))
  const readSeed = new Uint8Array(randomBytes(32))
  const sendSeed = new Uint8Array(randomBytes(32))
  return {
    mailbox,
    create: { kind: 'create-mailbox', mailbox, readKey: signingKeyOf(readSeed), sendKey: signingKeyOf(sendSeed) },
    readProof: ({ key, challenge }) => ({ mailbox, signature: sign(readSeed, mailboxReadStatement(key, challenge, mailbox)) }),
    sendProof: ({ key, challenge }) => ({ mailbox, signature: sign(sendSeed, mailboxSendStatement(key, challenge, mailbox)) }),
  }
}

export const randomBlob = (length = 1_064): Uint8Array => new Uint8Array(randomBytes(length))
