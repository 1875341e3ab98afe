// One end is a real link, the other end is the test speaking the grammar by hand over libp2p's in-memory stream.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { streamPair } from '@libp2p/utils'
import { DecodeError, FRAME_BYTES_MAX } from '@kith/protocol'
import { DirectLink } from './direct-link.ts'
import { decodeDirectMessage, encodeDirectMessage } from './direct-message.ts'
import { FrameReader } from './framing.ts'
import {
  CHUNK_BYTES_MAX,
  CREDIT_BYTES_MAX,
  CREDIT_GRANT_BYTES,
  DIRECT_MESSAGE_BYTES_MAX,
  HEARTBEAT_MS,
  HEARTBEATS_MISSED_MAX,
  PROBE_MS_MAX,
  SEND_QUEUE_BYTES_MAX,
  SEND_QUEUE_FRAMES_MAX,
} from './limits.ts'
import type { MessageStream } from '@libp2p/interface'
import type { DirectMessage } from './direct-message.ts'
import type { LinkOptions } from './direct-link.ts'

type Bench = {
  readonly link: DirectLink
  readonly heard: DirectMessage[]
  readonly log: string[]
  readonly say: (message: DirectMessage) => void
  readonly far: MessageStream
  readonly near: MessageStream
}

async function bench(answers: LinkOptions['answers'] = 'when-chosen'): Promise<Bench> {
  const [near, far] = await streamPair()
  const heard: DirectMessage[] = []
  const log: string[] = []
  const reader = new FrameReader(DIRECT_MESSAGE_BYTES_MAX)
  far.addEventListener('message', ({ data }) => {
    for (const chunk of data instanceof Uint8Array ? [data] : data) heard.push(...reader.push(chunk).map(decodeDirectMessage))
  })
  const listener = {
    answered: () => log.push('answered'),
    frame: (frame: Uint8Array) => log.push(`frame ${frame.length}`),
    ended: () => log.push('ended'),
  }
  const link = new DirectLink({ stream: near, opener: 'self', answers, listener })
  link.start()
  await settle()
  return { link, heard, log, say: (message) => far.send(encodeDirectMessage(message)), far, near }
}

/** Two bytes of length and the tag of the cipher; the transport's protobuf. */
const NOISE_BYTES = 18
const WRAPPING_BYTES = 10

const settle = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const kinds = (heard: readonly DirectMessage[]): readonly string[] => heard.map(({ kind }) => kind)
const bytesOf = (heard: readonly DirectMessage[]): number =>
  heard.reduce((sum, message) => sum + (message.kind === 'data' ? message.frame.length : 0), 0)
const codeOf = (promise: Promise<void>): Promise<unknown> =>
  promise.then(
    () => 'sent',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a link before it is chosen', () => {
  it('asks at once, and says when it was answered, once', async () => {
    const { heard, log, say } = await bench()
    expect(kinds(heard)).toEqual(['ping'])
    say({ kind: 'pong' })
    say({ kind: 'pong' })
    await settle()
    expect(log).toEqual(['answered'])
  })

  it('answers only when it is chosen, where its answer is the choice', async () => {
    const { link, heard, say } = await bench('when-chosen')
    say({ kind: 'ping' })
    await settle()
    expect(kinds(heard)).toEqual(['ping'])
    link.open()
    await settle()
    expect(kinds(heard)).toEqual(['ping', 'pong'])
  })

  it('answers at once where the choice is the other side’s', async () => {
    const { heard, say } = await bench('at-once')
    say({ kind: 'ping' })
    await settle()
    expect(kinds(heard)).toEqual(['ping', 'pong'])
  })

  it('sends nothing and takes nothing', async () => {
    const { link, log, say } = await bench()
    expect(await codeOf(link.send(Uint8Array.of(1)))).toBe('disconnected')
    say({ kind: 'data', frame: Uint8Array.of(1) })
    await settle()
    expect(log).toEqual(['ended'])
  })
})

