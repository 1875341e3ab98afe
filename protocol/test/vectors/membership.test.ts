import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, tryDecode } from '../../src/bytes/codec.ts'
import { act } from '../../src/membership/act.ts'
import { ACT_BYTES_MAX } from '../../src/limits.ts'
import { content, isOfNewerVersion } from '../../src/wire/content.ts'
import { ACTS, actVectors, memberStateVectors } from './membership.ts'

const frozen = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

describe('groups of suite 1', () => {
  it('writes every act as it was frozen, and reads it back', () => {
    expect(actVectors()).toEqual(frozen('membership-act.json'))
    for (const value of ACTS) expect(decode(act, encode(act, value))).toEqual(value)
  })

  it('hashes member states as when they were frozen', () => {
    expect(memberStateVectors()).toEqual(frozen('membership-state.json'))
  })

  it('is content of a control entry with the tag of its act, and no longer than can be handed on', () => {
    for (const value of ACTS) {
      const bytes = encode(act, value)
      expect(tryDecode(content, bytes)).toEqual({ kind: 'act', act: bytes })
      expect(encode(content, { kind: 'act', act: bytes })).toEqual(bytes)
      expect(isOfNewerVersion(bytes)).toBe(false)
    }
    const longest = Uint8Array.from({ length: ACT_BYTES_MAX }, () => 5)
    expect(tryDecode(content, longest)).toEqual({ kind: 'act', act: longest })
    expect(tryDecode(content, Uint8Array.of(...longest, 0))).toBeUndefined()
  })

  it.each(ACTS.map((value) => ({ kind: value.kind, value })))('$kind: what decodes is the one encoding of its value', ({ value }) => {
    const bytes = encode(act, value)
    const check = (given: Uint8Array): void => {
      const decoded = tryDecode(act, given)
      if (decoded !== undefined) expect(encode(act, decoded)).toEqual(given)
    }
    for (let length = 0; length < bytes.length; length++) expect(tryDecode(act, bytes.slice(0, length))).toBeUndefined()
    expect(tryDecode(act, Uint8Array.of(...bytes, 0))).toBeUndefined()
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, change) => {
        check(bytes.map((byte, i) => (i === at % bytes.length ? byte ^ change : byte)))
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        check(Uint8Array.of(bytes[0] ?? 0, ...noise))
      }),
    )
  })
})
