// A stream that breaks a rule, with time under the test's control. What a real stream does is in test/relay-process.test.ts.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BLOB_BYTES_MAX, concatBytes, decode, encode, mailboxIdOf, relayCall, relayMessage } from '@kith/protocol'
import {
  CALLS_WAITING_MAX,
  FRAME_MS_MAX,
  REFUSAL_RATE,
  STREAM_CALLS_BYTES_MAX,
  STREAM_CLOSE_MS,
  STREAM_QUEUE_BYTES_MAX,
  UNSENT_BYTES_MAX,
} from '../limits.ts'
import { createFrameReader, toFrame } from './frames.ts'
import { createQueues } from './queues.ts'
import { serveStream } from './stream.ts'
import type { RelayAnswer, RelayCall, RelayMessage } from '@kith/protocol'
import type { Stream } from '@libp2p/interface'
import type { Relay } from '../relay/index.ts'

/** As much of a libp2p stream as the relay touches. */
class FakeStream extends EventTarget {
  readonly sent: Uint8Array[] = []
  writeStatus = 'writable'
  remoteWriteStatus = 'writable'
  writeBufferLength = 0
  readStatus = 'readable'
  aborted: Error | undefined
  isClosed = false

  pause(): void {
    this.readStatus = 'paused'
  }
  resume(): void {
    this.readStatus = 'readable'
  }
  send(bytes: Uint8Array): boolean {
    this.sent.push(bytes)
    return true
  }
  async close(): Promise<void> {
    this.isClosed = true
    this.writeStatus = 'closed'
  }
  abort(error: Error): void {
    this.aborted ??= error
    this.writeStatus = 'closed'
    this.dispatchEvent(new Event('close'))
  }
  arrive(bytes: Uint8Array): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: { subarray: () => bytes } }))
  }
  messages(): readonly RelayMessage[] {
    return (createFrameReader(1 << 20).push(concatBytes(...this.sent)) ?? []).map((frame) => decode(relayMessage, frame))
  }
}

const PING = toFrame(encode(relayCall, { id: 5, request: { kind: 'ping' } }))
const refusal = (reason: string) => ({ kind: 'answer', id: 0, answer: { kind: 'refused', reason, retryMs: 0 } })

