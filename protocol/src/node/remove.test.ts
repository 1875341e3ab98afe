import { describe, expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { accountIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../bytes/ids.ts'
import { createSeeded } from '../../test/simulation/seeded.ts'
import { INVITE_MS_MAX } from '../limits.ts'
import { addFeed, createLog } from '../log/log.ts'
import { EMPTY_PARKING } from '../log/parking.ts'
import { NO_CLAIM } from '../wire/receipt.ts'
import { withConversation, withNet, withPeer } from './change.ts'
import { createNode } from './create-node.ts'
import { dutiesOf } from '../../test/fixtures/duties.ts'
import { isUntouched } from './remove.ts'
import { momentAt } from './moment.ts'
import { step } from './step.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Conversation, NodeState, Peer } from './state.ts'
import type { DirectLink } from './net.ts'
import type { RelayAnswer } from '../wire/relay.ts'

const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(1).bytes }
const relay = { key: new Uint8Array(32).fill(1), url: 'wss://relay.example' }
const bob = deviceIdOf(new Uint8Array(32).fill(2))

const node = createNode(env)
const made = step(node, { kind: 'create', relay, text: 'hello', ref: 'r' }, env).state

function founded(): { readonly state: NodeState; readonly id: ConversationId } {
  const [id] = made.conversations.keys()
  if (id === undefined) throw new Error('no conversation')
  return { state: made, id }
}

const linkOwing = (id: ConversationId): DirectLink => ({
  serial: 1,
  isAnnounced: true,
  sent: new Map([[id, 3]]),
  owed: new Map([[id, [{ device: bob, from: 0, to: 1 }]]]),
  served: new Map([[id, { since: 0, times: 0, ranges: [], lacking: [] }]]),
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
  const { state } = step(node, { kind: 'create', relay, text: undefined, ref: 'r' }, env)
  const [spare] = state.conversations.values()
  if (spare?.invite === undefined) throw new Error('no invite')
  expect(isUntouched(spare)).toBe(true)
  expect(isUntouched({ ...spare, invite: { ...spare.invite, isUntouched: false } })).toBe(false)
})

test('a spare invite serves again at the relay that it waits at, named as it is', () => {
  const { state } = step(node, { kind: 'create', relay, text: undefined, ref: '1' }, env)
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
  const [spare] = state.conversations.values()
  if (spare === undefined) throw new Error('no conversation')
  const joined = withConversation(state, { ...spare, phase: 'open' })
  expect(step(joined, { kind: 'remove', conversation: id, when: 'unanswered' }, env).state).toBe(joined)
})

test('rows are erased once, and not those of a conversation that nobody removed', () => {
  const { state, id } = founded()
  expect(step(state, { kind: 'erase', conversation: id, refs: ['r'], rows: ['e'] }, env).writes).toEqual([])
  const removed = step(state, { kind: 'remove', conversation: id, when: 'always' }, env).state
  const erased = step(removed, { kind: 'erase', conversation: id, refs: ['r'], rows: ['e'] }, env)
  expect(erased.writes).toContainEqual({ kind: 'delete', table: 'sent', key: 'r' })
  expect(step(erased.state, { kind: 'erase', conversation: id, refs: ['r'], rows: ['e'] }, env).writes).toEqual([])
})

/** The relay has greeted; its clock is so far ahead. */
function greeted(state: NodeState, ahead = 0): NodeState {
  const up = step(state, { kind: 'relay-up', relay: toHex(relay.key) }, env).state
  const answer: RelayAnswer = { kind: 'welcome', time: env.now + ahead, challenge: new Uint8Array(32) }
  return step(up, { kind: 'welcomed', relay: toHex(relay.key), session: up.net.serial, answer }, env).state
}

const at = (ms: number) => ({ ...env, now: toUnixMs(env.now + ms) })
const remove = (state: NodeState, id: ConversationId, later = 0): NodeState =>
  step(state, { kind: 'remove', conversation: id, when: 'always' }, at(later)).state
const ticked = (state: NodeState, later: number): NodeState['removals'] => step(state, { kind: 'tick' }, at(later)).state.removals

describe('the word that ends the record of a removed invite', () => {
  const endsDue = (state: NodeState, later: number): readonly string[] =>
    dutiesOf(state, momentAt(env.now + later)).flatMap(({ kind, key }) => (kind === 'request' && key.startsWith('end/') ? [key] : []))

  test('is brought to the relay until that lets go of the record anyway, and then forgotten', () => {
    const { state, id } = founded()
    const removed = remove(greeted(state), id)
    expect([0, INVITE_MS_MAX - 1, INVITE_MS_MAX].map((later) => endsDue(removed, later).length)).toEqual([1, 1, 0])
    expect([INVITE_MS_MAX - 1, INVITE_MS_MAX].map((later) => ticked(removed, later).ends.length)).toEqual([1, 0])
  })

  test('waits for the relay to greet', () => {
    const { state, id } = founded()
    expect(endsDue(remove(state, id), 0)).toEqual([])
    expect(endsDue(greeted(remove(state, id)), 0)).toHaveLength(1)
  })

  test('is none where the record is gone already', () => {
    const { state, id } = founded()
    expect(remove(state, id, INVITE_MS_MAX - 1).removals.ends).toHaveLength(1)
    expect(remove(state, id, INVITE_MS_MAX).removals.ends).toEqual([])
  })

  test.each([
    [{ kind: 'done' }, 1],
    [{ kind: 'refused', reason: 'unknown' }, 1],
    [{ kind: 'refused', reason: 'busy' }, 2],
    [{ kind: 'welcome', time: 0, challenge: new Uint8Array(32) }, 2],
  ] as readonly (readonly [RelayAnswer, number])[])('is done with after the answer %o, and no other is', (answer, left) => {
    const first = founded()
    const both = step(first.state, { kind: 'create', relay, text: 'one more', ref: 's' }, env).state
    const removed = [...both.conversations.keys()].reduce((state, id) => remove(state, id), both)
    const [end, other] = removed.removals.ends
    if (end === undefined || other === undefined) throw new Error('nothing to end')
    const { ends } = step(removed, { kind: 'removed-ended', record: end.record, answer }, env).state.removals
    expect(ends).toHaveLength(left)
    expect(ends).toContain(other)
  })
})

describe('a link that was answered before its chat was removed', () => {
  /** Alice, who came by somebody's link that is over `expires` ms from now, by the relay's clock. */
  function invited(phase: 'invited' | 'joining', expires: number, ahead = 0) {
    const { state, id } = founded()
    const [known] = state.conversations.values()
    const invitation = { expires: env.now + expires, grant: { relay, mailbox: mailboxIdOf(new Uint8Array(32)) } }
    const conversation = { ...known, phase, invite: undefined, invitation } as unknown as Conversation
    return { state: withConversation(greeted(state, ahead), conversation), id }
  }
  const until = ({ state, id }: ReturnType<typeof invited>): number | undefined => {
    const end = remove(state, id).removals.answered.get(id)
    return end === undefined ? undefined : end - env.now
  }
  const HOUR_MS = 3_600_000

  test('is remembered as long as any link of now may open, or longer where it says so by the clock of its relay', () => {
    expect(until(invited('joining', 1))).toBe(INVITE_MS_MAX)
    expect(until(invited('joining', INVITE_MS_MAX + 5 * HOUR_MS))).toBe(INVITE_MS_MAX + 5 * HOUR_MS)
    expect(until(invited('joining', INVITE_MS_MAX + 5 * HOUR_MS, 2 * HOUR_MS))).toBe(INVITE_MS_MAX + 3 * HOUR_MS)
  })

  test('is forgotten when that time is over', () => {
    const { state, id } = invited('joining', 1)
    const removed = remove(state, id)
    expect([...ticked(removed, INVITE_MS_MAX - 1).answered.keys()]).toEqual([id])
    expect(ticked(removed, INVITE_MS_MAX).answered.size).toBe(0)
  })

  test('is not remembered when it was only read: it may be answered still', () => {
    expect(until(invited('invited', INVITE_MS_MAX))).toBeUndefined()
  })
})

describe('of somebody whose chat is removed', () => {
  const device = { id: bob, signingKey: new Uint8Array(32).fill(3) }
  const envelopeIn = (conversation: ConversationId) => ({ conversation, from: 0, until: 1, envelope: new Uint8Array(1), deposited: false })

  /** Alice, who talks with Bob in as many chats. Nothing but what he is known by is real of him. */
  function talking(chats: number, more: object) {
    let { state } = founded()
    if (chats > 1) state = step(state, { kind: 'create', relay, text: 'one more', ref: 's' }, env).state
    for (const conversation of state.conversations.values())
      state = withConversation(state, { ...conversation, log: addFeed(conversation.log, { device: bob, signingKey: device.signingKey }) })
    const ids = [...state.conversations.keys()]
    const inbox = { keys: { relay, mailbox: mailboxIdOf(new Uint8Array(32).fill(5)) }, registered: true }
    const peer = { device, account: accountIdOf(new Uint8Array(32).fill(4)), inbox, outbox: undefined, lastHeard: 7, ...more }
    return { state: withPeer(state, { ...peer, envelopes: ids.map(envelopeIn) } as unknown as Peer), ids, peer }
  }

  test('all that serves another chat stays, and only what waited for this one goes', () => {
    const { state, ids, peer } = talking(2, { pairing: undefined })
    const [gone, stays] = ids
    if (gone === undefined || stays === undefined) throw new Error('no chats')
    expect(remove(state, gone).peers.get(bob)).toEqual({ ...peer, envelopes: [envelopeIn(stays)] })
  })

  test('only the session stays where there is no other chat, and without a session nothing', () => {
    const pairing = { sessions: [] }
    const met = talking(1, { pairing, taken: { day: 1, bytes: 2 }, bundle: {} })
    const [gone] = met.ids
    if (gone === undefined) throw new Error('no chat')
    expect(remove(met.state, gone).peers.get(bob)).toEqual({
      ...met.peer,
      inbox: undefined,
      outbox: undefined,
      envelopes: [],
      bundle: undefined,
      lastHeard: 0,
      taken: undefined,
    })
    const known = talking(1, { pairing: undefined })
    expect(known.state.peers.has(bob)).toBe(true)
    expect(remove(known.state, known.ids[0] ?? gone).peers.has(bob)).toBe(false)
  })
})

test('what waits for its past in a removed chat goes, and no relay is asked about its invite any more', () => {
  const { state, id } = founded()
  const session = { ...greeted(state).net.relays.get(toHex(relay.key)), checks: new Map([[id, { since: 0, ms: 1 }]]) }
  const asking = withNet(state, { relays: new Map([[toHex(relay.key), session as never]]) })
  const after = remove({ ...asking, parking: { ...EMPTY_PARKING, conversations: new Map([[id, []]]) } }, id)
  expect(after.parking).toEqual(EMPTY_PARKING)
  expect([...after.net.relays.values()].map(({ checks }) => checks.size)).toEqual([0])
})
