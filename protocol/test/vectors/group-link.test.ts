// What follows from the secret of a group's link, worked out once more with Node's own HKDF.

import { hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { mailboxIdOf } from '../../src/bytes/ids.ts'
import { signingKeyOf } from '../../src/crypto/sign.ts'
import { createLinkGrant, deskOf, grantOfLink, isLinkProof, linkProof } from '../../src/group/link.ts'
import { seededRandom } from './seeded-random.ts'
import type { AccountId, ConversationId } from '../../src/bytes/ids.ts'

const relay = { key: new Uint8Array(32).fill(1), url: 'wss://relay.example' }
const secret = Uint8Array.from({ length: 16 }, (_, at) => at)
const partOf = (name: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `kith/1/group-link-${name}`, 32))

test('a link leads to the mailbox, and has the keys, that HKDF-SHA-256 makes of its secret', () => {
  const place = new Uint8Array(32).fill(2)
  const desk = deskOf({ secret, place, relay })
  expect(desk).toEqual({
    relay,
    mailbox: mailboxIdOf(partOf('mailbox')),
    readSeed: place,
    sendSeed: partOf('send'),
    sealKey: partOf('seal'),
  })
  const { mailbox, sendSeed, sealKey } = grantOfLink(secret, relay)
  expect([mailbox, sendSeed, sealKey]).toEqual([desk.mailbox, desk.sendSeed, desk.sealKey])
})

test('its grant names the key whose proof lets in one account to one group', () => {
  const made = createLinkGrant(seededRandom('link'), { relay, second: undefined, expires: 1, uses: 1 } as never)
  const [conversation, account] = ['c'.repeat(64) as ConversationId, 'a'.repeat(64) as AccountId]
  const proof = linkProof(made.secret, conversation, account)
  expect(isLinkProof(made, { conversation, account, proof })).toBe(true)
  expect(isLinkProof(made, { conversation, account: 'b'.repeat(64) as AccountId, proof })).toBe(false)
  expect(isLinkProof(made, { conversation: 'd'.repeat(64) as ConversationId, account, proof })).toBe(false)
  expect(isLinkProof({ key: signingKeyOf(partOf('key')) }, { conversation, account, proof })).toBe(false)
  const ours = linkProof(secret, conversation, account)
  expect(isLinkProof({ key: signingKeyOf(partOf('key')) }, { conversation, account, proof: ours })).toBe(true)
  expect(toHex(made.place)).not.toBe(toHex(made.secret))
})
