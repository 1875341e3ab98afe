// @vitest-environment happy-dom

import { beforeEach, describe, expect, it } from 'vitest'
import type { PushView } from '@kith/protocol'
import { createFakeEngine, withSetup } from '../testing/index.ts'
import { keepPush } from './follow-push.ts'
import { usePush } from './usePush.ts'
import type { BrowserPush, Subscription } from './browser-push.ts'

const KEY = new Uint8Array(65).fill(4)
const subscriptionAt = (endpoint: string): Subscription => ({ endpoint, key: KEY, auth: new Uint8Array(16) })

let permission: NotificationPermission
let answer: NotificationPermission
let current: Subscription | undefined
let did: string[]
const browser: BrowserPush = {
  permission: () => permission,
  ask: async () => {
    did.push('ask')
    permission = answer
    return answer
  },
  current: async () => current,
  subscribe: async () => {
    did.push('subscribe')
    return subscriptionAt('https://push.example.org/new')
  },
  unsubscribe: async () => void did.push('unsubscribe'),
  clear: async () => undefined,
}
beforeEach(() => {
  permission = 'default'
  answer = 'granted'
  current = undefined
  did = []
})
const settled = () => new Promise((done) => setTimeout(done))
const ready = (view: Partial<PushView> = {}) => ({ readPush: async (): Promise<PushView> => ({ endpoint: undefined, key: KEY, ...view }) })

describe('the switch for being notified while Kith is closed', () => {
  it('asks the browser first, subscribes with the relay’s key, and is on once the relay has it', async () => {
    const engine = createFakeEngine(ready())
    const push = withSetup(() => usePush(browser), engine).result
    await settled()
    expect(push.state.value).toBe('off')
    await push.turn(true)
    expect([push.state.value, did]).toEqual(['on', ['ask', 'subscribe']])
    expect(engine.of('setPush')).toEqual([{ subscription: subscriptionAt('https://push.example.org/new') }])
    await push.turn(false)
    expect([push.state.value, did.at(-1), engine.of('setPush').at(-1)]).toEqual(['off', 'unsubscribe', { subscription: undefined }])
  })
  it('stays off, and subscribes nowhere, where the browser refuses or nobody answers it', async () => {
    for (const [said, state] of [
      ['denied', 'blocked'],
      ['default', 'off'],
    ] as const) {
      answer = said
      permission = 'default'
      did = []
      const engine = createFakeEngine(ready())
      const push = withSetup(() => usePush(browser), engine).result
      await push.turn(true)
      // Before it is known whether it is on, nothing is turned.
      expect(did).toEqual([])
      await settled()
      await push.turn(true)
      expect([push.state.value, engine.of('setPush'), did.includes('subscribe')]).toEqual([state, [], false])
    }
  })
  it('says why it cannot be on: no such browser, refused before, a relay that wakes nobody or is away, an unknown push service', async () => {
    const stateOf = async (engine: ReturnType<typeof createFakeEngine>, how: BrowserPush | undefined, isTurned: boolean) => {
      const push = withSetup(() => usePush(how), engine).result
      await settled()
      if (isTurned) await push.turn(true)
      return push.state.value
    }
    expect(await stateOf(createFakeEngine(), undefined, true)).toBe('unsupported')
    expect(await stateOf(createFakeEngine(), browser, false)).toBe('none-here')
    expect(await stateOf(createFakeEngine(ready({ key: 'relay-away' })), browser, false)).toBe('off')
    expect(await stateOf(createFakeEngine(ready({ key: 'relay-away' })), browser, true)).toBe('relay-away')
    const setPush = async () => ({ kind: 'refused', reason: 'unknown-service' }) as const
    expect(await stateOf(createFakeEngine({ ...ready(), setPush }), browser, true)).toBe('unknown-service')
    const failing = { ...browser, subscribe: () => Promise.reject(new Error('no push service')) }
    expect(await stateOf(createFakeEngine(ready()), failing, true)).toBe('failed')
    permission = 'denied'
    expect(await stateOf(createFakeEngine(ready()), browser, false)).toBe('blocked')
  })
  it('is on where it was turned on before, and a test says whether it was sent', async () => {
    permission = 'granted'
    const engine = createFakeEngine(ready({ endpoint: 'https://push.example.org/old' }))
    const push = withSetup(() => usePush(browser), engine).result
    await settled()
    expect([push.state.value, push.test.value]).toEqual(['on', 'idle'])
    await push.tryOut()
    expect(push.test.value).toBe('sent')
    const refusing = createFakeEngine({ ...ready(), testPush: async () => ({ kind: 'refused', reason: 'relay-away' }) })
    const other = withSetup(() => usePush(browser), refusing).result
    await other.tryOut()
    expect(other.test.value).toBe('failed')
  })
})

describe('a subscription, at each start and when the relay is there again', () => {
  const keptWith = async (view: Partial<PushView>) => {
    const engine = createFakeEngine(ready(view))
    await keepPush(engine, browser)
    return engine
  }

  it('is left alone while browser and relay have the same', async () => {
    permission = 'granted'
    current = subscriptionAt('https://push.example.org/old')
    const engine = await keptWith({ endpoint: 'https://push.example.org/old' })
    expect([engine.of('setPush'), did]).toEqual([[], []])
  })
  it('is told anew when the browser has changed it', async () => {
    permission = 'granted'
    current = subscriptionAt('https://push.example.org/changed')
    const engine = await keptWith({ endpoint: 'https://push.example.org/old' })
    expect([engine.of('setPush'), did]).toEqual([[{ subscription: current }], []])
  })
  it('is made anew when the browser has ended it, or the relay has another key', async () => {
    permission = 'granted'
    const engine = await keptWith({ endpoint: 'https://push.example.org/old' })
    expect([engine.of('setPush'), did]).toEqual([[{ subscription: subscriptionAt('https://push.example.org/new') }], ['subscribe']])
  })
  it('is nothing where nobody asked, the browser has not agreed, or the relay cannot be asked', async () => {
    expect((await keptWith({ endpoint: 'https://push.example.org/old' })).of('readPush')).toEqual([])
    permission = 'granted'
    for (const view of [{}, { endpoint: 'https://push.example.org/old', key: 'relay-away' as const }]) {
      const engine = await keptWith(view)
      expect([engine.of('setPush'), did]).toEqual([[], []])
    }
  })
})
