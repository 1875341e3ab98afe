import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../test/vectors/seeded-random.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createAuthor, createReceiver, NOW } from '../../../test/fixtures/feeds.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { chainIdOf, conversationIdOf, entryIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { hash } from '../../crypto/hash.ts'
import { createDevice } from '../../identity/device.ts'
import { OWN_CHAINS_MAX } from '../../limits.ts'
import { createPrekeys } from '../../session/prekeys.ts'
import { withConversation, withPeer } from '../change.ts'
import { createDraft } from '../draft.ts'
import { acceptItems } from './items.ts'
import { NO_DELIVERY, NOTHING_YET } from '../state.ts'
import type { PayloadItem } from '../../session/payload.ts'
import type { Draft, Env } from '../draft.ts'

const [alice, bob, mallory] = [createAuthor('alice'), createAuthor('bob'), createAuthor('mallory')]
const conversationNumber = (at: number) => conversationIdOf(hash(Uint8Array.of(1, at)))
/** Alice talks with Bob in one conversation and with Mallory in another. Of the last nobody knows. */
const [withBob, withMallory, unknown] = [conversationNumber(1), conversationNumber(2), conversationNumber(3)]

function aliceBefore(): Draft {
  const conversation = (id: typeof withBob, others: readonly (typeof alice)[]) => [
    id,
    { ...NOTHING_YET, id, log: createReceiver([alice, ...others], id).log, view: { feeds: IdMap.empty() } },
  ]
  const state = partialState({
    self: { device: { id: alice.device } },
    conversations: new Map([conversation(withBob, [bob]), conversation(withMallory, [mallory])] as never),
    peers: new Map([bob, mallory].map(({ device }) => [device, { device: { id: device } }])),
  })
  return createDraft(state, { now: NOW as Env['now'], random: (length) => new Uint8Array(length) })
}

const chain = (conversation: typeof withBob, at = 1, step = 0): PayloadItem => ({
  kind: 'chain',
  conversation,
  handout: { chain: chainIdOf(new Uint8Array(16).fill(at)), step, key: new Uint8Array(32).fill(at) },
})
const bodyKey = (conversation: typeof withBob): PayloadItem => ({
  kind: 'body-key',
  conversation,
  entry: entryIdOf(new Uint8Array(32).fill(5)),
  bodyKey: { key: new Uint8Array(32), nonce: new Uint8Array(12) },
})
const closed = (conversation: typeof withBob): PayloadItem => ({ kind: 'closed', conversation, seq: 7 })

const blobKey = (conversation: typeof withBob): PayloadItem => ({ kind: 'blob-key', conversation, key: new Uint8Array(32).fill(6) })

describe.each([
  ['a key of joint blobs', 'blob key', 'blobKeys', blobKey],
  ['a chain', 'chain', 'chains', chain],
  ['a key of one body', 'body key', 'bodyKeys', bodyKey],
  ['the word that no key will come', 'closed', 'closed', closed],
] as const)('%s', (_what, refused, where, item) => {
  test('counts in a conversation that its sender takes part in', () => {
    const draft = aliceBefore()
    acceptItems(draft, mallory.device, [item(withMallory)])
    expect(draft.state.conversations.get(withMallory)?.[where].has(mallory.device)).toBe(true)
    expect(draft.effects).toEqual([])
  })

  test.each([
    ['of others', withBob],
    ['of nobody', unknown],
  ])('counts for nothing in a conversation %s', (_whose, conversation) => {
    const draft = aliceBefore()
    const before = draft.state
    acceptItems(draft, mallory.device, [item(conversation)])
    expect(draft.state).toBe(before)
    expect(draft.effects).toEqual([{ kind: 'refused', what: refused, reason: 'unknown-conversation' }])
  })
})

