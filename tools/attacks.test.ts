// The list of attacks names tests. All of them have to be there, told from every other one, and the page has to say what the list says.

import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isWalk } from './attacks/attack.ts'
import { AREAS, filesOf, PAGE, pageOf, PROOFS } from './attacks/list.ts'
import { ranOfPlaywright, ranOfVitest, verdictOf } from './attacks/results.ts'
import { isTitleOf, patternOf, titlesIn } from './attacks/titles.ts'
import { untilSilent } from './attacks/until-silent.ts'
import { ROOT } from './dist.ts'

const titles = new Map(
  filesOf(PROOFS).map((file) => [file, existsSync(join(ROOT, file)) ? titlesIn(readFileSync(join(ROOT, file), 'utf8')) : []]),
)

describe('the list of attacks', () => {
  it('names tests that exist, each of them one', () => {
    const unclear = PROOFS.filter(([file, title]) => {
      const found = titles.get(file)?.filter((written) => written === title || written.endsWith(` > ${title}`)) ?? []
      return found.length !== 1
    })
    expect(unclear).toEqual([])
  })

  it('has a test for every attack, or says what is not there to be attacked', () => {
    const attacks = AREAS.flatMap((area) => area.attacks)
    expect(attacks.length).toBeGreaterThan(100)
    expect(new Set(attacks.map(({ attack }) => attack)).size).toBe(attacks.length)
    expect(attacks.filter(({ tests, absent }) => (tests.length === 0) === (absent === undefined))).toEqual([])
    // Whoever has no browser at hand sees each of them survived or not.
    expect(attacks.filter(({ tests }) => tests.length > 0 && tests.every(isWalk))).toEqual([])
  })

  it('is what the page says', () => {
    expect(readFileSync(join(ROOT, PAGE), 'utf8'), 'write it with npm run attacks -- --write').toBe(pageOf(AREAS))
  })
})

describe('titles of tests', () => {
  it('are read with those of their groups, and with values left open', () => {
    const text = [
      "describe('a door', () => {",
      "  test('opens', () => {})",
      "  it.each([1, 2])('has %i keys', () => {})",
      "  test.skipIf(true)('is blue', () => {})",
      '})',
      "test.describe('a walk', () => { test(`goes ${far}`, async () => { await test.step('one', () => {}) }) })",
    ].join('\n')
    expect(titlesIn(text)).toEqual(['a door > opens', 'a door > has %i keys', 'a door > is blue', 'a walk > goes %s'])
    expect(isTitleOf('a door > has %i keys', 'a door > has 2 keys')).toBe(true)
    expect(isTitleOf('a door > has %i keys', 'a door > has 2 locks')).toBe(false)
    const pattern = new RegExp(patternOf(['a door > has %i keys', 'opens (at last)']))
    expect(['a door has 2 keys', 'a window opens (at last)', 'a door opens'].map((name) => pattern.test(name))).toEqual([true, true, false])
  })
})

describe('what runs the tests', () => {
  afterEach(() => vi.useRealTimers())

  it('lets them go on while they say something', async () => {
    vi.useFakeTimers()
    const child = Object.assign(new EventEmitter(), { stdout: new EventEmitter(), pid: undefined, exitCode: null })
    const waiting = untilSilent(child as never, 1_000)
    for (let time = 0; time < 5; time += 1) {
      vi.advanceTimersByTime(900)
      child.stdout.emit('data')
    }
    child.emit('close')
    expect(await waiting).toBe('ended')
  })

  it('ends those that say nothing any more', async () => {
    const silent = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 60_000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    expect(await untilSilent(silent, 500)).toBe('silent')
    expect(silent.signalCode).toBe('SIGKILL')
  })
})

describe('an attack', () => {
  const attack = { attack: 'A door forced', tests: [['door.test.ts', 'holds: %s'] as const, ['door.e2e.ts', 'holds'] as const] }
  const good = { file: 'door.test.ts', title: 'a door > holds: steel', isGood: true, isLeftOut: false }
  const walk = { file: 'door.e2e.ts', title: 'holds', isGood: true, isLeftOut: false }

  it('is survived where all of its tests have passed, and no other way', () => {
    expect(verdictOf(attack, [good, walk], true)).toMatchObject({ outcome: 'survived', why: [] })
    expect(verdictOf(attack, [good], false)).toMatchObject({ outcome: 'survived', walks: 1 })
    expect(verdictOf(attack, [good], true).outcome).toBe('not survived')
    expect(verdictOf(attack, [good, { ...good, title: 'a door > holds: paper', isGood: false }], false).outcome).toBe('not survived')
    expect(verdictOf(attack, [{ ...good, isGood: false, isLeftOut: true }], false).outcome).toBe('not survived')
    expect(verdictOf(attack, [{ ...good, file: 'window.test.ts' }], false).outcome).toBe('not survived')
    expect(verdictOf(attack, [], false).outcome).toBe('not survived')
    expect(verdictOf({ attack: 'A window broken', tests: [], absent: 'there is no window' }, [], true).outcome).toBe('not there')
  })

  it('is told by what the runners report', () => {
    const assertion = { ancestorTitles: ['a door'], title: 'holds: steel', status: 'passed' }
    expect(ranOfVitest({ testResults: [{ name: '/here/door.test.ts', assertionResults: [assertion] }] }, '/here')).toEqual([good])
    const spec = { title: 'holds', ok: true, tests: [{ status: 'expected' }] }
    expect(ranOfPlaywright([{ title: 'door.e2e.ts', file: 'door.e2e.ts', specs: [spec] }], '')).toEqual([walk])
    const inner = { title: 'a door', file: 'e2e/door.e2e.ts', specs: [spec] }
    expect(ranOfPlaywright([{ title: 'e2e/door.e2e.ts', file: 'e2e/door.e2e.ts', suites: [inner] }], 'app')).toEqual([
      { ...walk, file: 'app/e2e/door.e2e.ts', title: 'a door > holds' },
    ])
  })
})
