import { expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { createSeeded } from '../../test/simulation/seeded.ts'
import { IdMap } from '../bytes/id-map.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { dropConversation, withConversation, withoutPeer, withPeer } from './change.ts'
import { directoryOf } from './directory.ts'
import type { MailboxId } from '../bytes/ids.ts'
import type { Conversation, Directory, NodeState, Peer } from './state.ts'

const luck = createSeeded(5)
const ids = <T>(brand: (bytes: Uint8Array) => T, count: number): readonly T[] => Array.from({ length: count }, () => brand(luck.bytes(32)))
const [devices, chats, mailboxes] = [ids(deviceIdOf, 4), ids(conversationIdOf, 4), ids(mailboxIdOf, 3)]
const oneOf = <T>(items: readonly T[]): T => items[luck.whole(0, items.length - 1)] as T
const maybe = <T>(value: T): T | undefined => (luck.whole(0, 3) === 0 ? undefined : value)

function somePeer(): Peer {
  const mailbox: MailboxId = oneOf(mailboxes)
  return {
    device: { id: oneOf(devices) },
    inbox: maybe({ keys: { mailbox } }),
    outbox: maybe({ mailbox: oneOf(mailboxes) }),
  } as unknown as Peer
}

// Feeds come and stay.
function someChat({ conversations }: NodeState): Conversation {
  const id = oneOf(chats)
  const before = [...(conversations.get(id)?.log.feeds.keys() ?? [])]
  const feeds = IdMap.of([...before, ...devices.filter(() => luck.whole(0, 3) === 0)].map((device) => [device, {}] as const))
  const place = { mailbox: oneOf(mailboxes) }
  const arrival = oneOf([
    { phase: 'inviting', invite: { inbox: { keys: place } } },
    { phase: 'joining', invitation: { grant: place } },
    { phase: 'open' },
  ])
  return { id, log: { feeds }, ...arrival } as unknown as Conversation
}

const CHANGES: readonly ((state: NodeState) => NodeState)[] = [
  (state) => withPeer(state, somePeer()),
  (state) => withoutPeer(state, oneOf(devices)),
  (state) => withConversation(state, someChat(state)),
  (state) => dropConversation(state, oneOf(chats)),
]

test('the directory that is kept up says what the one says that is made of everything at once', () => {
  let state = partialState({})
  for (let at = 0; at < 500; at += 1) {
    state = oneOf(CHANGES)(state)
    const { peers, conversations, directory } = state
    expect(plain(directory)).toEqual(plain(directoryOf({ peers: peers.values(), conversations: conversations.values() })))
  }
  expect(state.directory.shared.size).toBeGreaterThan(0)
})

/** Lists in the order of their ids: when somebody came decides their order in one directory, and where they lie in the other. */
const plain = (directory: Directory) =>
  Object.fromEntries(Object.entries(directory).map(([name, map]) => [name, [...map].map(([key, items]) => [key, [...items].toSorted()])]))
