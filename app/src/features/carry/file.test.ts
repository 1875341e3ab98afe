import { describe, expect, it } from 'vitest'
import { CHAT, ALIAS, ANA, createFakeEngine } from '../testing/index.ts'
import { carryFileName, makeFile, openFile, sinceOf } from './file.ts'
import { CARRY_PART_BYTES } from './limits.ts'

const ORDER = { conversation: CHAT, account: ANA, since: undefined }
const BROUGHT = { entries: 3, isWaiting: false, chat: { conversation: CHAT, alias: ALIAS } }

describe('carry files', () => {
  it('are put together part by part, and nothing of one that is not finished', async () => {
    let parts = 0
    const engine = createFakeEngine({
      readCarry: () => Promise.resolve({ kind: 'bytes', bytes: new Uint8Array(1_000), isLast: (parts += 1) === 3 }),
    })
    const told: number[] = []
    const file = await makeFile(engine, ORDER, (bytes) => told.push(bytes))
    expect(file).toBeInstanceOf(Blob)
    expect((file as Blob).size).toBe(3_000)
    expect(told).toEqual([1_000, 2_000, 3_000])
    const lost = createFakeEngine({ readCarry: () => Promise.resolve({ kind: 'refused', reason: 'gone' }) })
    expect(await makeFile(lost, ORDER, () => undefined)).toBe('gone')
    const nobody = createFakeEngine({ makeCarry: () => Promise.resolve({ kind: 'refused', reason: 'not-met' }) })
    expect(await makeFile(nobody, ORDER, () => undefined)).toBe('not-met')
  })

  it('are handed over in order, and once more from the beginning where the engine has moved', async () => {
    const size = 2 * CARRY_PART_BYTES + 7
    let moved = false
    const engine = createFakeEngine({
      openCarry: ({ at, isLast }) => {
        if (at > 0 && !moved) {
          moved = true
          return Promise.resolve({ kind: 'refused', reason: 'gone', entries: 0, isWaiting: false, chat: undefined })
        }
        return Promise.resolve(isLast ? { kind: 'opened', ...BROUGHT } : { kind: 'more' })
      },
    })
    expect(await openFile(engine, new Blob([new Uint8Array(size)]), () => undefined)).toMatchObject({ ...BROUGHT, refused: undefined })
    const calls = engine.of('openCarry') as readonly { readonly at: number; readonly isLast: boolean; readonly bytes: Uint8Array }[]
    expect(calls.map(({ at }) => at)).toEqual([0, CARRY_PART_BYTES, 0, CARRY_PART_BYTES, 2 * CARRY_PART_BYTES])
    expect(calls.at(-1)).toMatchObject({ isLast: true })
    expect(calls.at(-1)?.bytes.length).toBe(7)
  })

  it('say why not, and what came all the same', async () => {
    const cut = createFakeEngine({ openCarry: () => Promise.resolve({ kind: 'refused', reason: 'cut-short', ...BROUGHT }) })
    expect(await openFile(cut, new Blob(['x']), () => undefined)).toMatchObject({ refused: 'cut-short', entries: 3 })
    const lost = createFakeEngine({
      openCarry: () => Promise.resolve({ kind: 'refused', reason: 'gone', entries: 0, isWaiting: false, chat: undefined }),
    })
    expect(await openFile(lost, new Blob(['x']), () => undefined)).toMatchObject({ refused: 'gone' })
    expect(lost.of('openCarry')).toHaveLength(3)
    const unreadable = { size: 1, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) } as unknown as Blob
    expect(await openFile(cut, unreadable, () => undefined)).toMatchObject({ refused: 'not-read' })
  })

  it('are named after the day and nobody', () => {
    expect(carryFileName(new Date(Date.UTC(2026, 4, 3)))).toBe('Kith 2026-05-03.kith')
    expect([sinceOf('lacking', 9e11), sinceOf('all', 9e11), sinceOf('week', 7 * 86_400_000)]).toEqual([undefined, 0, 0])
  })
})
