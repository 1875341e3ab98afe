// The table of what strangers can do names constants, their values and tests. All of them have to be there.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './dist.ts'
import { sourceFiles } from './tree.ts'

const PAGE = 'docs/limits-on-strangers.md'
const rows = readFileSync(join(ROOT, PAGE), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:can|-+) /.test(line))

const sources = sourceFiles()
  .filter(({ path }) => /^(?:protocol|signal-server|app)\/src\/.+(?<!\.test)\.ts$/.test(path))
  .map(({ text }) => text)

/** What a constant says, as the table writes it: `1,000`, or `256, then 0.5 a second`; nothing when there is none. */
function valuesOf(name: string): readonly string[] {
  const pattern = new RegExp(`^(?:export )?const ${name}(?:: \\w+)? = (.+)$`, 'gm')
  return sources.flatMap((text) => [...text.matchAll(pattern)].map((match) => written(String(match[1]))))
}

function written(expression: string): string {
  const rate = /burst: (.+), refillMs: (.+) \}/.exec(expression)
  if (rate === null) return numberOf(expression).toLocaleString('en')
  return `${numberOf(String(rate[1])).toLocaleString('en')}, then ${(1_000 / numberOf(String(rate[2]))).toLocaleString('en')} a second`
}

// Products and quotients of plain numbers, which is all that the limits are made of.
function numberOf(expression: string): number {
  const [first = '', ...rest] = expression.replaceAll('_', '').split(' ')
  let value = Number(first)
  for (let at = 0; at < rest.length; at += 2) value = rest[at] === '*' ? value * Number(rest[at + 1]) : value / Number(rest[at + 1])
  return value
}

/** Constants with the values that the table gives, as far as it gives one. */
const named = rows.flatMap((row) =>
  [...row.matchAll(/`([A-Z][A-Z0-9_]+)`(?: = ([\d,.]*\d(?:, then [\d,.]*\d a second)?))?/g)].map((match) => ({
    name: String(match[1]),
    value: match[2],
  })),
)

const tests = rows.flatMap((row) =>
  [...row.matchAll(/\]\(([^)]+)\) “([^”]+)”/g)].map((match) => ({ path: join(dirname(PAGE), String(match[1])), title: String(match[2]) })),
)

describe('the table of what strangers can do', () => {
  it('is read', () => {
    expect(rows.length).toBeGreaterThan(40)
    expect(named.length).toBeGreaterThan(60)
    expect(tests.length).toBe(rows.length)
  })

  it.each(named)('gives $name the value that it has', ({ name, value }) => {
    expect(value, 'a constant without its value').toBeDefined()
    expect(valuesOf(name)).toContain(value)
  })

  it.each(tests)('names a test that exists: $title', ({ path, title }) => {
    expect(existsSync(join(ROOT, path)), path).toBe(true)
    const quoted = ["'", '"', '`'].map((quote) => `${quote}${title}${quote}`)
    const text = readFileSync(join(ROOT, path), 'utf8')
    expect(
      quoted.some((name) => text.includes(name)),
      `${path} has no test of this name`,
    ).toBe(true)
  })
})
