// What members of a group may try (docs/protocol.md §11, §12): each attack is first something that is taken, and then one thing about it is changed.

import { beforeAll, expect, test } from 'vitest'
import { encode, tryDecode } from '../../src/bytes/codec.ts'
import { NO_CONVERSATION, NO_ENTRY, toUnixMs } from '../../src/bytes/ids.ts'
import { parseCard, signCard } from '../../src/group/card.ts'
import { createChain, handoutOf, nextKey } from '../../src/group/sender-chain.ts'
import { createLinkGrant, linkProof } from '../../src/group/link.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../../src/identity/account.ts'
import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { createEntry, signRun } from '../../src/log/entry.ts'
import { addFeed, lengthOf, nextPlace } from '../../src/log/log.ts'
import { act as actCodec } from '../../src/membership/act.ts'
import { memberStateHash } from '../../src/membership/member-state.ts'
import { createMailboxKeys, grantOf } from '../../src/mailbox/keys.ts'
import { createNode } from '../../src/node/create-node.ts'
import { createDraft } from '../../src/node/draft.ts'
import { NOT_LOOKED_UP } from '../../src/node/input.ts'
import { laterPart } from '../../src/node/part.ts'
import { step } from '../../src/node/step.ts'
import { bundleOf } from '../../src/session/prekeys.ts'
import { createPeer } from '../../src/node/invites/pair.ts'
import { withConversation, withPeer } from '../../src/node/change.ts'
import { joinOthers } from '../../src/node/delivery/join.ts'
import { deliveryTo, lengthFor, withDelivery } from '../../src/node/delivery/reach.ts'
import { ownLength } from '../../src/node/state.ts'
import { groupIn, groupRows } from '../../src/host/records/group-rows.ts'
import { isEntryShown, isShown, otherOf } from '../../src/conversation/state.ts'
import {
  ADDED_AT_ONCE_MAX,
  BLOB_CONTENT_BYTES_MAX,
  CARD_BYTES_MAX,
  CARDS_PER_DEVICE_AND_MINUTE_MAX,
  KEPT_HANDOUTS_MAX,
  LISTS_BYTES_MAX,
  LISTS_PER_FRAME_MAX,
  LISTS_PER_MINUTE_MAX,
  MEMBERS_MAX,
  ONE_BY_ONE_MAILBOXES_MAX,
  OPENED_PER_FRAME_MAX,
  OPENED_POOL_BYTES_MAX,
  OPENED_RUN_BYTES_MAX,
  SHUT_ASKS_MAX,
  UNPROVEN_GROUPS_MAX,
  UNPROVEN_GROUPS_OF_ONE_MAX,
} from '../../src/limits.ts'
import { content as contentCodec } from '../../src/wire/content.ts'
import { frame as frameCodec } from '../../src/wire/frame.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { accountOf, group, three } from './group-stage.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../src/bytes/ids.ts'
import type { AccountSecret } from '../../src/identity/account.ts'
import type { DevicePublic } from '../../src/identity/device.ts'
import type { Draft, Env } from '../../src/node/draft.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Act } from '../../src/membership/types.ts'
import type { Content } from '../../src/wire/content.ts'
import type { EntryHeader } from '../../src/wire/entry.ts'
import type { Frame } from '../../src/wire/frame.ts'

const { bytes: random } = createSeeded(11)
const env: Env = { now: toUnixMs(1_800_000_900_000), random }

type Scene = { readonly alice: NodeState; readonly bob: NodeState; readonly carol: NodeState; readonly id: ConversationId }
let scene: Scene

/** Alice owns the group, Bob is an admin, Carol a member. */
beforeAll(async () => {
  const { stage, alice, bob, carol } = await three('mailbox')
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(60_000)
  await stage.done(alice.engine().setRole({ conversation: id, account: accountOf(bob), role: 'admin' }))
  await stage.pass(60_000)
  const [a, b, c] = [alice, bob, carol].map((person) => nodeOn(person.disk())) as [NodeState, NodeState, NodeState]
  scene = { alice: a, bob: b, carol: c, id }
})

type Forged = { readonly node: NodeState; readonly frames: readonly Frame[]; readonly entry: EntryHeader }