describe('an open link', () => {
  let link: DirectLink
  let heard: DirectMessage[]
  let log: string[]
  let say: Bench['say']
  let far: MessageStream
  let near: MessageStream

  beforeEach(async () => {
    ;({ link, heard, log, say, far, near } = await bench())
    link.open()
    heard.splice(0)
  })

  it('carries frames both ways, the largest and the empty one included', async () => {
    const frames = [Uint8Array.of(7), new Uint8Array(FRAME_BYTES_MAX).fill(3), new Uint8Array(0)]
    const sends = frames.map((frame) => link.send(frame))
    for (const frame of frames) say({ kind: 'data', frame })
    await settle()
    await Promise.all(sends)
    expect(heard.flatMap((message) => (message.kind === 'data' ? [message.frame] : []))).toEqual(frames)
    expect(log).toEqual(['frame 1', `frame ${FRAME_BYTES_MAX}`, 'frame 0'])
  })

  it('cuts frames so that each part fits one WebRTC message', async () => {
    const sizes: number[] = []
    const send = near.send.bind(near)
    near.send = (data) => {
      sizes.push(data.byteLength)
      return send(data)
    }
    await link.send(new Uint8Array(CHUNK_BYTES_MAX))
    expect(sizes).toEqual([CHUNK_BYTES_MAX, 5])
    expect(CHUNK_BYTES_MAX + NOISE_BYTES + WRAPPING_BYTES).toBeLessThanOrEqual(16_384)
  })

  it('throws at a frame above the bound, which no caller should have', () => {
    expect(() => link.send(new Uint8Array(FRAME_BYTES_MAX + 1))).toThrow(RangeError)
  })

  it('sends no more than the window, and goes on with what is credited', async () => {
    const count = (2 * CREDIT_BYTES_MAX) / FRAME_BYTES_MAX
    const sends = Array.from({ length: count }, () => link.send(new Uint8Array(FRAME_BYTES_MAX)))
    await settle()
    expect(bytesOf(heard)).toBe(CREDIT_BYTES_MAX)
    say({ kind: 'credit', bytes: FRAME_BYTES_MAX - 1 })
    await settle()
    expect(bytesOf(heard)).toBe(CREDIT_BYTES_MAX)
    say({ kind: 'credit', bytes: 1 })
    await settle()
    expect(bytesOf(heard)).toBe(CREDIT_BYTES_MAX + FRAME_BYTES_MAX)
    say({ kind: 'credit', bytes: CREDIT_BYTES_MAX })
    await settle()
    await Promise.all(sends.slice(0, -1))
  })

  it('grants credit for what it took, in portions', async () => {
    say({ kind: 'data', frame: new Uint8Array(CREDIT_GRANT_BYTES - 1) })
    await settle()
    expect(heard).toEqual([])
    say({ kind: 'data', frame: new Uint8Array(1) })
    await settle()
    expect(heard).toEqual([{ kind: 'credit', bytes: CREDIT_GRANT_BYTES }])
  })

  it('ends when the other side grants what was never sent', async () => {
    say({ kind: 'credit', bytes: 1 })
    await settle()
    expect(log).toEqual(['ended'])
  })

  it('refuses to queue more than the bounds', async () => {
    const fill = CREDIT_BYTES_MAX / FRAME_BYTES_MAX + SEND_QUEUE_BYTES_MAX / FRAME_BYTES_MAX
    const sends = Array.from({ length: fill }, () => codeOf(link.send(new Uint8Array(FRAME_BYTES_MAX))))
    expect(await codeOf(link.send(Uint8Array.of(1)))).toBe('timeout')
    link.close()
    expect((await Promise.all(sends)).filter((code) => code === 'disconnected')).toHaveLength(SEND_QUEUE_BYTES_MAX / FRAME_BYTES_MAX)
  })

  it('refuses to queue more frames than the bound, however small they are', async () => {
    for (let i = 0; i < CREDIT_BYTES_MAX / FRAME_BYTES_MAX; i++) void codeOf(link.send(new Uint8Array(FRAME_BYTES_MAX)))
    for (let i = 0; i < SEND_QUEUE_FRAMES_MAX; i++) void codeOf(link.send(Uint8Array.of(1)))
    expect(await codeOf(link.send(Uint8Array.of(1)))).toBe('timeout')
  })

  it.each([
    ['an unknown tag', Uint8Array.of(0, 0, 0, 1, 9)],
    ['a ping with content', Uint8Array.of(0, 0, 0, 2, 1, 0)],
    ['an empty message', Uint8Array.of(0, 0, 0, 0)],
    ['a length above the bound', Uint8Array.of(0, 2, 0, 2)],
  ])('ends at %s', async (_, bytes) => {
    far.send(bytes)
    await settle()
    expect(log).toEqual(['ended'])
  })

  it('tells those who wait when the other side goes', async () => {
    for (let i = 0; i < CREDIT_BYTES_MAX / FRAME_BYTES_MAX; i++) void codeOf(link.send(new Uint8Array(FRAME_BYTES_MAX)))
    const waiting = codeOf(link.send(Uint8Array.of(1)))
    far.abort(new Error('gone'))
    await settle()
    expect(await waiting).toBe('disconnected')
    expect(await codeOf(link.send(Uint8Array.of(1)))).toBe('disconnected')
    expect(log).toEqual(['ended'])
  })

  it('says nothing when it was closed here', async () => {
    link.close()
    await settle()
    expect(log).toEqual([])
  })

  it('pings every heartbeat and lives as long as anything is heard', async () => {
    for (let i = 0; i < 4; i++) {
      say({ kind: 'ping' })
      await settle(HEARTBEAT_MS)
    }
    expect(heard.filter(({ kind }) => kind === 'ping').length).toBeGreaterThanOrEqual(3)
    expect(log).toEqual([])
  })

  it('ends when more heartbeats are missed than the bound', async () => {
    await settle(HEARTBEATS_MISSED_MAX * HEARTBEAT_MS)
    expect(log).toEqual([])
    await settle(HEARTBEAT_MS + 100)
    expect(log).toEqual(['ended'])
  })

  it('outlives a probe that is answered, and no other', async () => {
    link.probe()
    await settle(PROBE_MS_MAX - 100)
    say({ kind: 'pong' })
    await settle(200)
    expect(log).toEqual(['answered'])
    link.probe()
    await settle(PROBE_MS_MAX + 100)
    expect(log).toEqual(['answered', 'ended'])
  })

  it('asks again instead of judging when the page slept through the probe', async () => {
    await settle(100)
    link.probe()
    vi.setSystemTime(Date.now() + 60_000)
    await settle(PROBE_MS_MAX + 50)
    expect(log).toEqual([])
    await settle(PROBE_MS_MAX + 50)
    expect(log).toEqual(['ended'])
  })
})

describe('the messages of a link', () => {
  it('survive encoding', () => {
    const messages: DirectMessage[] = [
      { kind: 'ping' },
      { kind: 'pong' },
      { kind: 'credit', bytes: 70_000 },
      { kind: 'data', frame: Uint8Array.of(5) },
    ]
    for (const message of messages) expect(decodeDirectMessage(encodeDirectMessage(message).subarray(4))).toEqual(message)
  })

  it('have a credit of exactly four bytes', () => {
    expect(decodeDirectMessage(Uint8Array.of(3, 0, 0, 0, 1))).toEqual({ kind: 'credit', bytes: 1 })
    expect(() => decodeDirectMessage(Uint8Array.of(3, 0, 0, 1))).toThrow(DecodeError)
    expect(() => decodeDirectMessage(Uint8Array.of(3, 0, 0, 0, 1, 0))).toThrow(DecodeError)
  })
})
