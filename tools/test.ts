// `npm test`: every kind of test, one after the other, and one closing line with the sum. Exit 1 when anything failed. A walk or two that failed beside
// others are gone through once more by themselves: what fails then too is a fault, and what passes is printed as good only by itself.

import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { countOf, forSecondLook } from './browser-report.ts'
import { installedChromium } from './chromium.ts'
import { installedCoturn } from './coturn.ts'
import { ROOT } from './dist.ts'
import { prepareEngines } from './engines.ts'
import { installedRedis } from './redis.ts'
import type { BrowserReport, Count, FailedWalk } from './browser-report.ts'

type Phase = {
  readonly name: string
  readonly command: readonly string[]
  readonly msMax: number
  readonly count: (code: number) => Count
  /** A walk of it that failed may have wanted nothing but time, and is gone through once more. */
  readonly hasSecondLook?: boolean
}

const RESULTS = join(ROOT, 'test-results')
const UNIT_RESULTS = join(RESULTS, 'unit.json')
const BROWSER_RESULTS = join(RESULTS, 'browser.json')
const SIMULATION_SEEDS = 1_000
const MINUTE_MS = 60_000
const KILL_GRACE_MS = 5_000

const BIN = join(ROOT, 'node_modules/.bin')
const bin = (name: string): string => join(BIN, name)

const PHASES: readonly Phase[] = [
  {
    name: 'unit and property tests',
    command: [bin('vitest'), 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${UNIT_RESULTS}`],
    msMax: 20 * MINUTE_MS,
    count: (code) => atLeastOneFailure(code, readUnit(UNIT_RESULTS)),
  },
  {
    name: `simulation, ${SIMULATION_SEEDS} seeds`,
    command: ['npm', 'run', '--silent', 'simulate', '--', '--seeds', String(SIMULATION_SEEDS)],
    msMax: 10 * MINUTE_MS,
    count: one,
  },
  { name: 'build and size budgets', command: ['npm', 'run', '--silent', 'build'], msMax: 4 * MINUTE_MS, count: one },
  { ...walksOf('browser walks side by side', ['walks', 'whole', 'network']), hasSecondLook: true },
  { ...walksOf('browser walks that measure', ['alone']), hasSecondLook: true },
]

function walksOf(name: string, projects: readonly string[]): Phase {
  return {
    name,
    command: [bin('playwright'), 'test', ...projects.map((project) => `--project=${project}`)],
    msMax: 46 * MINUTE_MS,
    count: (code) => atLeastOneFailure(code, readBrowser(BROWSER_RESULTS)),
  }
}

function secondLook(walks: readonly FailedWalk[]): Phase {
  const phase = walksOf('walks that failed beside others, by themselves', [...new Set(walks.map(({ project }) => project))])
  return { ...phase, command: [...phase.command, '--workers=1', ...new Set(walks.map(({ file }) => file))] }
}

function readSecondLook(): readonly FailedWalk[] {
  const report = readReport<BrowserReport>(BROWSER_RESULTS)
  return report === undefined ? [] : forSecondLook(report)
}

/** `second`: of those that failed first. */
function withSecond(first: Count, second: Count): Count {
  if (second.failed > 0 || second.passed < first.failed) return first
  return { ...first, passed: first.passed + first.failed, failed: 0 }
}

async function main(): Promise<void> {
  rmSync(RESULTS, { recursive: true, force: true })
  mkdirSync(RESULTS, { recursive: true })
  const chromium = installedChromium()
  prepareEngines()
  installedRedis()
  installedCoturn()
  const totals: Count[] = []
  const env = { KITH_CHROMIUM: chromium, KITH_BUILT: '1', PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}` }
  const go = async (phase: Phase): Promise<Count> => {
    console.log(`\n== ${phase.name}`)
    const started = performance.now()
    const count = phase.count(await run(phase, env))
    console.log(`== ${phase.name}: ${describe(count)}; ${Math.round((performance.now() - started) / 1_000)} s`)
    return count
  }
  for (const phase of PHASES) {
    const count = await go(phase)
    const again = phase.hasSecondLook === true && count.failed > 0 ? readSecondLook() : []
    totals.push(again.length === count.failed && again.length > 0 ? withSecond(count, await go(secondLook(again))) : count)
  }
  const total = totals.reduce((sum, count) => ({
    passed: sum.passed + count.passed,
    failed: sum.failed + count.failed,
    skipped: sum.skipped + count.skipped,
  }))
  console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
  if (total.failed > 0) process.exitCode = 1
}

/** Runs one phase with its output passed through; a phase that overruns its time is ended with everything it started. */
function run({ name, command, msMax }: Phase, env: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((done) => {
    const [program = '', ...args] = command
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      detached: true,
    })
    const end = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal)
    }
    const overrun = setTimeout(() => {
      console.error(`${name} took longer than ${msMax / MINUTE_MS} minutes and is ended.`)
      end('SIGTERM')
      setTimeout(() => end('SIGKILL'), KILL_GRACE_MS).unref()
    }, msMax)
    const interrupt = (): void => end('SIGTERM')
    process.once('SIGINT', interrupt)
    child.once('error', (error) => console.error(`${program} could not be started: ${error.message}`))
    child.once('close', (code) => {
      clearTimeout(overrun)
      process.removeListener('SIGINT', interrupt)
      done(code ?? 1)
    })
  })
}

function one(code: number): Count {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

/** A runner that failed as a whole counts as a failure even when no single test did. */
function atLeastOneFailure(code: number, count: Count): Count {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

type UnitReport = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}

function readUnit(path: string): Count {
  const report = readReport<UnitReport>(path)
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests }
}

function readBrowser(path: string): Count {
  const report = readReport<BrowserReport>(path)
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  return countOf(report)
}

function readReport<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (error) {
    console.error(`No report at ${path}: ${String(error)}`)
    return undefined
  }
}

function describe({ passed, failed, skipped }: Count): string {
  return `${passed} good, ${failed} bad, ${skipped} left out`
}

await main()
