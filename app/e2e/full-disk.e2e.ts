// A disk that really is full. A browser that has promised to keep Kith loses nothing that was shown as saved, and writing goes on by itself
// once there is room; without the promise it may clear everything, and then that is said (docs/decisions/0017).

import { keepLedger } from './ledger.ts'
import { introduce } from './pair.ts'
import type { Person } from './person.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { expect, test } from './walk.ts'
import type { World } from './world.ts'

const MEGABYTES = 90
/** When the disk is filled, ms after a write: in its midst, so that the browser runs into the wall, or so late that Kith sees it coming. */
const FILLED_AFTER_MS = [0, 1_200, 0]
const PIECES = 4
/** Enough for Kith to write on, and soon gone. */
const ALMOST_FULL_BYTES = 6 * 1_048_576
/** More than half of what Chromium wants to be free on a disk of this size. */
const WORTH_CLEARING_BYTES = 6_000_000
const CLEARED_MS = 3_000
const OUT_OF_SPACE = /out of space/

test(
  'a full disk takes nothing where the browser has promised to keep it, and writing goes on by itself',
  { tag: '@alone' },
  async ({ world }) => {
    test.setTimeout(180_000)
    await onSmallDisk(world, 'Ana', async (disk) => {
      // Reason enough for Chromium to promise, when it is asked.
      const openAna = () => world.personOnDisk('Ana', { allowed: ['notifications'] })
      let ana = await openAna()
      const ben = await world.person('Ben')
      const ledgers = [await keepLedger(ana), await keepLedger(ben)]
      await introduce({ ana, ben })
      await expect.poll(() => ana.page.evaluate(() => navigator.storage.persisted()), 'asked for by Kith').toBe(true)
      expect(await ana.page.evaluate(writeBeside, 60_000)).toBe('written')
      for (const [round, ms] of FILLED_AFTER_MS.entries()) {
        disk.fill(ALMOST_FULL_BYTES)
        await writeOnBothSides({ ana, ben, text: `room ${round}` })
        await ana.expectState(`room ${round}`, 'relay')
        await writeOnBothSides({ ana, ben, text: `midst ${round}` })
        await ana.page.waitForTimeout(ms)
        disk.fill()
        for (let piece = 0; piece < PIECES; piece += 1) await writeOnBothSides({ ana, ben, text: `full ${round} ${piece}` })
        await expect(ana.page.getByText(OUT_OF_SPACE).first()).toBeVisible()
        // Where Kith was not cut off itself, the log that it shares is torn under it.
        // Chromium may have tidied up since, and made some room.
        const writeOnFull = (): Promise<string> => {
          disk.fill()
          return ana.page.evaluate(writeBeside, 60_000)
        }
        if (ms > 0) await expect.poll(writeOnFull).toMatch(/NO_SPACE|disk full/)
        disk.empty()
        await sendWhatStayed(ana)
        await expect(ana.page.getByText(OUT_OF_SPACE), 'says nothing of the past').toHaveCount(0, { timeout: 20_000 })
      }
      await everythingArrives({ ana, ben, ledgers })

      disk.fill()
      await ana.composer.fill('full at the end')
      await ana.composer.press('Enter')
      await world.killBrowser(ana)
      disk.empty()
      ana = await openAna()
      await ana.open()
      await ana.openConversation()
      await everythingArrives({ ana, ben, ledgers })
      await ana.send('after a new start')
      await ben.expectMessage('after a new start', 'them', 30_000)
      await ana.context.close()
    })
  },
)

