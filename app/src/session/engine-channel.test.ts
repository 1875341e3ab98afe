import { StoreError } from '@kith/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CHANNEL_VERSION, ENGINE_CHANNEL } from './channel.ts'
import { createEngineClient } from './engine-client.ts'
import { createEngineHost } from './engine-host.ts'
import { createFakeEngine } from './testing/fake-engine.ts'
import { CALL_ENGINE_MS, ENGINE_CALLS_MAX, HAND_OVER_MS_MAX, VIEW_MS_MIN } from './limits.ts'
import type { AppView, ConversationId, ConversationView } from '@kith/protocol'
import type { HandOver } from './line.ts'
import type { EngineHost } from './engine-host.ts'
import type { RemoteEngine } from './engine-client.ts'
import type { FakeEngine } from './testing/fake-engine.ts'
import type { EngineStatus } from './status.ts'

const hello = { conversation: 'c' as ConversationId, text: 'hello there', ref: 'r1' }
const LAST = { conversation: 'c' as ConversationId, anchor: { kind: 'end' }, before: 10, after: 0 } as const
/** How pages get their lines. */
let lines: 'port' | 'name' = 'name'
const clients: RemoteEngine[] = []
const hosts: EngineHost[] = []

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => {
  vi.useRealTimers()
  for (const client of clients.splice(0)) client.close()
  for (const host of hosts.splice(0)) host.stop()
})

describe.each(['port', 'name'] as const)('a page and its engine, by %s', (way) => {
  beforeEach(() => (lines = way))

  test('exchange commands and answers', async () => {
    const engine = host(createFakeEngine())
    const page = client()
    expect(await page.send(hello)).toEqual({ kind: 'saved', message: 'entry of r1' })
    await page.markRead({ conversation: hello.conversation })
    await page.retry()
    expect(engine.calls).toEqual([
      ['send', hello],
      ['markRead', { conversation: 'c' }],
      ['retry', undefined],
    ])
  })

  test('meet whoever comes first', async () => {
    const page = client()
    const statuses = statusesOf(page)
    const answer = page.send(hello)
    const opening = createEngineHost()
    hosts.push(opening)
    await delivered()
    expect(statuses).toEqual([{ kind: 'starting' }])
    opening.serve(createFakeEngine())
    expect(await answer).toMatchObject({ kind: 'saved' })
    expect(statuses).toEqual([{ kind: 'starting' }, { kind: 'ready' }])
  })

  test('show views to those who watch, and to nobody else', async () => {
    const engine = host(createFakeEngine())
    const [first, second] = [client(), client()]
    const shown: string[] = []
    const stop = first.watchApp((view) => shown.push(`first ${view.name}`))
    second.watchConversation(LAST, (view) => shown.push(`second ${view?.summary.draft}`))
    await vi.waitFor(() => expect(engine.watching()).toBe(2))
    engine.showApp(app('Ana'))
    engine.showConversation({ summary: { id: 'c', draft: 'mm' } } as ConversationView)
    await vi.waitFor(() => expect(shown.toSorted()).toEqual(['first Ana', 'second mm']))
    stop()
    await vi.waitFor(() => expect(engine.watching()).toBe(1))
    engine.showApp(app('Bob'))
    await delivered()
    expect(shown.length).toBe(2)
  })

  test('show what changed together together, so that it is drawn once', async () => {
    const engine = host(createFakeEngine())
    const page = client()
    const order: string[] = []
    const note = (what: string) => () => {
      order.push(what)
      queueMicrotask(() => order.push('drawn'))
    }
    page.watchApp(note('app'))
    page.watchConversation(LAST, note('conversation'))
    await vi.waitFor(() => expect(engine.watching()).toBe(2))
    engine.showApp(app('Ana'))
    engine.showConversation({ summary: { id: 'c' } } as ConversationView)
    await vi.waitFor(() => expect(order).toEqual(['app', 'conversation', 'drawn', 'drawn']))
  })

  test('send no more than one view in its time, and always the last of a burst', async () => {
    const engine = host(createFakeEngine())
    const shown: (string | undefined)[] = []
    client().watchApp((view) => shown.push(view.name))
    await vi.waitFor(() => expect(engine.watching()).toBe(1))
    for (let i = 0; i < 100; i++) engine.showApp(app(`${i}`))
    await vi.waitFor(() => expect(shown).toEqual(['99']))
    for (let i = 100; i < 200; i++) engine.showApp(app(`${i}`))
    await new Promise((resolve) => setTimeout(resolve, VIEW_MS_MIN * 4))
    expect(shown.at(-1)).toBe('199')
    expect(shown.length).toBeLessThanOrEqual(3)
  })

  test('name a failed command instead of leaving it open', async () => {
    host(createFakeEngine(() => Promise.reject(new Error('a bug'))))
    await expect(client().send(hello)).rejects.toMatchObject({ name: 'EngineError', code: 'failed' })
  })

  test('name a full disk', async () => {
    host(createFakeEngine(() => Promise.reject(new StoreError('quota', 'full'))))
    await expect(client().send(hello)).rejects.toMatchObject({ name: 'EngineError', code: 'storage-full' })
  })
})

