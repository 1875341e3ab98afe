// What every storage adapter promises about handles.

import { expect, test } from 'vitest'
import type { Ask, Storage } from '../../src/storage/storage.ts'

const NOW = 1_800_000_000_000
const WAIT = 1_000
const [ALICE, BOB, EVE] = [1, 2, 3].map((n) => new Uint8Array(32).fill(n)) as [Uint8Array, Uint8Array, Uint8Array]
const claimNumber = (n: number): Uint8Array => new Uint8Array(600).fill(n)

type Put = Partial<Ask<'putHandle'>> & { readonly account: Uint8Array }

export function handleContract(storage: () => Storage): void {
  const put = ({ key = 'anna', expires = NOW + 100, ...more }: Put) =>
    storage().putHandle({
      key,
      handle: key,
      issued: 1,
      isListed: false,
      claim: claimNumber(1),
      expires,
      freeAt: expires + WAIT,
      now: NOW,
      perAccount: 3,
      ...more,
    })
  const giveUp = (account: Uint8Array, { now = NOW, ...more }: Partial<Ask<'putHandle'>> = {}) =>
    put({ account, issued: 5, claim: new Uint8Array(), now, expires: now, ...more })
  const get = async (now = NOW, key = 'anna') => (await storage().getHandle({ key, now }))?.[0]
  const list = (prefix: string, { now = NOW, rows = 8 } = {}) => storage().listHandles({ prefix, now, rows })

  test('a handle is of whoever claims it first, and read as it was claimed until it is over', async () => {
    expect(await get()).toBeUndefined()
    expect(await put({ account: ALICE })).toBe('stored')
    expect(await storage().getHandle({ key: 'anna', now: NOW })).toEqual(claimNumber(1))
    expect(await put({ account: EVE, issued: 9, claim: claimNumber(9) })).toBe('taken')
    expect(await get(NOW + 99)).toBe(1)
    expect(await get(NOW + 100)).toBeUndefined()
  })
  test('of two claims of an account the later one counts; the same again changes nothing', async () => {
    await put({ account: ALICE, issued: 4, claim: claimNumber(4) })
    expect(await put({ account: ALICE, issued: 4, claim: claimNumber(4) })).toBe('stored')
    expect(await put({ account: ALICE, issued: 4, claim: claimNumber(5) })).toBe('stale')
    expect(await put({ account: ALICE, issued: 3, claim: claimNumber(3) })).toBe('stale')
    expect(await get()).toBe(4)
    expect(await put({ account: ALICE, issued: 5, claim: claimNumber(5), expires: NOW + 200 })).toBe('stored')
    expect(await get(NOW + 150)).toBe(5)
  })
  test("a handle that was given up is nobody else's before its time, and its account may take it again", async () => {
    await put({ account: ALICE })
    expect(await giveUp(ALICE)).toBe('stored')
    expect(await get()).toBeUndefined()
    expect(await put({ account: ALICE, issued: 2 })).toBe('stale')
    expect(await put({ account: BOB, now: NOW + WAIT - 1, expires: NOW + WAIT + 50 })).toBe('taken')
    expect(await put({ account: ALICE, issued: 6, claim: claimNumber(6), expires: NOW + WAIT + 50 })).toBe('stored')
    expect(await get()).toBe(6)
    expect(await giveUp(ALICE, { issued: 7 })).toBe('stored')
    expect(await put({ account: BOB, now: NOW + WAIT, expires: NOW + WAIT + 50, claim: claimNumber(2) })).toBe('stored')
    expect(await get(NOW + WAIT)).toBe(2)
  })
  test("one that nobody renewed is nobody else's before its time", async () => {
    await put({ account: ALICE })
    expect(await put({ account: BOB, now: NOW + 100, expires: NOW + 300 })).toBe('taken')
    expect(await put({ account: BOB, now: NOW + 100 + WAIT, expires: NOW + 2 * WAIT, claim: claimNumber(2) })).toBe('stored')
    expect(await get(NOW + 100 + WAIT)).toBe(2)
  })
  test('an account uses one handle, and those that it has given up count for as long as nobody else may have them', async () => {
    for (const key of ['anna', 'annb', 'annc']) {
      expect(await put({ account: ALICE, key })).toBe('stored')
      expect(await put({ account: ALICE, key: 'other' })).toBe('full')
      expect(await giveUp(ALICE, { key })).toBe('stored')
    }
    expect(await put({ account: ALICE, key: 'annd' })).toBe('full')
    expect(await put({ account: BOB, key: 'annd' })).toBe('stored')
    expect(await put({ account: ALICE, key: 'annd' }), 'whose it is comes first').toBe('taken')
    expect(await put({ account: ALICE, key: 'annb', issued: 6 })).toBe('stored')
    const later = NOW + WAIT
    expect(await giveUp(ALICE, { key: 'annb', issued: 7 })).toBe('stored')
    expect(await put({ account: ALICE, key: 'anne', now: later, expires: later + 50 })).toBe('stored')
  })
  test('of claims of one account that come at once, one counts', async () => {
    for (const n of [0, 1, 2]) {
      const account = new Uint8Array(32).fill(40 + n)
      const said = await Promise.all(['hanna', 'ingrid', 'jakob'].map((key) => put({ account, key: `${key}${n}` })))
      expect(said.toSorted()).toEqual(['full', 'full', 'stored'])
      const used = await Promise.all(['hanna', 'ingrid', 'jakob'].map((key) => get(NOW, `${key}${n}`)))
      expect(used.filter((claim) => claim !== undefined)).toEqual([1])
    }
  })
  test('those that are listed are found by how they begin, as many as were asked for, in order, while they are in use', async () => {
    const others = Array.from({ length: 12 }, (_, n) => new Uint8Array(32).fill(20 + n))
    for (const [n, account] of others.entries())
      await put({ account, key: `annab${String.fromCodePoint(97 + n)}`, handle: `anna.b${n}`, isListed: n !== 2, expires: NOW + 100 + n })
    expect(await list('anna', { rows: 3 })).toEqual(['anna.b0', 'anna.b1', 'anna.b3'])
    expect(await list('annabl')).toEqual(['anna.b11'])
    expect(await list('annac')).toEqual([])
    expect(await list('annac', { now: NOW + 110 })).toEqual([])
    expect(await list('annab', { now: NOW + 109, rows: 2 })).toEqual(['anna.b10', 'anna.b11'])
    const [first] = others as [Uint8Array]
    await put({ account: first, key: 'annaba', handle: 'anna.b0', issued: 2, isListed: false })
    expect(await list('annaba')).toEqual([])
  })
  test('what is over for long is forgotten, and nothing else', async () => {
    await put({ account: ALICE })
    await put({ account: BOB, key: 'bobb', expires: NOW + 200, isListed: true })
    for (let more = true; more;) more = (await storage().sweep({ now: NOW + 100 + WAIT, idleBefore: 0, rows: 1 })).more
    expect(await get(NOW, 'anna')).toBeUndefined()
    expect(await get(NOW, 'bobb')).toBe(1)
    expect(await list('bobb')).toEqual(['bobb'])
  })
}
