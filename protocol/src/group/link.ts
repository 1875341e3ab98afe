// What a group's link is made of (docs/protocol.md §12.6): from the secret in it follow where a request to be let in is left and how it is sealed, and the
// key whose proof lets any member let somebody in. What reads the mailbox there is known to members alone.

import { fromHex } from '../bytes/bytes.ts'
import { mailboxIdOf } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { sign, signingKeyOf, verify } from '../crypto/sign.ts'
import { grantOf } from '../mailbox/keys.ts'
import type { AccountId, ConversationId } from '../bytes/ids.ts'
import type { MailboxKeys } from '../mailbox/keys.ts'
import type { LinkGrant } from '../membership/types.ts'
import type { Random } from '../ports.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'

const part = (secret: Uint8Array, name: string): Uint8Array => derive(secret, new Uint8Array(0), `kith/1/group-link-${name}`, 32)

type LinkTerms = Pick<LinkGrant, 'relay' | 'second' | 'expires' | 'uses'>

export function createLinkGrant(random: Random, { relay, second, expires, uses }: LinkTerms): LinkGrant {
  const [secret, place] = [random(16), random(32)]
  return { key: signingKeyOf(part(secret, 'key')), expires, uses, secret, place, relay, second }
}

/** The mailbox of a link as members know it. */
export const deskOf = ({ secret, place, relay }: Pick<LinkGrant, 'secret' | 'place' | 'relay'>): MailboxKeys => ({
  relay,
  mailbox: mailboxIdOf(part(secret, 'mailbox')),
  readSeed: place,
  sendSeed: part(secret, 'send'),
  sealKey: part(secret, 'seal'),
})

/** As whoever has the link knows it. */
export const grantOfLink = (secret: Uint8Array, relay: RelayAddress): MailboxGrant =>
  grantOf(deskOf({ secret, place: new Uint8Array(32), relay }))

const statementOf = (conversation: ConversationId, account: AccountId): Uint8Array =>
  labelHash('kith/1/let-in', fromHex(conversation), fromHex(account))

/** Shows that whoever is let in had the link. */
export const linkProof = (secret: Uint8Array, conversation: ConversationId, account: AccountId): Uint8Array =>
  sign(part(secret, 'key'), statementOf(conversation, account))

type Shown = { readonly conversation: ConversationId; readonly account: AccountId; readonly proof: Uint8Array }

export const isLinkProof = ({ key }: Pick<LinkGrant, 'key'>, { conversation, account, proof }: Shown): boolean =>
  verify(key, statementOf(conversation, account), proof)
