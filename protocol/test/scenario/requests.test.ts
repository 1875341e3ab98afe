// Requests (docs/protocol.md §14.1): Bob and Carol are in a group that Alice made, and do not know each other.

import { beforeAll, expect, test } from 'vitest'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { withConversation, withPeer } from '../../src/node/change.ts'
import { createDraft } from '../../src/node/draft.ts'
import { laterPart } from '../../src/node/part.ts'
import { step } from '../../src/node/step.ts'
import { INVITE_MS_MAX, REQUEST_AGAIN_MS, REQUESTS_MAX, REQUESTS_PER_GROUP_MAX } from '../../src/limits.ts'
import { REQUEST_TEXT_BYTES_MAX } from '../../src/session/limits.ts'
import { encodePayload, parsePayload } from '../../src/session/payload.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { accountOf, group, three } from './group-stage.ts'
import { linkOf, MINUTE_MS, open, revive, say, texts, view } from './stage.ts'
import type { AccountId, ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { AppView, RequestView } from '../../src/views.ts'
import type { Conversation, NodeState } from '../../src/node/state.ts'
import type { PayloadItem } from '../../src/session/payload.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

async function club(how: 'direct' | 'mailbox' = 'mailbox') {
  const scene = await three(how)
  const { stage, alice, bob, carol } = scene
  await stage.done(bob.engine().setName({ name: 'Bob' }))
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(2 * MINUTE_MS)
  await say(stage, bob, id, 'hello all')
  await say(stage, carol, id, 'hello you')
  await stage.pass(MINUTE_MS)
  return { ...scene, id }
}

async function requests(stage: Stage, person: Person): Promise<readonly RequestView[]> {
  let shown: AppView | undefined
  const stop = person.engine().watchApp((app) => (shown = app))
  await stage.pass(100)
  stop()
  return shown?.requests ?? []
}

async function ask(stage: Stage, from: Person, to: Person, text = 'Is the table still open?', { id }: { readonly id: ConversationId }) {
  const asked = await stage.done(from.engine().askToTalk({ conversation: id, account: accountOf(to), text, ref: `ask ${text}` }))
  if (asked.kind !== 'created') throw new Error(asked.reason)
  await stage.pass(MINUTE_MS)
  return asked.conversation
}

test.each(['mailbox', 'direct'] as const)(
  'is shown with who it is and from which group, and becomes a chat once it is accepted (%s)',
  async (how) => {
    const { stage, bob, carol, id } = await club(how)
    const pair = await ask(stage, bob, carol, 'Is the table still open?', { id })
    expect(await requests(stage, carol)).toMatchObject([
      { account: accountOf(bob), name: 'Bob', conversation: id, group: 'Club', text: 'Is the table still open?' },
    ])
    // Before it is accepted nothing of it is a chat here, and its maker is told nothing.
    expect(await stage.done(carol.look(pair))).toBeUndefined()
    expect(await view(stage, bob, pair)).toMatchObject({ summary: { phase: 'inviting', asked: accountOf(carol) }, lastHeard: undefined })
    expect((await view(stage, bob, pair)).messages.flatMap((one) => (one.kind === 'text' ? [one.state] : []))).toEqual(['relay'])
    const accepted = await stage.done(carol.engine().acceptRequest({ account: accountOf(bob) }))
    expect(accepted).toMatchObject({ kind: 'opened', conversation: pair })
    await stage.pass(MINUTE_MS)
    expect(await requests(stage, carol)).toEqual([])
    expect((await view(stage, bob, pair)).summary).toMatchObject({ phase: 'open', peer: accountOf(carol) })
    await say(stage, carol, pair, 'It is')
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, pair)).toEqual(['Is the table still open?', 'It is'])
    expect(await texts(stage, carol, pair)).toEqual(['Is the table still open?', 'It is'])
  },
)

test('that is ignored says nothing, and keeps the next ones of the same person away', async () => {
  const { stage, bob, carol, id } = await club()
  const pair = await ask(stage, bob, carol, 'hello?', { id })
  await stage.done(carol.engine().ignoreRequest({ account: accountOf(bob) }))
  expect(await requests(stage, carol)).toEqual([])
  await stage.done(bob.engine().removeConversation({ conversation: pair }))
  await stage.pass(2 * REQUEST_AGAIN_MS)
  await ask(stage, bob, carol, 'and now?', { id })
  expect(await requests(stage, carol)).toEqual([])
  carol.crash()
  await revive(stage, carol)
  expect(await requests(stage, carol)).toEqual([])
})

