// Shared documents between crashes, full disks and contacts who mean no good: a title is never worth a conversation.

import { expect, test } from 'vitest'
import { conversationIdOf, NO_ENTRY, toUnixMs } from '../../src/bytes/ids.ts'
import { membersHash } from '../../src/conversation/members.ts'
import { clientOf } from '../../src/documents/client.ts'
import { openDocument } from '../../src/documents/document.ts'
import { META_DOCUMENT } from '../../src/documents/kinds.ts'
import { META_BYTES_PER_AUTHOR_MAX } from '../../src/documents/limits.ts'
import { setTitle } from '../../src/documents/meta.ts'
import { createChain, handoutOf, nextKey } from '../../src/group/sender-chain.ts'
import { createEntry, signRun } from '../../src/log/entry.ts'
import { createMailboxKeys, grantOf } from '../../src/mailbox/keys.ts'
import { createNode } from '../../src/node/create-node.ts'
import { step } from '../../src/node/step.ts'
import { takeOneTime } from '../../src/session/prekeys.ts'
import { diskWith } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, meet, revive, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Env } from '../../src/node/draft.ts'
import type { NodeInput } from '../../src/node/input.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Person } from '../simulation/person.ts'

const TITLES = ['one', 'two', 'three', 'four', 'five', 'six']

/** Dies when a document's update is about to be durable, so that it is not applied any more. */
function dieWithUpdates(person: Person): void {
  person.refuse = (writes) => {
    if (writes.some((write) => write.kind === 'put' && write.key.startsWith('document/'))) queueMicrotask(person.crash)
    return undefined
  }
}

const waitingRows = (person: Person): readonly string[] =>
  [...(person.disk().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('document/'))

test('killed between the commit of six titles and their application, a device starts again and shows the last of them', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.setOnline(bob.device(), 'offline')
  for (const title of TITLES) await stage.done(bob.engine().setTitle({ conversation: id, title }))
  dieWithUpdates(alice)
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(20_000)
  expect(alice.isUp()).toBe(false)
  expect(waitingRows(alice)).toHaveLength(TITLES.length)
  alice.refuse = undefined
  await revive(stage, alice)
  expect((await view(stage, alice, id)).title).toBe('six')
  await stage.pass(5_000)
  expect(waitingRows(alice)).toEqual([])
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'seven' }))
  await stage.pass(5_000)
  expect((await view(stage, alice, id)).title).toBe('seven')
})

test('the list says what a chat is called, also after a start and a change of it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const listed = (person: Person): readonly (string | undefined)[] => {
    let shown: readonly (string | undefined)[] = []
    person.engine().watchConversations((chats) => (shown = chats.map(({ title }) => title)))()
    return shown
  }
  expect(listed(alice)).toEqual([undefined])
  for (const title of ['Beans', 'Balcony beans']) {
    await stage.done(bob.engine().setTitle({ conversation: id, title }))
    await stage.pass(5_000)
    for (const person of [alice, bob]) {
      listed(person)
      await stage.pass(1_000)
      expect(listed(person)).toEqual([title])
    }
  }
  alice.crash()
  await revive(stage, alice)
  const shown: (string | undefined)[] = []
  alice.engine().watchConversations(([chat]) => shown.push(chat?.title))
  await stage.pass(1_000)
  expect(shown.at(-1)).toBe('Balcony beans')
})

test('a row that no document can be built from is set aside, and nothing else is lost', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const disk = alice.disk()
  const state = new Map(disk.tables.get('state')).set(`document/${id}/0`, { value: Uint8Array.of(1, 200, 200, 200), key: undefined })
  alice.restore({ ...disk, tables: new Map(disk.tables).set('state', state) })
  await revive(stage, alice)
  await say(stage, bob, id, 'are you there?')
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Garden' }))
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'are you there?'])
  expect((await view(stage, alice, id)).title).toBe('Garden')
  expect(alice.lines.some((line) => line.includes('a document goes on without 1 of its updates'))).toBe(true)
})

