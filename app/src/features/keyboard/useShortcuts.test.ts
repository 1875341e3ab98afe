// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { createFakeEngine, withSetup } from '../testing/index.ts'
import { useShortcuts } from './useShortcuts.ts'

afterEach(() => document.body.replaceChildren())

it('a key is not the page’s while something lies over it, nor before that has gone', () => {
  const showKeys = vi.fn()
  withSetup(() => {
    useShortcuts({ newChat: vi.fn(), showKeys })
    return 'listening'
  }, createFakeEngine())
  const press = (): boolean => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }))
  const dialog = document.createElement('dialog')
  document.body.append(dialog)
  dialog.show()
  press()
  dialog.close()
  press()
  expect(showKeys).not.toHaveBeenCalled()
  dialog.remove()
  press()
  expect(showKeys).toHaveBeenCalledOnce()
})
