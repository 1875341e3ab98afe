import { afterEach, describe, expect, test, vi } from 'vitest'
import { assertStartable, trustedScript } from './trusted-types.ts'

const origin = 'https://chat.example.org'

describe('a script that the page starts by address', () => {
  test.each(['/sw.js', '/assets/engine.worker-abcd1234.js', '/src/session/engine.worker.ts?worker_file&type=module', `${origin}/sw.js`])(
    'may be %s',
    (url) => {
      expect(assertStartable(url, origin)).toBe(url)
    },
  )

  test.each([
    'https://elsewhere.example/sw.js',
    '//elsewhere.example/assets/a.js',
    '/assets/../upload/a.js',
    '/upload/a.js',
    '/sw.js/x',
    '/assets/a.svg',
    'data:text/javascript,alert(1)',
    'blob:https://chat.example.org/1',
  ])('may not be %s', (url) => {
    expect(() => assertStartable(url, origin)).toThrow(TypeError)
  })
})

describe('the policy', () => {
  afterEach(() => vi.unstubAllGlobals())

  test('is called kith, is made once, and makes what the browser trusts', () => {
    const createPolicy = vi.fn((_name: string, rules: { createScriptURL(url: string): string }) => ({
      createScriptURL: (url: string) => ({ trusted: rules.createScriptURL(url) }),
    }))
    vi.stubGlobal('location', { origin })
    vi.stubGlobal('trustedTypes', { createPolicy })
    expect(trustedScript('/sw.js')).toEqual({ trusted: '/sw.js' })
    expect(() => trustedScript('https://elsewhere.example/sw.js')).toThrow(TypeError)
    expect(createPolicy).toHaveBeenCalledTimes(1)
    expect(createPolicy.mock.calls[0]?.[0]).toBe('kith')
  })
})