/** An entry of this device after all that it knows, with what is changed about it, and what hands it on. */
function written(
  node: NodeState,
  content: Content,
  change: Partial<Pick<EntryHeader, 'deps' | 'members' | 'conversation' | 'seq' | 'prev'>> = {},
): Forged {
  const { id } = scene
  const conversation = node.conversations.get(id) ?? expect.fail('no group')
  const { device } = node.self
  const { step: at, messageKey, own } = nextKey(conversation.chain)
  const created = createEntry({
    conversation: id,
    device: device.id,
    ...nextPlace(conversation.log, device.id),
    members: laterPart().memberStateOf(node, conversation),
    ...change,
    chain: own.chain,
    step: at,
    ttl: 0,
    time: env.now,
    content,
    messageKey,
    random,
  })
  const signature = signRun(device.signSeed, { conversation: id, device: device.id, seq: created.header.seq, id: created.id })
  const frames: readonly Frame[] = [
    { kind: 'opened', conversation: id, lists: [], bodies: [{ entry: created.id, ...created.kept }] },
    { kind: 'entries', conversation: id, entries: [{ header: created.headerBytes, signature, body: created.body }] },
  ]
  return { node, frames, entry: created.header }
}

const acted = (node: NodeState, act: Act, change?: Parameters<typeof written>[2]): Forged =>
  written(node, { kind: 'act', act: encode(actCodec, act) }, change)

/** A node after it was given this by whoever wrote it. */
function given(to: NodeState, { node, frames }: Forged): NodeState {
  const source = { kind: 'link', device: node.self.device.id, frame: new Uint8Array(0) } as const
  const linked = step(to, { kind: 'peer-up', device: node.self.device.id }, env).state
  return step(linked, { kind: 'received', source, frames, lookups: new Map([[scene.id, NOT_LOOKED_UP]]), part: 'last' }, env).state
}

const groupOf = (node: NodeState) => node.conversations.get(scene.id)?.group ?? expect.fail('no group')
const roleOf = (node: NodeState, account: AccountId) => groupOf(node).membership.members.get(account)
const lengthIn = (node: NodeState, device: DeviceId): number => {
  const log = node.conversations.get(scene.id)?.log
  return log === undefined ? 0 : lengthOf(log, device)
}
const isTaken = (to: NodeState, forged: Forged): boolean =>
  lengthIn(given(to, forged), forged.node.self.device.id) > lengthIn(to, forged.node.self.device.id)

const dave = createNode(env)
const grantTo = (node: NodeState, role: 'owner' | 'admin' | 'member' = 'member'): Act => ({
  kind: 'grant',
  items: [{ account: node.self.account, deviceList: node.self.list.hash, role }],
})

test('an admin adds somebody, and a member who tries does not', () => {
  const { alice, bob, carol } = scene
  expect(roleOf(given(alice, acted(bob, grantTo(dave))), dave.self.account)).toBe('member')
  const tried = given(alice, acted(carol, grantTo(dave)))
  expect(lengthIn(tried, carol.self.device.id)).toBeGreaterThan(lengthIn(alice, carol.self.device.id))
  expect(roleOf(tried, dave.self.account)).toBeUndefined()
})

test('nobody raises themselves, and an admin makes no owners', () => {
  const { alice, bob, carol } = scene
  expect(roleOf(given(alice, acted(bob, grantTo(carol, 'admin'))), carol.self.account)).toBe('admin')
  expect(roleOf(given(alice, acted(carol, grantTo(carol, 'admin'))), carol.self.account)).toBe('member')
  expect(roleOf(given(alice, acted(bob, grantTo(carol, 'owner'))), carol.self.account)).toBe('member')
  expect(roleOf(given(alice, acted(bob, grantTo(bob, 'owner'))), bob.self.account)).toBe('admin')
})

test('an entry that names other members than follow from its past is refused, whether it leaves out what it knows or makes something up', () => {
  const { alice, bob } = scene
  const text: Content = { kind: 'text', text: 'hello' }
  expect(isTaken(alice, written(bob, text))).toBe(true)
  const { membership } = groupOf(bob)
  const create =
    [...groupOf(bob).controls.values()].find(({ entry }) => entry.act.kind === 'create-group')?.entry.id ?? expect.fail('no beginning')
  expect(isTaken(alice, written(bob, text, { members: memberStateHash(membership, scene.id, [create]) }))).toBe(false)
  expect(isTaken(alice, written(bob, text, { members: new Uint8Array(32).fill(7) }))).toBe(false)
  expect(isTaken(alice, acted(bob, grantTo(dave), { members: memberStateHash(membership, scene.id, [create]) }))).toBe(false)
})

