import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseConfig } from './config.ts'
import { REPORT_EVERY_MS, REPORTS_MAX } from './limits.ts'
import { createReports } from './reports.ts'

function start(...args: readonly string[]) {
  const lines: string[] = []
  const parsed = parseConfig({}, args, { cwd: '/', defaultDist: '/dist' })
  if (parsed.kind !== 'config') throw new Error(parsed.kind)
  return { lines, reports: createReports(parsed.config, (line) => void lines.push(line)) }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('what the operator reads', () => {
  test('comes once a minute, however often it happens', () => {
    const { lines, reports } = start()
    for (let n = 0; n < 1_000; n++) reports.refusedConnection()
    expect(lines).toHaveLength(1)
    vi.advanceTimersByTime(REPORT_EVERY_MS - 1)
    reports.refusedConnection()
    expect(lines).toHaveLength(1)
    vi.advanceTimersByTime(1)
    reports.refusedConnection()
    expect(lines).toHaveLength(2)
  })
  test('remembers as many different failures as the bound says, and then forgets them all', () => {
    const { lines, reports } = start()
    for (let at = 0; at < REPORTS_MAX; at++) reports.failed(new Error(`failure ${at}`))
    reports.failed(new Error('failure 0'))
    expect(lines).toHaveLength(REPORTS_MAX)
    reports.failed(new Error('one more'))
    reports.failed(new Error('failure 0'))
    expect(lines.slice(REPORTS_MAX).map((line) => line.split(';')[0])).toEqual(['one more', 'failure 0'])
  })
  test('never holds the path that a visitor asked for, in which another app may have put the secret of a link', async () => {
    const { lines, reports } = start()
    for (const secret of ['AQx7Qm', 'BRy8Rn']) {
      const error: unknown = await readFile(`/nowhere/#i/${secret}`).catch((thrown: unknown) => thrown)
      expect(String(error), 'the system says it').toContain(secret)
      reports.failed(error)
    }
    expect(lines).toEqual([expect.stringMatching(/^open failed with ENOENT; /)])
  })
  test('names the settings to change', () => {
    const { lines, reports } = start('--max-per-address', '7', '--creates-per-minute', '8', '--address-share', '9')
    reports.refusedConnection()
    reports.refusedCreation()
    reports.refusedShare()
    reports.refusedArrival()
    reports.failed(new Error('the disk is full'))
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/ 7 .*KITH_FORWARDED_FOR.*KITH_MAX_PER_ADDRESS/)
    expect(lines[1]).toMatch(/ 8 .*KITH_FORWARDED_FOR.*KITH_CREATES_PER_MINUTE/)
    expect(lines[2]).toMatch(/ 9 percent .*KITH_FORWARDED_FOR.*KITH_ADDRESS_SHARE/)
    expect(lines[3]).toMatch(/ 120 connections in a minute.*KITH_FORWARDED_FOR.*KITH_MAX_PER_ADDRESS/)
    expect(lines[4]).toMatch(/^the disk is full.*KITH_STORE_MB/)
  })
  test('says nothing of a proxy that is known already', () => {
    const { lines, reports } = start('--forwarded-for', 'last')
    reports.refusedConnection()
    reports.refusedCreation()
    reports.refusedShare()
    expect(lines.join()).not.toContain('proxy')
  })
})
