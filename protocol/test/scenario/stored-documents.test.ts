// Documents over a disk that refuses, fails and breaks: what the host promises of them, without the engine around.

import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../contract/memory-store.ts'
import { RestMap } from '../../src/node/rest-map.ts'
import { accountIdOf, conversationIdOf, deviceIdOf } from '../../src/bytes/ids.ts'
import { draftOf, petnameOf, setDraft, setPetname } from '../../src/documents/account.ts'
import { clientOf } from '../../src/documents/client.ts'
import { openDocument } from '../../src/documents/document.ts'
import { setTitle } from '../../src/documents/meta.ts'
import { StoreError } from '../../src/ports.ts'
import { openDocuments } from '../../src/host/documents/documents.ts'
import type { AccountId } from '../../src/bytes/ids.ts'
import type { DocumentStore, Store } from '../../src/ports.ts'
import type { Documents } from '../../src/host/documents/documents.ts'

const device = deviceIdOf(new Uint8Array(32).fill(7))
const bobsDevice = deviceIdOf(new Uint8Array(32).fill(8))
const conversation = conversationIdOf(new Uint8Array(32).fill(9))
const [mum, dad, sister] = [1, 2, 3].map((byte) => accountIdOf(new Uint8Array(32).fill(byte))) as [AccountId, AccountId, AccountId]

/** A disk for documents. `refuse`: what it answers to the next appends and loads. */
function createDisk() {
  const kept = new Map<string, Uint8Array[]>()
  const disk = {
    kept,
    refuse: undefined as StoreError | undefined,
    lines: [] as string[],
    store: createMemoryStore() as Store,
    documents: {
      load: async (name) => answer([...(kept.get(name) ?? [])]),
      append: async (name, update) => void kept.set(name, [...(await answer(kept.get(name) ?? [])), update]),
      tidy: () => Promise.resolve(),
      erase: async (name) => void (await answer(kept.delete(name))),
    } satisfies DocumentStore,
    open: (): Promise<Documents> =>
      openDocuments({
        store: disk.store,
        documents: disk.documents,
        device,
        state: () => ({ conversations: RestMap.of('chats', []) }),
        log: (line) => void disk.lines.push(line),
      }),
  }
  const answer = async <T>(value: T): Promise<T> => {
    if (disk.refuse !== undefined) throw disk.refuse
    return Promise.resolve(value)
  }
  return disk
}

const name = (documents: Documents, account: AccountId, petname: string): Promise<boolean> =>
  documents.saveAccount((document) => setPetname(document, account, petname))
const namesIn = (documents: Documents): readonly (string | undefined)[] =>
  [mum, dad, sister].map((account) => petnameOf(documents.account(), account))

const full = new StoreError('quota', 'no room is left')
const broken = new StoreError('corrupt', 'not as it was sealed')
const failed = new StoreError('failed', 'the disk is away')

describe('the account document', () => {
  it('loses a change that the disk refused, and none after it', async () => {
    const disk = createDisk()
    const first = await disk.open()
    await name(first, mum, 'Mum')
    disk.refuse = full
    await expect(first.saveAccount((account) => setDraft(account, conversation, { text: 'lost', ref: 'r' }))).rejects.toBe(full)
    disk.refuse = undefined
    expect(await name(first, dad, 'Dad')).toBe(true)
    expect(draftOf(first.account(), conversation)).toBeUndefined()
    const second = await disk.open()
    expect(namesIn(second)).toEqual(['Mum', 'Dad', undefined])
    await name(second, sister, 'Sis')
    expect(namesIn(await disk.open())).toEqual(['Mum', 'Dad', 'Sis'])
  })

  it('undoes a refused change at once where it can be read again', async () => {
    const disk = createDisk()
    const first = await disk.open()
    const { append } = disk.documents
    disk.documents.append = () => Promise.reject(full)
    await expect(name(first, mum, 'Mum')).rejects.toBe(full)
    expect(namesIn(first)).toEqual([undefined, undefined, undefined])
    disk.documents.append = append
    await name(first, mum, 'Mum')
    expect(namesIn(await disk.open())).toEqual(['Mum', undefined, undefined])
  })

  it('keeps changes that were asked for at once, each resting on those before it', async () => {
    const disk = createDisk()
    const first = await disk.open()
    await Promise.all([name(first, mum, 'Mum'), name(first, mum, 'Mama'), name(first, dad, 'Dad')])
    expect(namesIn(await disk.open())).toEqual(['Mama', 'Dad', undefined])
  })

  it('that cannot be read is set aside, once, and the engine starts with an empty one', async () => {
    const disk = createDisk()
    await name(await disk.open(), mum, 'Mum')
    const { load } = disk.documents
    disk.documents.load = (asked) => (asked === 'account' ? Promise.reject(broken) : load(asked))
    const second = await disk.open()
    expect(namesIn(second)).toEqual([undefined, undefined, undefined])
    await name(second, dad, 'Dad')
    expect(namesIn(await disk.open())).toEqual([undefined, 'Dad', undefined])
    expect(disk.lines).toEqual(['the document account cannot be read and is set aside'])
    expect(disk.kept.get('account')).toHaveLength(1)
  })

  it('that is no document is set aside as well', async () => {
    const disk = createDisk()
    disk.kept.set('account', [Uint8Array.of(1, 200, 200, 200)])
    await name(await disk.open(), mum, 'Mum')
    expect(namesIn(await disk.open())).toEqual(['Mum', undefined, undefined])
  })

  it('of which a part is missing goes on with what can be read', async () => {
    const disk = createDisk()
    const first = await disk.open()
    for (const [account, petname] of [[mum, 'Mum'] as const, [dad, 'Dad'] as const, [sister, 'Sis'] as const])
      await name(first, account, petname)
    disk.kept.get('account')?.splice(1, 1)
    const second = await disk.open()
    expect(namesIn(second)).toEqual(['Mum', undefined, undefined])
    await name(second, dad, 'Dad again')
    expect(namesIn(await disk.open())).toEqual(['Mum', 'Dad again', undefined])
  })

  it('on a disk that merely fails stays where it is', async () => {
    const disk = createDisk()
    await name(await disk.open(), mum, 'Mum')
    disk.refuse = failed
    await expect(disk.open()).rejects.toBe(failed)
    disk.refuse = undefined
    expect(namesIn(await disk.open())).toEqual(['Mum', undefined, undefined])
  })
})