test('what a removed admin dates back does not count, whatever comes first, and neither does what it writes', () => {
  const { alice, bob, carol } = scene
  const added = acted(bob, grantTo(dave))
  const said = written(bob, { kind: 'text', text: 'still here' })
  const removed = step(alice, { kind: 'remove-member', conversation: scene.id, account: bob.self.account }, env).state
  const removal = handed(alice, removed)
  const [before, after] = [given(given(carol, added), removal), given(given(carol, removal), added)]
  for (const node of [before, after]) {
    expect(roleOf(node, bob.self.account)).toBeUndefined()
    expect(roleOf(node, dave.self.account)).toBeUndefined()
  }
  const shown = (node: NodeState): boolean => {
    const view = node.conversations.get(scene.id)?.view ?? expect.fail('no group')
    return isEntryShown(view, { account: bob.self.account, device: bob.self.device.id, seq: said.entry.seq })
  }
  expect(shown(given(carol, said))).toBe(true)
  expect(shown(given(given(carol, said), removal))).toBe(false)
  const view = before.conversations.get(scene.id)?.view ?? expect.fail('no group')
  expect(isShown(view, dave.self.account)).toBe(false)
})

/** What one state of a node has written beyond another. */
function handed(before: NodeState, after: NodeState): Forged {
  const log = after.conversations.get(scene.id)?.log
  const control = [...groupOf(after).controls.values()].find(({ entry }) => !groupOf(before).controls.has(entry.id))
  if (control === undefined || log === undefined) throw new Error('nothing was written')
  return acted(before, control.entry.act)
}

test('a create entry that is not the one which the group is named by begins nothing', () => {
  const { alice, bob } = scene
  const forged = acted(
    bob,
    { kind: 'create-group', account: bob.self.account, deviceList: bob.self.list.hash, nonce: random(16) },
    {
      conversation: NO_CONVERSATION,
      seq: 0,
      prev: NO_ENTRY,
      deps: [],
      members: memberStateHash(groupOf(bob).membership, NO_CONVERSATION, []),
    },
  )
  const after = given(alice, forged)
  expect(roleOf(after, bob.self.account)).toBe('admin')
  expect(groupOf(after).controls.size).toBe(groupOf(alice).controls.size)
  const second = acted(bob, { kind: 'create-group', account: bob.self.account, deviceList: bob.self.list.hash, nonce: random(16) })
  expect(roleOf(given(alice, second), bob.self.account)).toBe('admin')
})

test('an opened body counts for the entry that commits to it, and for no other', () => {
  const { alice, bob } = scene
  const forged = acted(bob, grantTo(dave))
  const other = acted(bob, grantTo(dave, 'admin'))
  const [opened, entries] = forged.frames as [Frame, Frame]
  const [foreign] = other.frames as [Extract<Frame, { kind: 'opened' }>]
  if (opened.kind !== 'opened') throw new Error('no body')
  const swapped: Frame = { ...opened, bodies: foreign.bodies.map((body) => ({ ...body, entry: opened.bodies[0]?.entry ?? body.entry })) }
  expect(roleOf(given(alice, { ...forged, frames: [swapped, entries] }), dave.self.account)).not.toBe('admin')
})

const RELAY = { key: random(32), url: 'ws://127.0.0.1:1' }

test('a card is proven by itself, for one group and one device', () => {
  const { bob, id } = scene
  const fields = {
    conversation: id,
    issued: env.now,
    list: bob.self.list.signed,
    bundle: bundleOf(bob.prekeys, { oneTime: undefined }),
    door: grantOf(createMailboxKeys(RELAY, random)),
  }
  const signed = signCard(fields, bob.self.device.signSeed)
  expect(parseCard(signed, id)?.device.id).toBe(bob.self.device.id)
  expect(parseCard(signed, '7'.repeat(64) as ConversationId)).toBeUndefined()
  expect(parseCard(signCard(fields, dave.self.device.signSeed), id)).toBeUndefined()
  expect(parseCard(signCard({ ...fields, list: dave.self.list.signed }, bob.self.device.signSeed), id)).toBeUndefined()
  expect(
    parseCard(signCard({ ...fields, bundle: bundleOf(dave.prekeys, { oneTime: undefined }) }, dave.self.device.signSeed), id),
  ).toBeUndefined()
  for (let at = 0; at < signed.length; at += 97) {
    const altered = Uint8Array.from(signed)
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(parseCard(altered, id)).toBeUndefined()
  }
})

