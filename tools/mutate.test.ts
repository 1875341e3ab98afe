// What the mutator plants, and that each fault is one: another text, in its place, that still is a program.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ROOT } from './dist.ts'
import { ALIKE } from './mutate/alike.ts'
import { AREA_NAMES, modulesOf } from './mutate/modules.ts'
import { applied, mutantsOf } from './mutate/mutants.ts'
import { switched, SWITCH } from './mutate/switched.ts'

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

describe('all faults of a text behind switches', () => {
  const TEXT = `const limit = 4
const steps = { 1: 'one', 2: 'two' }
let said = ''
export function judge(list, more) {
  if (list.length > limit || !more?.ok) return said
  const [first] = list
  list.length === 2 && list.push(9)
  more?.all.every((one) => one > 0).toString()
  said = more?.all.some((one) => one === 3) ? steps[1] : \`\${steps[2]}\`
  return first - 1 + said + list.length
}`
  const mutants = mutantsOf(TEXT)

  /** What the text does with a few inputs, started anew. */
  function deeds(text: string, on: number): unknown {
    const scope = { globalThis: { [SWITCH]: (number: number) => number === on }, exports: {} as Record<string, unknown> }
    const code = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ESNext },
    }).outputText
    runInNewContext(code, scope)
    const judge = scope.exports['judge'] as (list: number[], more?: { ok: boolean; all: number[] }) => unknown
    const inputs = [
      [[1, 2], { ok: true, all: [3, 4] }],
      [[1, 2, 3, 4, 5], { ok: true, all: [] }],
      [[1, 2, 3, 4], { ok: false, all: [1] }],
      [[7]],
      [[5, 5, 5, 5], { ok: true, all: [0, 1] }],
    ] as const
    return inputs.map(([list, more]) => {
      try {
        return judge([...list], more === undefined ? undefined : { ok: more.ok, all: [...more.all] })
      } catch (error) {
        return String(error)
      }
    })
  }

  it('do what the text does while none is on, and each what it does by itself', () => {
    const all = switched(TEXT, mutants)
    expect(deeds(all, -1)).toEqual(deeds(TEXT, -1))
    const each = mutants.map((mutant) => deeds(applied(TEXT, mutant), -1))
    expect(mutants.map((_, number) => deeds(all, number))).toEqual(each)
    expect(each.filter((one) => JSON.stringify(one) !== JSON.stringify(deeds(TEXT, -1))).length).toBeGreaterThan(mutants.length / 2)
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
    const all = switched(text, mutantsOf(text))
    expect(ts.transpileModule(all, { reportDiagnostics: true }).diagnostics).toEqual([])
  })
})

it('every reason belongs to a fault that there is', () => {
  const without = ALIKE.filter(({ file, line, from, to }) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return !mutantsOf(text).some((one) => one.from === from && one.to === to && text.split('\n')[one.line - 1]?.trim() === line)
  })
  expect(without).toEqual([])
})
