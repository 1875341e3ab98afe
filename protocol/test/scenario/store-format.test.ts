// What a store says of its own format: migrated step by step, and never read by a version that does not know it.

import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../contract/memory-store.ts'
import { storeOfFormat } from '../fixtures/stored.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { decodeRow, encodeRow } from '../../src/host/migrations/any-row.ts'
import { FORMAT, formatRow, migrate } from '../../src/host/migrations/format.ts'
import { MIGRATIONS } from '../../src/host/migrations/index.ts'
import { loadOrCreate } from '../../src/host/records/index.ts'
import { StoreError } from '../../src/ports.ts'
import { createStage, messages, revive, texts, ticks, view } from './stage.ts'
import type { Store } from '../../src/ports.ts'
import type { Migration } from '../../src/host/migrations/format.ts'

const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(1).bytes }
const all = () => Promise.resolve(MIGRATIONS)
const formatOf = async (store: ReturnType<typeof createMemoryStore>): Promise<unknown> => {
  const row = await store.get('state', 'format')
  return row && decodeRow(row)
}
const migrateBy = (store: Store, migrations: readonly Migration[]) => migrate(store, () => Promise.resolve(migrations), migrations.length)
const add =
  (what: string): Migration =>
  async (store) => {
    const before = await store.get('state', 'seen')
    const seen = before === undefined ? '' : decodeRow<string>(before)
    return [{ kind: 'put', table: 'state', key: 'seen', value: encodeRow(`${seen}${what}`) }]
  }

describe('a store of format 0', () => {
  it('has everything that it had, and takes what is done to what it has', async () => {
    const stage = createStage()
    const bob = await stage.enter('bob')
    bob.crash()
    const { conversation, image } = storeOfFormat(0)
    bob.restore(image)
    await revive(stage, bob)
    expect(await texts(stage, bob, conversation)).toEqual(['welcome', 'hello', 'how are you?', 'fine'])
    const seen = await view(stage, bob, conversation)
    expect(seen.summary).toMatchObject({ unread: 2, last: { text: 'fine', mine: false } })
    expect(seen.title).toBe('Garden')
    expect(await ticks(stage, bob, conversation)).toEqual({ hello: 'delivered', 'how are you?': 'delivered' })
    const [, hello, question] = await messages(stage, bob, conversation)
    if (hello === undefined || question === undefined) throw new Error('there are no messages')
    const engine = bob.engine()
    expect(await stage.done(engine.edit({ conversation, message: hello.id, text: 'hello there' }))).toEqual({ kind: 'saved' })
    expect(await stage.done(engine.deleteMessage({ conversation, message: question.id }))).toEqual({ kind: 'saved' })
    expect(await texts(stage, bob, conversation)).toEqual(['welcome', 'hello there', 'fine'])
  })

  it('becomes the same in as many commits as it takes, whichever of them the power goes at', async () => {
    const { image } = storeOfFormat(0)
    let commits = 0
    const whole = createMemoryStore({ image, refuse: () => ((commits += 1), undefined) })
    await migrate(whole, all)
    expect(whole.image().tables.get('timeline')?.size).toBeGreaterThan(0)
    expect(commits).toBeGreaterThan(FORMAT)
    for (let at = 1; at <= commits; at++) {
      let count = 0
      const refuse = () => ((count += 1) === at ? new StoreError('failed', 'the power goes') : undefined)
      const cut = createMemoryStore({ image, refuse })
      await expect(migrate(cut, all)).rejects.toThrow('the power goes')
      const again = createMemoryStore({ image: cut.image() })
      await migrate(again, all)
      expect(again.image().tables).toEqual(whole.image().tables)
    }
  })
})

