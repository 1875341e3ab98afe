import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createAuthor, createReceiver, deliver, NOW, signed, write } from '../../../test/fixtures/feeds.ts'
import { haveOf } from '../../../test/fixtures/have.ts'
import { accountIdOf, conversationIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { createConversation } from '../../conversation/state.ts'
import { hash } from '../../crypto/hash.ts'
import { headsOf } from '../../log/log.ts'
import { createDraft } from '../draft.ts'
import { learnHave } from './have.ts'
import { servedBy } from './serve.ts'
import { NO_DELIVERY, NOTHING_YET } from '../state.ts'
import { NO_NET } from '../net.ts'
import type { Author } from '../../../test/fixtures/feeds.ts'
import type { Draft, Env } from '../draft.ts'
import type { Source } from '../input.ts'

const [alice, bob, carol, mallory] = ['alice', 'bob', 'carol', 'mallory'].map(createAuthor) as [Author, Author, Author, Author]
const account = accountIdOf(hash(Uint8Array.of(1)))
const withBob = conversationIdOf(hash(Uint8Array.of(2)))
const unknown = conversationIdOf(hash(Uint8Array.of(3)))
const source: Source = { kind: 'mailbox', relay: 'relay', mailbox: mailboxIdOf(hash(Uint8Array.of(4))), blob: new Uint8Array(0) } as never

/** Alice, who has written three entries to Bob and has three of Carol's there; Mallory is a contact of hers elsewhere. */
function aliceBefore(): Draft {
  const written = [alice, carol].flatMap((author) => {
    const first = write(author, { conversation: withBob })
    const second = write(author, { conversation: withBob, after: first })
    return [first, second, write(author, { conversation: withBob, after: second })]
  })
  const { receiver } = deliver(createReceiver([alice, bob, carol], withBob), written.map(signed))
  const conversation = {
    ...NOTHING_YET,
    id: withBob,
    founder: account,
    log: receiver.log,
    view: createConversation({ conversation: withBob, self: account, device: alice.device }),
    chain: { chain: '', step: 0 },
  }
  const peer = (author: Author) => [author.device, { account, device: { id: author.device }, envelopes: [] }] as const
  const state = partialState({
    self: { account, device: { id: alice.device } },
    conversations: new Map([[withBob, conversation]]),
    peers: new Map([peer(bob), peer(carol), peer(mallory)]),
    net: NO_NET,
  })
  return createDraft(state, { now: NOW as Env['now'], random: () => new Uint8Array(32) })
}

const says = (draft: Draft, device: typeof bob.device, conversation = withBob): void =>
  learnHave(draft, { device, source, have: [haveOf(conversation)], lookups: new Map() })
const owed = (draft: Draft, device: typeof bob.device) => draft.state.conversations.get(withBob)?.delivery.get(device)?.owed

describe('who says what it has', () => {
  test('is owed what it lacks of feeds in a conversation that it takes part in', () => {
    const draft = aliceBefore()
    says(draft, bob.device)
    expect(owed(draft, bob.device)).toEqual([{ device: carol.device, from: 0, to: 2 }])
    expect(draft.effects.filter(({ kind }) => kind === 'refused')).toEqual([])
  })

  test.each([
    ['of others', withBob],
    ['that nobody knows', unknown],
  ])('gets nothing of a conversation %s, and changes nothing', (_whose, conversation) => {
    const draft = aliceBefore()
    const before = draft.state
    says(draft, mallory.device, conversation)
    expect(draft.state).toBe(before)
    expect(draft.effects).toEqual([{ kind: 'refused', what: 'have', reason: 'unknown-conversation' }])
  })

  test('in part is owed what it lacks of the feeds that it speaks of, and goes on having what it said of the others', () => {
    const part = (draft: Draft, seq: number): Draft => {
      const [head] = headsOf(draft.state.conversations.get(withBob)?.log ?? expect.fail('no log'), [carol.device])
      const heads = head === undefined ? [] : [{ ...head, seq }]
      learnHave(draft, { device: bob.device, source, have: [{ ...haveOf(withBob, heads), isWhole: false }], lookups: new Map() })
      return draft
    }
    const known = aliceBefore()
    const held = { ...NO_DELIVERY, held: 2, deposited: 2 }
    const conversation = known.state.conversations.get(withBob) ?? expect.fail('no conversation')
    known.state = {
      ...known.state,
      conversations: known.state.conversations.with(withBob, { ...conversation, delivery: conversation.delivery.with(bob.device, held) }),
    }
    expect(owed(part(known, 2), bob.device)).toEqual([])
    expect(known.state.conversations.get(withBob)?.delivery.get(bob.device)).toMatchObject({ held: 2, deposited: 2 })
  })

  test('is owed what it was given once more only after a while', () => {
    const given = aliceBefore()
    says(given, bob.device)
    const ranges = owed(given, bob.device) ?? []
    servedBy(given, bob.device, { id: withBob, ranges })
    const after = (ms: number): Draft => createDraft(given.state, { ...given.env, now: (NOW + ms) as Env['now'] })
    for (const [ms, again] of [
      [0, []],
      [4_999, []],
      [5_000, ranges],
    ] as const) {
      const draft = after(ms)
      says(draft, bob.device)
      expect(owed(draft, bob.device)).toEqual(again)
    }
  })
})
