// Runs each test first as it is, then once more for every fault that it comes by and that still lives: a fault costs what the test costs, and no start.

import { appendFileSync, readFileSync } from 'node:fs'
import { setImmediate, setTimeout as later } from 'node:timers/promises'
import { TestRunner } from 'vitest'
import { JOB_VARIABLE } from './job.ts'
import { LOADED, SWITCH } from './switched.ts'
import type { RunnerTestCase, RunnerTestFile } from 'vitest'
import type { Job, Line } from './job.ts'

const POLL_MS = 500
/** A fault may take so many times what the test takes without it, and so much beyond. */
const TIMES_MAX = 20
const CPU_MS_MAX = 5_000
const SWITCHES_MAX = 200_000
/** A test that computes nothing for so long waits for what never comes. */
const IDLE_MS_MAX = 5_000
const IDLE_CPU_MS = 10
const NONE = -1
/** A test that computes for longer is asked last, about what others have let live. */
const DEAR_CPU_MS = 500

const job = JSON.parse(readFileSync(process.env[JOB_VARIABLE] ?? '', 'utf8')) as Job
const say = (line: Line): void => appendFileSync(job.lines, `${JSON.stringify(line)}\n`)

type State = {
  on: number
  calls: number
  callsMax: number
  reached: Set<number>
  /** Reached while the module was loaded. */
  readonly atLoad: Set<number>
  readonly alive: Set<number>
  stray: string | undefined
}
const held = globalThis as unknown as { kithFaults?: State } & Record<typeof SWITCH, (number: number) => boolean>
const state = (held.kithFaults ??= begin())

function begin(): State {
  const fresh: State = {
    on: job.only ?? NONE,
    calls: 0,
    callsMax: Infinity,
    reached: new Set(),
    atLoad: new Set(),
    alive: new Set(job.alive),
    stray: undefined,
  }
  held[SWITCH] = (number) => {
    if (number === LOADED) {
      for (const one of fresh.reached) fresh.atLoad.add(one)
      fresh.reached.clear()
      return false
    }
    fresh.calls += 1
    if (fresh.calls > fresh.callsMax) throw new Error('it never ended')
    fresh.reached.add(number)
    return number === fresh.on
  }
  process.on('unhandledRejection', (reason) => (fresh.stray = `nobody handled ${reason instanceof Error ? reason.message : 'a rejection'}`))
  return fresh
}

// oxlint-disable-next-line import/no-default-export -- Vitest takes what a file of a runner gives by default.
export default class Runner extends TestRunner {
  onBeforeRunFiles(): void {
    this.#sayOutside()
  }

  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file)
    say({ at: 'file', file: file.filepath })
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    this.#sayOutside(test)
    const run = TestRunner.getTestFn(test)
    const title = `${test.file.name}: ${test.fullTestName}`
    if (job.only !== undefined) return onlyOne(job.only, run, title)
    const [cpu, at] = [cpuMs(), Date.now()]
    state.calls = 0
    try {
      await run()
    } catch (error) {
      say({ at: 'broken', by: `${title}: ${String(error)}` })
      throw error
    }
    const cost: Cost = { cpuMs: cpuMs() - cpu, ms: Date.now() - at, calls: state.calls }
    const reached = [...state.reached].filter((number) => state.alive.has(number))
    say({ at: 'reached', file: test.file.filepath, numbers: [...state.reached], where: 'test' })
    if (reached.length > 0 && isAsked(test, title, cost)) await tryAll(run, title, reached, cost)
    state.reached.clear()
  }

  /** Everything since the last test came of loading, or of what goes before tests. */
  #sayOutside(test?: RunnerTestCase): void {
    const file = test?.file.filepath ?? ''
    if (state.atLoad.size > 0) say({ at: 'reached', file, numbers: [...state.atLoad], where: 'module' })
    if (state.reached.size > 0) say({ at: 'reached', file, numbers: [...state.reached], where: 'file' })
    state.atLoad.clear()
    state.reached.clear()
  }
}

type Cost = { readonly cpuMs: number; readonly ms: number; readonly calls: number }
type Run = () => unknown
/** Of a test that was not run without the fault. */
const UNKNOWN: Cost = { cpuMs: 6_000, ms: 5_000, calls: 1_000_000 }

function isAsked(test: RunnerTestCase, title: string, cost: Cost): boolean {
  if (job.dear !== 'later') return job.dear.includes(title)
  if (cost.cpuMs <= DEAR_CPU_MS) return true
  say({ at: 'dear', file: test.file.filepath, title })
  return false
}

async function onlyOne(number: number, run: Run, title: string): Promise<void> {
  const why = await outcomeOf(run, UNKNOWN)
  if (why === undefined) return
  say({ at: 'killed', number, by: `${title}: ${why}` })
  if (why === LATE) await stop()
  throw new Error(why)
}

async function tryAll(run: Run, title: string, reached: readonly number[], cost: Cost): Promise<void> {
  if ((await outcomeOf(run, undefined)) !== undefined) {
    say({ at: 'unrepeatable', numbers: reached })
    return
  }
  for (const number of reached) {
    say({ at: 'try', number })
    state.on = number
    const why = await outcomeOf(run, cost)
    state.on = NONE
    if (why === undefined) continue
    // A test that still is on its way would go on without the fault.
    const isLate = why === LATE
    if (isLate || (await outcomeOf(run, undefined)) === undefined) {
      state.alive.delete(number)
      say({ at: 'killed', number, by: `${title}: ${why}` })
    } else say({ at: 'unsure', number })
    if (isLate || state.alive.has(number)) await stop()
  }
}

const LATE = 'it never ended'

/** Undefined where the test passes. */
async function outcomeOf(run: Run, cost: Cost | undefined): Promise<string | undefined> {
  state.stray = undefined
  state.calls = 0
  state.callsMax = cost === undefined ? Infinity : TIMES_MAX * cost.calls + SWITCHES_MAX
  const done = new AbortController()
  try {
    const late = cost === undefined ? [] : [untilLate(cost, done.signal)]
    const said = await Promise.race([Promise.resolve(run()).then(() => undefined), ...late])
    await setImmediate()
    return said ?? state.stray
  } catch (error) {
    return String(error).split('\n')[0] ?? 'failed'
  } finally {
    state.callsMax = Infinity
    done.abort()
  }
}

/** By what the process computes, since a machine that is busy with something else makes every test slow. */
async function untilLate(cost: Cost, signal: AbortSignal): Promise<string> {
  const begun = cpuMs()
  let [busyAt, before] = [Date.now(), begun]
  while (!signal.aborted) {
    await later(POLL_MS)
    const now = cpuMs()
    if (now - before > IDLE_CPU_MS) [busyAt, before] = [Date.now(), now]
    if (now - begun > TIMES_MAX * cost.cpuMs + CPU_MS_MAX || Date.now() - busyAt > Math.max(IDLE_MS_MAX, 3 * cost.ms)) return LATE
  }
  return LATE
}

/** Whoever started this process ends it when it reads that line. */
function stop(): Promise<never> {
  say({ at: 'stop' })
  return new Promise(() => undefined)
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
