// A file that is larger than the memory it may take: sealed, sent, fetched and read through, on a real disk. KITH_FILE_MB makes it larger.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { CHUNKS_READ_MAX } from '../../src/attachments/limits.ts'
import { CHUNK_BYTES } from '../../src/limits.ts'
import { chunksOf } from '../../src/attachments/chunk.ts'
import { createDiskFiles } from '../simulation/disk-files.ts'
import { ask, onTheWay } from './attachments-stage.ts'
import { passUntilSettled } from '../simulation/scheduler.ts'
import { createStage, meet, revive } from './stage.ts'
import type { NewFile } from '../../src/engine.ts'

const SIZE = Number(process.env['KITH_FILE_MB'] ?? 96) * 1_000_000 + 17
const HEAP_BYTES_MAX = 150_000_000

const folder = mkdtempSync(join(tmpdir(), 'kith-large-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Bytes that tell their place; made when they are asked for, and nowhere kept. */
function bytesAt(from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(to - from)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = ((from + at) * 31 + ((from + at) >>> 13)) & 0xff
  return bytes
}
const source: NewFile['source'] = {
  size: SIZE,
  slice: (from, to) => ({ arrayBuffer: () => Promise.resolve(bytesAt(from, to).buffer) }),
}

/** What is in use, buffers included, at most. */
function watchMemory() {
  let most = 0
  const look = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  globalThis.gc?.()
  const before = look()
  return { sample: () => void (most = Math.max(most, look() - before)), most: () => most }
}

it(
  `${SIZE} bytes go from one disk to another within 150 MB of memory, through a crash of either side`,
  { timeout: 1_800_000 },
  async () => {
    const stage = createStage('direct')
    const disks = { alice: createDiskFiles(join(folder, 'alice')), bob: createDiskFiles(join(folder, 'bob')) }
    const { alice, bob, id } = await meet(stage, disks)
    const memory = watchMemory()
    const sampling = setInterval(memory.sample, 20)
    onTestFinished(() => clearInterval(sampling))
    const sent = alice
      .engine()
      .sendFiles({ conversation: id, files: [{ source, name: 'film.mkv', photo: undefined }], text: '', ref: 'film' })
    await passUntilSettled(stage.scheduler, sent, { patienceMs: Infinity })
    const outcome = await sent
    if (outcome.kind !== 'saved') throw new Error(outcome.reason)
    const { message } = outcome
    await stage.pass(3_000)
    await ask(stage, bob, id, message)
    const done = async (): Promise<number> => (await onTheWay(stage, bob, id))[0]?.done ?? SIZE
    const until = async (bytes: number): Promise<void> => {
      while ((await done()) < bytes) await stage.pass(1_000)
    }
    await until(SIZE / 3)
    bob.crash()
    await revive(stage, bob)
    await stage.pass(3_000)
    expect(await done(), 'what was on the disk is not fetched again').toBeGreaterThan(SIZE / 3 - 65 * CHUNK_BYTES)
    await until(SIZE / 2)
    alice.crash()
    await revive(stage, alice)
    await stage.pass(3_000)
    await until(SIZE)

    for (let from = 0; from < chunksOf(SIZE); from += CHUNKS_READ_MAX) {
      const part = await stage.done(bob.engine().readFile({ conversation: id, message, item: 0, from, count: CHUNKS_READ_MAX }))
      if (part.kind !== 'bytes') throw new Error(part.reason)
      const at = from * CHUNK_BYTES
      expect(Buffer.compare(part.bytes, bytesAt(at, Math.min(SIZE, at + part.bytes.length)))).toBe(0)
    }
    process.stdout.write(`${Math.round(SIZE / 1e6)} MB within ${Math.round(memory.most() / 1e6)} MB\n`)
    expect(memory.most()).toBeLessThan(HEAP_BYTES_MAX)
  },
)
