// Which engines are walked through, and what is said when one is missing.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findEngine, prepareEngines } from './engines.ts'

let empty = ''
beforeEach(() => {
  empty = mkdtempSync(join(tmpdir(), 'kith-engines-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(empty, { recursive: true, force: true })
})

/** A machine on which nothing is installed, and nothing may be. */
const bare = () => ({ folders: [empty], mayInstall: false })

describe('an engine that is missing', () => {
  it('is named with the packages that bring it', () => {
    const found = findEngine('webkit', bare())
    expect(found.kind === 'missing' && found.how).toMatch(/^WebKit is left out.*WebKitWebDriver.*apt-get install .*webkit2gtk-driver xvfb/)
  })
  it('is left out with one line each, and in CI is a failure', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.stubEnv('CI', undefined)
    prepareEngines(bare())
    expect(log.mock.calls.map(([line]) => String(line).split(' ')[0])).toEqual(['Firefox', 'WebKit'])
    vi.stubEnv('CI', 'true')
    expect(() => prepareEngines(bare())).toThrow(/^Firefox is left out/)
  })
})