describe('chains of one device', () => {
  const held = (draft: Draft): readonly number[] =>
    (draft.state.conversations.get(withBob)?.chains.get(bob.device) ?? []).map((received) =>
      Number.parseInt(received.chain.slice(0, 2), 16),
    )

  test('are kept up to the bound, and of one more the oldest goes', () => {
    const draft = aliceBefore()
    for (let at = 1; at <= OWN_CHAINS_MAX; at++) acceptItems(draft, bob.device, [chain(withBob, at)])
    expect(held(draft)).toHaveLength(OWN_CHAINS_MAX)
    acceptItems(draft, bob.device, [chain(withBob, 100)])
    expect(held(draft)).toHaveLength(OWN_CHAINS_MAX)
    expect(held(draft)).toContain(100)
    expect(held(draft)).not.toContain(1)
  })

  test('with another key under a name that is held change nothing', () => {
    const draft = aliceBefore()
    acceptItems(draft, bob.device, [chain(withBob, 1)])
    const before = draft.state
    const other = chain(withBob, 1)
    if (other.kind === 'chain') acceptItems(draft, bob.device, [{ ...other, handout: { ...other.handout, key: new Uint8Array(32) } }])
    expect(draft.state).toBe(before)
    expect(draft.effects).toHaveLength(1)
  })
})

test('of the word that no key will come the furthest counts', () => {
  const draft = aliceBefore()
  acceptItems(draft, bob.device, [{ kind: 'closed', conversation: withBob, seq: 7 }])
  acceptItems(draft, bob.device, [{ kind: 'closed', conversation: withBob, seq: 3 }])
  expect(draft.state.conversations.get(withBob)?.closed.get(bob.device)).toBe(7)
})

describe('the token of an invite', () => {
  const token = (conversation: typeof withBob): PayloadItem => ({ kind: 'token', conversation, token: new Uint8Array(16) })

  test.each([
    ['that nobody knows', unknown, []],
    ['that its sender is in already', withMallory, []],
    ['of others, who did not invite with it', withBob, [{ kind: 'refused', what: 'envelope', reason: 'token' }]],
  ])('of a conversation %s lets nobody in', (_whose, conversation, effects) => {
    const draft = aliceBefore()
    const before = draft.state
    acceptItems(draft, mallory.device, [token(conversation)])
    expect(draft.state).toBe(before)
    expect(draft.effects).toEqual(effects)
  })
})

describe('the mailbox that a contact names', () => {
  const relay = { key: new Uint8Array(32), url: '' }
  const grant = (at: number) => ({
    relay,
    mailbox: mailboxIdOf(new Uint8Array(32).fill(at)),
    sendSeed: new Uint8Array(32),
    sealKey: new Uint8Array(32),
  })
  const atRelay = (draft: Draft) => draft.state.conversations.get(withMallory)?.delivery.get(mallory.device)?.atRelay

  /** Alice, who has deposited up to 4 for Mallory, in the first mailbox. */
  function afterDeposits(): Draft {
    const draft = aliceBefore()
    const conversation = draft.state.conversations.get(withMallory)
    const peer = draft.state.peers.get(mallory.device)
    if (conversation === undefined || peer === undefined) throw new Error('Alice does not talk with Mallory')
    const delivery = IdMap.of([[mallory.device, { ...NO_DELIVERY, atRelay: 4 }]])
    return createDraft(
      withPeer(withConversation(draft.state, { ...conversation, delivery }), { ...peer, outbox: grant(1), envelopes: [] }),
      draft.env,
    )
  }

  test('is given what the last one was given and nobody confirmed, when it is another one', () => {
    const draft = afterDeposits()
    acceptItems(draft, mallory.device, [{ kind: 'mailbox', grant: grant(2) }])
    expect(atRelay(draft)).toBe(0)
  })

  test('is given nothing again when it is the same', () => {
    const draft = afterDeposits()
    acceptItems(draft, mallory.device, [{ kind: 'mailbox', grant: grant(1) }])
    expect(atRelay(draft)).toBe(4)
  })
})

test.each([
  ['of its sender, once for all times that it is said', withMallory, [1]],
  ['of others not at all: it hands chains over', withBob, []],
])('the word that chains were lost is answered in a conversation %s', (_whose, id, answers) => {
  const draft = aliceBefore()
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) throw new Error('no conversation')
  const random = seededRandom('lost')
  const prekeys = createPrekeys({ device: createDevice(random), now: NOW, random, oneTime: 0 })
  draft.state = { ...withConversation(draft.state, { ...conversation, phase: 'open' }), prekeys }
  const lost: PayloadItem = { kind: 'lost', conversation: id }
  acceptItems(draft, mallory.device, [lost, lost])
  const answered = [...draft.state.net.efforts].filter(([key]) => key.startsWith('lost/'))
  expect(answered.map(([, { checks }]) => checks)).toEqual(answers)
})
