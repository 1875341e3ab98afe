// @vitest-environment happy-dom
// When an invitation is kept for this browser: at the first sign of a person, and not before.

import { nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CHAT, createFakeEngine, withSetup } from '../testing/index.ts'
import { useClaim } from './useClaim.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const trusted = (kind: string): Event => Object.defineProperty(new Event(kind), 'isTrusted', { value: true })
const look = (how: DocumentVisibilityState): void => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(how)
  document.dispatchEvent(new Event('visibilitychange'))
}
const read = (phase = shallowRef(true)) => {
  const engine = createFakeEngine()
  const { app } = withSetup(() => [useClaim(CHAT, () => phase.value)], engine)
  return { claims: () => engine.of('claimInvite'), leave: () => app.unmount(), phase }
}
const ONCE = [{ conversation: CHAT }]

it.each(['pointerdown', 'pointermove', 'touchstart', 'wheel', 'keydown'])('claims once at the first %s', (sign) => {
  const { claims } = read()
  expect(claims()).toEqual([])
  for (const kind of [sign, sign, 'keydown']) window.dispatchEvent(trusted(kind))
  vi.advanceTimersByTime(60_000)
  expect(claims()).toEqual(ONCE)
})

it('claims nothing for what a script does, or a page that only loads and scrolls', () => {
  const { claims } = read()
  window.dispatchEvent(new Event('pointerdown'))
  window.dispatchEvent(trusted('scroll'))
  vi.advanceTimersByTime(19_000)
  expect(claims()).toEqual([])
})

it('claims after 20 s in view, and time out of view does not count', () => {
  const { claims } = read()
  vi.advanceTimersByTime(15_000)
  look('hidden')
  vi.advanceTimersByTime(60_000)
  look('visible')
  vi.advanceTimersByTime(19_999)
  expect(claims()).toEqual([])
  vi.advanceTimersByTime(1)
  expect(claims()).toEqual(ONCE)
})

it('claims only what is an invitation, and stops with the chat', async () => {
  const phase = shallowRef(false)
  const { claims, leave } = read(phase)
  window.dispatchEvent(trusted('keydown'))
  expect(claims()).toEqual([])
  phase.value = true
  await nextTick()
  phase.value = false
  await nextTick()
  window.dispatchEvent(trusted('keydown'))
  phase.value = true
  await nextTick()
  leave()
  window.dispatchEvent(trusted('keydown'))
  vi.advanceTimersByTime(60_000)
  expect(claims()).toEqual([])
})
