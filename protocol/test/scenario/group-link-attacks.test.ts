// What whoever has the link of a group, and what its members, may try with it (docs/protocol.md §12.6): each attack is first something that is taken, and
// then one thing about it is changed.

import { beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { encode } from '../../src/bytes/codec.ts'
import { conversationIdOf, toUnixMs } from '../../src/bytes/ids.ts'
import { createLinkGrant, linkProof } from '../../src/group/link.ts'
import { createGroupLink, parseGroupLink } from '../../src/invite/group-link.ts'
import { parseInviteLink } from '../../src/invite/link.ts'
import { ASKED_GROUPS_MAX, COSTLY_PER_MINUTE_MAX, LINK_HOSTS_MAX, LINKS_HEARD_MAX } from '../../src/limits.ts'
import { act as actCodec } from '../../src/membership/act.ts'
import { createMailboxKeys } from '../../src/mailbox/keys.ts'
import { write } from '../../src/node/author.ts'
import { withPeer } from '../../src/node/change.ts'
import { createNode } from '../../src/node/create-node.ts'
import { cardOf } from '../../src/node/groups/meet.ts'
import { createDraft } from '../../src/node/draft.ts'
import { createPeer } from '../../src/node/invites/pair.ts'
import { laterPart } from '../../src/node/part.ts'
import { step } from '../../src/node/step.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { group, three } from './group-stage.ts'
import { DAY_MS } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Env } from '../../src/node/draft.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Frame } from '../../src/wire/frame.ts'

const { bytes: random } = createSeeded(12)
const env: Env = { now: toUnixMs(1_800_000_900_000), random }
const later = (ms: number): Env => ({ now: toUnixMs(env.now + ms), random })

type Asking = Extract<Frame, { kind: 'let-me-in' }>
type Scene = { readonly alice: NodeState; readonly bob: NodeState; readonly id: ConversationId }
let scene: Scene

/** Alice owns the group and has opened a link for 20; Bob is a member. */
beforeAll(async () => {
  const { stage, alice, bob } = await three('mailbox')
  const id = await group(stage, alice, [bob])
  await stage.pass(60_000)
  await stage.done(alice.engine().openGroupLink({ conversation: id, uses: 20, ms: DAY_MS }))
  await stage.pass(60_000)
  scene = { alice: nodeOn(alice.disk()), bob: nodeOn(bob.disk()), id }
})

const groupIn = (node: NodeState) => node.conversations.get(scene.id)?.group ?? expect.fail('no group')
const grantIn = (node: NodeState) => {
  const [link] = groupIn(node).membership.links.keys()
  const act = link && groupIn(node).membership.entries.get(link)?.entry.act
  return act?.kind === 'open-link' ? act : expect.fail('no link')
}
const members = (node: NodeState): number => groupIn(node).membership.members.size

/** What somebody leaves who has the link. */
function asked(by: NodeState = createNode(env), change: Partial<Asking> = {}): Asking {
  const { secret, relay } = grantIn(scene.bob)
  const card = cardOf(by, { id: scene.id, door: { keys: createMailboxKeys(relay, random), registered: false }, issued: env.now })
  return { kind: 'let-me-in', conversation: scene.id, card, proof: linkProof(secret, scene.id, by.self.account), ...change }
}

function given(
  node: NodeState,
  frames: readonly Frame[],
  at: Env = env,
): { readonly node: NodeState; readonly refused: readonly string[] } {
  const [desk] = groupIn(scene.bob).desks
  if (desk === undefined) throw new Error('nobody listens')
  const { mailbox, relay } = desk.keys
  const source = { kind: 'mailbox', relay: toHex(relay.key), mailbox, blob: new Uint8Array(1) } as const
  const { state, effects } = step(node, { kind: 'received', source, frames, lookups: new Map(), part: 'last' }, at)
  expect(effects.some(({ kind }) => kind === 'acknowledge')).toBe(true)
  return { node: state, refused: effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.reason] : [])) }
}

