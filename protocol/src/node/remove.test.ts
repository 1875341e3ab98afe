import { expect, test } from 'vitest'
import { deviceIdOf, toUnixMs } from '../bytes/ids.ts'
import { createSeeded } from '../../test/simulation/seeded.ts'
import { createLog } from '../log/log.ts'
import { NO_CLAIM } from '../wire/receipt.ts'
import { withConversation } from './change.ts'
import { createNode } from './create-node.ts'
import { dutiesOf } from '../../test/fixtures/duties.ts'
import { isUntouched } from './remove.ts'
import { momentAt } from './state.ts'
import { step } from './step.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { DirectLink, NodeState } from './state.ts'

const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(1).bytes }
const relay = { key: new Uint8Array(32).fill(1), url: 'wss://relay.example' }
const bob = deviceIdOf(new Uint8Array(32).fill(2))

function founded(): { readonly state: NodeState; readonly id: ConversationId } {
  const { state } = step(createNode(env), { kind: 'create', relay, text: 'hello', ref: 'r' }, env)
  const [id] = state.conversations.keys()
  if (id === undefined) throw new Error('no conversation')
  return { state, id }
}

const linkOwing = (id: ConversationId): DirectLink => ({
  serial: 1,
  isAnnounced: true,
  sent: new Map([[id, 3]]),
  owed: new Map([[id, [{ device: bob, from: 0, to: 1 }]]]),
  served: new Map([[id, { since: 0, times: 0, ranges: [] }]]),
  haveDue: new Set([id]),
  told: new Map([[id, createLog(id)]]),
  receipts: new Map([[id, { claim: NO_CLAIM, at: 0 }]]),
  envelopes: new Set(),
  unconfirmed: new Map([[id, 0]]),
})

test('a link has nothing to say about a removed conversation any more', () => {
  const { state, id } = founded()
  const linked = { ...state, net: { ...state.net, links: new Map<DeviceId, DirectLink>([[bob, linkOwing(id)]]) } }
  expect(dutiesOf(linked, momentAt(env.now)).map(({ kind }) => kind)).toContain('tell')
  const { state: after } = step(linked, { kind: 'remove', conversation: id, when: 'always' }, env)
  expect(dutiesOf(after, momentAt(env.now))).toEqual([])
  const { haveDue, sent, owed, served, unconfirmed, told, receipts } = after.net.links.get(bob) ?? linkOwing(id)
  for (const left of [haveDue, sent, owed, served, unconfirmed, told, receipts]) expect(left.size).toBe(0)
})

test('an invite that was shared is missed by somebody', () => {
  const { state } = step(createNode(env), { kind: 'create', relay, text: undefined, ref: 'r' }, env)
  const [made] = state.conversations.values()
  if (made?.invite === undefined) throw new Error('no invite')
  expect(isUntouched(made)).toBe(true)
  expect(isUntouched({ ...made, invite: { ...made.invite, isUntouched: false } })).toBe(false)
})

test('a spare invite serves again at the relay that it waits at, named as it is', () => {
  const { state } = step(createNode(env), { kind: 'create', relay, text: undefined, ref: '1' }, env)
  const [spare] = state.conversations.keys()
  const chatsWith = (home: typeof relay): number =>
    step(state, { kind: 'create', relay: home, text: undefined, ref: '2', spare }, env).state.conversations.size
  expect(chatsWith(relay)).toBe(1)
  expect(chatsWith({ ...relay, key: new Uint8Array(32).fill(9) })).toBe(2)
  expect(chatsWith({ ...relay, url: 'wss://relay.example:444' })).toBe(2)
})

test('somebody who came in the last moment keeps the chat from going by itself', () => {
  const { state, id } = founded()
  const gone = step(state, { kind: 'remove', conversation: id, when: 'unanswered' }, env).state
  expect(gone.conversations.has(id)).toBe(false)
  const [made] = state.conversations.values()
  if (made === undefined) throw new Error('no conversation')
  const joined = withConversation(state, { ...made, phase: 'open' })
  expect(step(joined, { kind: 'remove', conversation: id, when: 'unanswered' }, env).state).toBe(joined)
})

test('rows are erased once, and not those of a conversation that nobody removed', () => {
  const { state, id } = founded()
  expect(step(state, { kind: 'erase', conversation: id, refs: ['r'], expiries: ['e'] }, env).writes).toEqual([])
  const removed = step(state, { kind: 'remove', conversation: id, when: 'always' }, env).state
  const erased = step(removed, { kind: 'erase', conversation: id, refs: ['r'], expiries: ['e'] }, env)
  expect(erased.writes).toContainEqual({ kind: 'delete', table: 'sent', key: 'r' })
  expect(step(erased.state, { kind: 'erase', conversation: id, refs: ['r'], expiries: ['e'] }, env).writes).toEqual([])
})
