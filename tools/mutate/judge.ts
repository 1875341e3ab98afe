// Finds out which faults of a module its tests notice: in one process as far as that goes, and in one of its own for each fault that acts outside of tests.

import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { ROOT } from '../dist.ts'
import { JOB_VARIABLE } from './job.ts'
import type { ChildProcess } from 'node:child_process'
import type { Job, Line } from './job.ts'
import type { Curves } from './modules.ts'

const POLL_MS = 200
/** Nothing is written down for so long: whatever is on never ends, and lets nothing else go on. */
const SILENCE_MS_MAX = 600_000

export type Question = {
  readonly file: string
  readonly text: string
  readonly tests: readonly string[]
  readonly curves: Curves
  readonly count: number
  /** Nothing is begun after this. */
  readonly end: number
}
export type Verdicts = {
  /** By number, what noticed. */
  readonly killed: ReadonlyMap<number, string>
  readonly alive: readonly number[]
  /** Those for which there was no time. */
  readonly left: readonly number[]
  readonly reached: ReadonlySet<number>
}

type Known = {
  readonly killed: Map<number, string>
  readonly alive: Set<number>
  /** By number, the tests that come by it. */
  readonly reachedBy: Map<number, Set<string>>
  /** Those that a process of their own has to find out, and the tests that it takes. */
  readonly apart: Map<number, Set<string>>
  /** Those that act when the module is loaded: it takes all tests. */
  readonly everywhere: Set<number>
  /** By title, the files of tests that are asked last. */
  readonly dear: Map<string, string>
}
type End = 'end' | 'again' | 'late'

export async function judge(question: Question): Promise<Verdicts> {
  const runs = new Runs()
  try {
    return await judgeWith(runs, question)
  } finally {
    await runs.close()
  }
}

async function judgeWith(runs: Runs, { count, end, ...module }: Question): Promise<Verdicts> {
  const known: Known = {
    killed: new Map(),
    alive: new Set(Array.from({ length: count }, (_, number) => number)),
    reachedBy: new Map(),
    apart: new Map(),
    everywhere: new Set(),
    dear: new Map(),
  }
  const isLate = !(await judgeIn(runs, { ...module, end, dear: 'later' }, known)) || !(await judgeDear(runs, { ...module, end }, known))
  const left = isLate ? new Set(known.alive) : await judgeApart(runs, { ...module, count, end }, known)
  const alive = [...known.alive].filter((number) => !left.has(number))
  return { killed: known.killed, alive, left: [...left], reached: new Set([...known.reachedBy.keys(), ...known.everywhere]) }
}

/** Asks one test after the other about all faults, in as few processes as that takes. False where there was no time. */
async function judgeIn(runs: Runs, { end, ...job }: Omit<Question, 'count'> & Pick<Job, 'dear'>, known: Known): Promise<boolean> {
  let from = 0
  while (known.alive.size > 0) {
    const ended = await runs.once({ ...job, tests: job.tests.slice(from), alive: [...known.alive] }, known, end)
    if (ended.how !== 'again') return ended.how === 'end'
    from = Math.max(from, job.tests.indexOf(ended.file))
  }
  return true
}

function judgeDear(runs: Runs, question: Omit<Question, 'count'>, known: Known): Promise<boolean> {
  const files = new Set(known.dear.values())
  const tests = question.tests.filter((test) => files.has(test))
  return tests.length === 0 ? Promise.resolve(true) : judgeIn(runs, { ...question, tests, dear: [...known.dear.keys()] }, known)
}

async function judgeApart(runs: Runs, { count, end, ...module }: Question, known: Known): Promise<ReadonlySet<number>> {
  const { file, tests } = module
  const left = new Set<number>()
  const apart = [...known.alive].filter((number) => known.apart.has(number) || known.everywhere.has(number))
  // Whatever keeps tests from passing in such a process would be taken for their noticing.
  const testsOf = (number: number): readonly string[] =>
    known.everywhere.has(number) ? tests : tests.filter((test) => known.apart.get(number)?.has(test))
  const needed = new Set(apart.flatMap(testsOf))
  const without = { ...module, tests: tests.filter((test) => needed.has(test)), alive: [], dear: [] }
  if (apart.length > 0) await runs.once({ ...without, only: count }, known, end)
  if (known.killed.has(count)) throw new Error(`${file}: its tests fail without any fault: ${known.killed.get(count)}`)
  for (const number of apart) {
    const ended = Date.now() > end ? undefined : await runs.once({ ...without, tests: testsOf(number), only: number }, known, end)
    if (ended === undefined || ended.how === 'late') left.add(number)
  }
  return left
}

/** One that may be given further jobs while it is there. */
type Started = { readonly child: ChildProcess; readonly folder: string; read: number }

