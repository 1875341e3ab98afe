import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RESERVE_BYTES } from '../limits.ts'
import { openReserve, RESERVE_FILE } from './reserve.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kith-reserve-'))))
afterEach(() => rmSync(folder, { recursive: true }))
const sizeOf = (): number | undefined => statSync(join(folder, RESERVE_FILE), { throwIfNoEntry: false })?.size

test('the reserve is there from the start, is given up once, and comes back', () => {
  const reserve = openReserve(folder)
  expect([reserve.isGone, sizeOf()]).toEqual([false, RESERVE_BYTES])
  expect([reserve.giveUp(), reserve.isGone, sizeOf()]).toEqual([true, true, undefined])
  expect(reserve.giveUp()).toBe(false)
  reserve.restore()
  expect([reserve.isGone, sizeOf()]).toEqual([false, RESERVE_BYTES])
})
test('one that was cut short is made anew', () => {
  writeFileSync(join(folder, RESERVE_FILE), 'short')
  expect(openReserve(folder).isGone).toBe(false)
  expect(sizeOf()).toBe(RESERVE_BYTES)
})
