import { describe, expect, test } from 'vitest'
import { PROOF_STEPS_MAX, sign, signedFor, signingKeyOf, verify } from '@kith/protocol'
import { createProver } from './proofs.ts'

const seed = new Uint8Array(32).fill(1)
const key = signingKeyOf(seed)
const statementNumber = (n: number): Uint8Array => {
  const statement = new Uint8Array(32)
  new DataView(statement.buffer).setUint32(0, n)
  return statement
}

/** So many at once; how often was signed, and the proofs. */
async function proveMany(count: number) {
  let signed = 0
  const counting = (statement: Uint8Array): Uint8Array => {
    signed += 1
    return sign(seed, statement)
  }
  const prove = createProver(counting, queueMicrotask)
  const statements = Array.from({ length: count }, (_, at) => statementNumber(at))
  return { statements, proofs: await Promise.all(statements.map(prove)), signed: () => signed }
}

describe('proofs', () => {
  test.each([1, 2, 3, 5, 8, 13])(
    'of %i answers at once are one signature, and each leads to it from its own statement alone',
    async (count) => {
      const { statements, proofs, signed } = await proveMany(count)
      expect(signed()).toBe(1)
      const proves = (of: number, statement: Uint8Array): boolean => {
        const { signature, path } = proofs[of] as (typeof proofs)[number]
        return verify(key, signedFor(statement, path), signature)
      }
      for (const [at, statement] of statements.entries()) {
        expect(proves(at, statement)).toBe(true)
        expect(proves(at, statementNumber(99))).toBe(false)
        if (count > 1) expect(proves(at, statements[(at + 1) % count] as Uint8Array)).toBe(false)
      }
    },
  )
  test('of one answer alone is its own signature', async () => {
    const { statements, proofs } = await proveMany(1)
    expect(proofs).toEqual([{ path: [], signature: sign(seed, statements[0] as Uint8Array) }])
  })
  test('have no more steps than a device reads: one answer more is signed by itself', async () => {
    const { statements, proofs, signed } = await proveMany(2 ** PROOF_STEPS_MAX + 1)
    expect(signed()).toBe(2)
    expect(Math.max(...proofs.map(({ path }) => path.length))).toBe(PROOF_STEPS_MAX)
    const { signature, path } = proofs.at(-1) as (typeof proofs)[number]
    expect(verify(key, signedFor(statements.at(-1) as Uint8Array, path), signature)).toBe(true)
  })
  test('that cannot be signed fail, each of them', async () => {
    const prove = createProver(() => {
      throw new Error('no key')
    }, queueMicrotask)
    const outcomes = await Promise.allSettled([prove(statementNumber(1)), prove(statementNumber(2))])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
