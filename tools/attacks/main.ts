// `npm run attacks`: each attack that Kith must survive, with its tests and how they went, one part of the list after the other: what is known of one is
// told before the next begins. Exit 1 where one of them has no test that passed. `--browser` runs the walks too, `--area NAME` one part of the list, `--write` writes docs/attacks.md and runs nothing.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { builtDist, ROOT } from '../dist.ts'
import { installedChromium } from '../chromium.ts'
import { isWalk } from './attack.ts'
import { AREAS, filesOf, PAGE, pageOf } from './list.ts'
import { ranOfPlaywright, ranOfVitest, verdictOf } from './results.ts'
import { patternOf } from './titles.ts'
import { untilSilent } from './until-silent.ts'
import type { Area, Proof } from './attack.ts'
import type { Ran } from './results.ts'

/** Tests of which none ends for so long are ended: a machine that is busy makes all of them slow, and none of them silent. */
const SILENCE_MS_MAX = 5 * 60_000
const BIN = join(ROOT, 'node_modules/.bin')

const { values } = parseArgs({
  options: { browser: { type: 'boolean', default: false }, area: { type: 'string' }, write: { type: 'boolean', default: false } },
})
if (values.write) writeFileSync(join(ROOT, PAGE), pageOf(AREAS))
else await run(AREAS.filter(({ name }) => values.area === undefined || name.toLowerCase().startsWith(values.area.toLowerCase())))

async function run(areas: readonly Area[]): Promise<void> {
  let survived = 0
  let failed = 0
  for (const { name, attacks } of areas) {
    const proofs = attacks.flatMap(({ tests }) => tests)
    const begun = Date.now()
    const fresh = [...(await runUnit(proofs)), ...(values.browser ? await runWalks(proofs) : [])]
    console.log(`\n${name} (${Math.round((Date.now() - begun) / 1_000)} s)`)
    for (const attack of attacks) {
      const { outcome, walks, tests, why } = verdictOf(attack, fresh, values.browser)
      if (outcome === 'survived') survived += 1
      if (outcome === 'not survived' || outcome === 'not shown') failed += 1
      const shown = tests.filter((proof) => values.browser || !isWalk(proof)).map(([, title]) => `“${title}”`)
      console.log(`  ${outcome}: ${attack.attack}${shown.length > 0 ? ` — ${shown.join(', ')}` : ''}`)
      if (walks > 0) console.log(`    and ${walks} in a browser, with --browser`)
      for (const line of why) console.log(`    ${line}`)
    }
  }
  const all = areas.flatMap(({ attacks }) => attacks).length
  console.log(`\n${survived} survived, ${failed} not, ${all - survived - failed} on what is not there`)
  if (failed > 0) process.exitCode = 1
}

async function runUnit(proofs: readonly Proof[]): Promise<readonly Ran[]> {
  const tests = proofs.filter((proof) => !isWalk(proof))
  const files = filesOf(tests)
  if (files.length === 0) return []
  // Of silence alone they are ended: see SILENCE_MS_MAX.
  const named = ['--testNamePattern', patternOf(tests.map(([, title]) => title)), `--testTimeout=${SILENCE_MS_MAX}`]
  return withReport(async (report) => {
    await untilSilent(
      spawnTool('vitest', ['run', ...files, ...named, '--reporter=json', `--outputFile=${report}`, '--reporter=verbose']),
      SILENCE_MS_MAX,
    )
    return existsSync(report) ? ranOfVitest(JSON.parse(readFileSync(report, 'utf8')), ROOT) : []
  })
}

async function runWalks(proofs: readonly Proof[]): Promise<readonly Ran[]> {
  const walks = proofs.filter(isWalk)
  if (walks.length === 0) return []
  builtDist()
  return withReport(async (report) => {
    const env = { KITH_CHROMIUM: installedChromium(), KITH_BUILT: '1', PLAYWRIGHT_JSON_OUTPUT_NAME: report }
    await untilSilent(
      spawnTool(
        'playwright',
        ['test', ...filesOf(walks), '--grep', patternOf(walks.map(([, title]) => title)), '--reporter=line,json'],
        env,
      ),
      SILENCE_MS_MAX,
    )
    return existsSync(report) ? ranOfPlaywright(JSON.parse(readFileSync(report, 'utf8')).suites, 'app') : []
  })
}

/** With the processes that it starts in turn. */
function spawnTool(tool: string, parts: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
  return spawn(join(BIN, tool), parts, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env }, detached: true })
}

async function withReport(read: (file: string) => Promise<readonly Ran[]>): Promise<readonly Ran[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-attacks-'))
  try {
    return await read(join(folder, 'report.json'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
