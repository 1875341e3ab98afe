// A disk that really is full, and was so before the next write: nothing that was shown as saved is lost, and writing goes on by itself once there
// is room.

import { keepLedger } from './ledger.ts'
import { introduce } from './pair.ts'
import type { Person } from './person.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { expect, test } from './walk.ts'
import type { World } from './world.ts'

const MEGABYTES = 90
const ROUNDS = 3
const PIECES = 4

test('a full disk takes nothing that was saved, and writing goes on by itself when there is room', async ({ world }) => {
  test.setTimeout(120_000)
  await onSmallDisk(world, 'Ana', async (disk) => {
    let ana = await world.personOnDisk('Ana')
    const ben = await world.person('Ben')
    const ledger = await keepLedger(ana)
    await introduce({ ana, ben })
    await promiseToKeep(ana)
    for (let round = 0; round < ROUNDS; round += 1) {
      await ana.send(`room before ${round}`)
      await ana.expectState(`room before ${round}`, 'delivered')
      disk.fill()
      // Longer than room that was found counts. A disk that fills within that moment can still cost everything (docs/decisions/0017).
      await ana.page.waitForTimeout(1_200)
      for (let piece = 0; piece < PIECES; piece += 1) await writeOnBothSides({ ana, ben, text: `full ${round} ${piece}` })
      await expect(ana.page.getByText(/no space left/).first()).toBeVisible()
      disk.empty()
      await sendWhatStayed(ana)
      await expect(ana.page.getByText(/no space left/), 'says nothing of the past').toHaveCount(0, { timeout: 20_000 })
      await ana.send(`room after ${round}`)
      await ben.expectMessage(`room after ${round}`, 'them', 30_000)
      for (let piece = 0; piece < PIECES; piece += 1) await ana.expectMessage(`full ${round} ${piece} of Ben`, 'them', 30_000)
      expect(ledger.acknowledged.filter((text) => text.startsWith(`room after ${round}`))).toHaveLength(1)
    }
    const before = await ana.texts()
    expect(ledger.acknowledged.filter((text) => !before.includes(text))).toEqual([])
    await ana.context.close()

    ana = await world.personOnDisk('Ana')
    await ana.open()
    await ana.openConversation()
    await expect.poll(() => ana.texts()).toEqual(before)
    await ana.send('after a new start')
    await ben.expectMessage('after a new start', 'them', 30_000)
    await ana.context.close()
  })
})

/** As for an installed Kith: what is tried here is the disk, not what the browser clears of its own accord. */
async function promiseToKeep(person: Person): Promise<void> {
  const session = await person.context.newCDPSession(person.page)
  await session.send('Browser.grantPermissions', { permissions: ['durableStorage'], origin: new URL(person.home).origin })
  expect(await person.page.evaluate(() => navigator.storage.persist()), 'the browser promises to keep').toBe(true)
}

/** Nobody waits for an answer: a field that was not emptied is simply written over. */
async function writeOnBothSides({ ana, ben, text }: { ana: Person; ben: Person; text: string }): Promise<void> {
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

async function onSmallDisk(world: World, name: string, walk: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk(world.profileFolder(name), MEGABYTES)
  if (typeof disk === 'string') return test.skip(true, disk)
  try {
    await walk(disk)
  } finally {
    disk.empty()
    disk.unmount()
  }
}
