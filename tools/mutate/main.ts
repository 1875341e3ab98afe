// npm run mutate -- [--area NAME] [--files TEXT] [--from N] [--count N] [--seconds N] [--quick]: plants small faults into membership, log, sessions,
// chains and ingress, and asks the tests of each module whether they notice. One JSON line for each module, with what lived and why it may. Exit 1 when
// anything lived that alike.ts gives no reason for. CI does not run it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../dist.ts'
import { reasonOf } from './alike.ts'
import { judge } from './judge.ts'
import { AREA_NAMES, modulesOf } from './modules.ts'
import { mutantsOf } from './mutants.ts'
import { switched } from './switched.ts'
import type { Module } from './modules.ts'

const { values } = parseArgs({
  options: {
    /** One of the areas; all of them where it is left out. */
    area: { type: 'string' },
    /** Modules whose paths have this in them. */
    files: { type: 'string', default: '' },
    /** Faults of each module, counted from 0. */
    from: { type: 'string', default: '0' },
    count: { type: 'string' },
    /** Nothing is begun after this. */
    seconds: { type: 'string' },
    /** Faults that the tests of a module let live are not shown to further ones. */
    quick: { type: 'boolean', default: false },
    /** What noticed each of them, too. */
    all: { type: 'boolean', default: false },
  },
})

const end = values.seconds === undefined ? Infinity : Date.now() + whole('seconds', values.seconds) * 1_000
const [from, count] = [whole('from', values.from), values.count === undefined ? Infinity : whole('count', values.count)]
const sum = { modules: 0, mutants: 0, killed: 0, alike: 0, survived: 0, left: 0 }

for (const area of values.area === undefined ? AREA_NAMES : [values.area]) {
  for (const module of modulesOf(area).filter(({ file }) => file.includes(values.files))) await attack(module)
}
const score = sum.mutants === sum.alike ? 1 : Math.round((1_000 * sum.killed) / (sum.mutants - sum.alike)) / 1_000
console.log(JSON.stringify({ mutation: 'all', ...sum, score }))
if (sum.survived > 0) process.exitCode = 1

async function attack({ file, tests, further, curves }: Module): Promise<void> {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const mutants = mutantsOf(text).slice(from, from + count)
  if (mutants.length === 0 || Date.now() > end) return
  const all = values.quick ? tests : [...tests, ...further]
  const { killed, alive, left, reached } = await judge({
    file,
    text: switched(text, mutants),
    tests: all,
    curves,
    count: mutants.length,
    end,
  })
  const told = mutants
    .map((mutant, number) => ({
      number,
      place: `${file}:${mutant.line}`,
      was: mutant.from.slice(0, 120),
      is: mutant.to.slice(0, 120),
      why: reasonOf(file, text, mutant),
    }))
    .map(({ number, why, ...place }) => ({ number, why, place }))
  const survivors = told.filter(({ number }) => alive.includes(number))
  const alike = survivors.filter(({ why }) => why !== undefined)
  const lived = survivors.filter(({ why }) => why === undefined)
  const line = {
    module: file,
    mutants: mutants.length - left.length,
    killed: killed.size,
    alike: alike.length,
    survived: lived.length,
    left: left.length,
    survivors: lived.map(({ number, place }) => (reached.has(number) ? place : { ...place, isReached: false })),
    reasons: alike.map(({ place, why }) => ({ ...place, why })),
    // A reason for what is noticed after all is a wrong one. One line may have several faults of its kind, not all of them noticed.
    wrongReasons: told
      .filter(({ number, why }) => why !== undefined && killed.has(number) && !alike.some((one) => one.why === why))
      .map(({ place }) => place),
    ...(values.all ? { by: told.flatMap(({ number, place }) => (killed.has(number) ? [{ ...place, by: killed.get(number) }] : [])) } : {}),
  }
  console.log(JSON.stringify(line))
  sum.modules += 1
  sum.mutants += line.mutants
  sum.killed += line.killed
  sum.alike += line.alike
  sum.survived += line.survived + line.wrongReasons.length
  sum.left += line.left
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}
