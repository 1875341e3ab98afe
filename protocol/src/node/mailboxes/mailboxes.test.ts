import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { createDraft } from '../draft.ts'
import { leave, mailboxesBound, mailboxesOpened, visit } from './mailboxes.ts'
import { NO_NET } from '../state.ts'

const NOW = toUnixMs(1_800_000_000_000)
const relay = '03'.repeat(32)
const mailbox = (fill: number) => mailboxIdOf(new Uint8Array(32).fill(fill))
const session = { serial: 1, challenge: undefined, opened: new Set(), bound: new Set(), checks: new Map(), refused: new Map() }
const inbox = (fill: number) => ({ keys: { mailbox: mailbox(fill) }, registered: true })
const peers = [1, 2].map((fill) => [mailbox(fill), { device: { id: mailbox(fill) }, inbox: inbox(fill) }] as const)
const state = partialState({ peers, net: { ...NO_NET, relays: new Map([[relay, session]]) } })

test.each([
  { kind: 'mailboxes-opened', hear: mailboxesOpened, done: 'opened' },
  { kind: 'mailboxes-bound', hear: mailboxesBound, done: 'bound' },
] as const)('of $kind nothing counts that the relay was not asked about', ({ kind, hear, done }) => {
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  const answer = { kind: 'mailboxes', accepted: [mailbox(3), mailbox(4)], refused: [mailbox(1), mailbox(2)] } as const
  hear(draft, { kind, relay, session: 1, asked: [mailbox(1), mailbox(3)], answer } as never)
  const after = draft.state.net.relays.get(relay)
  expect([...(after?.[done] ?? [])]).toEqual([mailbox(3)])
  expect([...(after?.refused ?? [])]).toEqual([[mailbox(1), NOW]])
  const registered = [...draft.state.peers.values()].map((peer) => peer.inbox?.registered)
  expect(registered).toEqual([kind === 'mailboxes-bound', true])
})

test('an answer that came on a stream before this one changes nothing', () => {
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  const answer = { kind: 'mailboxes', accepted: [], refused: [mailbox(1)] } as const
  mailboxesOpened(draft, { kind: 'mailboxes-opened', relay, session: 0, asked: [mailbox(1)], answer })
  expect(draft.state).toBe(state)
})

test('a relay that two links led to is left when both have been opened', () => {
  const draft = createDraft(state, { now: NOW, random: () => new Uint8Array(0) })
  const [one, other] = ['wss://one.example', 'wss://other.example'].map((url) => ({ key: new Uint8Array(32).fill(3), url })) as [
    never,
    never,
  ]
  const visited = () => draft.state.net.visited
  visit(draft, { kind: 'visit', relay: one })
  visit(draft, { kind: 'visit', relay: one })
  visit(draft, { kind: 'visit', relay: other })
  leave(draft, { kind: 'leave', relay: one })
  expect(visited()).toEqual([one, other])
  leave(draft, { kind: 'leave', relay: other })
  leave(draft, { kind: 'leave', relay: other })
  expect(visited()).toEqual([one])
  leave(draft, { kind: 'leave', relay: one })
  expect(visited()).toEqual([])
})
