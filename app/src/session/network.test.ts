import { NetworkError, toUnixMs } from '@kith/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LOAD_RETRY_MS_MAX, LOAD_RETRY_MS_MIN } from './limits.ts'
import { connectNetworkPage } from './network-page.ts'
import { createNetworkProxy } from './network-proxy.ts'
import type { DeviceId, MailboxId, NetworkEvent, RelayAnswer } from '@kith/protocol'
import type { OwnedNetwork } from './network-page.ts'

const identity = { signSeed: Uint8Array.of(1, 2, 3), device: 'd' as DeviceId }
const closers: (() => void)[] = []

// A page has these; Node does not.
beforeEach(() => {
  const page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page))
})
afterEach(() => {
  for (const close of closers.splice(0)) close()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe("the engine's network", () => {
  test('does on the page what it is told, in order, with the identity first', async () => {
    const { proxy, calls } = connected()
    const relays = [{ key: Uint8Array.of(9), url: 'ws://127.0.0.1:1' }]
    proxy.setRelays(relays)
    proxy.setPeers([])
    proxy.dial('p' as DeviceId)
    proxy.retry()
    await vi.waitFor(() =>
      expect(calls).toEqual([['load', identity], ['listen'], ['setRelays', relays], ['setPeers', []], ['dial', 'p'], ['retry']]),
    )
  })

  test('is not loaded before the engine may open it', async () => {
    let mayOpen = () => undefined as void
    const { proxy, calls } = connected({ mayOpen: new Promise((resolve) => (mayOpen = resolve)) })
    proxy.retry()
    await delivered()
    expect(calls).toEqual([])
    mayOpen()
    await vi.waitFor(() => expect(calls.map(([name]) => name)).toEqual(['load', 'listen', 'retry']))
  })

  test('answers requests, each its own, in whatever order they end', async () => {
    const slow = deferred<RelayAnswer>()
    const { proxy } = connected({
      request: (relay) =>
        relay === 'slow' ? slow.promise : Promise.resolve({ kind: 'welcome', challenge: Uint8Array.of(1), time: toUnixMs(7) }),
    })
    const first = proxy.request('slow', { kind: 'hello', version: 1 })
    expect(await proxy.request('quick', { kind: 'hello', version: 1 })).toMatchObject({ kind: 'welcome', time: 7 })
    slow.resolve({ kind: 'done' })
    expect(await first).toEqual({ kind: 'done' })
  })

  test('rejects with the error that the adapter had', async () => {
    const { proxy } = connected({
      request: () => Promise.reject(new NetworkError('timeout', 'too late')),
      send: () => Promise.reject(new NetworkError('disconnected', 'no link')),
    })
    const request = proxy.request('relay', { kind: 'hello', version: 1 })
    await expect(request).rejects.toBeInstanceOf(NetworkError)
    await expect(request).rejects.toMatchObject({ code: 'timeout' })
    await expect(proxy.send('p' as DeviceId, Uint8Array.of(1))).rejects.toMatchObject({ name: 'NetworkError', code: 'disconnected' })
  })

  test('sends a frame that the engine keeps', async () => {
    const frames: Uint8Array[] = []
    const { proxy } = connected({ send: async (_device, frame) => void frames.push(frame) })
    const whole = Uint8Array.of(1, 2, 3, 4)
    await proxy.send('p' as DeviceId, whole.subarray(1, 3))
    expect(frames).toEqual([Uint8Array.of(2, 3)])
    expect(frames[0]?.buffer.byteLength).toBe(2)
    expect(whole).toEqual(Uint8Array.of(1, 2, 3, 4))
  })

  test('tells events in order, also those from before anybody listened', async () => {
    const { proxy, emit } = connected()
    const large = Uint8Array.of(1, 2, 3, 4)
    const events: NetworkEvent[] = [
      { kind: 'relay-up', relay: 'r' },
      {
        kind: 'blobs',
        relay: 'r',
        blobs: [large.subarray(0, 2), large.subarray(1, 4)].map((blob) => ({ mailbox: 'm' as MailboxId, blob })),
      },
      { kind: 'frame', device: 'p' as DeviceId, frame: large.subarray(2) },
      { kind: 'peer-down', device: 'p' as DeviceId },
    ]
    await vi.waitFor(() => events.forEach((event) => emit()(event)))
    await delivered()
    const heard: NetworkEvent[] = []
    proxy.listen((event) => heard.push(event))
    expect(heard).toEqual(events)
    emit()({ kind: 'relay-down', relay: 'r' })
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ kind: 'relay-down', relay: 'r' }))
    expect(large).toEqual(Uint8Array.of(1, 2, 3, 4))
  })
})

