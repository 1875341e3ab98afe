// Two devices' links to each other over libp2p's in-memory streams; the test decides which dial succeeds and when.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { streamPair } from '@libp2p/utils'
import { deviceIdOf, signingKeyOf } from '@kith/protocol'
import { peerIdOf } from './addresses.ts'
import {
  CANDIDATES_PER_PEER_MAX,
  DIAL_ATTEMPTS_MAX,
  DIAL_RETRY_MS_FIRST,
  DIAL_RETRY_MS_MAX,
  GLARE_MS_MAX,
  LINK_SETTLED_MS,
  PROOF_MS_MAX,
  REDIAL_MS_SECOND,
} from './limits.ts'
import { PeerLinks } from './peer-links.ts'
import type { Connection, MessageStream } from '@libp2p/interface'
import type { DeviceId } from '@kith/protocol'
import type { OpenedStream } from './peer-links.ts'

type Attempt = { readonly succeed: (opened: OpenedStream) => void; readonly fail: () => void; readonly signal: AbortSignal }
type End = { readonly links: PeerLinks; readonly log: string[]; readonly attempts: Attempt[]; readonly at: number[] }

const [small, large] = [1, 2].map((n) => deviceIdOf(new Uint8Array(32).fill(n))) as [DeviceId, DeviceId]
const settle = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

function end(self: DeviceId, other: DeviceId): End {
  const log: string[] = []
  const attempts: Attempt[] = []
  const at: number[] = []
  const signingKey = signingKeyOf(new Uint8Array(32).fill(9))
  const peerId = peerIdOf(signingKey)
  if (peerId === undefined) throw new Error('a key has a peer id')
  const links = new PeerLinks({ device: other, signingKey, relays: [] }, peerId, {
    self,
    random: (length) => new Uint8Array(length),
    open: (_, signal) => {
      at.push(Date.now())
      return new Promise((succeed, fail) => {
        signal.addEventListener('abort', () => fail(new Error('given up')))
        attempts.push({ succeed, fail: () => fail(new Error('unreachable')), signal })
      })
    },
    up: () => log.push('up'),
    down: () => log.push('down'),
    frame: (_one, frame) => log.push(`frame ${frame[0] ?? ''}`),
    changed: () => {},
  })
  return { links, log, attempts, at }
}

let connections = 0
const opened = (stream: MessageStream): OpenedStream => ({ stream, connection: { id: String(connections++) } as Connection })

let first: End
let second: End

/** What a successful dial of `from` leads to on both sides. Returns both streams, the dialling one first. */
async function connect(from: End, to: End): Promise<readonly [MessageStream, MessageStream]> {
  const [near, far] = await streamPair()
  from.attempts.at(-1)?.succeed(opened(near))
  to.links.add(opened(far), 'remote')
  return [near, far]
}

beforeEach(() => {
  vi.useFakeTimers()
  first = end(small, large)
  second = end(large, small)
})

afterEach(() => {
  first.links.close()
  second.links.close()
  vi.useRealTimers()
})

describe('one dial', () => {
  it.each(['the smaller', 'the larger'] as const)('of %s device leads to one link on both sides', async (who) => {
    const [from, to] = who === 'the smaller' ? [first, second] : [second, first]
    from.links.dial()
    await settle()
    await connect(from, to)
    await settle()
    expect([from.log, to.log]).toEqual([['up'], ['up']])
    expect([from.links.activeOpener, to.links.activeOpener]).toEqual(['self', 'remote'])
    await from.links.send(Uint8Array.of(5))
    await to.links.send(Uint8Array.of(6))
    await settle()
    expect([from.log, to.log]).toEqual([
      ['up', 'frame 6'],
      ['up', 'frame 5'],
    ])
  })

  it('is not begun twice, and not while a link is there', async () => {
    first.links.dial()
    first.links.dial()
    await settle()
    first.links.dial()
    expect(first.attempts).toHaveLength(1)
    await connect(first, second)
    await settle()
    first.links.dial()
    await settle(DIAL_RETRY_MS_MAX)
    expect(first.attempts).toHaveLength(1)
  })

  it('that fails is repeated with growing distances, and given up after the bound', async () => {
    first.links.dial()
    for (let i = 0; i < DIAL_ATTEMPTS_MAX; i++) {
      await settle(DIAL_RETRY_MS_MAX)
      first.attempts[i]?.fail()
    }
    await settle(DIAL_RETRY_MS_MAX)
    expect(first.attempts).toHaveLength(DIAL_ATTEMPTS_MAX)
    first.links.dial()
    await settle(DIAL_RETRY_MS_MAX)
    expect(first.attempts).toHaveLength(DIAL_ATTEMPTS_MAX + 1)
  })

  it('waits for the backoff even when it is asked for again, and not after a retry', async () => {
    first.links.dial()
    await settle()
    first.attempts[0]?.fail()
    await settle()
    first.links.dial()
    await settle(DIAL_RETRY_MS_FIRST / 2 - 200)
    expect(first.attempts).toHaveLength(1)
    first.links.retry()
    await settle()
    expect(first.attempts).toHaveLength(2)
  })

  it('is not begun by a retry that nobody wanted', async () => {
    first.links.retry()
    await settle(DIAL_RETRY_MS_MAX)
    expect(first.attempts).toHaveLength(0)
  })

  it('whose other side never answers the ping is dropped', async () => {
    const [near] = await streamPair()
    first.links.dial()
    await settle()
    first.attempts[0]?.succeed(opened(near))
    await settle(PROOF_MS_MAX - 100)
    expect(near.status).toBe('open')
    await settle(200)
    expect(near.status).toBe('aborted')
    expect(first.log).toEqual([])
  })
})

