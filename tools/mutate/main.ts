// npm run mutate -- [--area NAME] [--files TEXT] [--from N] [--count N] [--seconds N]: plants small faults into membership, log, sessions, chains and
// ingress, and asks the tests of each module whether they notice. One JSON line for each module, with what lived. A long mode: CI does not run it.

import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../dist.ts'
import { AREA_NAMES, modulesOf } from './modules.ts'
import { applied, mutantsOf } from './mutants.ts'
import type { ChildProcess } from 'node:child_process'
import type { Module } from './modules.ts'
import type { Mutant } from './mutants.ts'
import type { Job, Outcome } from './worker.ts'

/** A mutant that takes longer than this for one set of tests never ends: that is noticed too. */
const JOB_MS_MAX = 120_000
const START_MS_MAX = 60_000

const { values } = parseArgs({
  options: {
    /** One of the areas; all of them where it is left out. */
    area: { type: 'string' },
    /** Modules whose paths have this in them. */
    files: { type: 'string', default: '' },
    /** Mutants of each module, counted from 0. */
    from: { type: 'string', default: '0' },
    count: { type: 'string' },
    /** No mutant is begun after this. */
    seconds: { type: 'string' },
    /** Mutants that the tests of a module let live are not shown to further ones. */
    quick: { type: 'boolean', default: false },
  },
})

const end = values.seconds === undefined ? Infinity : Date.now() + whole('seconds', values.seconds) * 1_000
const [from, count] = [whole('from', values.from), values.count === undefined ? Infinity : whole('count', values.count)]
let worker: ChildProcess | undefined
const sum = { modules: 0, mutants: 0, killed: 0, survived: 0, left: 0 }

for (const area of values.area === undefined ? AREA_NAMES : [values.area]) {
  for (const module of modulesOf(area).filter(({ file }) => file.includes(values.files))) await attack(module)
}
worker?.disconnect()
console.log(
  JSON.stringify({ mutation: 'all', ...sum, score: sum.mutants === 0 ? 1 : Math.round((1_000 * sum.killed) / sum.mutants) / 1_000 }),
)
if (sum.survived > 0) process.exitCode = 1

async function attack({ file, tests, further }: Module): Promise<void> {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const mutants = mutantsOf(text).slice(from, from + count)
  if (mutants.length === 0 || Date.now() > end) return
  const untouched = await judge({ file, text, tests })
  if (untouched.kind === 'killed') throw new Error(`${file}: its tests fail without any mutant: ${untouched.by}`)
  const survivors: Mutant[] = []
  let tried = 0
  for (const mutant of mutants) {
    if (Date.now() > end) break
    tried += 1
    const job = { file, text: applied(text, mutant) }
    const first = await judge({ ...job, tests })
    const last = first.kind === 'lives' && !values.quick && further.length > 0 ? await judge({ ...job, tests: further }) : first
    if (last.kind === 'lives') survivors.push(mutant)
  }
  const told = survivors.map(({ line, from: was, to }) => ({ place: `${file}:${line}`, was: was.slice(0, 120), is: to.slice(0, 120) }))
  const killed = tried - survivors.length
  console.log(
    JSON.stringify({ module: file, mutants: tried, killed, survived: survivors.length, left: mutants.length - tried, survivors: told }),
  )
  sum.modules += 1
  sum.mutants += tried
  sum.killed += killed
  sum.survived += survivors.length
  sum.left += mutants.length - tried
}

/** What the tests say. A worker that does not answer in time is ended, and the next job has a new one. */
async function judge(job: Job): Promise<Outcome> {
  worker ??= await startWorker()
  const asked = worker
  return new Promise((done) => {
    const late = setTimeout(() => {
      asked.kill('SIGKILL')
      if (worker === asked) worker = undefined
      settle({ kind: 'killed', by: 'it never ended' })
    }, JOB_MS_MAX)
    const gone = (): void => {
      if (worker === asked) worker = undefined
      settle({ kind: 'killed', by: 'the process ended' })
    }
    const settle = (outcome: Outcome): void => {
      clearTimeout(late)
      asked.off('message', settle)
      asked.off('exit', gone)
      done(outcome)
    }
    asked.once('message', settle)
    asked.once('exit', gone)
    asked.send(job)
  })
}

function startWorker(): Promise<ChildProcess> {
  return new Promise((done, fail) => {
    const child = fork(join(import.meta.dirname, 'worker.ts'), { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error('the tests could not be started in time'))
    }, START_MS_MAX)
    child.once('message', () => {
      clearTimeout(late)
      done(child)
    })
    child.once('error', fail)
  })
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}