test('a card counts for the device that wrote its entry', () => {
  const { alice, bob, carol, id } = scene
  const cardOf = (node: NodeState): Content => ({
    kind: 'card',
    card: signCard(
      {
        conversation: id,
        issued: env.now,
        list: node.self.list.signed,
        bundle: bundleOf(node.prekeys, { oneTime: undefined }),
        door: grantOf(createMailboxKeys(RELAY, random)),
      },
      node.self.device.signSeed,
    ),
  })
  const issued = (node: NodeState, of: NodeState): number | undefined => groupOf(node).cards.get(of.self.device.id)?.issued
  expect(issued(given(alice, written(bob, cardOf(bob))), bob)).toBe(env.now)
  expect(issued(given(alice, written(bob, cardOf(carol))), carol)).not.toBe(env.now)
})

test('a group is entered by the word of a contact, not of somebody met in another group, and so many prove nothing', () => {
  const { bob, carol } = scene
  const welcomed = (node: NodeState, from: NodeState, at: number): NodeState => {
    const draft = createDraft(node, env)
    const conversation = at.toString(16).padStart(64, '0') as ConversationId
    laterPart().acceptWelcome(draft, from.self.device.id, { conversation, founder: from.self.account })
    return draft.state
  }
  const { alice } = scene
  const groupsIn = (node: NodeState): number => [...node.conversations.awake.values()].filter((one) => one.group !== undefined).length
  expect(groupsIn(welcomed(bob, alice, 1))).toBe(groupsIn(bob) + 1)
  expect(bob.peers.has(carol.self.device.id)).toBe(true)
  expect(groupsIn(welcomed(bob, carol, 1))).toBe(groupsIn(bob))
  let many = bob
  for (let at = 1; at <= UNPROVEN_GROUPS_OF_ONE_MAX; at++) many = welcomed(many, alice, at)
  expect(groupsIn(many)).toBe(groupsIn(bob) + UNPROVEN_GROUPS_OF_ONE_MAX)
  expect(groupsIn(welcomed(many, alice, UNPROVEN_GROUPS_OF_ONE_MAX + 1))).toBe(groupsIn(many))
})

test('a contact who calls somebody to many groups that prove nothing keeps no other one from adding this account, up to a bound for all', () => {
  const { alice, carol } = scene
  const contacts = Math.ceil(UNPROVEN_GROUPS_MAX / UNPROVEN_GROUPS_OF_ONE_MAX) + 1
  const carolAtAlice = alice.peers.get(carol.self.device.id) ?? expect.fail('no contact')
  const draft = createDraft(alice, env)
  const counts: number[] = []
  for (let contact = 0; contact < contacts; contact++) {
    const device = devicePublicOf(createDevice(random))
    // Whoever shares Carol's account and pair is a contact as well.
    draft.state = withPeer(draft.state, { ...carolAtAlice, device })
    for (const { id, group, view } of draft.state.conversations.awake.values())
      if (group === undefined && otherOf(view) === carol.self.account)
        draft.state = withConversation(draft.state, {
          ...(draft.state.conversations.get(id) ?? expect.fail('no pair')),
          log: addFeed(draft.state.conversations.get(id)?.log ?? expect.fail('no pair'), {
            device: device.id,
            signingKey: device.signingKey,
          }),
        })
    for (let at = 0; at <= UNPROVEN_GROUPS_OF_ONE_MAX; at++) {
      const conversation = (contact * 100 + at + 1).toString(16).padStart(64, '0') as ConversationId
      laterPart().acceptWelcome(draft, device.id, { conversation, founder: carol.self.account })
    }
    counts.push([...draft.state.conversations.awake.values()].filter(({ group }) => group?.devices.has(device.id) === true).length)
  }
  expect(counts.slice(0, -1)).toEqual(counts.slice(0, -1).map(() => UNPROVEN_GROUPS_OF_ONE_MAX))
  expect(counts.at(-1)).toBe(0)
})

test('the door takes devices of members, and of nobody else', () => {
  const { alice, bob, id } = scene
  const knock = (of: NodeState): boolean => {
    const acceptance = acceptDeviceList(undefined, of.self.list.signed)
    if (acceptance.kind === 'refused') throw new Error(acceptance.reason)
    const stranger = createPeer({ device: of.self.device, list: acceptance.pinned, outbox: undefined })
    const draft = createDraft(alice, env)
    let isOpened = false
    const open = () => {
      isOpened = true
      return { peer: stranger, items: [] }
    }
    laterPart().receiveKnock(draft, id, { stranger, open })
    return isOpened
  }
  expect(knock(bob)).toBe(true)
  expect(knock(dave)).toBe(false)
})