test('goes with whoever is blocked, and none of theirs comes after it', async () => {
  const { stage, bob, carol, id } = await club()
  await ask(stage, bob, carol, 'hello?', { id })
  await stage.done(carol.engine().setBlocked({ account: accountOf(bob), isBlocked: true }))
  expect(await requests(stage, carol)).toEqual([])
  expect((await stage.done(carol.engine().acceptRequest({ account: accountOf(bob) }))).kind).toBe('refused')
})

test('is over when its invite is, and when it was taken back', async () => {
  const { stage, bob, carol, id } = await club()
  const pair = await ask(stage, bob, carol, 'hello?', { id })
  await stage.done(bob.engine().revokeInvite({ conversation: pair }))
  await stage.pass(MINUTE_MS)
  expect(await stage.done(carol.engine().acceptRequest({ account: accountOf(bob) }))).toEqual({ kind: 'refused', reason: 'revoked' })
  expect(await requests(stage, carol)).toHaveLength(1)
  const known = nodeOn(carol.disk())
  const at = known.terms.requests.get(accountOf(bob))?.at ?? expect.fail('no request')
  const after = (ms: number) => step(known, { kind: 'tick' }, { ...env, now: toUnixMs(at + ms) }).state.terms.requests.size
  expect([after(INVITE_MS_MAX - 3 * MINUTE_MS), after(INVITE_MS_MAX)]).toEqual([1, 0])
})

test('asking twice is one request, and somebody with whom there is a chat is not asked', async () => {
  const { stage, alice, bob, carol, id } = await club()
  const pair = await ask(stage, bob, carol, 'hello?', { id })
  expect(await ask(stage, bob, carol, 'hello again?', { id })).toBe(pair)
  expect(await texts(stage, bob, pair)).toEqual(['hello?'])
  const known = nodeOn(bob.disk()).conversations
  const chat = await ask(stage, bob, alice, 'hi', { id })
  expect(known.has(chat)).toBe(true)
  expect((await view(stage, bob, chat)).summary.peer).toBe(accountOf(alice))
})

test('lets in the one who was asked, and nobody to whom they hand it on', async () => {
  const { stage, bob, carol, id } = await club()
  const pair = await ask(stage, bob, carol, 'for you alone', { id })
  const dave = await stage.enter('dave')
  const stolen = await open(stage, dave, await linkOf(stage, bob, pair))
  await say(stage, dave, stolen, 'it is me, carol')
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, bob, pair)).toEqual(['for you alone'])
  expect((await view(stage, bob, pair)).summary.phase).toBe('inviting')
})

test('is refused to whoever is in no group with them, has nothing to say, or too much', async () => {
  const { stage, bob, carol, id } = await club()
  const dave = await stage.enter('dave')
  const tries = [
    [{ account: accountOf(dave), text: 'hi' }, 'no-member'],
    [{ account: accountOf(bob), text: 'hi' }, 'no-member'],
    [{ account: accountOf(carol), text: ' ' }, 'empty'],
    [{ account: accountOf(carol), text: 'x'.repeat(REQUEST_TEXT_BYTES_MAX + 1) }, 'too-long'],
  ] as const
  for (const [at, [given, reason]] of tries.entries())
    expect(await stage.done(bob.engine().askToTalk({ conversation: id, ...given, ref: `try ${at}` }))).toEqual({ kind: 'refused', reason })
})

const env = { now: toUnixMs(1_800_001_000_000), random: createSeeded(5).bytes }
let scene: { readonly bob: NodeState; readonly carol: NodeState; readonly id: ConversationId }

beforeAll(async () => {
  const { bob, carol, id } = await club()
  scene = { bob: nodeOn(bob.disk()), carol: nodeOn(carol.disk()), id }
})

const requestIn = (conversation: ConversationId, number = 0): Extract<PayloadItem, { kind: 'request' }> => ({
  kind: 'request',
  conversation,
  offer: {
    relay: scene.bob.home ?? expect.fail('no home'),
    token: new Uint8Array(16).fill(number),
    key: new Uint8Array(32),
    expires: env.now / 1_000 + 86_400,
  },
  text: `hello ${number}`,
})

function given(state: NodeState, device: DeviceId, item: ReturnType<typeof requestIn>, now: number = env.now) {
  const draft = createDraft(state, { ...env, now: toUnixMs(now) })
  laterPart().acceptRequest(draft, device, item)
  return draft
}

