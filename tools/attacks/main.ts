// `npm run attacks`: each attack that Kith must survive, with its tests and how they went. Exit 1 where one of them has no test that passed.
// `--browser` runs the walks too, `--area NAME` one part of the list, `--write` writes docs/attacks.md and runs nothing.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { builtDist, ROOT } from '../dist.ts'
import { installedChromium } from '../chromium.ts'
import { isWalk } from './attack.ts'
import { AREAS, filesOf, PAGE, pageOf } from './list.ts'
import { ranOfPlaywright, ranOfVitest, verdictOf } from './results.ts'
import type { Area, Proof } from './attack.ts'
import type { Ran } from './results.ts'

const RUN_MS_MAX = 20 * 60_000
const BIN = join(ROOT, 'node_modules/.bin')

const { values } = parseArgs({
  options: { browser: { type: 'boolean', default: false }, area: { type: 'string' }, write: { type: 'boolean', default: false } },
})
if (values.write) writeFileSync(join(ROOT, PAGE), pageOf(AREAS))
else run(AREAS.filter(({ name }) => values.area === undefined || name.toLowerCase().startsWith(values.area.toLowerCase())))

function run(areas: readonly Area[]): void {
  const proofs = areas.flatMap(({ attacks }) => attacks.flatMap(({ tests }) => tests))
  const ran = [...runUnit(proofs), ...(values.browser ? runWalks(proofs) : [])]
  let survived = 0
  let failed = 0
  for (const { name, attacks } of areas) {
    console.log(`\n${name}`)
    for (const attack of attacks) {
      const { outcome, walks, tests, why } = verdictOf(attack, ran, values.browser)
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

function runUnit(proofs: readonly Proof[]): readonly Ran[] {
  const files = filesOf(proofs.filter((proof) => !isWalk(proof)))
  if (files.length === 0) return []
  return withReport((report) => {
    const { status } = spawnSync(join(BIN, 'vitest'), ['run', ...files, '--reporter=json', `--outputFile=${report}`], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: RUN_MS_MAX,
    })
    if (status === null) throw new Error('The tests were ended: they took too long.')
    return ranOfVitest(JSON.parse(readFileSync(report, 'utf8')), ROOT)
  })
}

function runWalks(proofs: readonly Proof[]): readonly Ran[] {
  const walks = proofs.filter(isWalk)
  if (walks.length === 0) return []
  const titles = walks.map(([, title]) => title.replace(/^.* > /, '').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  builtDist()
  return withReport((report) => {
    spawnSync(join(BIN, 'playwright'), ['test', ...filesOf(walks), '--grep', titles.join('|'), '--reporter=json'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: RUN_MS_MAX,
      env: { ...process.env, KITH_CHROMIUM: installedChromium(), KITH_BUILT: '1', PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    })
    return ranOfPlaywright(JSON.parse(readFileSync(report, 'utf8')).suites, 'app')
  })
}

function withReport(read: (file: string) => readonly Ran[]): readonly Ran[] {
  const folder = mkdtempSync(join(tmpdir(), 'kith-attacks-'))
  try {
    return read(join(folder, 'report.json'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