describe.each(['port', 'name'] as const)('when the engine moves to another tab, by %s', (way) => {
  beforeEach(() => (lines = way))

  test('an unanswered command is repeated with the same ref, and watches go on', async () => {
    const first = createFakeEngine(() => new Promise(() => undefined))
    const old = hostOf(first)
    const page = client()
    const shown: (string | undefined)[] = []
    page.watchApp((view) => shown.push(view.name))
    const answer = page.send(hello)
    await vi.waitFor(() => expect(first.calls).toEqual([['send', hello]]))
    old.stop()
    const second = host(createFakeEngine())
    expect(await answer).toEqual({ kind: 'saved', message: 'entry of r1' })
    expect(second.calls).toEqual([['send', hello]])
    await vi.waitFor(() => expect(second.watching()).toBe(1))
    second.showApp(app('Ana'))
    await vi.waitFor(() => expect(shown).toEqual(['Ana']))
  })

  test('an answered command is not repeated', async () => {
    const old = hostOf(createFakeEngine())
    const page = client()
    await page.send(hello)
    old.stop()
    const second = host(createFakeEngine())
    await page.setName({ name: 'Ana' })
    expect(second.calls.map(([name]) => name)).toEqual(['setName'])
  })

  test('a command that the same engine already has is not said twice', async () => {
    let release = () => undefined as void
    const engine = host(createFakeEngine(() => new Promise((resolve) => (release = resolve))))
    const answer = client().send(hello)
    await vi.waitFor(() => expect(engine.calls.length).toBe(1))
    for (let i = 0; i < 3; i++) await callAndListen()
    release()
    await answer
    expect(engine.calls.length).toBe(1)
  })

  test('a command that met a full disk is refused by that name', async () => {
    const engine = createFakeEngine(() => new Promise(() => undefined))
    const old = hostOf(engine)
    const answer = client().send(hello)
    await vi.waitFor(() => expect(engine.calls.length).toBe(1))
    old.stop('storage-full')
    await expect(answer).rejects.toMatchObject({ name: 'EngineError', code: 'storage-full' })
  })
})

describe('without an engine', () => {
  test('commands are given up by name after a bounded number of calls, and not before', async () => {
    const page = client()
    const statuses = statusesOf(page)
    const outcome = page.send(hello).catch((error: unknown) => error)
    for (let i = 0; i < ENGINE_CALLS_MAX; i++) await callAndListen()
    expect(statuses).toEqual([{ kind: 'starting' }])
    await callAndListen()
    expect(await outcome).toMatchObject({ name: 'EngineError', code: 'unresponsive' })
    expect(statuses.at(-1)).toEqual({ kind: 'failed', code: 'unresponsive' })
  })

  test('a page recovers as soon as one appears', async () => {
    const page = client()
    const statuses = statusesOf(page)
    for (let i = 0; i <= ENGINE_CALLS_MAX; i++) await callAndListen()
    expect(statuses.at(-1)).toEqual({ kind: 'failed', code: 'unresponsive' })
    host(createFakeEngine())
    expect(await page.send(hello)).toMatchObject({ kind: 'saved' })
    expect(statuses.at(-1)).toEqual({ kind: 'ready' })
  })

  test('a hung engine is noticed while a command waits', async () => {
    const engine = createFakeEngine(() => new Promise(() => undefined))
    const hung = hostOf(engine)
    const page = client()
    const outcome = page.send(hello).catch((error: unknown) => error)
    await vi.waitFor(() => expect(engine.calls.length).toBe(1))
    hung.stop()
    for (let i = 0; i <= ENGINE_CALLS_MAX; i++) await callAndListen()
    expect(await outcome).toMatchObject({ code: 'unresponsive' })
  })

  test('commands are refused with the reason that the leader announced', async () => {
    const page = client()
    const outcome = page.send(hello).catch((error: unknown) => error)
    await say({ kind: 'failed', code: 'storage-corrupt' })
    expect(await outcome).toMatchObject({ name: 'EngineError', code: 'storage-corrupt' })
    await expect(page.send(hello)).rejects.toMatchObject({ code: 'storage-corrupt' })
  })
})