test('one command adds so many, a group holds so many, and they are contacts', () => {
  const { alice, carol, id } = scene
  const answered = (node: NodeState, members: readonly AccountId[]) =>
    step(node, { kind: 'add-members', conversation: id, members }, env).effects.find((effect) => effect.kind === 'answer')
  const many = (count: number): readonly AccountId[] =>
    Array.from({ length: count }, (_, at) => (at + 1).toString(16).padStart(64, '0') as AccountId)
  expect(answered(alice, [carol.self.account])).toMatchObject({ answer: { kind: 'done' } })
  expect(answered(alice, many(1))).toMatchObject({ answer: { reason: 'no-contact' } })
  expect(answered(alice, many(ADDED_AT_ONCE_MAX))).toMatchObject({ answer: { reason: 'no-contact' } })
  expect(answered(alice, many(ADDED_AT_ONCE_MAX + 1))).toMatchObject({ answer: { reason: 'too-many' } })
  expect(answered(carol, many(1))).toMatchObject({ answer: { reason: 'not-allowed' } })
  const conversation = alice.conversations.get(id) ?? expect.fail('no group')
  const { membership } = groupOf(alice)
  const members = many(MEMBERS_MAX).reduce((all, account) => all.with(account, 'member'), membership.members)
  const full = { ...conversation, group: { ...groupOf(alice), membership: { ...membership, members } } }
  const crowded = { ...alice, conversations: alice.conversations.with(id, full as typeof conversation) }
  expect(answered(crowded, ['f'.repeat(64) as AccountId])).toMatchObject({ answer: { reason: 'too-many' } })
})

const listOf = (secret: AccountSecret, devices: readonly DevicePublic[] = [devicePublicOf(createDevice(random))]): Uint8Array =>
  signDeviceList(
    {
      accountKey: accountKeyOf(secret),
      serial: 0,
      prev: new Uint8Array(32),
      issued: 1,
      devices: devices.map((device) => ({ ...device, added: 1 })),
      revoked: [],
    },
    secret,
  )

test('so many lists that one member hands on are judged in a minute, and none that nothing names', () => {
  const { alice, bob, carol, id } = scene
  const secrets = Array.from({ length: LISTS_PER_MINUTE_MAX + 1 }, () => createAccount(random))
  const lists = secrets.map((secret) => listOf(secret))
  const items = secrets
    .map((secret) => ({ account: accountIdFromKey(accountKeyOf(secret)), deviceList: new Uint8Array(32), role: 'member' as const }))
    .toSorted((a, b) => (a.account < b.account ? -1 : 1))
  const draftOf = (node: NodeState): Draft => {
    const draft = createDraft(node, env)
    laterPart().receiveOpened(draft, bob.self.device.id, { kind: 'opened', conversation: id, lists: lists.slice(0, 64), bodies: [] })
    laterPart().receiveOpened(draft, bob.self.device.id, { kind: 'opened', conversation: id, lists: lists.slice(64), bodies: [] })
    return draft
  }
  const isPerson = (draft: Draft, { account }: { readonly account: AccountId }): boolean => groupOf(draft.state).people.has(account)
  const unnamed = draftOf(alice)
  expect([groupOf(unnamed.state).people.size, groupOf(unnamed.state).pool.lists.size]).toEqual([3, lists.length])
  const named = draftOf(given(alice, acted(bob, { kind: 'grant', items })))
  expect(items.filter((item) => isPerson(named, item)).length).toBe(LISTS_PER_MINUTE_MAX)
  // What somebody else hands on has its own share.
  const left = items.findIndex((item) => !isPerson(named, item))
  const signed = lists.find((list) => accountIdFromKey(parseDeviceList(list)?.accountKey ?? list) === items[left]?.account)
  const frame = { kind: 'opened', conversation: id, lists: [signed ?? expect.fail('no list')], bodies: [] } as const
  laterPart().receiveOpened(named, carol.self.device.id, frame)
  expect(items.filter((item) => isPerson(named, item)).length).toBe(items.length)
})

