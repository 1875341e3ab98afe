import { afterEach, describe, expect, test, vi } from 'vitest'
import { CHANNEL_VERSION, ENGINE_CHANNEL } from './channel.ts'
import { joinLeadership } from './leader.ts'
import { CORRUPT_PAUSES_MS, FAILING_PAUSES_MS, FULL_PAUSES_MS, RESTART_PAUSES_MS } from './limits.ts'
import type { EngineWorker } from './leader.ts'

const leaders: { leave(): void }[] = []

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  for (const leader of leaders.splice(0)) leader.leave()
})

describe('of several tabs', () => {
  test('one leads, and the next takes over when it leaves', async () => {
    const [first, second] = [tab(), tab()]
    await vi.waitFor(() => expect(first.workers.length).toBe(1))
    await delivered()
    expect(second.workers.length).toBe(0)
    first.leave()
    await vi.waitFor(() => expect(second.workers.length).toBe(1))
    expect(first.workers[0]?.terminate).toHaveBeenCalledTimes(1)
    expect(second.workers[0]?.postMessage.mock.calls[0]?.[0]).toMatchObject({ kind: 'start' })
  })

  test('one that leaves the line never leads', async () => {
    const [first, second, third] = [tab(), tab(), tab()]
    await vi.waitFor(() => expect(first.workers.length).toBe(1))
    second.leave()
    first.leave()
    await vi.waitFor(() => expect(third.workers.length).toBe(1))
    expect(second.workers.length).toBe(0)
  })
})

describe('a worker that ends', () => {
  test('is started anew a bounded number of times, then everybody is told, also who asks later', async () => {
    quiet()
    const heard = listen()
    const { workers } = tab()
    await vi.waitFor(() => expect(workers.length).toBe(1))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    for (const pause of RESTART_PAUSES_MS) {
      const before = workers.length
      workers.at(-1)?.onmessage?.({ data: { kind: 'stopped', code: 'crashed', detail: 'x' } } as MessageEvent)
      vi.advanceTimersByTime(pause - 1)
      expect(workers.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(workers.length).toBe(before + 1)
      expect(workers.at(-2)?.terminate).toHaveBeenCalledTimes(1)
    }
    workers.at(-1)?.onerror?.({ message: 'x' } as ErrorEvent)
    vi.useRealTimers()
    await vi.waitFor(() => expect(heard.messages).toEqual([{ kind: 'failed', code: 'crashed' }]))
    heard.say({ kind: 'hello', client: 'late' })
    await vi.waitFor(() => expect(heard.messages.length).toBe(2))
    expect(workers.length).toBe(RESTART_PAUSES_MS.length + 1)
    heard.close()
  })

  test('for a reason that will stay is not started anew', async () => {
    quiet()
    const heard = listen()
    const { workers } = tab()
    await vi.waitFor(() => expect(workers.length).toBe(1))
    workers[0]?.onmessage?.({ data: { kind: 'stopped', code: 'storage-unavailable', detail: 'x' } } as MessageEvent)
    await vi.waitFor(() => expect(heard.messages).toEqual([{ kind: 'failed', code: 'storage-unavailable' }]))
    await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSES_MS[0] * 2))
    expect(workers.length).toBe(1)
    heard.close()
  })
})

