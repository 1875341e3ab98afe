import { expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { CONVERSATION, createAuthor, NOW, write } from '../../test/fixtures/feeds.ts'
import { decode, encode } from '../bytes/codec.ts'
import { accountIdOf } from '../bytes/ids.ts'
import { timelineRow } from '../conversation/timeline-row.ts'
import { createConversation } from '../conversation/state.ts'
import { hash } from '../crypto/hash.ts'
import { bodyKeyOf, bucketFor, commitmentOf, SALT_BYTES, sealBody } from '../log/body.ts'
import { entryIdOfHeader } from '../log/entry.ts'
import { createLog } from '../log/log.ts'
import { orderKeyOf } from '../log/order.ts'
import { entryHeader } from '../wire/entry.ts'
import { acceptEntry } from './opening.ts'
import { createDraft } from './draft.ts'
import { keptKeysOf } from './stored-body.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { Draft, Env } from './draft.ts'

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
    chains: new Map(),
    bodyKeys: new Map([[bob.device, new Map([[id, bodyKeyOf(header, messageKey)]])]]),
  }
  const state = partialState({
    self: { account, device: { id: alice.device } },
    conversations: new Map([[CONVERSATION, conversation]]),
    peers: new Map([[bob.device, { account: accountIdOf(hash(new Uint8Array(2))) }]]),
  })
  return createDraft(state, { now: NOW as Env['now'], random: () => new Uint8Array(0) })
}

const keysLeft = (draft: Draft): number | undefined => draft.state.conversations.get(CONVERSATION)?.bodyKeys.get(bob.device)?.size
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
  expect(shown(draft).at(-1)).toEqual({ kind: 'unreadable', why: 'newer' })
})
