import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { CONVERSATION, createAuthor, createReceiver, NOW, write } from '../../../test/fixtures/feeds.ts'
import { decode, encode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { accountIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { createConversation } from '../../conversation/state.ts'
import { hash } from '../../crypto/hash.ts'
import { bodyKeyOf, bucketFor, sealBody } from '../../log/body.ts'
import { commitmentOf, SALT_BYTES } from '../../log/kept-body.ts'
import { entryIdOfHeader } from '../../log/entry.ts'
import { createLog } from '../../log/log.ts'
import { orderKeyOf } from '../../log/order.ts'
import { entryHeader } from '../../wire/entry.ts'
import { createInviteSecret, inviteSecretsOf, joinProof } from '../../invite/secrets.ts'
import { acceptEntry, readAgain } from './opening.ts'
import { withConversation } from '../change.ts'
import { createDraft } from '../draft.ts'
import { NO_DELIVERY } from '../state.ts'
import { keptKeysOf } from '../rows/stored-body.ts'
import { NOTHING_HANDED } from './handed.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { Draft, Env } from '../draft.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Content } from '../../wire/content.ts'
import type { InputOf } from '../input.ts'
import type { Conversation } from '../state.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const account = accountIdOf(hash(new Uint8Array(1)))
const messageKey = new Uint8Array(32).fill(3)

/** An entry of Bob's that says these bytes. */
function entryOf(contentBytes: Uint8Array): AcceptedEntry & { readonly body: Uint8Array } {
  const salt = new Uint8Array(SALT_BYTES)
  const open = { ...write(bob).header, bucket: bucketFor(contentBytes.length), commitment: commitmentOf(salt, contentBytes) }
  const body = sealBody(open, { contentBytes, salt, messageKey })
  const header = { ...open, bodyHash: hash(body) }
  const headerBytes = encode(entryHeader, header)
  const id = entryIdOfHeader(headerBytes)
  const order = { time: NOW, depth: 0 }
  return { id, header, headerBytes, signature: undefined, body, order, orderKey: orderKeyOf(order, id) }
}

/** Alice, who holds the key of one body of Bob's and no chain of his. */
function holding({ id, header }: AcceptedEntry): Draft {
  const conversation = {
    id: CONVERSATION,
    log: createLog(CONVERSATION),
    view: createConversation({ conversation: CONVERSATION, self: account, device: alice.device }),
    chains: IdMap.empty(),
    bodyKeys: IdMap.of([[bob.device, new Map([[id, bodyKeyOf(header, messageKey)]])]]),
  }
  const state = partialState({
    self: { account, device: { id: alice.device } },
    conversations: new Map([[CONVERSATION, conversation]]),
    handed: NOTHING_HANDED,
    peers: new Map([[bob.device, { account: accountIdOf(hash(new Uint8Array(2))) }]]),
  })
  return createDraft(state, { now: NOW as Env['now'], random: () => new Uint8Array(0) })
}

const keysLeft = (draft: Draft): number => draft.state.conversations.get(CONVERSATION)?.bodyKeys.get(bob.device)?.size ?? 0
const shown = (draft: Draft) =>
  draft.writes.flatMap((row) => (row.kind === 'put' && row.table === 'timeline' ? [decode(timelineRow, row.value).content] : []))

test('what a key of its own opens and only a newer version can read is kept for that version', () => {
  const entry = entryOf(Uint8Array.of(200, 1, 2, 3))
  const draft = holding(entry)
  acceptEntry(draft, CONVERSATION, entry)
  expect(shown(draft)).toEqual([{ kind: 'unreadable', why: 'newer' }])
  const { from, to } = keptKeysOf(CONVERSATION, 'newer')
  expect(draft.writes.some((row) => row.kind === 'put' && row.table === 'bodies' && row.key >= from && row.key < to)).toBe(true)
  expect(keysLeft(draft)).toBe(0)
})

test('a key that does not open what came is kept for the right body', () => {
  const entry = entryOf(Uint8Array.of(200, 1, 2, 3))
  const draft = holding(entry)
  acceptEntry(draft, CONVERSATION, { ...entry, body: entry.body.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) })
  expect(shown(draft)).toEqual([{ kind: 'unreadable', why: 'broken' }])
  expect(keysLeft(draft)).toBe(1)
  acceptEntry(draft, CONVERSATION, entry)
  // It was here before, so its line waits for what the store says of it.
  const row = { id: entry.id, content: { kind: 'unreadable', why: 'newer' } }
  expect(draft.state.conversations.get(CONVERSATION)?.view.pending).toMatchObject([{ kind: 'line', row }])
})

test('what a revoked device wrote from its cut on is not opened, and what it wrote before is', () => {
  const entry = entryOf(Uint8Array.of(200, 1, 2, 3))
  const shownWith = (end: { readonly isRevoked: boolean; readonly cuts: ReadonlyMap<ConversationId, number> } | undefined) => {
    const draft = holding(entry)
    const peers = partialState({ peers: [[bob.device, { account: accountIdOf(hash(new Uint8Array(2))), end }]] }).peers
    draft.state = { ...draft.state, peers }
    acceptEntry(draft, CONVERSATION, entry)
    return shown(draft)
  }
  const opened = [{ kind: 'unreadable', why: 'newer' }]
  const at = (seq: number): ReadonlyMap<ConversationId, number> => new Map([[CONVERSATION, seq]])
  expect(entry.header.seq).toBe(0)
  expect(shownWith(undefined)).toEqual(opened)
  expect(shownWith({ isRevoked: true, cuts: at(1) })).toEqual(opened)
  expect(shownWith({ isRevoked: true, cuts: new Map() }), 'without a cut in this conversation').toEqual(opened)
  expect(shownWith({ isRevoked: false, cuts: at(0) })).toEqual(opened)
  expect(shownWith({ isRevoked: true, cuts: at(0) })).not.toEqual(opened)
})

