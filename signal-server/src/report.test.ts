import { describe, expect, test } from 'vitest'
import { REPORT_EVERY_MS, REPORTS_MAX } from './limits.ts'
import { createReport } from './report.ts'

type Bench = { readonly lines: string[]; readonly report: (error: unknown) => void; now: number }

function bench(): Bench {
  const lines: string[] = []
  const self: Bench = {
    lines,
    now: 1_800_000_000_000,
    report: createReport(
      (line) => void lines.push(line),
      () => self.now,
    ),
  }
  return self
}

describe('reports of failures', () => {
  test('the same failure is said once a minute', () => {
    const self = bench()
    for (const late of [0, 1, REPORT_EVERY_MS - 2]) {
      self.now += late
      self.report(new Error('the disk is full'))
    }
    expect(self.lines).toEqual([expect.stringMatching(/^the disk is full;/)])
    self.now += 1
    self.report(new Error('the disk is full'))
    expect(self.lines).toHaveLength(2)
  })

  test('as many different failures are remembered as the bound says, then all are forgotten', () => {
    const { lines, report } = bench()
    for (let at = 0; at < REPORTS_MAX; at++) report(new Error(`failure ${at}`))
    report(new Error('failure 0'))
    expect(lines).toHaveLength(REPORTS_MAX)
    report(new Error('one more'))
    report(new Error('failure 0'))
    expect(lines.slice(REPORTS_MAX).map((line) => line.split(';')[0])).toEqual(['one more', 'failure 0'])
  })
})
