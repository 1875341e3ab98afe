// A file of 40 MB between two browsers that are linked: paused and resumed, through a reload of either side, and never whole in the memory of a page or of
// its engine.

import { createReadStream, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { bothDirect, twoFriends } from './pair.ts'
import { expect, test } from './walk.ts'
import type { Page } from '@playwright/test'
import type { Readable } from 'node:stream'
import type { Person } from './person.ts'

const SIZE = 40_000_000
/** Less than the file, whatever an engine and a page take anyway. */
const HEAP_BYTES_MAX = 30_000_000
const attachment = (person: Person) => person.page.getByTestId('attachment')
const isState = (state: string) => new RegExp(`^${state}$`)
const doneAt = async (person: Person): Promise<number> => Number(await attachment(person).getAttribute('data-bytes'))

/** In a page: notes under which states an attachment stands there, one after the other. */
const noteStates = (): void => {
  const seen: string[] = []
  Object.assign(window, { statesSeen: seen })
  const look = (): void => {
    const state = document.querySelector<HTMLElement>('[data-testid="attachment"]')?.dataset['state']
    if (state !== undefined && state !== seen.at(-1)) seen.push(state)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] })
}
const statesSeen = (person: Person): Promise<unknown> => person.page.evaluate(() => Reflect.get(window, 'statesSeen') as unknown)

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of stream) hash.update(part as Uint8Array)
  return hash.digest('hex')
}

/** Bytes in use in the page and in each of its workers, after what nobody needs was let go of. */
async function heapsOf(page: Page): Promise<readonly number[]> {
  const session = await page.context().newCDPSession(page)
  const workers: string[] = []
  const answers = new Map<string, (message: string) => void>()
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.push(sessionId)
  })
  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => answers.get(sessionId)?.(message))
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  const ask = (sessionId: string, method: string): Promise<unknown> =>
    new Promise((resolve) => {
      answers.set(sessionId, (message) => resolve((JSON.parse(message) as { result?: unknown }).result))
      void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: 1, method }) })
    })
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const heaps = [usedSize]
  for (const worker of workers) {
    await ask(worker, 'HeapProfiler.collectGarbage')
    const usage = (await ask(worker, 'Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number }
    heaps.push(usage.usedSize + (usage.backingStorageSize ?? 0))
  }
  await session.detach()
  expect(workers.length, 'the engine runs in one').toBeGreaterThan(0)
  return heaps
}

test('40 MB go through pauses and reloads of both, within bounds of memory', async ({ world }, testInfo) => {
  test.setTimeout(400_000)
  const { ana, ben } = await twoFriends(world)
  await bothDirect({ ana, ben })
  const path = testInfo.outputPath('film.mkv')
  const content = Buffer.alloc(SIZE)
  for (let at = 0; at < SIZE; at += 4) content.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
  writeFileSync(path, content)
  await ana.page.getByTestId('attach-file').setInputFiles(path)
  await expect(ana.page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
  await ana.page.getByTestId('attach-send').click()
  await expect(attachment(ana)).toHaveAttribute('data-state', isState('waiting'), { timeout: 90_000 })
  const sealed = await heapsOf(ana.page)

  await attachment(ben).getByTestId('attachment-get').click()
  await expect.poll(() => doneAt(ben), { timeout: 60_000 }).toBeGreaterThan(6_000_000)
  await attachment(ben).getByTestId('attachment-pause').click()
  await expect(attachment(ben).getByTestId('attachment-get')).toBeVisible()
  const paused = await doneAt(ben)
  await ben.page.addInitScript(noteStates)
  await ben.page.reload()
  await ben.openConversation()
  await expect.poll(() => doneAt(ben)).toBeGreaterThanOrEqual(paused)
  expect(await doneAt(ben), 'paused stays paused').toBeLessThan(SIZE / 2)
  expect(await statesSeen(ben), 'it never stands there as if it were whole').toEqual(['unknown', 'waiting'])
  await attachment(ben).getByTestId('attachment-get').click()
  await expect.poll(() => doneAt(ben), { timeout: 60_000 }).toBeGreaterThan(paused + 6_000_000)
  await ana.page.reload()
  await ana.openConversation()
  await expect(attachment(ben)).toHaveAttribute('data-state', isState('here'), { timeout: 200_000 })
  const heaps = [...sealed, ...(await heapsOf(ana.page)), ...(await heapsOf(ben.page))]
  expect(Math.min(...heaps), 'all of them were measured').toBeGreaterThan(0)
  testInfo.annotations.push({ type: 'heaps', description: heaps.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`).join(', ') })
  console.info(`heaps: ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(', ')} MB`)
  expect(Math.max(...heaps)).toBeLessThan(HEAP_BYTES_MAX)

  // All of it is opened and put together before the browser begins.
  const download = ben.page.waitForEvent('download', { timeout: 90_000 })
  await attachment(ben).getByTestId('attachment-save').click()
  expect(await hashOf(await (await download).createReadStream())).toBe(await hashOf(createReadStream(path)))
  expect(Math.max(...(await heapsOf(ben.page)))).toBeLessThan(HEAP_BYTES_MAX)
})
