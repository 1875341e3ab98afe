import { expect, test } from 'vitest'
import { countOf, forSecondLook, PAGE_FAULT } from './browser-report.ts'
import type { BrowserReport } from './browser-report.ts'

const walk = (line: number, status: 'expected' | 'unexpected', message = 'Timeout 15000ms exceeded') => ({
  title: `walk ${line}`,
  file: 'e2e/a.e2e.ts',
  tests: [{ projectName: 'walks', status, results: [{ errors: status === 'expected' ? [] : [{ message }] }] }],
})

const reportOf = (...specs: ReturnType<typeof walk>[]): BrowserReport => {
  const unexpected = specs.filter(({ tests }) => tests.some(({ status }) => status === 'unexpected')).length
  return {
    stats: { expected: specs.length - unexpected, unexpected, flaky: 0, skipped: 1 },
    suites: [{ specs: specs.slice(0, 1), suites: [{ specs: specs.slice(1) }] }],
    errors: [],
  }
}

test('walks are counted as the report has them', () => {
  expect(countOf(reportOf(walk(1, 'expected'), walk(2, 'unexpected')))).toEqual({ passed: 1, failed: 1, skipped: 1 })
})

test('one or two that failed are looked at once more with the others of their file, wherever their suite stands', () => {
  expect(forSecondLook(reportOf(walk(1, 'unexpected'), walk(2, 'expected'), walk(3, 'unexpected')))).toEqual([
    { title: 'walk 1', project: 'walks', file: 'e2e/a.e2e.ts' },
    { title: 'walk 3', project: 'walks', file: 'e2e/a.e2e.ts' },
  ])
})

test.each([
  ['three failed', reportOf(walk(1, 'unexpected'), walk(2, 'unexpected'), walk(3, 'unexpected'))],
  ['a page did wrong', reportOf(walk(1, 'unexpected', `Error: ${PAGE_FAULT}`))],
  ['the run failed as a whole', { ...reportOf(walk(1, 'unexpected')), errors: [{ message: 'the global timeout' }] }],
])('there is no second look where %s', (_, report) => {
  expect(forSecondLook(report)).toEqual([])
})
