import { expect, test } from 'vitest'
import { createMemoryFiles } from '../../../test/simulation/files.ts'
import { conversationIdOf } from '../../bytes/ids.ts'
import { OPEN_FILES_MAX } from '../../attachments/limits.ts'
import { createOpenFiles } from './open-files.ts'
import type { FileStore } from '../../ports.ts'

const conversation = conversationIdOf(new Uint8Array(32).fill(1))
const wait = async (turns: number): Promise<void> => {
  for (let left = turns; left > 0; left -= 1) await Promise.resolve()
}

/** Opens the sooner the later it is asked, and says how many are open. */
function slowFiles() {
  const memory = createMemoryFiles()
  const counts = { open: 0, most: 0 }
  let turns = 40
  const store: FileStore = {
    ...memory,
    async open(...asked) {
      await wait((turns -= 2))
      const kept = await memory.open(...asked)
      counts.most = Math.max(counts.most, (counts.open += 1))
      return { ...kept, close: () => (kept.close(), void (counts.open -= 1)) }
    },
  }
  return { memory, store, counts }
}

const refOf = (at: number) => ({ conversation, file: `0${at}`, size: 1 })
const sealed = new Uint8Array(17)

test('more reads at once than files may be open all get what they read, and few stay open', async () => {
  const { store, counts } = slowFiles()
  const files = createOpenFiles(store)
  const refs = Array.from({ length: OPEN_FILES_MAX + 2 }, (_, at) => refOf(at))
  const lengths = await Promise.all(
    refs.map((ref) =>
      files.open(ref, 'write', (file) => {
        file.write(0, { sealed, leaf: new Uint8Array(32) })
        return file.read(0).length
      }),
    ),
  )
  expect(lengths).toEqual(refs.map(() => 17))
  expect(counts.open).toBe(OPEN_FILES_MAX)
  // The first ones are opened again while they are still being let go of.
  expect(await Promise.all([...refs, ...refs].map((ref) => files.open(ref, 'read', (file) => file.read(0).length)))).toHaveLength(
    2 * refs.length,
  )
  await files.close()
  expect(counts.open).toBe(0)
})

test('what is removed while it is being opened leaves nothing', async () => {
  const { memory, store, counts } = slowFiles()
  const files = createOpenFiles(store)
  const opened = Array.from({ length: OPEN_FILES_MAX + 2 }, (_, at) => files.open(refOf(at), 'write', (file) => file.flush()))
  await files.remove(refOf(1))
  await files.removeAll(conversation)
  await Promise.all(opened)
  expect([memory.image().size, counts.open]).toEqual([0, 0])
})
