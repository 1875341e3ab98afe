import { afterEach, describe, expect, it, vi } from 'vitest'
import { NetworkError, TURN_URL_BYTES_MAX } from '@kith/protocol'
import { TURN_AGAIN_MS, TURN_MS_MAX, TURN_WAIT_MS_MAX } from './limits.ts'
import { inTime, TurnServers } from './turn-servers.ts'
import type { RelayAnswer, TurnCredentials } from '@kith/protocol'

const GIVEN: TurnCredentials = { urls: ['turn:turn.example.org:3478'], username: '1800003600:abc', credential: 'c2VjcmV0', seconds: 3_600 }
const HALF = 1_800_000

/** A relay whose answers the test gives, and a clock that it moves. */
function ask(...answers: readonly (RelayAnswer | Error)[]) {
  const world = { now: 1_800_000_000_000, asked: 0, isUsable: true }
  const turn = new TurnServers({
    ask: () => {
      const answer = answers[Math.min(world.asked, answers.length - 1)] ?? new Error('nothing')
      world.asked += 1
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    now: () => world.now,
    isUsable: () => world.isUsable,
  })
  return { turn, world }
}
const given = (changed: Partial<TurnCredentials> = {}): RelayAnswer => ({ kind: 'turn', credentials: { ...GIVEN, ...changed } })
const refused = (reason: 'unknown' | 'denied'): RelayAnswer => ({ kind: 'refused', reason, retryMs: 0 })
const nameIn = (servers: readonly RTCIceServer[]): string | undefined => servers[0]?.username

describe('TURN servers', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are waited for so long, and then a dial goes on without', async () => {
    vi.useFakeTimers()
    const servers = [{ urls: 'turn:a.example' }]
    const after = (ms: number): Promise<RTCIceServer[]> => inTime(new Promise((resolve) => setTimeout(() => resolve(servers), ms)))
    const both = Promise.all([after(TURN_WAIT_MS_MAX - 1), after(TURN_WAIT_MS_MAX + 1)])
    await vi.advanceTimersByTimeAsync(TURN_WAIT_MS_MAX + 1)
    expect(await both).toEqual([servers, []])
  })

  it('are those that the relay names, asked for once by all who want them', async () => {
    const { turn, world } = ask(given())
    const both = await Promise.all([turn.current(), turn.current()])
    const { urls, username, credential } = GIVEN
    expect(both).toEqual([[{ urls, username, credential }], [{ urls, username, credential }]])
    await turn.current()
    expect(world.asked).toBe(1)
  })

  it('are asked for anew once half of their time is over', async () => {
    const { turn, world } = ask(given(), given({ username: 'next' }))
    await turn.current()
    world.now += HALF - 1
    expect(nameIn(await turn.current())).toBe(GIVEN.username)
    world.now += 1
    expect(nameIn(await turn.current())).toBe('next')
    expect(world.asked).toBe(2)
  })

  it('are used while they are good, although the relay gives no new ones, and not a moment longer', async () => {
    const { turn, world } = ask(given(), new NetworkError('timeout', 'late'))
    await turn.current()
    world.now += 2 * HALF - 1
    expect(await turn.current()).toHaveLength(1)
    world.now += 1
    expect(await turn.current()).toEqual([])
  })

  it('are good for an hour, whatever the relay says', async () => {
    const { turn, world } = ask(given({ seconds: 0xffff_ffff }), new NetworkError('timeout', 'late'))
    await turn.current()
    world.now += TURN_MS_MAX - 1
    expect(await turn.current()).toHaveLength(1)
    world.now += 1
    expect(await turn.current()).toEqual([])
  })

  it('are no good after the clock was set back', async () => {
    const { turn, world } = ask(given(), new NetworkError('timeout', 'late'))
    await turn.current()
    world.now -= 1
    expect(await turn.current()).toEqual([])
  })

  it.each([
    ['names none', refused('unknown')],
    ['does not answer', new NetworkError('timeout', 'late')],
    ['does not know the question', new NetworkError('disconnected', 'the stream ended')],
    ['says something else', { kind: 'done' } as const],
  ])('are none where the relay %s, which is asked again after a while', async (_, answer) => {
    const { turn, world } = ask(answer, given())
    expect(await turn.current()).toEqual([])
    world.now += TURN_AGAIN_MS - 1
    expect(await turn.current()).toEqual([])
    world.now += 1
    expect(await turn.current()).toHaveLength(1)
  })

  it('are asked for at the next dial where the relay had forgotten the mailboxes', async () => {
    const { turn } = ask(refused('denied'), given())
    expect(await turn.current()).toEqual([])
    expect(await turn.current()).toHaveLength(1)
  })

  it.each([
    'stun:stun.example.org:3478',
    'stuns:stun.example.org',
    'http://turn.example.org',
    'turn:',
    'turn:a@turn.example.org',
    'turn://turn.example.org:3478',
    'turn:turn.example.org:0',
    'turn:turn.example.org:65536',
    'turn:turn.example.org:3478?transport=sctp',
    'turn:turn.example.org:3478?transport=udp&a=b',
    'TURN:turn.example.org',
    'turn:turn.example.org turn:b',
    `turn:${'a'.repeat(TURN_URL_BYTES_MAX)}`,
  ])('are none where a relay slips in %s', async (url) => {
    expect(await ask(given({ urls: GIVEN.urls })).turn.current()).toHaveLength(1)
    expect(await ask(given({ urls: [...GIVEN.urls, url] })).turn.current()).toEqual([])
    expect(await ask(given({ urls: [url] })).turn.current()).toEqual([])
  })

  it.each([
    'turn:turn.example.org',
    'turn:turn.example.org:65535',
    'turn:192.0.2.1:3478?transport=tcp',
    'turns:[2001:db8::1]:443?transport=tcp',
    'turn:a:1?transport=udp',
  ])('may be at %s', async (url) => {
    expect(await ask(given({ urls: [url] })).turn.current()).toHaveLength(1)
  })

  it('are none without credentials, or where the browser does not take them', async () => {
    for (const wrong of [{ urls: [] }, { username: '' }, { credential: '' }]) expect(await ask(given(wrong)).turn.current()).toEqual([])
    const { turn, world } = ask(given())
    world.isUsable = false
    expect(await turn.current()).toEqual([])
  })
})