test('lists that nothing names keep nobody else’s from being kept', () => {
  const { alice, bob, id } = scene
  const draft = createDraft(alice, env)
  // They are not judged, so none has to be right.
  const some = listOf(createAccount(random))
  const other = (at: number): Uint8Array =>
    Uint8Array.from(some)
      .fill(at & 255, 3, 4)
      .fill(at >> 8, 4, 5)
  const lists = Array.from({ length: OPENED_PER_FRAME_MAX + 1 }, (_, at) => other(at))
  for (const signed of lists)
    laterPart().receiveOpened(draft, bob.self.device.id, { kind: 'opened', conversation: id, lists: [signed], bodies: [] })
  const kept = [...groupOf(draft.state).pool.lists.values()].map(({ signed }) => signed)
  expect([kept.length, kept.includes(lists[0] ?? some), kept.includes(lists.at(-1) ?? some)]).toEqual([OPENED_PER_FRAME_MAX, false, true])
})

test('so many cards of one device are judged in a minute, and those of others beside them', () => {
  const { alice, bob, carol, id } = scene
  const draft = createDraft(alice, env)
  const issuedAfter = (node: NodeState, issued: number): number | undefined => {
    const { device, list } = node.self
    const fields = {
      conversation: id,
      issued,
      list: list.signed,
      bundle: bundleOf(node.prekeys, { oneTime: undefined }),
      door: grantOf(createMailboxKeys(RELAY, random)),
    }
    const content: Content = { kind: 'card', card: signCard(fields, device.signSeed) }
    laterPart().takeSaid(draft, id, { entry: '0'.repeat(64) as EntryId, device: device.id, content })
    return groupOf(draft.state).cards.get(device.id)?.issued
  }
  const from = env.now + 1
  for (let at = 0; at < CARDS_PER_DEVICE_AND_MINUTE_MAX; at++) expect(issuedAfter(bob, from + at)).toBe(from + at)
  expect(issuedAfter(bob, from + CARDS_PER_DEVICE_AND_MINUTE_MAX)).toBe(from + CARDS_PER_DEVICE_AND_MINUTE_MAX - 1)
  expect(issuedAfter(carol, from)).toBe(from)
})

test('opened bodies are kept up to a number of bytes, the newest', () => {
  const { alice, bob, id } = scene
  const draft = createDraft(alice, env)
  const length = 16_000
  const count = Math.ceil(OPENED_POOL_BYTES_MAX / length) + 5
  const entries = Array.from({ length: count }, (_, at) => at.toString(16).padStart(64, '0') as EntryId)
  for (const entry of entries)
    laterPart().receiveOpened(draft, bob.self.device.id, {
      kind: 'opened',
      conversation: id,
      lists: [],
      bodies: [{ entry, salt: new Uint8Array(32), content: new Uint8Array(length) }],
    })
  const { bodies } = groupOf(draft.state).pool
  const bytes = [...bodies.values()].reduce((sum, { content }) => sum + content.length, 0)
  expect(bytes).toBeLessThanOrEqual(OPENED_POOL_BYTES_MAX)
  expect(bytes).toBeGreaterThan(OPENED_POOL_BYTES_MAX - 2 * length)
  expect([...bodies.keys()].at(-1)).toBe(entries.at(-1))
})

test('whoever puts somebody else’s device into their own list does not become the author of what it writes', () => {
  const { alice, bob, id } = scene
  const secret = createAccount(random)
  const acceptance = acceptDeviceList(undefined, listOf(secret, [devicePublicOf(createDevice(random)), bob.self.device]))
  if (acceptance.kind === 'refused') throw new Error(acceptance.reason)
  const { account, hash, signed } = acceptance.pinned
  const granted = given(alice, acted(bob, { kind: 'grant', items: [{ account, deviceList: hash, role: 'admin' }] }))
  expect(roleOf(granted, account)).toBe('admin')
  const draft = createDraft(granted, env)
  laterPart().receiveOpened(draft, bob.self.device.id, { kind: 'opened', conversation: id, lists: [signed], bodies: [] })
  laterPart().settle(draft, id)
  expect(groupOf(draft.state).people.has(account)).toBe(true)
  const loaded = groupIn(
    id,
    groupRows(id, undefined, groupOf(draft.state)).flatMap((row) => (row.kind === 'put' ? [row] : [])),
  ).group
  for (const group of [groupOf(draft.state), loaded]) {
    expect(group.authors.get(bob.self.device.id)).toBe(bob.self.account)
    expect(group.devices.has(bob.self.device.id)).toBe(true)
  }
})

