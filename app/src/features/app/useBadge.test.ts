// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { useBadge } from './useBadge.ts'

const icon = () => document.querySelector('link[rel="icon"]')?.getAttribute('href')
const show = (unread: () => number) =>
  withSetup(() => {
    useBadge(unread)
    return 'shown'
  })
const setAppBadge = vi.fn<(count: number) => Promise<void>>()

beforeEach(() => {
  document.head.innerHTML = '<link rel="icon" href="/icon.svg" />'
  setAppBadge.mockReset().mockResolvedValue()
  Object.defineProperty(navigator, 'setAppBadge', { value: setAppBadge, configurable: true })
})
afterEach(() => Reflect.deleteProperty(navigator, 'setAppBadge'))

describe('what is unread, outside the page', () => {
  it('is counted on the icon of the app and shown as a dot on that of the tab, until it is read', async () => {
    const unread = shallowRef(0)
    show(() => unread.value)
    expect(icon()).toBe('/icon.svg')
    unread.value = 3
    await nextTick()
    expect(icon()).toBe('/icon-unread.svg')
    expect(setAppBadge).toHaveBeenLastCalledWith(3)
    unread.value = 0
    await nextTick()
    expect(icon()).toBe('/icon.svg')
    expect(setAppBadge).toHaveBeenLastCalledWith(0)
  })

  it('is a dot on the tab where the browser refuses a number', async () => {
    setAppBadge.mockRejectedValue(new DOMException('not installed', 'NotAllowedError'))
    show(() => 1)
    await nextTick()
    expect(icon()).toBe('/icon-unread.svg')
  })

  it('is a dot on the tab where the browser knows no numbers', () => {
    Reflect.deleteProperty(navigator, 'setAppBadge')
    show(() => 1)
    expect(icon()).toBe('/icon-unread.svg')
  })
})