describe('a store of format 3', () => {
  it('has all its chats and contacts, and they go to rest from then on', async () => {
    const stage = createStage()
    const bob = await stage.enter('bob')
    bob.crash()
    const { conversation, others, image } = storeOfFormat(3)
    if (others === undefined) throw new Error('there are more chats in it')
    // This one has never had their mailboxes, and would have to be asked for all of it.
    stage.network.relay.restart(3_600_000, 'kept')
    bob.restore(image)
    await revive(stage, bob)
    const ids = [conversation, others.carol, others.waiting]
    const before = await Promise.all(ids.map((id) => texts(stage, bob, id)))
    expect(before).toEqual([['welcome', 'hello', 'how is the garden?'], ['hi carol', 'hi bob'], ['somebody?']])
    expect(await ticks(stage, bob, conversation)).toEqual({ hello: 'delivered' })
    await stage.pass(300_000)
    bob.crash()
    const state = await loadOrCreate(createMemoryStore({ image: bob.disk() }), env, () => Promise.reject(new Error('it is the newest')))
    expect(ids.map((id) => state.conversations.isAsleep(id))).toEqual([true, true, false])
    await revive(stage, bob)
    expect(await Promise.all(ids.map((id) => texts(stage, bob, id)))).toEqual(before)
    expect((await view(stage, bob, conversation)).title).toBe('Garden')
  })

  it('gets the same marks in as many commits as it takes, whichever of them the power goes at', async () => {
    const { image } = storeOfFormat(3)
    let commits = 0
    const whole = createMemoryStore({ image, refuse: () => ((commits += 1), undefined) })
    await migrate(whole, all)
    const marks = [...(whole.image().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('awake/'))
    expect(marks.filter((key) => key.startsWith('awake/chats/'))).toHaveLength(3)
    expect(marks).toHaveLength(5)
    for (let at = 1; at <= commits; at++) {
      let count = 0
      const cut = createMemoryStore({ image, refuse: () => ((count += 1) === at ? new StoreError('failed', 'the power goes') : undefined) })
      await expect(migrate(cut, all)).rejects.toThrow('the power goes')
      const again = createMemoryStore({ image: cut.image() })
      await migrate(again, all)
      expect(again.image().tables).toEqual(whole.image().tables)
    }
  })
})

describe('the format of a store', () => {
  it('is one that as many migrations lead to', () => {
    expect(MIGRATIONS).toHaveLength(FORMAT)
  })

  it('that is the newest needs no migrations', async () => {
    const store = createMemoryStore()
    await store.commit([formatRow()])
    expect(await migrate(store, () => Promise.reject(new Error('nobody needs them')))).toBe('ready')
  })

  it('is written with the first rows, and is the newest there is', async () => {
    const store = createMemoryStore()
    expect(await migrate(store, all)).toBe('empty')
    const { self } = await loadOrCreate(store, env, all)
    expect(await formatOf(store)).toBe(FORMAT)
    expect((await loadOrCreate(store, env, all)).self).toEqual(self)
  })

  it('is brought to the newest by the migrations that the store has not seen, each once', async () => {
    const store = createMemoryStore()
    await store.commit([formatRow(1)])
    expect(await migrateBy(store, [add('0'), add('1'), add('2')])).toBe('ready')
    expect(await formatOf(store)).toBe(3)
    await migrateBy(store, [add('0'), add('1'), add('2'), add('3')])
    expect(decodeRow((await store.get('state', 'seen')) ?? new Uint8Array())).toBe('123')
  })

  it('stays where a migration failed, and goes on from there', async () => {
    const store = createMemoryStore()
    await store.commit([formatRow(0)])
    const broken: Migration = () => Promise.reject(new Error('a row that nobody understands'))
    await expect(migrateBy(store, [add('0'), broken])).rejects.toThrow('a row that nobody understands')
    expect(await formatOf(store)).toBe(1)
    await migrateBy(store, [add('0'), add('1')])
    expect(decodeRow((await store.get('state', 'seen')) ?? new Uint8Array())).toBe('01')
  })

  it('of a newer version is refused before anything is read or written', async () => {
    const store = createMemoryStore()
    await loadOrCreate(store, env, all)
    await store.commit([formatRow(FORMAT + 1)])
    const before = store.image()
    await expect(loadOrCreate(store, env, all)).rejects.toMatchObject({ name: 'StoreError', code: 'outdated' })
    expect(store.image()).toEqual(before)
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'one'],
    ['a fraction', 0.5],
    ['less than none', -1],
  ])('that is %s is refused as corrupt, and no new person is made over the old one', async (_, format) => {
    const store = createMemoryStore()
    await loadOrCreate(store, env, all)
    await store.commit([
      format === undefined
        ? { kind: 'delete', table: 'state', key: 'format' }
        : { kind: 'put', table: 'state', key: 'format', value: encodeRow(format) },
    ])
    const before = store.image()
    await expect(loadOrCreate(store, env, all)).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
    expect(store.image()).toEqual(before)
  })

  it('need not say what was removed, which older versions never did', async () => {
    const store = createMemoryStore()
    await loadOrCreate(store, env, all)
    await store.commit([{ kind: 'delete', table: 'state', key: 'removals' }])
    expect((await loadOrCreate(store, env, all)).removals).toEqual({ erasing: new Map(), ends: [], answered: new Map() })
  })

  it.each(['self', 'prekeys'])('that is right does not make up for a lost %s', async (key) => {
    const store = createMemoryStore()
    await loadOrCreate(store, env, all)
    await store.commit([{ kind: 'delete', table: 'state', key }])
    await expect(loadOrCreate(store, env, all)).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
  })
})