test('where a list of somebody else named a device first, its own card says whose it is', () => {
  const { alice, bob, carol, id } = scene
  const device = bob.self.device.id
  const conversation = alice.conversations.get(id) ?? expect.fail('no group')
  const group = groupOf(alice)
  const mistaken = { ...group, cards: group.cards.without(device), authors: group.authors.with(device, carol.self.account) }
  const misled = { ...alice, conversations: alice.conversations.with(id, { ...conversation, group: mistaken } as typeof conversation) }
  const fields = {
    conversation: id,
    issued: env.now,
    list: bob.self.list.signed,
    bundle: bundleOf(bob.prekeys, { oneTime: undefined }),
    door: grantOf(createMailboxKeys(RELAY, random)),
  }
  const said = given(misled, written(bob, { kind: 'card', card: signCard(fields, bob.self.device.signSeed) }))
  expect(groupOf(said).authors.get(device)).toBe(bob.self.account)
})

test('whoever was removed is served nothing by somebody who has left, whatever it says of itself', () => {
  const { alice, bob, id } = scene
  const removed = step(alice, { kind: 'remove-member', conversation: id, account: bob.self.account }, env).state
  const left = step(removed, { kind: 'leave-group', conversation: id }, env).state
  const draft = createDraft(step(left, { kind: 'peer-up', device: bob.self.device.id }, env).state, env)
  laterPart().acceptWelcome(draft, bob.self.device.id, { conversation: id, founder: bob.self.account })
  expect(groupOf(draft.state).devices.has(bob.self.device.id)).toBe(true)
  const have: Frame = {
    kind: 'have',
    have: [{ conversation: id, isWhole: true, heads: [], heard: { delivered: 0, read: 0, unreadable: [], recovered: [] } }],
  }
  const source = { kind: 'link', device: bob.self.device.id, frame: new Uint8Array(0) } as const
  const asked = step(draft.state, { kind: 'received', source, frames: [have], lookups: new Map(), part: 'last' }, env).state
  expect(asked.net.links.get(bob.self.device.id)?.owed.get(id) ?? []).toEqual([])
  const conversation = asked.conversations.get(id) ?? expect.fail('no group')
  expect(ownLength(asked, conversation)).toBeGreaterThan(0)
  expect(lengthFor(asked, conversation, bob.self.device.id)).toBe(0)
})

test('whoever was told of its removal does not get what the others get together', () => {
  const { alice, bob, id } = scene
  const device = bob.self.device.id
  const conversation = alice.conversations.get(id) ?? expect.fail('no group')
  let { log } = conversation
  for (let at = 0; at <= ONE_BY_ONE_MAILBOXES_MAX; at++) {
    const other = devicePublicOf(createDevice(random))
    log = addFeed(log, { device: other.id, signingKey: other.signingKey })
  }
  const blobKeys = conversation.blobKeys.with(alice.self.device.id, [random(32)])
  const many = { ...alice, conversations: alice.conversations.with(id, { ...conversation, log, blobKeys } as typeof conversation) }
  const jointIn = (node: NodeState): string | undefined => {
    const draft = createDraft(node, env)
    withDelivery(draft, id, device, { atRelay: 1_000, joint: undefined })
    const peer = draft.state.peers.get(device) ?? expect.fail('no peer')
    draft.state = withPeer(draft.state, { ...peer, envelopes: [] })
    joinOthers(draft, { id, device, relay: '7'.repeat(64) })
    return deliveryTo(draft.state.conversations.get(id) ?? expect.fail('no group'), device).joint
  }
  expect(jointIn(many)).toBe('7'.repeat(64))
  expect(jointIn(step(many, { kind: 'remove-member', conversation: id, account: bob.self.account }, env).state)).toBeUndefined()
})

test('nothing is written into a group by somebody who is not in it', () => {
  const { alice, id } = scene
  const left = step(alice, { kind: 'leave-group', conversation: id }, env).state
  const self = alice.self.device.id
  const named = step(left, { kind: 'set-name', name: 'Another' }, env).state
  expect(lengthIn(named, self)).toBe(lengthIn(left, self))
  const inside = step(alice, { kind: 'set-name', name: 'Another' }, env).state
  expect(lengthIn(inside, self)).toBe(lengthIn(alice, self) + 1)
})