/** A process that runs tests. It is left for the next job when it has done one to the end. */
class Runs {
  #started: Started | undefined
  readonly #kill = (): void => {
    const child = this.#started?.child
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }

  /** Reads what the process writes, and ends it when nothing more will come, or all is known. */
  async once(job: Omit<Job, 'lines'>, known: Known, end: number): Promise<{ readonly how: End; readonly file: string }> {
    const started = this.#begin(job)
    const reading = new Reading(job, known)
    let heardAt = Date.now()
    for (;;) {
      const isOver = started.child.exitCode !== null || started.child.signalCode !== null
      const lines = linesAfter(started)
      for (const line of lines) reading.take(line)
      if (lines.length > 0) heardAt = Date.now()
      if (Date.now() - heardAt > SILENCE_MS_MAX) reading.silence()
      if (reading.ended !== undefined) break
      if (isOver) throw new Error(`${job.file}: the tests ended before they had said anything`)
      if (Date.now() > end) break
      await later(POLL_MS)
    }
    if (!reading.isDone) await this.close()
    return { how: reading.ended ?? 'late', file: reading.file }
  }

  async close(): Promise<void> {
    const started = this.#started
    if (started === undefined) return
    const isGone = new Promise<void>((done) => started.child.once('exit', () => done()))
    this.#kill()
    if (started.child.exitCode === null && started.child.signalCode === null) await isGone
    this.#started = undefined
    process.off('exit', this.#kill)
    rmSync(started.folder, { recursive: true, force: true })
  }

  #begin(job: Omit<Job, 'lines'>): Started {
    const folder = this.#started?.folder ?? mkdtempSync(join(tmpdir(), 'kith-faults-'))
    const [lines, told] = [join(folder, 'lines'), join(folder, 'job.json')]
    const whole: Job = { ...job, lines }
    writeFileSync(told, JSON.stringify(whole))
    if (this.#started !== undefined) {
      this.#started.child.send(whole)
      return this.#started
    }
    writeFileSync(lines, '')
    const child = fork(join(import.meta.dirname, 'worker.ts'), {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, [JOB_VARIABLE]: told },
      // With the processes that it starts in turn.
      detached: true,
    })
    this.#started = { child, folder, read: 0 }
    process.once('exit', this.#kill)
    return this.#started
  }
}

function linesAfter(started: Started): readonly Line[] {
  const all = readFileSync(join(started.folder, 'lines'))
  const fresh = all.subarray(started.read, all.lastIndexOf('\n') + 1)
  started.read += fresh.length
  return fresh
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
}

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1))

class Reading {
  ended: End | undefined
  /** Whether the process has nothing left to do. */
  isDone = false
  file = ''
  #trying: number | undefined
  #tried = 0
  readonly #job: Omit<Job, 'lines'>
  readonly #known: Known

  constructor(job: Omit<Job, 'lines'>, known: Known) {
    this.#job = job
    this.#known = known
  }

  take(line: Line): void {
    if (this.ended !== undefined) return
    const known = this.#known
    if (line.at === 'file') this.file = line.file.replace(`${ROOT}/`, '')
    else if (line.at === 'reached') this.#reached(line.numbers, line.where)
    else if (line.at === 'unrepeatable') for (const number of line.numbers) this.#apart(number)
    else if (line.at === 'dear') known.dear.set(line.title, this.file)
    else if (line.at === 'try') [this.#trying, this.#tried] = [line.number, this.#tried + 1]
    else if (line.at === 'killed') this.#kill(line.number, line.by)
    else if (line.at === 'unsure') this.#apart(line.number)
    else if (line.at === 'broken') this.#broken(line.by)
    else this.#over(line.at)
    if (this.#job.only === undefined && known.alive.size === 0) this.ended = 'end'
  }

  #over(at: 'stop' | 'end'): void {
    this.ended = at === 'stop' && this.#job.only === undefined ? 'again' : 'end'
    this.isDone = at === 'end'
  }

  silence(): void {
    const number = this.#job.only ?? this.#trying
    if (number === undefined) throw new Error(`${this.#job.file}: its tests never end`)
    this.#kill(number, 'it never ended')
    this.ended = this.#job.only === undefined ? 'again' : 'end'
  }

  #reached(numbers: readonly number[], where: 'test' | 'file' | 'module'): void {
    for (const number of numbers) {
      const by = this.#known.reachedBy.get(number) ?? new Set()
      this.#known.reachedBy.set(number, by.add(this.file))
      if (where === 'file') this.#apart(number)
      if (where === 'module') this.#known.everywhere.add(number)
    }
  }

  #apart(number: number): void {
    const by = this.#known.apart.get(number) ?? new Set()
    this.#known.apart.set(number, by.add(this.file))
  }

  #kill(number: number, by: string): void {
    this.#known.alive.delete(number)
    this.#known.killed.set(number, by)
  }

  /** What a fault left behind may break the tests after it, so they are asked once more in a process of their own. */
  #broken(by: string): void {
    if (this.#tried === 0) throw new Error(`${this.#job.file}: its tests fail without any fault: ${by}`)
    this.ended = 'again'
  }
}