describe('two dials at once', () => {
  beforeEach(async () => {
    first.links.dial()
    second.links.dial()
    await settle()
  })

  it('leave the link of the smaller device, though the other one was there first', async () => {
    await connect(second, first)
    await settle(100)
    expect([first.log, second.log]).toEqual([[], []])
    await connect(first, second)
    await settle(GLARE_MS_MAX * 2)
    expect([first.log, second.log]).toEqual([['up'], ['up']])
    expect([first.links.activeOpener, second.links.activeOpener]).toEqual(['self', 'remote'])
  })

  it('leave the link of the larger device when the smaller one’s dial fails', async () => {
    await connect(second, first)
    await settle(100)
    first.attempts[0]?.fail()
    await settle()
    expect([first.log, second.log]).toEqual([['up'], ['up']])
    expect([first.links.activeOpener, second.links.activeOpener]).toEqual(['remote', 'self'])
  })

  it('leave the link of the larger device when the smaller one’s dial takes too long', async () => {
    await connect(second, first)
    await settle(GLARE_MS_MAX - 200)
    expect(first.log).toEqual([])
    await settle(400)
    expect([first.log, second.log]).toEqual([['up'], ['up']])
    expect(first.attempts[0]?.signal.aborted).toBe(true)
    expect(second.links.activeOpener).toBe('self')
  })

  it('leave the first link when the larger device’s comes late', async () => {
    await connect(first, second)
    await settle(100)
    expect(second.attempts[0]?.signal.aborted).toBe(true)
    const [, far] = await streamPair()
    first.links.add(opened(far), 'remote')
    await settle(PROOF_MS_MAX * 2)
    expect([first.log, second.log]).toEqual([['up'], ['up']])
    expect(far.status).not.toBe('open')
  })
})

describe('a lost link', () => {
  beforeEach(async () => {
    first.links.dial()
    await settle()
  })

  it('is dialled again, by the smaller device first', async () => {
    const [near] = await connect(first, second)
    await settle(LINK_SETTLED_MS)
    near.abort(new Error('cut'))
    await settle(1_000)
    expect([first.log, second.log]).toEqual([
      ['up', 'down'],
      ['up', 'down'],
    ])
    expect([first.attempts.length, second.attempts.length]).toEqual([2, 0])
    await connect(first, second)
    await settle(2 * REDIAL_MS_SECOND)
    expect([first.log, second.log]).toEqual([
      ['up', 'down', 'up'],
      ['up', 'down', 'up'],
    ])
    expect(second.attempts).toHaveLength(0)
  })

  it('is dialled again at growing distances when it ends as soon as it begins', async () => {
    const pauses: number[] = []
    for (let i = 0; i < 4; i++) {
      const [near] = await connect(first, second)
      await settle(100)
      near.abort(new Error('cut'))
      const cutAt = Date.now()
      await settle(DIAL_RETRY_MS_MAX)
      pauses.push((first.at.at(-1) ?? 0) - cutAt)
    }
    expect(first.log.filter((word) => word === 'up')).toHaveLength(4)
    expect(pauses).toEqual([1, 2, 4, 8].map((factor) => (factor * DIAL_RETRY_MS_FIRST) / 2))
  })

  it('is replaced on the side that did not notice, when the smaller device dials anew', async () => {
    await connect(first, second)
    await settle()
    // The first device forgets everything, as if its page had been restarted without a word.
    const restarted = end(small, large)
    restarted.links.dial()
    await settle()
    await connect(restarted, second)
    await settle()
    expect([restarted.log, second.log]).toEqual([['up'], ['up', 'down', 'up']])
    restarted.links.close()
  })

  it('is replaced on the side that did not notice, when the larger device dials anew and the old link is silent', async () => {
    const [near, far] = await streamPair()
    first.attempts[0]?.succeed(opened(near))
    far.addEventListener('message', () => {}) // The test stands for the device: it answers the first ping and then nothing.
    far.send(Uint8Array.of(0, 0, 0, 1, 2))
    await settle()
    expect(first.log).toEqual(['up'])
    second.links.dial()
    await settle()
    await connect(second, first)
    await settle(PROOF_MS_MAX / 2)
    expect([first.log, second.log]).toEqual([['up', 'down', 'up'], ['up']])
  })
})

describe('bounds and ends', () => {
  it('a device has no more unproven links than the bound', async () => {
    const far: MessageStream[] = []
    for (let i = 0; i <= CANDIDATES_PER_PEER_MAX; i++) {
      const [, inbound] = await streamPair()
      far.push(inbound)
      first.links.add(opened(inbound), 'remote')
    }
    expect(far.map(({ status }) => status)).toEqual([...Array.from({ length: CANDIDATES_PER_PEER_MAX }, () => 'open'), 'aborted'])
  })

  it('closing says down once and dials never again', async () => {
    first.links.dial()
    await settle()
    await connect(first, second)
    await settle()
    first.links.close()
    first.links.close()
    first.links.dial()
    await settle(DIAL_RETRY_MS_MAX)
    expect(first.log).toEqual(['up', 'down'])
    expect(first.attempts).toHaveLength(1)
  })
})
