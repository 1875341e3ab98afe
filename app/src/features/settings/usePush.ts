// The switch for being notified while Kith is closed: what it says, and what turning it does to browser, relay and device.

import { shallowReadonly, shallowRef } from 'vue'
import type { PushRefusal } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { browserPush } from './browser-push.ts'
import type { BrowserPush } from './browser-push.ts'

/** `blocked`: the browser refuses. `failed`: its push service did not answer. The others say why it cannot be on. */
export type PushState = 'unknown' | 'off' | 'on' | 'working' | 'blocked' | 'unsupported' | 'failed' | PushRefusal
export type TestState = 'idle' | 'sent' | 'failed'

export const usePush = (browser: BrowserPush | undefined = browserPush()) => {
  const engine = useEngine()
  const state = shallowRef<PushState>(browser === undefined ? 'unsupported' : 'unknown')
  const test = shallowRef<TestState>('idle')

  const look = async (): Promise<void> => {
    if (browser === undefined) return
    if (browser.permission() === 'denied') return void (state.value = 'blocked')
    const { endpoint, key } = await engine.readPush()
    if (endpoint !== undefined && browser.permission() === 'granted') state.value = 'on'
    else state.value = key === 'none-here' ? 'none-here' : 'off'
  }
  const begin = async ({ ask, subscribe }: BrowserPush): Promise<PushState> => {
    // First of all, while it still counts as an answer to the click.
    const permission = await ask()
    if (permission !== 'granted') return permission === 'denied' ? 'blocked' : 'off'
    const { key } = await engine.readPush()
    if (typeof key === 'string') return key
    const subscription = await subscribe(key).catch(() => undefined)
    if (subscription === undefined) return 'failed'
    const outcome = await engine.setPush({ subscription })
    return outcome.kind === 'saved' ? 'on' : outcome.reason
  }
  const end = async ({ unsubscribe }: BrowserPush): Promise<PushState> => {
    await engine.setPush({ subscription: undefined })
    await unsubscribe().catch(() => undefined)
    return 'off'
  }
  const turn = async (on: boolean): Promise<void> => {
    // What is not known yet cannot be turned round.
    if (browser === undefined || state.value === 'working' || state.value === 'unknown') return
    state.value = 'working'
    test.value = 'idle'
    state.value = await (on ? begin(browser) : end(browser)).catch((): PushState => 'failed')
  }
  const tryOut = async (): Promise<void> => {
    test.value = await engine.testPush().then(
      ({ kind }) => (kind === 'sent' ? 'sent' : 'failed'),
      () => 'failed',
    )
  }
  void look().catch(() => undefined)
  return { state: shallowReadonly(state), test: shallowReadonly(test), turn, tryOut }
}
