// Random lives of one store beside a map of what it should hold: commits in bursts, readers beside them, histories that are erased, writes that find no
// room, minutes that pass, and engines that end in the middle.

import 'fake-indexeddb/auto'
import { TABLES } from '@kith/protocol'
import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../../../protocol/test/simulation/seeded.ts'
import { createFakeEpochFile } from '../testing/fake-epoch-file.ts'
import { refuseAtTheEnd } from '../testing/refuse-at-the-end.ts'
import { openDatabase } from './database.ts'
import { openIndexedDbStore } from './store.ts'
import type { Store, StoreWrite, Table } from '@kith/protocol'
import type { Seeded } from '../../../../protocol/test/simulation/seeded.ts'

type Row = { readonly shred: string | undefined; readonly said: number }
/** By table and key. */
type Model = ReadonlyMap<string, Row>

const USED = ['state', 'conversations', 'bodies'] as const satisfies readonly Table[]
const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 1)
const STEPS = 60

describe('whatever happens to a store, what it holds is what was committed', () => {
  test.each(SEEDS)('life %d', async (seed) => {
    const luck = createSeeded(seed)
    const bench = createBench(luck)
    let store = await bench.open()
    let model: Model = new Map()
    for (let step = 0; step < STEPS; step += 1) {
      if (luck.chance(0.2)) {
        bench.passMinute()
        // What is to be forgotten goes alone, or with what is written next.
        if (luck.chance(0.5)) await store.commit([])
      }
      if (luck.chance(0.15)) {
        model = await refused(store, luck, model)
        continue
      }
      const commits = Array.from({ length: luck.whole(1, 4) }, () => writesOf(luck))
      const models = commits.reduce<readonly Model[]>((before, writes) => [...before, after(before.at(-1) ?? model, writes)], [model])
      const done = commits.map(async (writes) => store.commit(writes))
      const reads = USED.map(async (table) => rowsOf(store, table))
      if (luck.chance(0.15)) {
        // Nobody waits: the connection is gone with whatever was under way, which is there whole or not at all.
        const ended = Promise.allSettled([...done, ...reads])
        store = await bench.open()
        await ended
        const there = await held(store)
        model =
          models.findLast((one) => isSame(one, there)) ?? expect.fail(`what lies there was never committed: ${JSON.stringify([...there])}`)
        continue
      }
      await Promise.all(done)
      model = models.at(-1) ?? model
      expect((await Promise.all(reads)).flat().toSorted(), `step ${step}`).toEqual(linesOf(model))
    }
    expect(linesOf(await held(await bench.open()))).toEqual(linesOf(model))
  })
})

/** A write for which the browser finds no room at its end: nothing of it is there. */
async function refused(store: Store, luck: Seeded, model: Model): Promise<Model> {
  const full = refuseAtTheEnd()
  const writes = writesOf(luck)
  const isPut = await store.commit(writes).then(
    () => true,
    () => false,
  )
  full.mockRestore()
  return isPut ? after(model, writes) : model
}

function createBench(luck: Seeded) {
  const [name, file, vaultKey] = [crypto.randomUUID(), createFakeEpochFile(), luck.bytes(32)]
  let current: IDBDatabase | undefined
  let timers: (() => void)[] = []
  return {
    async open(): Promise<Store> {
      current?.close()
      timers = []
      current = await openDatabase({ name })
      const timer = (_: number, act: () => void) => {
        timers.push(act)
        return () => undefined
      }
      return openIndexedDbStore({ database: current, vaultKey, file, random: luck.bytes, timer })
    },
    passMinute(): void {
      for (const act of timers.splice(0)) act()
    },
  }
}

const chatOf = (luck: Seeded): string => `${luck.whole(0, 2)}`
const shredOf = (luck: Seeded): string => `${chatOf(luck)}/${luck.whole(0, 2)}`

const writesOf = (luck: Seeded): readonly StoreWrite[] =>
  Array.from({ length: luck.chance(0.05) ? luck.whole(200, 300) : luck.whole(1, 8) }, () => writeOf(luck))

function writeOf(luck: Seeded): StoreWrite {
  const table = USED[luck.whole(0, USED.length - 1)] ?? 'state'
  const key = `${chatOf(luck)}/${luck.whole(0, 9)}`
  const chat = chatOf(luck)
  const what = luck.next()
  if (what < 0.06) return { kind: 'delete-range', table, from: `${chat}/`, to: `${chat}/~` }
  if (what < 0.1) return { kind: 'shred', shred: shredOf(luck) }
  if (what < 0.12) return { kind: 'shred-range', from: `${chat}/`, to: `${chat}/~` }
  if (what < 0.25) return { kind: 'delete', table, key }
  const value = luck.bytes(luck.whole(1, 40))
  return { kind: 'put', table, key, value, ...(table === 'bodies' && { shred: shredOf(luck) }) }
}

function after(before: Model, writes: readonly StoreWrite[]): Model {
  const rows = new Map(before)
  for (const write of writes) {
    if (write.kind === 'put') rows.set(`${write.table}:${write.key}`, { shred: write.shred, said: sumOf(write.value) })
    else if (write.kind === 'delete') rows.delete(`${write.table}:${write.key}`)
    else for (const [place, row] of rows) if (goes(write, place, row)) rows.delete(place)
  }
  return rows
}

function goes(write: Exclude<StoreWrite, { kind: 'put' | 'delete' }>, place: string, { shred }: Row): boolean {
  if (write.kind === 'shred') return shred === write.shred
  if (write.kind === 'shred-range') return shred !== undefined && shred >= write.from && shred < write.to
  const [table, key = ''] = place.split(':')
  return table === write.table && key >= write.from && key < write.to
}

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7)

async function rowsOf(store: Store, table: Table): Promise<readonly string[]> {
  return (await store.read({ table })).map(({ key, value }) => `${table}:${key} ${sumOf(value)}`)
}

async function held(store: Store): Promise<Model> {
  const lines = (await Promise.all(TABLES.map(async (table) => rowsOf(store, table)))).flat()
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', { shred: undefined, said: Number(line.split(' ')[1]) }]))
}

const linesOf = (model: Model): readonly string[] => Array.from(model, ([place, { said }]) => `${place} ${said}`).toSorted()
const isSame = (one: Model, other: Model): boolean => linesOf(one).join('\n') === linesOf(other).join('\n')
