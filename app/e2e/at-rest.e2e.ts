// What a device keeps: nothing of it in the clear, and nothing of it at all once its owner has erased everything.

import { filesContaining } from './byte-search.ts'
import { introduce, type Pair } from './pair.ts'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'
import type { World } from './world.ts'

// Words that no browser has in its own files.
const TEXTS = {
  mine: 'The zinnwald key hangs behind the quillwort',
  theirs: 'Then the ombrellino stays in the vestibule',
  ownName: 'Anastasija Quorndon',
  theirName: 'Benvenuto Skrzypek',
  petname: 'Ben from Wroxeter',
  title: 'Allotment at Ysgubor',
  draft: 'Half a thought about the marrowfat',
} as const

test('nothing that was said, named or half written is in the profile in the clear', async ({ world }) => {
  test.setTimeout(150_000)
  const { ana } = await talkOfManyThings(world)
  await ana.context.close()
  expect(await filesContaining(world.profileFolder('Ana'), Object.values(TEXTS))).toEqual([])

  const again = await world.personOnDisk('Ana')
  await again.open()
  await again.openConversation()
  await again.expectMessage(TEXTS.mine, 'me')
  await expect(again.composer, 'it was kept, and only sealed').toHaveValue(TEXTS.draft)
})

test('erasing everything begins anew in every tab and leaves nothing behind', async ({ world }) => {
  test.setTimeout(150_000)
  const { ana } = await talkOfManyThings(world)
  const second = world.anotherTab(ana)
  await second.open()
  await second.openConversation()
  const before = await accountShown(second)

  await ana.page.getByTestId('settings').filter({ visible: true }).click()
  await ana.page.getByTestId('wipe-device').click()
  await expect(ana.page.getByRole('button', { name: 'Keep everything' }), 'the safe answer has the focus').toBeFocused()
  await ana.page.getByTestId('wipe-confirm').click()

  for (const tab of [ana, second]) {
    await expect(tab.page.getByRole('heading', { name: /who would you like to talk to/i })).toBeVisible({ timeout: 30_000 })
    await expect(tab.composer).toHaveValue('')
    await expect(tab.page.getByTestId('conversation-item')).toHaveCount(0)
  }
  await ana.newChat('A new beginning')
  await ana.closeSheet()
  expect(await accountShown(ana), 'another key').not.toBe(before)
  await ana.page.getByTestId('settings').filter({ visible: true }).click()
  await expect(ana.page.getByTestId('display-name'), 'no name is left').toHaveValue('')

  await ana.context.close()
  expect(await filesContaining(world.profileFolder('Ana'), Object.values(TEXTS))).toEqual([])
})

/** Ana is on disk. Every text is on her screen and stored when this resolves. */
async function talkOfManyThings(world: World): Promise<Pair> {
  const { ana, ben } = await introduce({ ana: await world.personOnDisk('Ana'), ben: await world.person('Ben') })
  await giveName(ana, TEXTS.ownName)
  await giveName(ben, TEXTS.theirName)
  await ana.send(TEXTS.mine)
  await ben.expectMessage(TEXTS.mine, 'them')
  await ben.send(TEXTS.theirs)
  await ana.expectMessage(TEXTS.theirs, 'them')
  await ana.expectState(TEXTS.mine, 'read')
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(TEXTS.theirName)
  await ana.page.getByRole('button', { name: 'Details' }).click()
  await fillAndSave(ana, /your name for them/i, TEXTS.petname)
  await fillAndSave(ana, /title of this chat/i, TEXTS.title)
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(TEXTS.petname)
  await expect(ana.page.locator('.who p').filter({ hasText: TEXTS.title })).toBeVisible()
  await ana.page.getByRole('button', { name: 'Close details' }).click()
  await ana.composer.fill(TEXTS.draft)
  await expect(ana.page.getByTestId('conversation-item').filter({ hasText: TEXTS.draft.slice(0, 12) }), 'the draft is stored').toBeVisible()
  return { ana, ben }
}

async function giveName({ page }: Person, name: string): Promise<void> {
  const field = page.getByLabel(/call you/i)
  await field.fill(name)
  await field.press('Enter')
  await expect(field).toHaveCount(0)
}

async function fillAndSave({ page }: Person, label: RegExp, text: string): Promise<void> {
  const field = page.getByLabel(label)
  await field.fill(text)
  await field.press('Enter')
}

/** Whose device this is, as far as a screen tells: the disc is cut by the account's key. */
async function accountShown({ page }: Person): Promise<string> {
  const disc = page.locator('.foot .av')
  await expect(disc.locator('.b')).toHaveCount(1)
  return disc.evaluate((element) => `${element.getAttribute('style')} ${element.querySelector('.b')?.getAttribute('d')}`)
}
