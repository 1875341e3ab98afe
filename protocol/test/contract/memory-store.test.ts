import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/ports.ts'
import { createMemoryStore } from './memory-store.ts'
import { STORE_CONTRACT } from './store-contract.ts'
import type { StoreWrite } from '../../src/ports.ts'
import type { MemoryStore, MemoryStoreImage } from './memory-store.ts'
import type { StoreBench } from './store-contract.ts'

describe('the memory store keeps the contract', () => {
  for (const { name, run } of STORE_CONTRACT) test(name, () => run(memoryBench()))
})

describe('a crash of the memory store', () => {
  test('keeps what was durable and, of what was in flight, what the caller says, the oldest first', async () => {
    for (const kept of [0, 1, 2, 3]) {
      const disk = heldDisk()
      const store = createMemoryStore({ schedule: disk.schedule })
      const durable = store.commit([put('durable')])
      disk.release()
      await durable
      for (const key of ['1', '2', '3']) void store.commit([put(key), put(`${key}b`)])
      const image = store.crash((inFlight) => (expect(inFlight).toBe(3), kept))
      const expected = ['1', '1b', '2', '2b', '3', '3b'].slice(0, kept * 2)
      expect(await keysOf(createMemoryStore({ image }))).toEqual([...expected, 'durable'])
    }
  })

  test('leaves everything that was asked unanswered, also when the disk speaks later', async () => {
    const disk = heldDisk()
    const store = createMemoryStore({ schedule: disk.schedule })
    const settled: string[] = []
    const note = (name: string) => () => void settled.push(name)
    store.commit([put('a')]).then(note('commit'), note('commit'))
    store.get('state', 'a').then(note('get'), note('get'))
    store.crash()
    disk.release()
    store.commit([put('b')]).then(note('later commit'), note('later commit'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(settled).toEqual([])
  })

  test('gives an image that later writes do not touch', async () => {
    const store = createMemoryStore()
    await store.commit([put('a')])
    const image = store.image()
    await store.commit([put('b'), { kind: 'delete', table: 'state', key: 'a' }])
    expect(await keysOf(createMemoryStore({ image }))).toEqual(['a'])
  })
})

describe('the disk of the memory store', () => {
  test('makes commits durable in call order even when it finishes them in another', async () => {
    const done: (() => void)[] = []
    const store = createMemoryStore({ schedule: (callback) => done.push(callback) })
    const order: number[] = []
    const commits = [1, 2].map((n) => store.commit([put('a', n)]).then(() => void order.push(n)))
    done[1]?.()
    await Promise.resolve()
    expect(order).toEqual([])
    done[0]?.()
    await Promise.all(commits)
    expect(order).toEqual([1, 2])
    expect(await store.get('state', 'a')).toEqual(Uint8Array.of(2))
  })

  test('after a refused commit takes no later one', async () => {
    const store = createMemoryStore({
      refuse: (writes) =>
        writes.some((write) => write.kind === 'put' && write.key === 'bad') ? new StoreError('failed', 'broken') : undefined,
    })
    const outcomes = await Promise.allSettled([store.commit([put('a')]), store.commit([put('b'), put('bad')]), store.commit([put('c')])])
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as StoreError).code : 'durable'))).toEqual([
      'durable',
      'failed',
      'closed',
    ])
    await expect(store.commit([put('d')])).rejects.toMatchObject({ code: 'closed' })
    expect(await keysOf(createMemoryStore({ image: store.image() }))).toEqual(['a'])
  })
})

test('a store without room keeps nothing of a commit and of those behind it, and takes the next when there is room', async () => {
  let isFull = true
  const store = createMemoryStore({ refuse: () => (isFull ? new StoreError('quota', 'full') : undefined) })
  const outcomes = await Promise.allSettled([store.commit([put('a')]), store.commit([put('b')])])
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as StoreError).code)).toEqual(['quota', 'quota'])
  isFull = false
  await store.commit([put('c')])
  expect(await keysOf(createMemoryStore({ image: store.image() }))).toEqual(['c'])
})

function memoryBench(): StoreBench {
  let last: MemoryStore | undefined
  return {
    async open() {
      const image: MemoryStoreImage | undefined = last?.image()
      last = createMemoryStore(image === undefined ? {} : { image })
      return last
    },
  }
}

function heldDisk() {
  const held: (() => void)[] = []
  return { schedule: (done: () => void) => void held.push(done), release: () => held.splice(0).forEach((done) => done()) }
}

const put = (key: string, value = 1): StoreWrite => ({ kind: 'put', table: 'state', key, value: Uint8Array.of(value) })
const keysOf = async (store: MemoryStore) => (await store.read({ table: 'state' })).map(({ key }) => key)