describe('loading the network', () => {
  test('is tried again with growing pauses, at once when the browser comes online, until it works', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let attempts = 0
    let isReachable = false
    const { calls } = connected({
      load: () => {
        attempts += 1
        return isReachable ? undefined : Promise.reject(new Error('404'))
      },
    })
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1)
      expect(attempts).toBe(1)
    })
    await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS_MIN)
    expect(attempts).toBe(2)
    await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS_MIN * 2)
    expect(attempts).toBe(3)
    for (let i = 0; i < 8; i++) await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS_MAX)
    const settled = attempts
    await vi.advanceTimersByTimeAsync(LOAD_RETRY_MS_MAX)
    expect(attempts).toBe(settled + 1)
    isReachable = true
    dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    expect(attempts).toBe(settled + 2)
    await vi.waitFor(() => expect(calls.map(([name]) => name)).toContain('listen'))
  })

  test('closes a network that comes after the engine has gone', async () => {
    const loaded = deferred<undefined>()
    const { calls, page } = connected({ load: () => loaded.promise })
    await vi.waitFor(() => expect(calls.map(([name]) => name)).toEqual(['load']))
    page.close()
    loaded.resolve(undefined)
    await vi.waitFor(() => expect(calls.map(([name]) => name)).toEqual(['load', 'close']))
  })

  test('closes the network with the page half', async () => {
    const { calls, page } = connected()
    await vi.waitFor(() => expect(calls.map(([name]) => name)).toEqual(['load', 'listen']))
    page.close()
    expect(calls.at(-1)).toEqual(['close'])
  })
})

type Overrides = Partial<Pick<OwnedNetwork, 'request' | 'send'>> & {
  readonly mayOpen?: Promise<void>
  readonly load?: () => Promise<undefined> | undefined
}

function connected({ mayOpen = Promise.resolve(), load, request, send }: Overrides = {}) {
  const { port1, port2 } = new MessageChannel()
  const calls: (readonly [name: string, ...rest: unknown[]])[] = []
  let listener: ((event: NetworkEvent) => void) | undefined
  const note =
    (name: string) =>
    (...rest: unknown[]): void =>
      void calls.push([name, ...rest])
  const network: OwnedNetwork = {
    setRelays: note('setRelays'),
    setPeers: note('setPeers'),
    dial: note('dial'),
    retry: note('retry'),
    request: request ?? (() => Promise.resolve({ kind: 'done' })),
    send: send ?? (() => Promise.resolve()),
    listen(next) {
      calls.push(['listen'])
      listener = next
    },
    close: async () => note('close')(),
  }
  const page = connectNetworkPage({
    port: port1,
    async load(who) {
      calls.push(['load', who])
      await load?.()
      return network
    },
  })
  const proxy = createNetworkProxy({ port: port2, identity, mayOpen })
  closers.push(page.close, () => port2.close())
  const emit = () => {
    if (listener === undefined) throw new Error('not listening yet')
    return listener
  }
  return { proxy, page, calls, emit }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => (resolve = done))
  return { promise, resolve }
}

const delivered = () => new Promise((resolve) => setTimeout(resolve, 20))