test('whoever keeps its key to itself holds up nobody for long', () => {
  const { alice, bob, id } = scene
  const conversation = bob.conversations.get(id) ?? expect.fail('no group')
  const secretive = { ...conversation, chain: createChain(env) } as typeof conversation
  const forged = written({ ...bob, conversations: bob.conversations.with(id, secretive) }, { kind: 'text', text: 'for some' })
  const entries = forged.frames.filter(({ kind }) => kind === 'entries')
  const after = (asks: number, shut = [bob.self.device.id]): boolean => {
    const asking = alice.conversations.get(id) ?? expect.fail('no group')
    const missing = { since: env.now, asks, upTo: new Map(), shut }
    const waiting = { ...alice, conversations: alice.conversations.with(id, { ...asking, missing }) }
    return isTaken(waiting, { ...forged, frames: entries })
  }
  expect(after(SHUT_ASKS_MAX - 1)).toBe(false)
  expect(after(SHUT_ASKS_MAX)).toBe(true)
  // What is only late while somebody else is asked for waits for its key.
  expect(after(SHUT_ASKS_MAX, [])).toBe(false)
})

test('so many first states of chains are kept for members who were not met', () => {
  const { alice, id } = scene
  const draft = createDraft(alice, env)
  const chained = (at: number): number => {
    const conversation = draft.state.conversations.get(id) ?? expect.fail('no group')
    const waiting = { ...conversation, group: { ...groupOf(draft.state), unmet: groupOf(draft.state).unmet.with(dave.self.account, 0) } }
    laterPart().noteChain(draft, waiting as typeof conversation, { handout: handoutOf(createChain(env)), from: at })
    return groupOf(draft.state).handouts.length
  }
  for (let at = 0; at < KEPT_HANDOUTS_MAX; at++) expect(chained(at)).toBe(at + 1)
  expect(chained(KEPT_HANDOUTS_MAX)).toBe(KEPT_HANDOUTS_MAX)
})

test('cards, opened bodies and lists go into frames of a bounded size, and with their entries into one blob', () => {
  const { id } = scene
  const isContent = (length: number): boolean => {
    const bytes = Uint8Array.of(33, length >> 8, length & 255, ...new Uint8Array(length))
    return tryDecode(contentCodec, bytes) !== undefined
  }
  expect([isContent(CARD_BYTES_MAX), isContent(CARD_BYTES_MAX + 1)]).toEqual([true, false])
  const body = { entry: '0'.repeat(64) as EntryId, salt: new Uint8Array(32), content: Uint8Array.of(1) }
  const opened = (lists: number, bodies: number): Frame => ({
    kind: 'opened',
    conversation: id,
    lists: Array.from({ length: lists }, () => Uint8Array.of(1)),
    bodies: Array.from({ length: bodies }, () => body),
  })
  expect(() => encode(frameCodec, opened(LISTS_PER_FRAME_MAX, OPENED_PER_FRAME_MAX))).not.toThrow()
  expect(() => encode(frameCodec, opened(LISTS_PER_FRAME_MAX + 1, 0))).toThrow(RangeError)
  expect(() => encode(frameCodec, opened(0, OPENED_PER_FRAME_MAX + 1))).toThrow(RangeError)
  expect(2 * OPENED_RUN_BYTES_MAX + LISTS_BYTES_MAX).toBeLessThan(BLOB_CONTENT_BYTES_MAX - OPENED_RUN_BYTES_MAX / 2)
})

test('a member lets in whoever has shown the link, and an entry with another proof is refused for good', () => {
  const { alice, bob, carol, id } = scene
  const grant = createLinkGrant(random, { relay: alice.home ?? expect.fail('no relay'), expires: toUnixMs(env.now + 1), uses: 5 })
  const opening = acted(bob, { kind: 'open-link', ...grant })
  const [alices, carols] = [given(alice, opening), given(carol, opening)]
  const [link] = groupOf(carols).membership.links.keys()
  const letIn = (proof: Uint8Array): Forged =>
    acted(carols, {
      kind: 'let-in',
      link: link ?? expect.fail('no link'),
      account: dave.self.account,
      deviceList: dave.self.list.hash,
      proof,
    })
  const genuine = letIn(linkProof(grant.secret, id, dave.self.account))
  expect(roleOf(given(alices, genuine), dave.self.account)).toBe('member')
  for (const proof of [linkProof(grant.secret, id, bob.self.account), linkProof(random(16), id, dave.self.account), new Uint8Array(64)]) {
    expect(isTaken(alices, letIn(proof))).toBe(false)
    expect(roleOf(given(alices, letIn(proof)), dave.self.account)).toBeUndefined()
  }
})
