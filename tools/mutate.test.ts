// What the mutator plants, and that each fault is one: another text, in its place, that still is a program.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ROOT } from './dist.ts'
import { AREA_NAMES, modulesOf } from './mutate/modules.ts'
import { applied, mutantsOf } from './mutate/mutants.ts'

/** A part of them: to read a program costs as much as to run a test. */
const MUTANTS_READ = 12

const changes = (text: string): readonly string[] => mutantsOf(text).map(({ from, to }) => `${from} -> ${to}`)

describe('the mutator', () => {
  it('negates conditions, and drops refusals', () => {
    expect(changes('function a(b: boolean) { if (b) return; c() }')).toEqual(['b -> !(b)', 'b -> false'])
    expect(changes('if (b) { c() } else d()')).toEqual(['b -> !(b)'])
    expect(changes('const a = b ? c : d')).toEqual(['b -> !(b)'])
    expect(changes('if (a === b) c()')).toEqual(['=== -> !=='])
  })

  it('shifts bounds, and changes connectives and constants', () => {
    expect(changes('a < b && c >= 4 || d')).toEqual(['< -> <=', '&& -> ||', '>= -> >', '4 -> 5', '|| -> &&'])
    expect(changes('x = [true, 1_000].every(y)')).toEqual(['true -> false', '1_000 -> 1001', 'every -> some'])
    expect(changes('a - 1')).toEqual(['- -> +', '1 -> 2'])
  })

  it('leaves types, imports and texts alone', () => {
    expect(changes("import a from 'b'\ntype C = 1 | true\nconst d: 2 = `${e + 1}`\nthrow new Error('x' + 1)")).toEqual([])
  })

  it('says where it is', () => {
    expect(mutantsOf('a\nb < c')[0]).toMatchObject({ line: 2, from: '<', to: '<=' })
    expect(mutantsOf('a\nb < c').map((mutant) => applied('a\nb < c', mutant))).toEqual(['a\nb <= c'])
  })
})

describe.each(AREA_NAMES)('%s', (area) => {
  const modules = modulesOf(area)

  it('has modules, and tests that are there', () => {
    expect(modules.length).toBeGreaterThan(1)
    const tests = [...new Set(modules.flatMap((module) => [...module.tests, ...module.further]))]
    expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([])
    expect(modules.filter((module) => module.tests.length === 0)).toEqual([])
  })

  it('has mutants that are programs, each another one', () => {
    const [first] = modules
    const text = readFileSync(join(ROOT, first?.file ?? ''), 'utf8')
    const mutated = mutantsOf(text)
      .slice(0, MUTANTS_READ)
      .map((mutant) => applied(text, mutant))
    expect(new Set([text, ...mutated]).size).toBe(mutated.length + 1)
    const broken = mutated.filter((one) => ts.transpileModule(one, { reportDiagnostics: true }).diagnostics?.length !== 0)
    expect(broken).toEqual([])
  })
})
