import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createAuthor, NOW } from '../../../test/fixtures/feeds.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { accountIdOf, conversationIdOf, entryIdOf } from '../../bytes/ids.ts'
import { createConversation } from '../../conversation/state.ts'
import { hash } from '../../crypto/hash.ts'
import { NO_CLAIM } from '../../wire/receipt.ts'
import { addFeed, createLog, withFeed } from '../../log/log.ts'
import { agreesOn, branchesNamed, leftFor } from './reach.ts'
import { tickOf } from './receipts.ts'
import { NO_DELIVERY } from '../state.ts'
import type { Feed } from '../../log/log.ts'
import type { Conversation, NodeState } from '../state.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const accountNumber = (at: number) => accountIdOf(hash(Uint8Array.of(at)))
const [self, other] = [accountNumber(1), accountNumber(2)]
const id = conversationIdOf(hash(Uint8Array.of(3)))
const entryNumber = (at: number) => entryIdOf(hash(Uint8Array.of(4, at)))
const tip = (seq: number, at = seq) => ({ seq, id: entryNumber(at), order: { time: NOW, depth: seq } })
const DISPUTED = 3

/** Alice, whose feed has these branches and is in dispute from 3 on, after Bob said that he has and has read the first six. */
function afterReceipt(tips: Feed['tips'], branches: number, atRelay = 0): { state: NodeState; conversation: Conversation } {
  const both = [alice, bob].reduce((log, author) => addFeed(log, author), createLog(id))
  const fork = tips.length > 1 ? { seq: DISPUTED, ids: [entryNumber(3), entryNumber(30)] as const, proof: undefined } : undefined
  const log = withFeed(both, { ...(both.feeds.get(alice.device) as Feed), tips, fork })
  const view = { ...createConversation({ conversation: id, self, device: alice.device }), founder: other }
  const claim = { ...NO_CLAIM, delivered: 6, read: 6 }
  const delivery = IdMap.of([[bob.device, { ...NO_DELIVERY, announced: 6, branches, atRelay, claim }]])
  const conversation = { id, log, view, delivery } as unknown as Conversation
  const state = partialState({
    self: { account: self, device: { id: alice.device } },
    conversations: new Map([[id, conversation]]),
    peers: new Map([[bob.device, { account: other, device: { id: bob.device } }]]),
  })
  return { state, conversation }
}

describe('a receipt', () => {
  test('confirms the numbers that it names where the own feed has one branch', () => {
    const { state, conversation } = afterReceipt([tip(5)], 1)
    expect(agreesOn(conversation, alice.device, bob.device)).toBe(6)
    expect([0, 5, 6].map((seq) => tickOf(state, conversation, seq))).toEqual(['read', 'read', undefined])
  })

  test('confirms nothing from the disputed number on while they have named one branch of two', () => {
    const { state, conversation } = afterReceipt([tip(4, 40), tip(5)], 1)
    expect(agreesOn(conversation, alice.device, bob.device)).toBe(DISPUTED)
    expect([DISPUTED - 1, DISPUTED, 5].map((seq) => tickOf(state, conversation, seq))).toEqual(['read', undefined, undefined])
    expect(leftFor(conversation, alice.device, bob.device), 'and they are sent').toBe(DISPUTED)
  })

  test('confirms again what it names once they have named every branch', () => {
    const { state, conversation } = afterReceipt([tip(4, 40), tip(5)], 2)
    expect(agreesOn(conversation, alice.device, bob.device)).toBe(6)
    expect([0, 5, 6].map((seq) => tickOf(state, conversation, seq))).toEqual(['read', 'read', undefined])
  })

  test('does not take back what the relay holds', () => {
    const { conversation } = afterReceipt([tip(4, 40), tip(5)], 1, 4)
    expect(leftFor(conversation, alice.device, bob.device)).toBe(4)
  })
})

test('branches count as named when the tips of all of them were, and not before', () => {
  const { log } = afterReceipt([tip(4, 40), tip(5)], 1).conversation
  const named = (...numbers: readonly number[]): number => branchesNamed(log, alice.device, { named: numbers.map(entryNumber), before: 1 })
  expect(named(40, 5)).toBe(2)
  expect(named(5)).toBe(1)
  expect(named(40)).toBe(1)
  expect(named(40, 3)).toBe(1)
})
