// What was erased cannot be read by somebody who has the profile's files, every version of every row that they still hold, and all keys that are left.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromHex, toHex } from '@kith/protocol'
import { openEverything } from '../src/adapters/testing/attacker.ts'
import { versionsIn } from './leveldb-log.ts'
import { expect, test } from './walk.ts'
import type { Page } from '@playwright/test'
import type { Found, Version } from '../src/adapters/testing/attacker.ts'

const GONE = 'The zinnwald key hangs behind the quillwort'
const SAID = 'The marrowfat lies below the vestibule stairs'
const KEPT = 'Then the ombrellino stays in the vestibule'
const BEGUN = 'Another allotment altogether'

test('a removed chat and a deleted history cannot be read with all keys that are left, and what was written afterwards can', async ({
  world,
}) => {
  test.setTimeout(240_000)
  const folder = world.profileFolder('Ana')
  const [first, ben] = [await world.personOnDisk('Ana'), await world.person('Ben')]
  await first.open()
  // Only what is kept comes back, and it is kept once its writer pauses.
  await expect(async () => {
    await first.composer.fill(GONE)
    await first.page.waitForTimeout(500)
    await first.page.reload()
    await expect(first.composer).toHaveValue(GONE, { timeout: 2_000 })
  }, 'it is half written').toPass({ timeout: 30_000 })
  await first.newChat(GONE)
  await first.closeSheet()
  const link = await first.newChat()
  await first.closeSheet()
  await first.send(SAID)
  await ben.open(link)
  await ben.expectMessage(SAID, 'them')
  await ben.send(`You say: ${SAID}`)
  await first.expectMessage(`You say: ${SAID}`, 'them')
  await first.expectState(SAID, 'delivered')
  await first.page.getByTestId('search').fill('marrowfat')
  await expect(first.page.getByTestId('search-result')).toHaveCount(2)
  const vaultKey = await vaultKeyOf(first.page)
  await first.context.close()
  const before = await readableIn(folder, vaultKey)
  expect(placesOf(before, GONE), 'as long as it is there it is found').toContain('timeline')
  expect(placesOf(before, GONE), 'also where the list shows it').toContain('conversations')
  expect(placesOf(before, GONE), 'and where it was half written').toContain('document')
  expect(placesOf(before, SAID)).toEqual(expect.arrayContaining(['timeline', 'conversations']))

  const ana = await world.personOnDisk('Ana')
  const page = await ana.open()
  const chats = page.getByTestId('conversation-item')
  await test.step('a chat is removed, and another one begun', async () => {
    await chats.filter({ hasText: 'zinnwald' }).click()
    await ana.expectMessage(GONE, 'me')
    await page.getByRole('button', { name: 'Details' }).click()
    await page.getByText('Remove this chat').click()
    await page.getByTestId('confirm').click()
    await expect(chats).toHaveCount(1)
    await ana.newChat()
    await ana.closeSheet()
    await ana.send(BEGUN)
    await ana.expectMessage(BEGUN, 'me')
  })
  await test.step('a history is deleted, and the chat goes on', async () => {
    await chats.filter({ hasText: 'marrowfat' }).click()
    await ana.expectMessage(SAID, 'me')
    await page.getByRole('button', { name: 'Details' }).click()
    await page.getByTestId('clear-history').click()
    await expect(page.getByRole('button', { name: 'Keep the history' })).toBeFocused()
    await page.getByTestId('confirm').click()
    await expect(page.getByTestId('message')).toHaveCount(0)
    await expect(ben.message(SAID), 'Ben keeps his').toHaveCount(1)
    await ana.send(KEPT)
    await ben.expectMessage(KEPT, 'them')
    await page.getByTestId('search').fill('marrowfat')
    await expect(page.getByText('marrowfat').first()).toBeVisible()
    await expect(page.getByTestId('search-result')).toHaveCount(0)
  })
  // What leaves the index leaves it within a second.
  await page.waitForTimeout(2_000)
  await ana.context.close()

  const after = await readableIn(folder, vaultKey)
  for (const text of [KEPT, BEGUN]) expect(placesOf(after, text)).toContain('timeline')
  for (const text of [GONE, SAID, 'zinnwald', 'marrowfat']) expect(placesOf(after, text)).toEqual([])
})

/** The key that the browser holds for whoever starts it with this profile. */
async function vaultKeyOf(page: Page): Promise<Uint8Array> {
  const hex = await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('no database'))
      })
    const database = await done(indexedDB.open('kith'))
    const record = (await done(database.transaction('vault').objectStore('vault').get('key'))) as {
      readonly wrappingKey: CryptoKey
      readonly nonce: BufferSource
      readonly wrapped: BufferSource
    }
    database.close()
    const additionalData = new TextEncoder().encode('kith vault 1 device')
    const key = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: record.nonce, additionalData }, record.wrappingKey, record.wrapped)
    return Array.from(new Uint8Array(key), (byte) => byte.toString(16).padStart(2, '0')).join('')
  })
  return fromHex(hex)
}

async function readableIn(folder: string, vaultKey: Uint8Array): Promise<readonly Found[]> {
  const byDatabase = Map.groupBy(await versionsIn(folder), ({ database }) => database.startsWith('kith'))
  return openEverything({ vaultKey, secrets: await secretsIn(folder), versions: distinct(byDatabase.get(true) ?? []) })
}

/** Whatever lies in the page's private files and may be a secret. */
async function secretsIn(folder: string): Promise<readonly Uint8Array[]> {
  const files = (await readdir(join(folder, 'Default', 'File System'), { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  )
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))))
  return contents.filter(({ length }) => length === 64).flatMap((content) => [content.subarray(0, 32), content.subarray(32)])
}

/** Each version once: the same bytes are in the log again when the browser has tidied it. */
function distinct(versions: readonly Version[]): readonly Version[] {
  const toText = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? toHex(value) : value)
  return [...new Map(versions.map((version) => [JSON.stringify(version, toText), version])).values()]
}

/** The tables in which a text is found, in any version. */
const placesOf = (found: readonly Found[], text: string): readonly string[] => [
  ...new Set(found.flatMap(({ table, value }) => (Buffer.from(value).includes(text.slice(0, 20)) ? [table] : []))),
]
