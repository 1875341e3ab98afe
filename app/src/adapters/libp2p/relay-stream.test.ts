// One end is a real relay stream, the other end is the test answering by hand over libp2p's in-memory stream.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { streamPair } from '@libp2p/utils'
import { decode, encode, mailboxIdOf, RELAY_FRAME_BYTES_MAX, relayCall, relayMessage } from '@kith/protocol'
import { FrameReader, toFrame } from './framing.ts'
import { REQUEST_MS_MAX, REQUESTS_IN_FLIGHT_MAX, REQUESTS_WAITING_MAX } from './limits.ts'
import { RelayStream } from './relay-stream.ts'
import type { MessageStream } from '@libp2p/interface'
import type { RelayAnswer, RelayCall, RelayMessage } from '@kith/protocol'

const settle = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const mailbox = mailboxIdOf(new Uint8Array(32).fill(4))
const outcome = (promise: Promise<RelayAnswer>): Promise<unknown> =>
  promise.then(
    ({ kind }) => kind,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

describe('a stream to a relay', () => {
  let stream: RelayStream
  let far: MessageStream
  let calls: RelayCall[]
  let log: string[]
  const say = (message: RelayMessage): unknown => far.send(toFrame(encode(relayMessage, message)))
  const answer = (id: number | undefined): unknown => say({ kind: 'answer', id: id ?? -1, answer: { kind: 'done' } })

  beforeEach(async () => {
    vi.useFakeTimers()
    const [near, other] = await streamPair()
    far = other
    calls = []
    log = []
    const reader = new FrameReader(RELAY_FRAME_BYTES_MAX)
    far.addEventListener('message', ({ data }) => {
      for (const chunk of data instanceof Uint8Array ? [data] : data)
        calls.push(...reader.push(chunk).map((bytes) => decode(relayCall, bytes)))
    })
    stream = new RelayStream(near, {
      blobs: (blobs) => log.push(`blobs ${blobs.map(({ blob }) => blob.length).join()}`),
      ended: () => log.push('ended'),
    })
  })

  afterEach(() => void vi.useRealTimers())

  it('gives each answer to its call, in whatever order they come', async () => {
    const first = stream.request({ kind: 'ping' })
    const second = stream.request({ kind: 'hello', version: 1 })
    await settle()
    expect(calls.map(({ request }) => request.kind)).toEqual(['ping', 'hello'])
    say({ kind: 'answer', id: calls[1]?.id ?? 0, answer: { kind: 'welcome', challenge: new Uint8Array(32), time: 5 } })
    answer(calls[0]?.id)
    await settle()
    expect([await outcome(first), await outcome(second)]).toEqual(['done', 'welcome'])
  })

  it('passes pushed blobs on', async () => {
    say({ kind: 'push', blobs: [9, 5].map((length) => ({ mailbox, blob: new Uint8Array(length) })) })
    await settle()
    expect(log).toEqual(['blobs 9,5'])
  })

  it('gives up on an answer after the bound, and does not mistake the late one', async () => {
    const late = outcome(stream.request({ kind: 'ping' }))
    await settle(REQUEST_MS_MAX - 100)
    const patient = outcome(stream.request({ kind: 'ping' }))
    await settle(200)
    expect(await late).toBe('timeout')
    answer(calls[0]?.id)
    await settle()
    expect(log).toEqual([])
    answer(calls[1]?.id)
    expect(await patient.finally(() => undefined)).toBe('done')
  })

  it('keeps no more calls in flight than the bound, and no more waiting', async () => {
    const ask = (): Promise<unknown> => outcome(stream.request({ kind: 'ping' }))
    const all = Array.from({ length: REQUESTS_IN_FLIGHT_MAX }, ask)
    await settle()
    all.push(...Array.from({ length: REQUESTS_WAITING_MAX }, ask))
    expect(await outcome(stream.request({ kind: 'ping' }))).toBe('timeout')
    await settle()
    expect(calls).toHaveLength(REQUESTS_IN_FLIGHT_MAX)
    answer(calls[0]?.id)
    await settle()
    expect(calls).toHaveLength(REQUESTS_IN_FLIGHT_MAX + 1)
    stream.close()
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done', 'disconnected']))
  })

  it('tells every caller when the relay goes, and later ones at once', async () => {
    const waiting = outcome(stream.request({ kind: 'ping' }))
    far.abort(new Error('gone'))
    await settle()
    expect(await waiting).toBe('disconnected')
    expect(await outcome(stream.request({ kind: 'ping' }))).toBe('disconnected')
    expect(log).toEqual(['ended'])
  })

  it('ends at an answer that nobody asked for', async () => {
    void outcome(stream.request({ kind: 'ping' }))
    await settle()
    answer(calls[0]?.id)
    await settle()
    expect(log).toEqual([])
    answer(calls[0]?.id)
    await settle()
    expect(log).toEqual(['ended'])
  })

  it.each([
    ['bytes that are no message', toFrame(Uint8Array.of(99))],
    ['a length above the bound', Uint8Array.of(0, 2, 0, 1)],
  ])('ends at %s', async (_, bytes) => {
    far.send(bytes)
    await settle()
    expect(log).toEqual(['ended'])
  })

  it('says nothing when it was closed here', async () => {
    stream.close()
    await settle()
    expect(log).toEqual([])
  })
})
