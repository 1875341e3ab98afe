// Carry files byte by byte: what a reader makes of any beginning, and of records that are not what was written.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../bytes/bytes.ts'
import { conversationIdOf } from '../bytes/ids.ts'
import { BLOB_BUCKETS, CARRY_DEVICES_MAX } from '../limits.ts'
import { carryHead, carryKey, carryMark, openCarryRecord, readCarryHead, readCarryRecord, sealCarryRecord } from './carry-file.ts'
import type { Frame } from '../wire/frame.ts'

const sealKey = new Uint8Array(32).fill(1)
const salt = new Uint8Array(32).fill(2)
const share = { slot: 3, salt, key: carryKey(sealKey, salt) }
const frames: readonly Frame[] = [{ kind: 'entries', conversation: conversationIdOf(new Uint8Array(32).fill(4)), entries: [] }]
const marks = Array.from({ length: CARRY_DEVICES_MAX }, (_, at) => carryMark(new Uint8Array(32).fill(at), salt))
const head = carryHead({ salt, marks })
const record = sealCarryRecord(share, { index: 5, isLast: false }, frames)

function read(bytes: Uint8Array) {
  const found = readCarryRecord(bytes)
  if (found.kind !== 'read') throw new Error(found.kind)
  return found.value
}

describe('a carry file', () => {
  test('is read back, and any beginning of it is short', () => {
    expect(readCarryHead(concatBytes(head, record))).toEqual({ kind: 'read', value: { salt, marks }, length: head.length })
    for (let length = 0; length < head.length; length += 1) expect(readCarryHead(head.subarray(0, length))).toEqual({ kind: 'short' })
    expect(openCarryRecord(share, 5, read(record))).toEqual(frames)
    for (let length = 0; length < record.length; length += 1) expect(readCarryRecord(record.subarray(0, length))).toEqual({ kind: 'short' })
  })

  test('shows marks that are others for each file and key', () => {
    const other = new Uint8Array(32).fill(9)
    expect(carryMark(sealKey, salt)).not.toEqual(carryMark(sealKey, other))
    expect(carryMark(sealKey, salt)).not.toEqual(carryMark(other, salt))
  })

  test('has records of the sizes of blobs alone', () => {
    const text = new Uint8Array(40_000)
    const large = sealCarryRecord(share, { index: 0, isLast: true }, [{ kind: 'device-list', list: text.subarray(0, 8_000) }, ...frames])
    for (const sealed of [record, large]) expect(BLOB_BUCKETS.map((bucket) => bucket + 22)).toContain(sealed.length)
    const longer = record.slice()
    new DataView(longer.buffer).setUint32(2, 0xffff_ffff)
    expect(readCarryRecord(longer)).toEqual({ kind: 'refused', reason: 'altered' })
  })

  test('opens in its place, share and file alone', () => {
    const found = read(record)
    expect(openCarryRecord(share, 4, found)).toBeUndefined()
    expect(openCarryRecord(share, 5, { ...found, isLast: true })).toBeUndefined()
    expect(openCarryRecord({ ...share, slot: 2 }, 5, found)).toBeUndefined()
    expect(openCarryRecord({ ...share, salt: new Uint8Array(32) }, 5, found)).toBeUndefined()
    expect(openCarryRecord({ ...share, key: carryKey(sealKey, new Uint8Array(32)) }, 5, found)).toBeUndefined()
  })

  test('holds nothing that steers sending', () => {
    const have = sealCarryRecord(share, { index: 0, isLast: false }, [{ kind: 'have', have: [] }])
    expect(openCarryRecord(share, 0, read(have))).toBeUndefined()
  })

  test('whatever bytes come, answers at once and throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const some of [bytes, concatBytes(head.subarray(0, 17), bytes)]) {
          expect(['read', 'short', 'refused']).toContain(readCarryHead(some).kind)
          expect(['read', 'short', 'refused']).toContain(readCarryRecord(some).kind)
        }
      }),
    )
  })
})
