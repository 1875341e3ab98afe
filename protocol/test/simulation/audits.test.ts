// What is kept up is compared with what it stands for in every simulated life; here, that the comparison notices what is forgotten.

import { expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { createDutyBook as createReal } from '../../src/host/duty-book.ts'
import { createNode } from '../../src/node/create-node.ts'
import { step } from '../../src/node/step.ts'
import { changedRows } from '../../src/host/records/index.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { createDutyBook } from './audited-duty-book.ts'
import { findings } from './findings.ts'
import { createSeeded } from './seeded.ts'
import { disks } from './wholes.ts'
import type { DutyBook } from '../../src/host/duty-book.ts'
import type { NodeInput } from '../../src/node/input.ts'
import type { NodeState, RestingChat } from '../../src/node/state.ts'

const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(5).bytes }
const home = { key: new Uint8Array(32).fill(7), url: 'ws://127.0.0.1:1' }
const relay = toHex(home.key)

/** A chat is made, and the relay greets: there is a mailbox to make. */
const INPUTS: readonly NodeInput[] = [
  { kind: 'home', relay: home },
  { kind: 'create', relay: home, text: 'hello', ref: 'first' },
  { kind: 'relay-up', relay },
  { kind: 'welcomed', relay, session: 1, answer: { kind: 'welcome', challenge: new Uint8Array(32), time: env.now } },
]

function foundAfter(create: (initial: NodeState) => DutyBook): readonly string[] {
  let state = createNode(env)
  const book = createDutyBook(state, create)
  for (const input of INPUTS) {
    const after = step(state, input, env).state
    book.follow(state, after)
    state = after
    book.due(env.now)
  }
  return findings.take()
}

test('duties that are kept up are those of the whole state', () => {
  expect(foundAfter(createReal)).toEqual([])
})

test('a book that misses one commit has forgotten a duty', () => {
  const forgetful = (initial: NodeState): DutyBook => {
    const book = createReal(initial)
    let left = INPUTS.length - 1
    return { ...book, follow: (before, after) => (left-- === 0 ? undefined : book.follow(before, after)) }
  }
  expect(foundAfter(forgetful).join('\n')).toMatch(/a duty was forgotten/)
})

test('a chat that rests while something is due in it has forgotten a duty', async () => {
  let state = createNode(env)
  for (const input of INPUTS) ({ state } = step(state, input, env))
  const [chat] = state.conversations.values()
  const mailbox = chat?.invite?.inbox.keys.mailbox
  if (chat === undefined || mailbox === undefined) throw new Error('no invite')
  ;({ state } = step(state, { kind: 'mailbox-created', mailbox, answer: { kind: 'done' } }, env))
  const store = createMemoryStore()
  await store.commit(changedRows(undefined, state))
  disks.set(state.self.device.id, () => store.image())
  const summary = { id: chat.id, devices: [state.self.device.id] } as unknown as RestingChat
  const conversations = state.conversations.rested(chat.id, () => summary)
  createDutyBook(state).due(env.now)
  expect(findings.take()).toEqual([])
  createDutyBook({ ...state, conversations }).due(env.now)
  expect(findings.take().join('\n')).toMatch(/a duty was forgotten: .*packet/)
})
