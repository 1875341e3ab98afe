// Every runtime package of somebody else's has a reason, written down, and there are not too many of them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './dist.ts'
import { APP_PACKAGES_MAX, RELAY_PACKAGES_MAX } from './size-limits.ts'

const REASONS = 'docs/decisions/0012-what-the-budgets-count.md'

describe('runtime packages', () => {
  const app = named('app')
  const relay = named('signal-server')
  const protocol = named('protocol')

  it('are few', () => {
    expect(new Set([...app, ...protocol]).size, 'in the app').toBeLessThanOrEqual(APP_PACKAGES_MAX)
    expect(relay.length, 'in the relay').toBeLessThanOrEqual(RELAY_PACKAGES_MAX)
    expect(app.length).toBeGreaterThan(10)
  })

  it('have a row that says who names them and why, and no row is left of one that went', () => {
    const by = { app, relay, protocol }
    const rows = [...readFileSync(join(ROOT, REASONS), 'utf8').matchAll(/^\| (@?[a-z][\w@/.-]*) +\| ([a-z, ]+?) +\| \S.{10,}\|$/gm)]
      .map((row) => `${row[1]}: ${row[2]}`)
      .filter((row) => row !== 'package: named by')
    const wanted = [...new Set([...app, ...relay, ...protocol])].map((name) => {
      const namers = Object.entries(by).filter(([, names]) => names.includes(name))
      return `${name}: ${namers.map(([namer]) => namer).join(', ')}`
    })
    expect(rows.toSorted()).toEqual(wanted.toSorted())
  })
})

function named(workspace: string): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return Object.keys(dependencies).filter((name) => !name.startsWith('@kith/'))
}
