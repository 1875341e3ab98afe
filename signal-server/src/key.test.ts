import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromHex, hash, sign, signingKeyOf, toHex, verify } from '@kith/protocol'
import { hashNative, loadRelayKey, toRelayKey, verifyNative } from './key.ts'

describe('the relay key', () => {
  let folder = ''
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-key-'))))
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('is made once, for the owner only, and is the same ever after', async () => {
    const first = await loadRelayKey(folder)
    expect((await stat(join(folder, 'relay.key'))).mode & 0o777).toBe(0o600)
    expect(toHex((await loadRelayKey(folder)).publicKey)).toBe(toHex(first.publicKey))
    expect(await readdir(folder)).toEqual(['relay.key'])
  })
  test('is one when many ask at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadRelayKey(folder)))
    expect(new Set(keys.map(({ publicKey }) => toHex(publicKey))).size).toBe(1)
  })
  test('that is damaged is not replaced in silence', async () => {
    await writeFile(join(folder, 'relay.key'), 'abc')
    await expect(loadRelayKey(folder)).rejects.toThrow('relay.key')
    expect(await readFile(join(folder, 'relay.key'), 'utf8')).toBe('abc')
  })
  test('signs what the protocol verifies', () => {
    const seed = new Uint8Array(32).fill(5)
    const key = toRelayKey(seed)
    expect(key.publicKey).toEqual(signingKeyOf(seed))
    expect(verify(key.publicKey, Uint8Array.of(1), key.sign(Uint8Array.of(1)))).toBe(true)
  })
})

describe('the native verifier', () => {
  const seed = new Uint8Array(32).fill(6)
  const key = signingKeyOf(seed)
  const statement = Uint8Array.of(1, 2, 3)
  const valid = sign(seed, statement)
  const L = 2n ** 252n + 27742317777372353535851937790883648493n
  const plus = (bytes: Uint8Array, number: bigint): Uint8Array => {
    const sum = BigInt(`0x${toHex(bytes.toReversed())}`) + number
    return fromHex(sum.toString(16).padStart(64, '0')).toReversed()
  }
  const withS = (s: Uint8Array): Uint8Array => Uint8Array.of(...valid.subarray(0, 32), ...s)
  const withR = (r: string): Uint8Array => Uint8Array.of(...fromHex(r), ...valid.subarray(32))
  const CRAFTED: readonly (readonly [string, Uint8Array, boolean])[] = [
    ['a valid signature', valid, true],
    ['S + L', withS(plus(valid.subarray(32), L)), false],
    ['S = 0', withS(new Uint8Array(32)), false],
    ['R of small order', withR('0100000000000000000000000000000000000000000000000000000000000000'), false],
    ['R not canonical', withR('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'), false],
    ['R no point', withR('0200000000000000000000000000000000000000000000000000000000000000'), false],
    ['one byte short', valid.subarray(0, 63), false],
    ['no signature', new Uint8Array(), false],
    ...Array.from({ length: 64 }, (_, at) => [`byte ${at} changed`, valid.map((byte, i) => (i === at ? byte ^ 1 : byte)), false] as const),
  ]
  test.each(CRAFTED)("decides like the protocol's: %s", (_name, signature, expected) => {
    expect(verifyNative(key, statement, signature)).toBe(expected)
    expect(verify(key, statement, signature)).toBe(expected)
  })
})

test("the machine's own hash is that of the protocol", () => {
  for (const length of [0, 1, 55, 56, 64, 65_576]) {
    const bytes = Uint8Array.from({ length }, (_, at) => at % 251)
    expect(hashNative(bytes)).toEqual(hash(bytes))
    expect(hashNative(bytes.subarray(length >> 1))).toEqual(hash(bytes.subarray(length >> 1)))
  }
})