test('who gave a title gives another one after a restart, and everybody sees it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTitle({ conversation: id, title: 'first' }))
  await stage.pass(5_000)
  alice.crash()
  await revive(stage, alice)
  await stage.done(alice.engine().setTitle({ conversation: id, title: 'second' }))
  await stage.pass(5_000)
  for (const person of [alice, bob]) expect((await view(stage, person, id)).title).toBe('second')
})

test('who has written all that one may into the shared document hears so, and the others go on giving titles', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const client = clientOf(bob.device(), id)
  for (const person of [alice, bob]) {
    person.restore(withShare(person.disk(), { id, client, bytes: META_BYTES_PER_AUTHOR_MAX }))
    await revive(stage, person)
  }
  expect(await stage.done(bob.engine().setTitle({ conversation: id, title: 'One more' }))).toEqual({ kind: 'refused', reason: 'full' })
  expect(await stage.done(alice.engine().setTitle({ conversation: id, title: 'Garden' }))).toEqual({ kind: 'saved' })
  await stage.pass(5_000)
  for (const person of [alice, bob]) expect((await view(stage, person, id)).title).toBe('Garden')
})

type Share = { readonly id: ConversationId; readonly client: number; readonly bytes: number }

/** A disk on which a conversation's document has so many bytes of one author. */
const withShare = (disk: MemoryStoreImage, { id, client, bytes }: Share): MemoryStoreImage =>
  diskWith(disk, (node) => {
    const conversation = node.conversations.get(id) ?? expect.fail('no such conversation')
    const meta = { ...conversation.meta, bytes: new Map(conversation.meta.bytes).set(client, bytes) }
    return { ...node, conversations: node.conversations.with(id, { ...conversation, meta }) }
  })

test('a packet that is refused leaves nothing behind: no state, no row, no document', () => {
  const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(77).bytes }
  const [alice, mallory] = [createNode(env), createNode(env)]
  // What Mallory says is a conversation is the id of somebody else's, and begins with a title instead of a founder.
  const { input, conversation } = trapOf(mallory, env)
  const { state, writes, effects } = step(alice, input, env)
  expect(effects).toEqual([{ kind: 'answer', answer: { kind: 'refused', reason: 'not-authentic' } }])
  expect(writes).toEqual([])
  expect(state).toBe(alice)
  expect(state.conversations.has(conversation)).toBe(false)
})

function trapOf({ self, prekeys }: NodeState, env: Env): { readonly input: NodeInput; readonly conversation: ConversationId } {
  const { device, list, account } = self
  const conversation = conversationIdOf(env.random(32))
  const chain = createChain(env)
  const { step: at, messageKey } = nextKey(chain)
  const update = setTitle(openDocument('meta', { client: clientOf(device.id, conversation), updates: [] }), 'Send money') as Uint8Array
  const { headerBytes, body, id } = createEntry({
    conversation,
    device: device.id,
    seq: 0,
    prev: NO_ENTRY,
    deps: [],
    members: membersHash([]),
    chain: chain.chain,
    step: at,
    ttl: 0,
    time: env.now,
    content: { kind: 'document', document: META_DOCUMENT, update },
    messageKey,
    random: env.random,
  })
  const signature = signRun(device.signSeed, { conversation, device: device.id, seq: 0, id })
  const relay = { key: env.random(32), url: 'ws://127.0.0.1:1' }
  const packet = {
    deviceList: list.signed,
    bundle: takeOneTime(prekeys).bundle,
    name: '',
    grant: grantOf(createMailboxKeys(relay, env.random)),
    conversation,
    chains: [handoutOf(chain)],
    entries: [{ header: headerBytes, signature, body }],
    created: env.now,
  }
  const link = { origin: 'http://127.0.0.1:1', relay, account, token: env.random(16), key: env.random(32), expires: 1_800_086_400 }
  return { input: { kind: 'open-invite', link, relay, packet, inviter: list }, conversation }
}