test('somebody with the link is let in by a member who is no admin, and with anything else of it wrong is not', () => {
  const { bob, id } = scene
  const dave = createNode(env)
  const inside = given(bob, [asked(dave)])
  expect(groupIn(inside.node).membership.members.get(dave.self.account)).toBe('member')
  expect(inside.refused).toEqual([])
  const { secret } = grantIn(bob)
  const other = conversationIdOf(random(32))
  const wrong: readonly (readonly [Partial<Asking>, string])[] = [
    [{ proof: linkProof(secret, id, bob.self.account) }, 'not-genuine'],
    [{ proof: linkProof(random(16), id, dave.self.account) }, 'not-genuine'],
    [{ proof: linkProof(secret, other, dave.self.account) }, 'not-genuine'],
    [
      {
        card: cardOf(dave, {
          id: other,
          door: { keys: createMailboxKeys(grantIn(bob).relay, random), registered: false },
          issued: env.now,
        }),
      },
      'not-genuine',
    ],
    [{ card: asked(dave).card.with(200, 0) }, 'not-genuine'],
    [{ conversation: other }, 'no-link'],
  ]
  for (const [change, reason] of wrong) {
    const { node, refused } = given(bob, [asked(dave, change)])
    expect([members(node), refused]).toEqual([2, [reason]])
  }
})

test('a request that comes twice, or comes again after its account has left, lets nobody in', () => {
  const { bob } = scene
  const dave = createNode(env)
  const request = asked(dave)
  const once = given(bob, [request]).node
  const twice = given(once, [request])
  // Whoever is in and asks once more is told again; nobody comes in by it.
  expect([members(twice.node), twice.refused]).toEqual([3, []])
})

test('whoever was removed is let in by nobody, and nothing of it is written', () => {
  const { alice, id } = scene
  const dave = createNode(env)
  const inside = given(alice, [asked(dave)]).node
  const out = step(inside, { kind: 'remove-member', conversation: id, account: dave.self.account }, env).state
  expect(members(out)).toBe(2)
  const fresh = asked(dave, {
    card: cardOf(dave, { id, door: { keys: createMailboxKeys(grantIn(alice).relay, random), registered: false }, issued: env.now + 1 }),
  })
  const again = given(out, [fresh])
  expect([members(again.node), again.refused]).toEqual([2, ['removed']])
  expect(again.node.conversations.get(id)?.log).toBe(out.conversations.get(id)?.log)
})

test('a link whose time is over, that was taken back, or whose maker is no admin any more lets nobody in', () => {
  const { alice, bob, id } = scene
  expect(members(given(bob, [asked()], later(DAY_MS - 3_600_000)).node)).toBe(3)
  const late = given(bob, [asked()], later(DAY_MS))
  expect([members(late.node), late.refused]).toEqual([2, ['expired']])
  // Whoever may closes it then.
  expect(groupIn(given(alice, [asked()], later(DAY_MS)).node).membership.links.size).toBe(0)
  const [link] = groupIn(alice).membership.links.keys()
  if (link === undefined) throw new Error('no link')
  const closed = step(alice, { kind: 'group-link', act: { kind: 'close', conversation: id, link } }, env).state
  expect(given(closed, [asked()]).refused).toEqual(['no-link'])
  const deposed = step(alice, { kind: 'leave-group', conversation: id }, env).state
  expect(groupIn(deposed).desks).toEqual([])
})

test('of a flood of requests a few are judged in a minute, and no more come in than the link is for', () => {
  const { bob } = scene
  const crowd = Array.from({ length: COSTLY_PER_MINUTE_MAX + 2 }, () => asked())
  const first = given(bob, crowd)
  expect([members(first.node), first.refused]).toEqual([2 + COSTLY_PER_MINUTE_MAX, ['too-many', 'too-many']])
  const second = given(
    first.node,
    Array.from({ length: 6 }, () => asked()),
    later(61_000),
  )
  expect([members(second.node), second.refused]).toEqual([22, ['used-up', 'used-up']])
}, 60_000)

test('a link opened by somebody who may not has no effect, and members listen at a few links only', () => {
  const { alice, bob, id } = scene
  const open = { kind: 'group-link', act: { kind: 'open', conversation: id, uses: 5, ms: DAY_MS } } as const
  expect(step(bob, open, env).effects).toContainEqual({ kind: 'answer', answer: { kind: 'refused', reason: 'not-allowed' } })
  // One is there already: another is made only when its time is over.
  expect(groupIn(step(alice, open, env).state).membership.links.size).toBe(1)
  const next = step(alice, open, later(2 * DAY_MS)).state
  expect(groupIn(next).membership.links.size).toBe(1)
  expect(groupIn(next).desks.length).toBeLessThanOrEqual(LINKS_HEARD_MAX)
  expect(next.terms.closing.length).toBe(alice.terms.closing.length + 1)
})