/** So many other members of a group, each with a device of its own. */
function crowded(
  count: number,
  groups = 1,
): { readonly state: NodeState; readonly senders: readonly (readonly [DeviceId, ConversationId])[] } {
  let state = scene.carol
  const senders: (readonly [DeviceId, ConversationId])[] = []
  const original = state.conversations.get(scene.id) ?? expect.fail('no group')
  const peer = state.peers.get(scene.bob.self.device.id) ?? expect.fail('no peer')
  for (let place = 0; place < groups; place += 1) {
    const id = (place === 0 ? scene.id : (place + 1).toString(16).padStart(64, 'a')) as ConversationId
    let { group: of, log } = original
    if (of === undefined) throw new Error('no group')
    for (let at = 0; at < count; at += 1) {
      const name = (place * count + at + 1).toString(16).padStart(64, '0')
      const device = name as DeviceId
      of = {
        ...of,
        devices: of.devices.with(device, true),
        membership: { ...of.membership, members: of.membership.members.with(name as AccountId, 'member') },
      }
      const feed = log.feeds.get(peer.device.id) ?? expect.fail('no feed')
      log = { ...log, feeds: log.feeds.with(device, feed) }
      state = withPeer(state, {
        ...peer,
        device: { ...peer.device, id: device },
        account: name as AccountId,
        inbox: undefined,
        outbox: undefined,
      })
      senders.push([device, id])
    }
    state = withConversation(state, { ...original, id, log, group: of } as Conversation)
  }
  return { state, senders }
}

test('comes from a member of a group that both are in, and from nobody else', () => {
  const { bob, carol, id } = scene
  const device = bob.self.device.id
  expect(given(carol, device, requestIn(id)).state.terms.requests.get(bob.self.account)).toMatchObject({
    text: 'hello 0',
    isIgnored: false,
  })
  for (const draft of [
    given(carol, device, requestIn('f'.repeat(64) as ConversationId)),
    given(carol, 'f'.repeat(64) as DeviceId, requestIn(id)),
    given({ ...carol, terms: { ...carol.terms, blocked: new Set([bob.self.account]) } }, device, requestIn(id)),
  ])
    expect([draft.state.terms.requests.size, draft.effects]).toMatchObject([0, [{ kind: 'refused', what: 'request' }]])
  // A chat of two is no group.
  const pair = [...carol.conversations.awake.values()].find(({ group: of }) => of === undefined) ?? expect.fail('no pair')
  expect(
    given(carol, [...pair.log.feeds.keys()].find((one) => one !== carol.self.device.id) ?? device, requestIn(pair.id)).state.terms.requests
      .size,
  ).toBe(0)
})

test('of one account counts once in an hour, and the later one takes the place of the one before', () => {
  const { bob, carol, id } = scene
  const device = bob.self.device.id
  const one = given(carol, device, requestIn(id, 1)).state
  expect(given(one, device, requestIn(id, 2), env.now + REQUEST_AGAIN_MS - 1).state.terms).toBe(one.terms)
  const later = given(one, device, requestIn(id, 2), env.now + REQUEST_AGAIN_MS).state
  expect([...later.terms.requests.values()].map(({ text }) => text)).toEqual(['hello 2'])
})

test('1,000 of one group leave room for those of others, and so many are kept in all', () => {
  const { state, senders } = crowded(1_000)
  let after = state
  for (const [device, id] of senders) after = given(after, device, requestIn(id)).state
  expect(after.terms.requests.size).toBe(REQUESTS_PER_GROUP_MAX)
  const many = crowded(REQUESTS_PER_GROUP_MAX, REQUESTS_MAX / REQUESTS_PER_GROUP_MAX + 1)
  after = many.state
  for (const [device, id] of many.senders) after = given(after, device, requestIn(id)).state
  expect(after.terms.requests.size).toBe(REQUESTS_MAX)
  // What was ignored longest makes room.
  const [first] = after.terms.requests.keys()
  if (first === undefined) throw new Error('none')
  after = step(after, { kind: 'ignore-request', account: first }, env).state
  const [device, id] = many.senders.at(-1) ?? expect.fail('none')
  const next = given(after, device, requestIn(id)).state
  expect([next.terms.requests.size, next.terms.requests.has(first)]).toEqual([REQUESTS_MAX, false])
})

test('has a text of so many bytes and no more', () => {
  const item = { ...requestIn(scene.id), text: 'x'.repeat(REQUEST_TEXT_BYTES_MAX) }
  const bytes = encodePayload([item])
  expect(parsePayload(bytes)).toEqual([item])
  expect(() => encodePayload([{ ...item, text: `${item.text}x` }])).toThrow()
  const forged = Uint8Array.from(bytes)
  const at = forged.length - REQUEST_TEXT_BYTES_MAX - 1
  forged[at] = (forged[at] ?? 0) + 1
  expect(parsePayload(Uint8Array.of(...forged, 120))).toBeUndefined()
})
