import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../test/contract/memory-store.ts'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { toUnixMs } from '../bytes/ids.ts'
import { createNode } from '../node/create-node.ts'
import { step } from '../node/step.ts'
import { createLoop } from './loop.ts'
import { changedRows } from './records/index.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { NodeState, RestingChat } from '../node/state.ts'
import type { StoreWrite } from '../ports.ts'
import type { Change } from './loop.ts'

const env = { now: toUnixMs(1_800_000_000_000), random: seededRandom('loop that wakes') }
const relay = { key: new Uint8Array(32).fill(1), url: 'ws://127.0.0.1:1' }
const other = 'ee'.repeat(32) as RestingChat['other']

const restingAs = (state: NodeState, id: ConversationId): RestingChat => ({
  id,
  devices: [state.self.device.id],
  signed: [],
  other,
  name: undefined,
  invite: undefined,
  token: undefined,
  last: undefined,
  unread: 0,
  authored: 1,
  hasTitle: false,
  hasUnreadable: false,
})

/** A loop over a store with so many chats, all of which rest. */
async function bench(count: number, lose: readonly StoreWrite[] = []) {
  let state = createNode(env)
  for (let at = 0; at < count; at += 1) ({ state } = step(state, { kind: 'create', relay, text: undefined, ref: `0${at}` }, env))
  const ids = [...state.conversations.keys()]
  const conversations = ids.reduce((all, id) => all.rested(id, () => restingAs(state, id)), state.conversations)
  const resting = { ...state, conversations }
  const store = createMemoryStore()
  await store.commit([...changedRows(undefined, state), ...changedRows(state, resting), ...lose])
  const [changes, failures, reads]: [Change[], unknown[], string[]] = [[], [], []]
  const commits: (readonly StoreWrite[])[] = []
  const loop = createLoop(resting, {
    store: {
      ...store,
      read: (range) => (reads.push(range.table), store.read(range)),
      commit: (writes) => (commits.push(writes), store.commit(writes)),
    },
    loadPart: () => Promise.resolve(),
    env: () => env,
    pause: () => Promise.resolve(),
    full: () => undefined,
    committed: (change) => void changes.push(change),
    failed: (error) => void failures.push(error),
    faulty: (error) => void failures.push(error),
  })
  return { loop, ids, resting, changes, failures, reads, commits }
}

const keysIn = (writes: readonly StoreWrite[] = []): readonly string[] => writes.flatMap((write) => ('key' in write ? [write.key] : []))

describe('a loop whose chats rest', () => {
  test('reads what an input names, and steps the same input again: once for all that it names at once', async () => {
    const { loop, ids, changes, reads, commits } = await bench(3)
    const answer = await loop.ask({ kind: 'set-name', name: 'Alice' })
    expect(answer).toEqual({ kind: 'done' })
    expect(reads.filter((table) => table === 'conversations')).toHaveLength(3)
    expect(commits).toHaveLength(1)
    const own = keysIn(commits[0]).filter((key) => ids.some((id) => key.startsWith(`${id}/`) && key.split('/').length === 4))
    expect(new Set(own).size).toBe(own.length)
    expect(changes).toHaveLength(2)
    expect(changes[0]?.writes).toEqual([])
  })

  test('knows what woke in the state before too, so that only what happened is written', async () => {
    const { loop, ids, changes, commits } = await bench(3)
    const [id] = ids as [ConversationId]
    await loop.ask({ kind: 'wake', conversation: id })
    expect(commits).toEqual([])
    expect([...loop.state().conversations.awake.keys()]).toEqual([id])
    expect(changes.every(({ before, after }) => after.conversations.changedSince(before.conversations).length === 0)).toBe(true)
  })

  test('takes out of its page what changes, and marks it as awake, in the commit of the change', async () => {
    const { loop, ids, commits } = await bench(3)
    const [id] = ids as [ConversationId]
    await loop.ask({ kind: 'mark-shared', conversation: id })
    expect(keysIn(commits[0])).toEqual(expect.arrayContaining([id, `awake/chats/${id}`, `rest/chats/${id.slice(0, 2)}`]))
    expect(commits).toHaveLength(1)
  })

  test('keeps the order of what came, and waits for nothing that does not rest', async () => {
    const { loop, ids } = await bench(2)
    const order: string[] = []
    loop.push({ kind: 'wake', conversation: ids[0] as ConversationId }, () => order.push('first'))
    loop.push({ kind: 'home', relay }, () => order.push('second'))
    await loop.ask({ kind: 'wake', conversation: ids[1] as ConversationId })
    expect(order).toEqual(['first', 'second'])
  })

  test('stops where what rests has lost its rows, and does not try for ever', async () => {
    const { loop, ids, failures } = await bench(1, [{ kind: 'delete-range', table: 'conversations', from: '', to: '~' }])
    await expect(loop.ask({ kind: 'wake', conversation: ids[0] as ConversationId })).rejects.toMatchObject({ code: 'corrupt' })
    expect(failures).toMatchObject([{ code: 'corrupt' }])
  })
})