describe('the document of a conversation', () => {
  const hers = openDocument('meta', { client: clientOf(bobsDevice, conversation), updates: [] })
  const updates = ['One', 'Two', 'Three'].map((title) => setTitle(hers, title) as Uint8Array)
  const wait = (disk: ReturnType<typeof createDisk>, order: readonly number[]): Promise<void> =>
    disk.store.commit(
      order.map((at, place) => ({
        kind: 'put',
        table: 'state',
        key: `document/${conversation}/${place}`,
        value: updates[at] as Uint8Array,
      })),
    )
  const waiting = async (disk: ReturnType<typeof createDisk>): Promise<number> =>
    (await disk.store.read({ table: 'state', from: 'document/', to: 'document/~' })).length

  it('takes in what waits, in whatever order it lies there', async () => {
    const disk = createDisk()
    await wait(disk, [2, 0, 1])
    expect((await (await disk.open()).metaOf(conversation)).title).toBe('Three')
    expect(await waiting(disk)).toBe(0)
    expect((await (await disk.open()).metaOf(conversation)).title).toBe('Three')
  })

  it('has what was admitted while the disk refused it, and keeps it once the disk has room', async () => {
    const disk = createDisk()
    const first = await disk.open()
    await first.metaOf(conversation)
    await wait(disk, [0, 1])
    disk.refuse = full
    await first.takeIn(conversation)
    expect((await first.metaOf(conversation)).title).toBe('Two')
    expect(await waiting(disk)).toBe(2)
    disk.refuse = undefined
    await first.takeIn(conversation)
    expect(await waiting(disk)).toBe(0)
    expect((await (await disk.open()).metaOf(conversation)).title).toBe('Two')
  })

  it('that failed to load once is loaded the next time', async () => {
    const disk = createDisk()
    await wait(disk, [0])
    const documents = await disk.open()
    disk.refuse = failed
    expect((await documents.metaOf(conversation)).title).toBeUndefined()
    disk.refuse = undefined
    expect((await documents.metaOf(conversation)).title).toBe('One')
  })

  it('that is broken has no title, is read no further, and takes nothing else with it', async () => {
    const disk = createDisk()
    const documents = await disk.open()
    let loads = 0
    disk.documents.load = () => {
      loads += 1
      return Promise.reject(broken)
    }
    for (let at = 0; at < 3; at++) expect((await documents.metaOf(conversation)).title).toBeUndefined()
    expect(loads).toBe(1)
    await wait(disk, [0])
    await expect(documents.takeIn(conversation)).rejects.toBe(broken)
    expect(await waiting(disk)).toBe(1)
    await expect(
      documents.changeMeta(
        conversation,
        (document) => setTitle(document, 'Mine'),
        () => Promise.resolve(),
      ),
    ).rejects.toBe(broken)
  })

  it('says when messages go from its log where it is broken, and nothing where that cannot be read either', async () => {
    const disk = createDisk()
    const documents = await disk.open()
    disk.documents.load = () => Promise.reject(failed)
    await expect(documents.timerOf(conversation), 'a disk that is away').rejects.toBe(failed)
    disk.documents.load = () => Promise.reject(broken)
    const { read } = disk.store
    disk.store.read = () => Promise.reject(failed)
    await expect(documents.timerOf(conversation), 'nothing says that there is none').rejects.toBe(failed)
    disk.store.read = read
    expect(await documents.timerOf(conversation), 'a log in which nobody set one').toBe(0)
  })

  it('shows its title while the disk is slow', async () => {
    const disk = createDisk()
    await wait(disk, [0])
    const documents = await disk.open()
    await documents.metaOf(conversation)
    disk.documents.append = () => new Promise(() => undefined)
    await wait(disk, [1])
    void documents.takeIn(conversation)
    expect((await documents.metaOf(conversation)).title).toBe('One')
  })

  it('changes only once the update was admitted', async () => {
    const disk = createDisk()
    const documents = await disk.open()
    expect(
      await documents.changeMeta(
        conversation,
        (document) => setTitle(document, 'Mine'),
        () => Promise.resolve('refused'),
      ),
    ).toBe('refused')
    expect((await documents.metaOf(conversation)).title).toBeUndefined()
    await expect(
      documents.changeMeta(
        conversation,
        (document) => setTitle(document, 'Mine'),
        () => Promise.reject(full),
      ),
    ).rejects.toBe(full)
    expect((await documents.metaOf(conversation)).title).toBeUndefined()
    await documents.changeMeta(
      conversation,
      (document) => setTitle(document, 'Mine'),
      (value) => disk.store.commit([{ kind: 'put', table: 'state', key: `document/${conversation}/1`, value }]),
    )
    expect(
      await documents.changeMeta(
        conversation,
        (document) => setTitle(document, 'Mine'),
        () => Promise.resolve('asked'),
      ),
    ).toBeUndefined()
    expect((await documents.metaOf(conversation)).title).toBe('Mine')
  })
})
