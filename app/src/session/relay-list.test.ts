import { toHex } from '@kith/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RELAYS_LISTED_MAX, RELAY_LIST_BYTES_MAX, RELAY_LIST_MS_MAX } from './limits.ts'
import { parseRelayList } from './parse-relay-list.ts'
import { loadRelays } from './relay-list.ts'

const key = 'ab'.repeat(32)
const origin = 'https://chat.example.org'
const list = (...relays: unknown[]) => JSON.stringify({ relays })

describe('a list of relays', () => {
  test('names relays by key and address, in order', () => {
    const relays = parseRelayList(list({ key, url: 'wss://a.example' }, { key: '01'.repeat(32), url: 'ws://127.0.0.1:8080' }), origin)
    expect(relays?.map((relay) => [toHex(relay.key), relay.url])).toEqual([
      [key, 'wss://a.example'],
      ['01'.repeat(32), 'ws://127.0.0.1:8080'],
    ])
  })

  test('without an address means the place where the page came from', () => {
    expect(parseRelayList(list({ key }), origin)?.[0]?.url).toBe('wss://chat.example.org')
    expect(parseRelayList(list({ key }), 'http://127.0.0.1:8080')?.[0]?.url).toBe('ws://127.0.0.1:8080')
  })

  test.each([
    ['it is not JSON', 'relays'],
    ['it has no relays', '{}'],
    ['it is empty', list()],
    ['a key is too short', list({ key: key.slice(2) })],
    ['a key is not lower-case hex', list({ key: key.toUpperCase() })],
    ['a key is missing', list({ url: 'wss://a.example' })],
    ['an address is of another kind', list({ key, url: 'https://a.example' })],
    ['an address has a path', list({ key, url: 'wss://a.example/path' })],
    ['an address is not a text', list({ key, url: 7 })],
    ['one of several is broken', list({ key }, { key: 7 })],
  ])('is refused whole when %s', (_why, text) => {
    expect(parseRelayList(list({ key }), origin)).toHaveLength(1)
    expect(parseRelayList(text, origin)).toBeUndefined()
  })

  test('may be so long and no longer', () => {
    const many = (n: number) => list(...Array.from({ length: n }, () => ({ key })))
    expect(parseRelayList(many(RELAYS_LISTED_MAX), origin)).toHaveLength(RELAYS_LISTED_MAX)
    expect(parseRelayList(many(RELAYS_LISTED_MAX + 1), origin)).toBeUndefined()
  })
})

describe('loading the list', () => {
  beforeEach(() => vi.stubGlobal('caches', memoryCaches()))
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  test('asks the server, within a bounded time, and remembers the answer for when it is out of reach', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout')
    const fetched = server(() => new Response(list({ key })))
    expect(await loadRelays(origin)).toHaveLength(1)
    expect(String(fetched.mock.calls[0]?.[0])).toBe('https://chat.example.org/.well-known/kith/relays.json')
    expect(timeout).toHaveBeenCalledWith(RELAY_LIST_MS_MAX)
    server(() => Promise.reject(new TypeError('offline')))
    expect(await loadRelays(origin)).toHaveLength(1)
  })

  test.each([
    ['an error', () => new Response(list({ key }), { status: 500 })],
    ['something else', () => new Response('<html>')],
    ['too much', () => new Response(list({ key }) + ' '.repeat(RELAY_LIST_BYTES_MAX))],
  ])('neither takes nor remembers %s', async (_what, answer) => {
    server(answer)
    await expect(loadRelays(origin)).rejects.toMatchObject({ name: 'RelayListError' })
    server(() => new Response(list({ key })))
    expect(await loadRelays(origin)).toHaveLength(1)
    server(answer)
    expect(await loadRelays(origin)).toHaveLength(1)
  })

  test('rejects when it was never loaded and the server is out of reach', async () => {
    server(() => Promise.reject(new TypeError('offline')))
    await expect(loadRelays(origin)).rejects.toMatchObject({ name: 'RelayListError' })
  })
})

function server(answer: () => Response | Promise<Response>) {
  const fetched = vi.fn(async (_url: URL) => answer())
  vi.stubGlobal('fetch', fetched)
  return fetched
}

function memoryCaches() {
  const kept = new Map<string, Response>()
  const cache = {
    put: async (url: URL, response: Response) => void kept.set(String(url), response),
    match: async (url: URL) => kept.get(String(url))?.clone(),
  }
  return { open: async () => cache }
}