test('links of groups are kept up to a number, and one that says nonsense leads nowhere', () => {
  const { bob, id } = scene
  const { relay, secret } = grantIn(bob)
  const link = { origin: 'https://chat.example.org', relay, conversation: id, founder: bob.self.account, secret, members: 2, title: 'Club' }
  const text = createGroupLink({ ...link, expires: 1_900_000_000 })
  expect(parseGroupLink(`> look: ${text}.`)).toEqual({ ...link, expires: 1_900_000_000 })
  for (const title of ['', 'a', 'ab', 'abc', 'é'.repeat(64)])
    expect(parseGroupLink(createGroupLink({ ...link, title, expires: 1_900_000_000 }))?.title).toBe(title)
  for (let cut = 1; cut < 12; cut += 1) expect(parseGroupLink(text.slice(0, -cut))).toBeUndefined()
  // An older version says that this one is needed.
  expect(parseInviteLink(text)).toEqual({ kind: 'refused', reason: 'version' })
  let node = createNode(env)
  const look = (at: NodeState) => {
    const of = { ...link, conversation: conversationIdOf(random(32)), expires: 1_900_000_000 }
    return step(at, { kind: 'group-link', act: { kind: 'look', link: of, relay, others: [] } }, env)
  }
  const isAsked = (at: NodeState) => [...at.conversations.awake.values()].filter((chat) => chat.group?.asked !== undefined).length
  for (let at = 0; at <= ASKED_GROUPS_MAX; at += 1) node = look(node).state
  // What was only looked at makes room, the oldest first; what its person asked for stays.
  expect(isAsked(node)).toBe(ASKED_GROUPS_MAX)
  for (const conversation of node.conversations.awake.keys())
    node = step(node, { kind: 'group-link', act: { kind: 'ask', conversation } }, env).state
  expect(look(node).effects).toContainEqual({ kind: 'answer', answer: { kind: 'refused', reason: 'too-many' } })
})

test('whoever asks hears a few devices, of which none is believed for its word', () => {
  const { bob, id } = scene
  const { secret, relay } = grantIn(bob)
  const link = { origin: '', relay, conversation: id, founder: bob.self.account, secret, members: 2, title: 'Club', expires: 1_900_000_000 }
  const looked = step(createNode(env), { kind: 'group-link', act: { kind: 'look', link, relay, others: [] } }, env).state
  const asking = step(looked, { kind: 'group-link', act: { kind: 'ask', conversation: id } }, env).state
  const heardBy = (node: NodeState, count: number): NodeState => {
    let state = node
    for (let at = 0; at < count; at += 1) {
      const other = createNode(env)
      const peer = createPeer({ device: other.self.device, list: other.self.list, outbox: undefined })
      const draft = createDraft(withPeer(state, peer), env)
      laterPart().acceptWelcome(draft, other.self.device.id, { conversation: id, founder: bob.self.account })
      state = draft.state
    }
    return state
  }
  // Nobody is heard before its person asks, nor where nothing was opened.
  expect(groupIn(heardBy(looked, 1)).devices.size).toBe(0)
  expect(groupIn(heardBy(asking, 1)).devices.size).toBe(1)
  const many = heardBy(asking, LINK_HOSTS_MAX + 1)
  expect(groupIn(many).devices.size).toBe(LINK_HOSTS_MAX)
  expect(groupIn(many).membership.members.size).toBe(0)
})

test('of links that several opened without knowing of each other members listen at a few', () => {
  const { alice, id } = scene
  const draft = createDraft(alice, env)
  for (let at = 0; at <= LINKS_HEARD_MAX; at += 1) {
    const grant = createLinkGrant(random, { relay: grantIn(alice).relay, expires: toUnixMs(env.now + DAY_MS), uses: 1 })
    write(draft, id, { kind: 'act', act: encode(actCodec, { kind: 'open-link', ...grant }) })
  }
  laterPart().settle(draft, id)
  expect(groupIn(draft.state).membership.links.size).toBe(LINKS_HEARD_MAX + 2)
  expect(groupIn(draft.state).desks.length).toBe(LINKS_HEARD_MAX)
})
