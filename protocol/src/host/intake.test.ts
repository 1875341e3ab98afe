import { describe, expect, test } from 'vitest'
import { partialState } from '../../test/fixtures/node-state.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { encode } from '../bytes/codec.ts'
import { BLOB_BYTES_MAX, FRAME_BYTES_MAX, UNREAD_BYTES_MAX } from '../limits.ts'
import { sealBlob } from '../mailbox/blob.ts'
import { frame as frameCodec } from '../wire/frame.ts'
import { createIntake, UNREAD_OVERHEAD_BYTES } from './intake.ts'
import type { NodeInput } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { NetworkEvent } from '../ports.ts'

const [alice, bob] = [deviceIdOf(new Uint8Array(32).fill(1)), deviceIdOf(new Uint8Array(32).fill(2))]

function bench(state: NodeState = partialState({})) {
  const taken: { readonly input: NodeInput; readonly done: () => void }[] = []
  const lines: string[] = []
  let retries = 0
  const intake = createIntake({
    state: () => state,
    push: (input, done = () => {}) => void taken.push({ input, done }),
    retry: () => (retries += 1),
    presence: () => undefined,
    log: (line) => void lines.push(line),
  })
  return { intake, taken, lines, retries: () => retries }
}

/** A frame of exactly so many bytes, or of one that is too long, as its decoder would still take it. */
function frameOf(bytes: number): Uint8Array {
  const entry = (body: number) => ({ header: new Uint8Array(1), signature: undefined, body: new Uint8Array(body) })
  const make = (first: number, second: number): Uint8Array =>
    encode(frameCodec, { kind: 'entries', conversation: '0'.repeat(64) as never, entries: [entry(first), entry(second)] })
  const half = Math.floor((bytes - make(60_000, 60_000).length + 120_000) / 2)
  return make(half, bytes - make(half, half).length + half)
}

const blobEvent = (size: number, relay = 'relay'): NetworkEvent => ({
  kind: 'blobs',
  relay,
  blobs: [{ mailbox: mailboxIdOf(new Uint8Array(32)), blob: new Uint8Array(size) }],
})

describe('the door', () => {
  test('takes a frame as long as the bound says, and refuses one that is a byte longer', () => {
    const { intake, taken, lines } = bench()
    const longest = frameOf(FRAME_BYTES_MAX)
    expect(longest.length).toBe(FRAME_BYTES_MAX)
    intake.hear({ kind: 'frame', device: alice, frame: longest })
    expect(taken).toHaveLength(1)
    const longer = frameOf(FRAME_BYTES_MAX + 1)
    expect(longer.length).toBe(FRAME_BYTES_MAX + 1)
    intake.hear({ kind: 'frame', device: alice, frame: longer })
    expect(taken).toHaveLength(1)
    expect(lines).toEqual(['refused: frame, malformed'])
  })

  test('lets so many unread bytes of one relay wait; what is over is dropped until something was read', () => {
    const { intake, taken, lines } = bench()
    const full = Math.floor(UNREAD_BYTES_MAX / (BLOB_BYTES_MAX + UNREAD_OVERHEAD_BYTES))
    for (let at = 0; at < full; at++) intake.hear(blobEvent(BLOB_BYTES_MAX))
    intake.hear(blobEvent(UNREAD_BYTES_MAX - full * (BLOB_BYTES_MAX + UNREAD_OVERHEAD_BYTES) - UNREAD_OVERHEAD_BYTES))
    expect(taken).toHaveLength(full + 1)
    intake.hear(blobEvent(1))
    expect(taken).toHaveLength(full + 1)
    expect(lines.at(-1)).toBe('refused: input, too much at once')
    taken[0]?.done()
    intake.hear(blobEvent(BLOB_BYTES_MAX))
    expect(taken).toHaveLength(full + 2)
    intake.hear(blobEvent(1))
    expect(taken).toHaveLength(full + 2)
  })

  test('lets nobody take the room of somebody else', () => {
    const { intake, taken } = bench()
    const size = FRAME_BYTES_MAX
    for (let bytes = 0; bytes + size <= UNREAD_BYTES_MAX; bytes += size) intake.hear({ kind: 'frame', device: alice, frame: frameOf(size) })
    const before = taken.length
    intake.hear({ kind: 'frame', device: alice, frame: frameOf(size) })
    expect(taken).toHaveLength(before)
    intake.hear({ kind: 'frame', device: bob, frame: frameOf(size) })
    expect(taken).toHaveLength(before + 1)
  })

  test('hands on a blob that does not open, since the key of a joint one may be in what is still to be read', () => {
    const { intake, taken } = bench()
    intake.hear(blobEvent(100))
    expect(taken[0]?.input).toMatchObject({ kind: 'unopened', source: { kind: 'mailbox' } })
  })

  test('finds the mailbox that a blob lay in without going through all contacts and chats', () => {
    const keysOf = (fill: number) => ({ mailbox: mailboxIdOf(new Uint8Array(32).fill(fill)), sealKey: new Uint8Array(32).fill(fill) })
    const inbox = (fill: number) => ({ keys: keysOf(fill), registered: true })
    const invited = (fill: number, invite: object) => ({
      id: conversationIdOf(new Uint8Array(32).fill(fill)),
      log: { feeds: new Map() },
      invite: { ...invite, inbox: inbox(fill) },
    })
    const chats = [invited(3, { status: 'open' }), invited(4, { status: 'revoked', ends: undefined })]
    const known = partialState({
      peers: [[alice, { device: { id: alice }, inbox: inbox(2) }]],
      conversations: chats.map((chat) => [chat.id, chat] as const),
    })
    const noWalk = { value: () => expect.unreachable('all of them are gone through') }
    for (const map of [known.peers, known.conversations])
      for (const walk of ['values', 'looks', 'keys', 'awake']) Object.defineProperty(map, walk, noWalk)
    const { intake, taken } = bench(known)
    for (const fill of [2, 3, 4, 5]) {
      const { mailbox } = keysOf(fill)
      intake.hear({ kind: 'blobs', relay: 'relay', blobs: [{ mailbox, blob: sealBlob(keysOf(fill), [{ kind: 'have', have: [] }]) }] })
    }
    expect(taken.map(({ input }) => input.kind === 'received' && input.frames.length)).toEqual([1, 1, false, false])
  })

  test('tries everything anew when the network is back, not when it goes', () => {
    const { intake, retries } = bench()
    intake.hear({ kind: 'network', state: 'offline' })
    expect(retries()).toBe(0)
    intake.hear({ kind: 'network', state: 'online' })
    expect(retries()).toBe(1)
  })
})
