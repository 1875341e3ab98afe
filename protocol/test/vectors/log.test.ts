import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../../src/bytes/bytes.ts'
import { decode } from '../../src/bytes/codec.ts'
import { content } from '../../src/wire/content.ts'
import { contentVectors, entryVectors } from './log.ts'

const frozen = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

/** Delivered up to 7, read up to 5, one unreadable and one recovered, as it was frozen before receipts left the log. */
const OLD_RECEIPT =
  '1201b4e102fe290ee83da70f6958539bc350285ea379c2303482e320057f447433c90000000701b4e102fe290ee83da70f6958539bc350285ea379c2303482e320057f447433c90000000501b4e102fe290ee83da70f6958539bc350285ea379c2303482e320057f447433c90000000601b4e102fe290ee83da70f6958539bc350285ea379c2303482e320057f447433c900000004'

describe('the log of suite 1', () => {
  it('writes every content as it was frozen', () => {
    expect(contentVectors()).toEqual(frozen('log-content.json'))
  })

  it('reads what older versions wrote of receipts into their feeds as nothing but that', () => {
    expect(decode(content, fromHex(OLD_RECEIPT))).toEqual({ kind: 'receipt' })
  })

  it('makes the same entries, ids, signatures and order keys as when it was frozen', () => {
    expect(entryVectors()).toEqual(frozen('log-entry.json'))
  })
})