describe('an engine without room', () => {
  test('tells everybody, waits longer each time before it looks again, and never gives up', async () => {
    quiet()
    const heard = listen()
    const { workers } = tab()
    await vi.waitFor(() => expect(workers.length).toBe(1))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    for (const pause of [...FULL_PAUSES_MS, FULL_PAUSES_MS.at(-1) ?? 0]) {
      const before = workers.length
      workers.at(-1)?.onmessage?.({ data: { kind: 'stopped', code: 'storage-full', detail: 'x' } } as MessageEvent)
      vi.advanceTimersByTime(pause - 1)
      expect(workers.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(workers.length).toBe(before + 1)
    }
    vi.useRealTimers()
    await vi.waitFor(() => expect(heard.messages.at(-1)).toEqual({ kind: 'failed', code: 'storage-full' }))
    heard.close()
  })

  test('that waits before it opens says so until it is up', async () => {
    quiet()
    const heard = listen()
    const { workers } = tab()
    await vi.waitFor(() => expect(workers.length).toBe(1))
    workers[0]?.onmessage?.({ data: { kind: 'waits', code: 'storage-full' } } as MessageEvent)
    await vi.waitFor(() => expect(heard.messages).toEqual([{ kind: 'failed', code: 'storage-full' }]))
    expect(workers[0]?.terminate).not.toHaveBeenCalled()
    heard.say({ kind: 'hello', client: 'late' })
    await vi.waitFor(() => expect(heard.messages.length).toBe(2))
    heard.say({ kind: 'up', version: CHANNEL_VERSION, engine: 'e' })
    await delivered()
    heard.say({ kind: 'hello', client: 'later' })
    await delivered()
    expect(heard.messages.length).toBe(2)
    heard.close()
  })
})

test.each([
  { code: 'storage-failing', pauses: FAILING_PAUSES_MS, what: 'cannot be written' },
  { code: 'storage-corrupt', pauses: CORRUPT_PAUSES_MS, what: 'cannot be read' },
] as const)('a store that $what is tried once more, and then everybody is told', async ({ code, pauses }) => {
  quiet()
  const heard = listen()
  const { workers } = tab()
  await vi.waitFor(() => expect(workers.length).toBe(1))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const fail = () => workers.at(-1)?.onmessage?.({ data: { kind: 'stopped', code, detail: 'x' } } as MessageEvent)
  fail()
  vi.advanceTimersByTime(pauses[0] - 1)
  expect(workers.length).toBe(1)
  vi.advanceTimersByTime(1)
  expect(workers.length).toBe(2)
  fail()
  vi.advanceTimersByTime(60_000)
  expect(workers.length).toBe(2)
  vi.useRealTimers()
  await vi.waitFor(() => expect(heard.messages).toEqual([{ kind: 'failed', code }]))
  heard.close()
})

test('a leader ends its engine when the device is wiped, and starts no other', async () => {
  quiet()
  const heard = listen()
  const { workers } = tab()
  await vi.waitFor(() => expect(workers.length).toBe(1))
  heard.say({ kind: 'wipe' })
  await vi.waitFor(() => expect(workers[0]?.terminate).toHaveBeenCalledTimes(1))
  workers[0]?.onmessage?.({ data: { kind: 'stopped', code: 'crashed', detail: 'x' } } as MessageEvent)
  await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSES_MS[0] * 2))
  expect(workers.length).toBe(1)
  heard.close()
})

function tab() {
  const workers: ReturnType<typeof fakeWorker>[] = []
  const startWorker = () => {
    const worker = fakeWorker()
    workers.push(worker)
    return worker
  }
  const leader = joinLeadership({ startWorker, loadNetwork: () => Promise.reject(new Error('no network here')) })
  leaders.push(leader)
  return { workers, leave: leader.leave }
}

function fakeWorker() {
  return {
    postMessage: vi.fn<EngineWorker['postMessage']>(),
    terminate: vi.fn<EngineWorker['terminate']>(),
    onmessage: null as EngineWorker['onmessage'],
    onerror: null as EngineWorker['onerror'],
  }
}

function listen() {
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  const messages: unknown[] = []
  channel.onmessage = ({ data }: MessageEvent<unknown>) => messages.push(data)
  return { messages, say: (message: unknown) => channel.postMessage(message), close: () => channel.close() }
}

/** The leader writes to the console why an engine stopped. */
const quiet = () => vi.spyOn(console, 'warn').mockImplementation(() => undefined)
const delivered = () => new Promise((resolve) => setTimeout(resolve, 20))