test('whatever a browser that promised nothing does on a full disk: the chats are there, or it is told that they are gone', async ({
  world,
}) => {
  await onSmallDisk(world, 'Ana', async (disk) => {
    let ana = await world.personOnDisk('Ana')
    await ana.open()
    await ana.newChat('Hello')
    const gone = () => ana.page.getByRole('heading', { name: 'Your chats are gone from this browser' })
    const kept = () => ana.page.getByTestId('conversation-item')
    // Chromium clears nothing where that would make too little room to matter.
    expect(await ana.page.evaluate(writeBeside, WORTH_CLEARING_BYTES)).toBe('written')
    disk.fill()
    // However Chromium puts it: at the commit, for want of room, or by a connection that is gone with all else.
    expect(await ana.page.evaluate(writeBeside, WORTH_CLEARING_BYTES)).not.toBe('written')
    // As long as it mostly takes.
    await ana.page.waitForTimeout(CLEARED_MS)
    disk.empty()
    await expect(gone().or(kept()).first()).toBeVisible()
    await ana.context.close()

    ana = await world.personOnDisk('Ana')
    await ana.open()
    await expect(gone().or(kept()).first(), 'after a new start too').toBeVisible()
    if (await gone().isVisible()) expect(await ana.page.evaluate(rowsOfKith), 'no new key').toBe(0)
    await ana.context.close()
  })
})

type Talk = { readonly ana: Person; readonly ben: Person }
type Ledgers = { readonly ledgers: readonly { readonly acknowledged: readonly string[] }[] }

async function everythingArrives({ ana, ben, ledgers }: Talk & Ledgers): Promise<void> {
  for (const person of [ana, ben]) {
    const missing = async () => {
      const texts = await person.texts()
      return ledgers.flatMap(({ acknowledged }) => acknowledged.filter((text) => !texts.includes(text)))
    }
    await expect.poll(missing, { message: `${person.name} has everything that was saved`, timeout: 45_000 }).toEqual([])
  }
}

/** Nobody waits for an answer: a field that was not emptied is simply written over. */
async function writeOnBothSides({ ana, ben, text }: Talk & { readonly text: string }): Promise<void> {
  await ana.composer.fill(text)
  await ana.composer.press('Enter')
  await ben.composer.fill(`${text} of Ben`)
  await ben.composer.press('Enter')
  await ben.expectState(`${text} of Ben`, 'saved')
}

/** What found no room is still in the field. */
async function sendWhatStayed(ana: Person): Promise<void> {
  await expect(async () => {
    await ana.composer.press('Enter')
    await expect(ana.composer).toHaveValue('', { timeout: 1_500 })
  }).toPass({ timeout: 25_000 })
}

/** Runs in the page: writes so many bytes into a database of its own; answers how that ended, which a browser that clears everything says in many ways. */
function writeBeside(bytes: number): Promise<string> {
  return new Promise((done) => {
    const opening = indexedDB.open('beside')
    opening.onerror = () => done(String(opening.error))
    opening.onupgradeneeded = () => void opening.result.createObjectStore('rows', { autoIncrement: true })
    opening.onsuccess = () => {
      opening.result.onclose = () => done('closed')
      try {
        const transaction = opening.result.transaction('rows', 'readwrite', { durability: 'strict' })
        transaction.oncomplete = () => done('written')
        transaction.onabort = () => done(String(transaction.error))
        // Chance is what no database makes smaller.
        for (let at = 0; at < bytes; at += 60_000) transaction.objectStore('rows').add(crypto.getRandomValues(new Uint8Array(60_000)))
      } catch (thrown) {
        // It was closed between its opening and the first row.
        done(String(thrown))
      }
    }
  })
}

/** Runs in the page. */
function rowsOfKith(): Promise<number> {
  return new Promise((done, fail) => {
    const opening = indexedDB.open('kith')
    opening.onerror = () => fail(new Error(String(opening.error)))
    opening.onsuccess = () => {
      const names = [...opening.result.objectStoreNames]
      if (names.length === 0) return done(0)
      const transaction = opening.result.transaction(names)
      const counts = names.map((name) => transaction.objectStore(name).count())
      transaction.oncomplete = () => done(counts.reduce((sum, { result }) => sum + result, 0))
      transaction.onabort = () => fail(new Error(String(transaction.error)))
    }
  })
}

async function onSmallDisk(world: World, name: string, walk: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk(world.profileFolder(name), MEGABYTES)
  if (typeof disk === 'string') {
    // Root in CI can mount one, so there it is not left out in silence.
    expect(process.env['CI'] !== undefined && process.getuid?.() === 0, disk).toBe(false)
    return test.skip(true, disk)
  }
  try {
    await walk(disk)
  } finally {
    disk.empty()
    disk.unmount()
  }
}
