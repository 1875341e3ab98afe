// Whose mailbox is whose, and how long anybody listens to that of a link.

import { describe, expect, test } from 'vitest'
import { createAuthor, createReceiver } from '../../../test/fixtures/feeds.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { conversationIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { inboxAt, inboxesOf, isInviteMailbox, mailboxesOf, outboxesOf, outboxFor, senderOf } from './inboxes.ts'
import { NO_DELIVERY } from '../state.ts'
import type { Source } from '../input.ts'
import type { Conversation, NodeState, Peer } from '../state.ts'

const [alice, bob, mallory] = [createAuthor('alice'), createAuthor('bob'), createAuthor('mallory')]
const id = conversationIdOf(new Uint8Array(32).fill(1))
const mailbox = (fill: number) => mailboxIdOf(new Uint8Array(32).fill(fill))
const [bobs, links, theirs, elsewhere] = [mailbox(1), mailbox(2), mailbox(3), mailbox(4)]
const inboxOf = (at: typeof bobs) => ({ keys: { mailbox: at }, registered: true })
const ADMITTED = 5

/** Alice, who invited to a chat by a link. Bob is a contact; he has shown that he has so many of her entries. */
function aliceWith(
  invite: object,
  { announced = 0, contacts = [bob] }: { readonly announced?: number; readonly contacts?: readonly (typeof bob)[] } = {},
) {
  return partialState({
    self: { device: { id: alice.device } },
    peers: contacts.map(({ device }) => [device, { device: { id: device }, inbox: inboxOf(bobs), outbox: { mailbox: theirs } }]),
    conversations: [
      [
        id,
        {
          id,
          phase: 'inviting',
          log: createReceiver([alice, bob], id).log,
          delivery: IdMap.of([[bob.device, { ...NO_DELIVERY, announced }]]),
          invite: { inbox: inboxOf(links), ...invite },
        },
      ],
    ],
  })
}
const open = { status: 'open' }
const used = { status: 'used', guest: bob.device, admitted: ADMITTED, ends: {} }
const at = (where: typeof bobs): Source => ({ kind: 'mailbox', relay: '', mailbox: where, blob: new Uint8Array(0) })
const linkOf = (device: typeof bob.device): Source => ({ kind: 'link', device, frame: new Uint8Array(0) })

describe('what comes', () => {
  test('in the mailbox of a contact, or on a link of one, is of that contact', () => {
    const state = aliceWith(open)
    expect([at(bobs), linkOf(bob.device)].map((source) => senderOf(state, source))).toEqual([bob.device, bob.device])
    expect([linkOf(mallory.device), at(elsewhere)].map((source) => senderOf(state, source))).toEqual([undefined, undefined])
  })

  test('in the mailbox of an invite is of nobody until somebody came by it, and then of that guest while it is a contact', () => {
    const senderIn = (state: NodeState) => senderOf(state, at(links))
    expect(senderIn(aliceWith(open))).toBeUndefined()
    expect(senderIn(aliceWith({ status: 'revoked', ends: {} }))).toBeUndefined()
    expect(senderIn(aliceWith(used))).toBe(bob.device)
    expect(senderIn(aliceWith(used, { contacts: [] }))).toBeUndefined()
  })

  test('in the mailbox of an invite may be by anybody with the link, whoever came by it', () => {
    for (const invite of [open, used])
      expect([at(links), at(bobs), linkOf(bob.device)].map((source) => isInviteMailbox(aliceWith(invite), source))).toEqual([
        true,
        false,
        false,
      ])
  })
})

describe('the mailbox of an invite is listened to', () => {
  const isListened = (state: NodeState): boolean => {
    const answers = [
      inboxAt(state, links) !== undefined,
      inboxesOf(state).some(({ keys }) => keys.mailbox === links),
      mailboxesOf(state, id).some((one) => one !== undefined),
    ]
    expect(new Set(answers).size, 'asked in three ways').toBe(1)
    return answers[0] === true
  }

  test('while somebody may come by it, and until its relay knows that nobody can', () => {
    expect(isListened(aliceWith(open))).toBe(true)
    for (const status of ['revoked', 'expired']) {
      expect(isListened(aliceWith({ status, ends: {} }))).toBe(true)
      expect(isListened(aliceWith({ status, ends: undefined }))).toBe(false)
    }
  })

  test('until its guest has the word that let it in, and not without a guest to hear', () => {
    expect(isListened(aliceWith(used, { announced: ADMITTED }))).toBe(true)
    expect(isListened(aliceWith(used, { announced: ADMITTED + 1 }))).toBe(false)
    expect(isListened(aliceWith(used, { contacts: [] }))).toBe(false)
    expect(isListened(aliceWith({ ...used, guest: undefined }))).toBe(false)
    expect(isListened(aliceWith({ ...used, admitted: undefined }))).toBe(false)
  })

  test('and that of a contact always is', () => {
    const state = aliceWith({ status: 'expired', ends: undefined })
    expect(inboxAt(state, bobs)).toEqual(inboxOf(bobs))
    expect(inboxesOf(state)).toEqual([inboxOf(bobs)])
    expect(inboxAt(state, elsewhere)).toBeUndefined()
    expect(mailboxesOf(state, conversationIdOf(new Uint8Array(32).fill(9)))).toEqual([])
  })
})

describe('what is written in a chat goes', () => {
  const peer = { outbox: { mailbox: theirs } } as Peer
  const invitation = { grant: { mailbox: links } }
  const conversationIn = (phase: Conversation['phase']) => ({ id, phase, log: { feeds: new Map() }, invitation }) as unknown as Conversation

  test('to the mailbox of the link until the founder has let one in, and then to its own', () => {
    expect(outboxFor(conversationIn('joining'), peer)?.mailbox).toBe(links)
    for (const phase of ['open', 'inviting', 'invited'] as const) expect(outboxFor(conversationIn(phase), peer)?.mailbox).toBe(theirs)
  })

  test('to mailboxes that are each bound once, that of a link while it is the way', () => {
    const outboxesIn = (phase: Conversation['phase'], others: readonly (typeof bobs)[]) =>
      outboxesOf(
        partialState({
          peers: others.map((where, index) => [mailbox(20 + index), { device: { id: mailbox(20 + index) }, outbox: { mailbox: where } }]),
          conversations: [[id, conversationIn(phase)]],
        }),
      ).map((grant) => grant.mailbox)
    expect(outboxesIn('joining', [theirs, links, theirs])).toEqual([theirs, links])
    expect(outboxesIn('joining', [theirs])).toEqual([theirs, links])
    for (const phase of ['open', 'invited'] as const) expect(outboxesIn(phase, [theirs])).toEqual([theirs])
  })
})
