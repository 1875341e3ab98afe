// What stays of a body once it was opened: enough to check it against its author's commitment, to rebuild a document, and to read later
// what an older version could not.

import { expect, test } from 'vitest'
import { decode, encode } from '../../src/bytes/codec.ts'
import { timelineRow } from '../../src/conversation/timeline-row.ts'
import { isBodyKeptOf } from '../../src/log/kept-body.ts'
import { keptKeyOf, storedBody } from '../../src/node/rows/stored-body.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { diskWith } from '../simulation/disk.ts'
import { createStage, meet, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { KeptBody } from '../../src/log/kept-body.ts'
import type { Table } from '../../src/ports.ts'
import type { EntryHeader } from '../../src/wire/entry.ts'
import type { Person } from '../simulation/person.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'

test('each body lies in one place, under the key of its day, and is what its author committed to', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Garden' }))
  await stage.done(alice.engine().setName({ name: 'Alice' }))
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  for (const person of [alice, bob]) {
    const disk = person.disk()
    const kept = keptOn(disk)
    const headers = headersOn(disk)
    expect(kept.length).toBe(headers.size)
    expect(new Set(kept.map(({ entry }) => entry))).toEqual(new Set(headers.keys()))
    for (const { entry, body } of kept) {
      const header = headers.get(entry) as EntryHeader
      expect(isBodyKeptOf(header, body)).toBe(true)
      expect(isBodyKeptOf(header, { ...body, content: body.content.map((byte, at) => (at === 1 ? byte ^ 1 : byte)) })).toBe(false)
    }
    const day = `${id}/${Math.floor(stage.scheduler.now() / 86_400_000)}`
    await stage.done(person.store().commit([{ kind: 'shred', shred: day }]))
    expect(keptOn(await stage.done(readable(person)))).toEqual([])
  }
})

test('a document that was lost is there again after the next start', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Garden' }))
  await stage.pass(5_000)
  await stage.done(alice.engine().setTitle({ conversation: id, title: 'Our garden' }))
  await stage.pass(5_000)
  for (const person of [alice, bob]) {
    person.crash()
    person.loseDocuments()
    await revive(stage, person)
    expect((await view(stage, person, id)).title).toBe('Our garden')
  }
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Bees' }))
  await stage.pass(20_000)
  expect((await view(stage, alice, id)).title).toBe('Bees')
  // What was rebuilt is durable.
  alice.crash()
  await revive(stage, alice)
  expect((await view(stage, alice, id)).title).toBe('Bees')
})

test('what an older version could not read is read by the first one that can, and its author hears of it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await say(stage, bob, id, 'from the future')
  // Alice's version is an older one that does not know texts of this kind.
  makeNewer(alice, id, bob.device())
  await revive(stage, alice)
  await stage.pass(20_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'from the future'])
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'delivered', 'from the future': 'delivered' })
  expect([...(alice.disk().tables.get('bodies')?.keys() ?? [])].filter((key) => key.includes('/newer/'))).toEqual([])
})

const rowsOf = (disk: MemoryStoreImage, table: Table) => [...(disk.tables.get(table) ?? [])]

function keptOn(disk: MemoryStoreImage): readonly { readonly entry: string; readonly body: KeptBody }[] {
  const lines = rowsOf(disk, 'timeline').flatMap(([, { value }]) => {
    const { id, content } = decode(timelineRow, value)
    return content.kind === 'text' ? [{ entry: id as string, body: content.kept }] : []
  })
  const others = rowsOf(disk, 'bodies').map(([, { value }]) => {
    const { id, kept } = decode(storedBody, value)
    return { entry: id as string, body: kept }
  })
  return [...lines, ...others]
}

const headersOn = (disk: MemoryStoreImage): ReadonlyMap<string, EntryHeader> =>
  new Map(
    rowsOf(disk, 'entries').map(([key, { value }]) => [
      key.split('/').at(-1) ?? '',
      decode(entryHeader, decode(storedEntry, value).wire.header),
    ]),
  )

/** The disk as far as its shred keys are left. */
async function readable(person: Person): Promise<MemoryStoreImage> {
  const tables = new Map<Table, ReadonlyMap<string, { readonly value: Uint8Array; readonly key: undefined }>>()
  for (const table of ['timeline', 'bodies'] as const) {
    const rows = await person.store().read({ table })
    tables.set(table, new Map(rows.map(({ key, value }) => [key, { value, key: undefined }])))
  }
  return { tables, shreds: new Map() }
}

/** The last text of a device as a version leaves it that does not know what it says. */
function makeNewer(person: Person, id: ConversationId, device: DeviceId): void {
  const disk = person.disk()
  const [key, line] = rowsOf(disk, 'timeline').findLast(([, { value }]) => decode(timelineRow, value).device === device) ?? []
  if (key === undefined || line === undefined) throw new Error('there is no such text')
  const row = decode(timelineRow, line.value)
  if (row.content.kind !== 'text') throw new Error('the last line is no text')
  const changed = diskWith(disk, (node) => {
    const conversation = node.conversations.get(id) ?? expect.fail('there is no such conversation')
    const { view } = conversation
    const feed = view.feeds.get(device) ?? expect.fail('there is no such feed')
    const feeds = view.feeds.with(device, { ...feed, unreadable: [row.seq], unread: [] })
    return { ...node, conversations: node.conversations.with(id, { ...conversation, view: { ...view, feeds } }) }
  })
  const put = (table: Table, at: string, value: Uint8Array, like: typeof line) =>
    new Map(disk.tables.get(table)).set(at, { ...like, value })
  const unread = encode(timelineRow, { ...row, content: { kind: 'unreadable', why: 'newer' } })
  const body = encode(storedBody, { device, seq: row.seq, id: row.id, kept: row.content.kept })
  person.restore({
    ...changed,
    tables: new Map(changed.tables)
      .set('timeline', put('timeline', key, unread, line))
      .set('bodies', put('bodies', keptKeyOf(id, { kind: 'newer', orderKey: row.orderKey }), body, line)),
  })
}
