import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../test/contract/memory-store.ts'
import { conversationIdOf, entryIdOf, toUnixMs } from '../../bytes/ids.ts'
import { createFileKeeper } from './keeper.ts'
import { putFiled } from './rows.ts'
import type { FileDesk, FileKeeper, LoadedAttachments } from './keeper.ts'

const conversation = conversationIdOf(new Uint8Array(32).fill(1))

async function keeperOf(attachments?: () => Promise<LoadedAttachments>): Promise<FileKeeper> {
  const store = createMemoryStore()
  await store.commit(
    putFiled({ conversation, message: entryIdOf(new Uint8Array(32).fill(2)), item: 0 }, { file: '00'.repeat(16), size: 1 }),
  )
  const nothing = undefined as never
  const log = (): void => undefined
  const clock = () => toUnixMs(0)
  return createFileKeeper({
    store,
    loop: nothing,
    network: { request: nothing },
    clock,
    timer: () => log,
    random: nothing,
    log,
    attachments,
  })
}

test('rows of files stay as long as the files do: whoever erases a chat tries again', async () => {
  let isBroken = true
  const removed: string[] = []
  const desk = { forget: (id: string) => Promise.resolve(void removed.push(id)) } as unknown as FileDesk
  const keeper = await keeperOf(() =>
    isBroken ? Promise.reject(new Error('not loaded')) : Promise.resolve({ files: undefined as never, open: () => Promise.resolve(desk) }),
  )
  await expect(keeper.forget(conversation)).rejects.toThrow('wait to be removed')
  isBroken = false
  expect(await keeper.forget(conversation)).toHaveLength(1)
  expect(removed).toEqual([conversation])
})

test('where no files are kept, rows about them go with the chat', async () => {
  expect(await (await keeperOf()).forget(conversation)).toHaveLength(1)
})