/** Alice after Bob has said this in a conversation of hers. */
function afterSaying(content: Content, more: Partial<Conversation> = {}): Draft {
  const entry = entryOf(Uint8Array.of(200, 1, 2, 3))
  const draft = holding(entry)
  const conversation = draft.state.conversations.get(CONVERSATION)
  if (conversation === undefined) throw new Error('no conversation')
  draft.state = withConversation(draft.state, { ...conversation, ...more } as Conversation)
  readAgain(draft, readOf(content))
  return draft
}

/** What Bob had written says this after all. */
const readOf = (content: Content): InputOf<'read-again'> => ({
  kind: 'read-again',
  conversation: CONVERSATION,
  entry: entryOf(Uint8Array.of(200, 1, 2, 3)),
  content,
  kept: { salt: new Uint8Array(SALT_BYTES), content: new Uint8Array(1) } as never,
})
const refusalsOf = ({ effects }: Draft) =>
  effects.flatMap((effect) => (effect.kind === 'refused' ? [`${effect.what} ${effect.reason}`] : []))

test('somebody joins by the token of the invite only, for the account that showed it', () => {
  const secret = createInviteSecret((length) => new Uint8Array(length).fill(7))
  const { token } = inviteSecretsOf(secret)
  const bobs = accountIdOf(hash(new Uint8Array(2)))
  const join = (proof: Uint8Array): Content => ({ kind: 'join', account: bobs, deviceList: new Uint8Array(32), proof })
  const invite = { status: 'open', secret, inbox: { keys: { mailbox: mailboxIdOf(new Uint8Array(32)) } } } as Conversation['invite']
  const proven = afterSaying(join(joinProof(token, bobs)), { invite })
  expect([shown(proven), refusalsOf(proven)]).toEqual([[{ kind: 'joined' }], []])
  // Only whoever invited can judge it.
  expect(shown(afterSaying(join(new Uint8Array(32)), { invite: undefined }))).toEqual([{ kind: 'joined' }])
  for (const proof of [joinProof(token, account), joinProof(new Uint8Array(16), bobs), new Uint8Array(32)]) {
    const forged = afterSaying(join(proof), { invite })
    expect([shown(forged), refusalsOf(forged)]).toEqual([[], ['join proof']])
  }
})

test('only an admission of oneself opens a conversation', () => {
  const admit = (admitted: typeof account): Content => ({ kind: 'admit', account: admitted, deviceList: new Uint8Array(32) })
  const phaseAfter = (content: Content) => afterSaying(content, { phase: 'joining' }).state.conversations.get(CONVERSATION)?.phase
  expect(phaseAfter(admit(account))).toBe('open')
  expect(phaseAfter(admit(accountIdOf(hash(new Uint8Array(3)))))).toBe('joining')
  expect(phaseAfter({ kind: 'join', account, deviceList: new Uint8Array(32), proof: new Uint8Array(32) })).toBe('joining')
})

test('whoever is let in deposits once more what it gave to the mailbox of the link', () => {
  const mailbox = mailboxIdOf(new Uint8Array(32).fill(4))
  const peer = { account: accountIdOf(hash(new Uint8Array(2))), device: { id: bob.device }, outbox: { mailbox }, envelopes: [] }
  const conversation = {
    id: CONVERSATION,
    phase: 'joining',
    log: createReceiver([alice, bob]).log,
    view: createConversation({ conversation: CONVERSATION, self: account, device: alice.device }),
    delivery: IdMap.of([[bob.device, { ...NO_DELIVERY, atRelay: 3 }]]),
    bodyKeys: IdMap.empty(),
  }
  const draft = createDraft(
    partialState({
      self: { account, device: { id: alice.device } },
      conversations: [[CONVERSATION, conversation]],
      peers: [[bob.device, peer]],
    }),
    { now: NOW as Env['now'], random: () => new Uint8Array(0) },
  )
  readAgain(draft, readOf({ kind: 'admit', account, deviceList: new Uint8Array(32) }))
  expect(draft.state.conversations.get(CONVERSATION)?.delivery.get(bob.device)?.atRelay).toBe(0)
})

test('what was read again is not kept for a newer version any more, and nothing comes of a chat that is gone', () => {
  const said: Content = { kind: 'text', text: 'at last' }
  const { from, to } = keptKeysOf(CONVERSATION, 'newer')
  const deleted = afterSaying(said).writes.filter((row) => row.kind === 'delete' && row.table === 'bodies')
  expect(deleted).toHaveLength(1)
  expect(deleted.every((row) => 'key' in row && row.key >= from && row.key < to)).toBe(true)
  const gone = createDraft(partialState({}), { now: NOW as Env['now'], random: () => new Uint8Array(0) })
  readAgain(gone, readOf(said))
  expect([gone.writes, gone.effects]).toEqual([[], []])
})