describe('pages and engines of different versions', () => {
  test('a page older than the engine is told to reload', async () => {
    const page = client()
    await say({ kind: 'up', version: CHANNEL_VERSION + 1, engine: 'newer' })
    await vi.waitFor(() => expect(statusesOf(page)).toEqual([{ kind: 'failed', code: 'outdated' }]))
  })

  test('a page newer than the engine waits for the next one', async () => {
    const page = client()
    const answer = page.send(hello)
    await say({ kind: 'up', version: CHANNEL_VERSION - 1, engine: 'older' })
    host(createFakeEngine())
    expect(await answer).toMatchObject({ kind: 'saved' })
  })
})

describe('a line', () => {
  test('keeps what is said on it from the other tabs', async () => {
    const heard: unknown[] = []
    const other = new BroadcastChannel(ENGINE_CHANNEL)
    other.onmessage = ({ data }) => heard.push(data)
    const engine = host(createFakeEngine())
    const page = client()
    page.watchApp(() => undefined)
    await page.send(hello)
    engine.showApp(app('Ana'))
    await delivered()
    expect(heard).not.toEqual([])
    expect(JSON.stringify(heard)).not.toMatch(/hello there|Ana/)
    other.close()
  })

  test('that was handed over and never arrives is replaced by one of a name, and counts no more should it come late', async () => {
    const engine = host(createFakeEngine())
    const late: (() => void)[] = []
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const page = client((join, port) => {
      late.push(() => hosts[0]?.join(join, port))
      return true
    })
    expect(await page.send(hello)).toMatchObject({ kind: 'saved' })
    expect(timers).toHaveBeenCalledWith(expect.any(Function), HAND_OVER_MS_MAX)
    timers.mockRestore()
    late.forEach((arrive) => arrive())
    await page.retry()
    expect(engine.calls).toEqual([
      ['send', hello],
      ['retry', undefined],
    ])
  })

  test('that leads nowhere any more is given up for another one', async () => {
    const engine = host(createFakeEngine())
    const ports: MessagePort[] = []
    const page = client((join, port) => {
      if (ports.push(port) === 1) hosts[0]?.join(join, port)
      return ports.length === 1
    })
    await page.retry()
    ports[0]?.close()
    const answer = page.send(hello)
    for (let i = 0; i < 3; i++) await callAndListen()
    expect(await answer).toMatchObject({ kind: 'saved' })
    expect(engine.calls.filter(([name]) => name === 'send')).toEqual([['send', hello]])
  })

  test('gives the bytes of an answer away', async () => {
    lines = 'port'
    const bytes = new Uint8Array(1_000)
    host({ ...createFakeEngine(), setName: () => Promise.resolve({ bytes } as never) })
    expect(await client().setName({ name: 'Ana' })).toEqual({ bytes: new Uint8Array(1_000) })
    expect(bytes.byteLength).toBe(0)
  })
})

test('an engine forgets the watches of a page that is gone', async () => {
  const engine = host(createFakeEngine())
  const page = createEngineClient()
  const other = client()
  page.watchApp(() => undefined)
  other.watchApp(() => undefined)
  await vi.waitFor(() => expect(engine.watching()).toBe(2))
  page.close()
  await vi.waitFor(() => expect(engine.watching()).toBe(1))
})

test('the first view of each kind is told of once', async () => {
  const onFirstView = vi.fn()
  const first = createEngineHost({ onFirstView })
  hosts.push(first)
  const engine = createFakeEngine()
  first.serve(engine)
  client().watchApp(() => undefined)
  await vi.waitFor(() => expect(engine.watching()).toBe(1))
  expect(onFirstView).not.toHaveBeenCalled()
  engine.showApp(app('Ana'))
  await new Promise((resolve) => setTimeout(resolve, VIEW_MS_MIN * 2))
  engine.showApp(app('Bob'))
  await new Promise((resolve) => setTimeout(resolve, VIEW_MS_MIN * 2))
  expect(onFirstView.mock.calls).toEqual([['watchApp']])
})

const toHosts: HandOver = (join, port) => {
  for (const one of hosts) if (lines === 'port') one.join(join, port)
  return lines === 'port'
}

function client(handOver = toHosts): RemoteEngine {
  const one = createEngineClient(handOver)
  clients.push(one)
  return one
}

function hostOf(engine: FakeEngine): EngineHost {
  const one = createEngineHost()
  hosts.push(one)
  one.serve(engine)
  return one
}

function host(engine: FakeEngine): FakeEngine {
  hostOf(engine)
  return engine
}

function statusesOf(page: RemoteEngine): EngineStatus[] {
  const statuses: EngineStatus[] = []
  page.watchStatus((status) => statuses.push(status))
  return statuses
}

async function say(message: unknown): Promise<void> {
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  channel.postMessage(message)
  await delivered()
  channel.close()
}

async function callAndListen(): Promise<void> {
  vi.advanceTimersByTime(CALL_ENGINE_MS)
  await delivered()
}

const delivered = () => new Promise((resolve) => setTimeout(resolve, 20))
const app = (name: string) => ({ name }) as AppView