function start(answer: RelayAnswer = { kind: 'done' }, queues = createQueues(UNSENT_BYTES_MAX)) {
  const stream = new FakeStream()
  const calls: RelayCall[] = []
  const link = { isClosed: false, send: (_: RelayMessage): void => {} }
  const relay: Pick<Relay, 'connect'> = {
    connect: (send) => {
      link.send = send
      const receive = async (call: RelayCall): Promise<void> => {
        calls.push(call)
        send({ kind: 'answer', id: call.id, answer })
      }
      return { receive, close: () => void (link.isClosed = true) }
    },
  }
  serveStream(stream as unknown as Stream, { relay, address: '127.0.0.1', queues })
  return { stream, calls, link }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a relay stream', () => {
  test('answers calls, and gathers the answers of one turn in one write', async () => {
    const { stream, calls } = start()
    stream.arrive(concatBytes(PING, PING, PING.subarray(0, 3)))
    stream.arrive(PING.subarray(3))
    await vi.advanceTimersByTimeAsync(0)
    expect(calls.map(({ id }) => id)).toEqual([5, 5, 5])
    expect(stream.sent).toHaveLength(1)
    expect(stream.messages()).toHaveLength(3)
  })
  test('may have so many calls without an answer; one more is refused and over, and nothing after it is read', async () => {
    const { stream, calls, link } = start()
    const flood = concatBytes(...Array.from({ length: CALLS_WAITING_MAX }, () => PING))
    stream.arrive(flood)
    await vi.advanceTimersByTimeAsync(0)
    expect([calls.length, link.isClosed]).toEqual([CALLS_WAITING_MAX, false])
    stream.arrive(concatBytes(flood, PING, PING))
    await vi.advanceTimersByTimeAsync(0)
    expect(stream.messages().at(-1)).toEqual(refusal('too-many'))
    expect([calls.length, link.isClosed, stream.isClosed]).toEqual([2 * CALLS_WAITING_MAX, true, true])
  })
  test('is not read while more bytes wait for an answer than may, and is read again once there is room', async () => {
    const ends: (() => void)[] = []
    const stream = new FakeStream()
    const relay: Pick<Relay, 'connect'> = {
      connect: () => ({ receive: () => new Promise((end) => ends.push(end)), close: () => {} }),
    }
    serveStream(stream as unknown as Stream, { relay, address: '127.0.0.1', queues: createQueues(UNSENT_BYTES_MAX) })
    const blob = new Uint8Array(BLOB_BYTES_MAX)
    const request = { kind: 'deposit' as const, deposits: [{ mailboxes: [mailboxIdOf(new Uint8Array(32))], blob }] }
    const deposit = toFrame(encode(relayCall, { id: 1, request }))
    const most = Math.floor(STREAM_CALLS_BYTES_MAX / (deposit.length - 4))
    for (let n = 0; n < most; n++) stream.arrive(deposit)
    expect(stream.readStatus).toBe('readable')
    stream.arrive(deposit)
    expect([stream.readStatus, ends.length]).toEqual(['paused', most + 1])
    const answer = async (): Promise<string> => {
      ends.pop()?.()
      await vi.advanceTimersByTimeAsync(0)
      return stream.readStatus
    }
    expect(await answer()).toBe('paused')
    while (ends.length * (deposit.length - 4) > STREAM_CALLS_BYTES_MAX / 2) await answer()
    expect(stream.readStatus).toBe('readable')
  })
  test('that goes on asking while it is refused is over; one that waits as it was told goes on', async () => {
    const ask = async (stream: FakeStream, times: number): Promise<void> => {
      for (let n = 0; n < times; n++) stream.arrive(PING)
      await vi.advanceTimersByTimeAsync(0)
    }
    const answer: RelayAnswer = { kind: 'refused', reason: 'too-many', retryMs: 1 }
    const [patient, hasty] = [start(answer), start(answer)]
    await ask(patient.stream, REFUSAL_RATE.burst)
    await ask(hasty.stream, REFUSAL_RATE.burst)
    await vi.advanceTimersByTimeAsync(REFUSAL_RATE.refillMs)
    await ask(patient.stream, 1)
    await ask(hasty.stream, 2)
    expect([patient.link.isClosed, hasty.link.isClosed]).toEqual([false, true])
    expect(hasty.stream.messages().at(-1)).toEqual(refusal('too-many'))
  })
  test('with a frame too large is refused and over, and nothing after it is read', async () => {
    const { stream, calls, link } = start()
    stream.arrive(Uint8Array.of(0, 2, 0, 1))
    stream.arrive(PING)
    await vi.advanceTimersByTimeAsync(0)
    expect(stream.messages()).toEqual([refusal('too-large')])
    expect([calls.length, link.isClosed, stream.isClosed]).toEqual([0, true, true])
    await vi.advanceTimersByTimeAsync(STREAM_CLOSE_MS)
    expect(stream.aborted).toBeDefined()
  })
  test('with a frame that follows no grammar is refused; calls before it count', async () => {
    const { stream, calls, link } = start()
    stream.arrive(concatBytes(PING, toFrame(Uint8Array.of(0, 0, 0, 1, 99)), PING))
    await vi.advanceTimersByTimeAsync(0)
    expect(calls).toHaveLength(1)
    expect(stream.messages().at(-1)).toEqual(refusal('malformed'))
    expect(link.isClosed).toBe(true)
  })
  test('with a frame that never ends is refused after its time, however often a byte comes', async () => {
    const { stream, link } = start()
    stream.arrive(PING.subarray(0, 1))
    await vi.advanceTimersByTimeAsync(FRAME_MS_MAX - 1)
    stream.arrive(PING.subarray(1, 2))
    expect(link.isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(stream.messages()).toEqual([refusal('malformed')])
    expect(link.isClosed).toBe(true)
  })
  test('may stay silent between frames, and each frame has its own time', async () => {
    const { stream, link } = start()
    for (let n = 0; n < 3; n++) {
      stream.arrive(PING.subarray(0, 5))
      await vi.advanceTimersByTimeAsync(FRAME_MS_MAX - 1)
      stream.arrive(PING.subarray(5))
      await vi.advanceTimersByTimeAsync(2 * FRAME_MS_MAX)
    }
    expect(link.isClosed).toBe(false)
    expect(stream.messages()).toHaveLength(3)
  })
  test('whose device does not read is reset when too much waits for it', () => {
    const { stream, link } = start()
    const answer: RelayMessage = { kind: 'answer', id: 1, answer: { kind: 'done' } }
    stream.writeBufferLength = STREAM_QUEUE_BYTES_MAX - 10
    link.send(answer)
    expect(stream.aborted).toBeUndefined()
    stream.writeBufferLength = STREAM_QUEUE_BYTES_MAX
    link.send(answer)
    expect(stream.aborted?.message).toContain('does not read')
    expect(link.isClosed).toBe(true)
  })
  test('whose device does not read is reset when too much waits for all devices together, and those that read go on', () => {
    const pushed = { mailbox: mailboxIdOf(new Uint8Array(32)), blob: new Uint8Array(BLOB_BYTES_MAX) }
    const blob: RelayMessage = { kind: 'push', blobs: [pushed] }
    const half = Math.floor(STREAM_QUEUE_BYTES_MAX / 2 / toFrame(encode(relayMessage, blob)).length)
    const queues = createQueues(STREAM_QUEUE_BYTES_MAX)
    const [mallory, again, alice] = [start(undefined, queues), start(undefined, queues), start(undefined, queues)]
    for (let n = 0; n < half; n++) for (const { link } of [mallory, again]) link.send(blob)
    expect([mallory, again].map(({ link }) => link.isClosed)).toEqual([false, false])
    for (let n = 0; n < 4; n++) alice.link.send(blob)
    expect([mallory, again, alice].map(({ link }) => link.isClosed)).toEqual([true, false, false])
    expect(mallory.stream.aborted?.message).toContain('does not read')
  })
  test('whose device has said all is closed once everything is answered', async () => {
    const { stream, link } = start()
    stream.arrive(PING)
    stream.remoteWriteStatus = 'closed'
    stream.dispatchEvent(new Event('remoteCloseWrite'))
    expect(link.isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(stream.messages()).toHaveLength(1)
    expect([link.isClosed, stream.isClosed]).toEqual([true, true])
  })
})
