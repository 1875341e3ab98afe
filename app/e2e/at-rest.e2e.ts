// What a device keeps: nothing of it in the clear, and nothing of it at all once its owner has erased everything.

import { parseBase64Url, toHex } from '@kith/protocol'
import { filesContaining } from './byte-search.ts'
import { introduce, type Pair } from './pair.ts'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'
import type { World } from './world.ts'

test.use({ serviceWorkers: 'allow' })

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

/** Where the page keeps what it must find again. Erasing everything empties it. */
const PAGE_STORE = /\/IndexedDB\//
/** History, icons of visited pages, often visited pages, open tabs, and what Chromium counts of visits. */
const BROWSERS_OWN =
  /^\/(?:Default\/(?:History|Favicons|Top Sites|Shortcuts|Network Action Predictor|Sessions\/[^/]+)(?:-journal)?|segmentation_platform\/ukm_db(?:-wal|-journal)?)$/

test('nothing of a chat is in the profile in the clear, and nothing at all once everything was erased', async ({ world }) => {
  test.setTimeout(240_000)
  const { ana: first, link } = await talkOfManyThings(world)
  await first.page.reload()
  const names = await namesOf(first, link)
  await first.context.close()
  await test.step('nothing that was said, named or half written is there in the clear', async () => {
    expect(await filesContaining(world.profileFolder('Ana'), Object.values(TEXTS))).toEqual([])
    const told = await filesContaining(world.profileFolder('Ana'), names)
    expect(
      told.filter((place) => !PAGE_STORE.test(place)),
      'the browser has written down whom, which chat or which link',
    ).toEqual([])
  })

  const ana = await world.personOnDisk('Ana')
  await test.step('it was kept, and only sealed', async () => {
    await ana.open()
    await ana.openConversation()
    await ana.expectMessage(TEXTS.mine, 'me')
    await expect(ana.composer).toHaveValue(TEXTS.draft)
  })

  await test.step('erasing everything begins anew in every tab and leaves nothing behind', () => eraseAll(world, ana, names))
})

async function eraseAll(world: World, ana: Person, names: readonly string[]): Promise<void> {
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
  expect(await filesContaining(world.profileFolder('Ana'), [...Object.values(TEXTS), ...names])).toEqual([])
}

test('a link that was pasted is written down nowhere, and one that was tapped in the browser’s own files only', async ({ world }) => {
  test.setTimeout(150_000)
  const ana = await world.person('Ana')
  await ana.open()
  const tapped = await ana.newChat('For whoever taps')
  await ana.closeSheet()
  const pasted = await ana.newChat()
  const [ben, carol] = [await world.personOnDisk('Ben'), await world.personOnDisk('Carol')]
  await ben.open(tapped)
  await ben.expectMessage('For whoever taps', 'them')
  await carol.open()
  await carol.tap(carol.page.getByRole('button', { name: /paste a link/i }))
  const field = carol.page.getByRole('dialog').getByRole('textbox')
  await field.fill(pasted)
  await field.press('Enter')
  await expect(carol.route).toBeVisible()

  for (const { context } of [ben, carol]) await context.close()
  expect(await filesContaining(world.profileFolder('Carol'), [secretOf(pasted)])).toEqual([])
  // No page can take this back: see "Said openly" in THREAT_MODEL.md.
  const left = await filesContaining(world.profileFolder('Ben'), [secretOf(tapped)])
  expect(left.map((place) => place.slice(world.profileFolder('Ben').length).split(': ')[0])).toEqual(
    left.map(() => expect.stringMatching(BROWSERS_OWN)),
  )
})

/** Ana is on disk. Every text is on her screen and stored when this resolves. */
async function talkOfManyThings(world: World): Promise<Pair & { readonly link: string }> {
  const { ana, ben, link } = await introduce({ ana: await world.personOnDisk('Ana'), ben: await world.person('Ben') })
  await nameOneself(ana, TEXTS.ownName)
  await giveName(ben, TEXTS.theirName)
  await ana.send(TEXTS.mine)
  await ben.expectMessage(TEXTS.mine, 'them')
  await ben.send(TEXTS.theirs)
  await ana.expectMessage(TEXTS.theirs, 'them')
  await ana.expectState(TEXTS.mine, 'read')
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(TEXTS.theirName)
  await ana.page.getByRole('button', { name: 'Details' }).click()
  await fillAndSave(ana, /your name for them/i, TEXTS.petname)
  await fillAndSave(ana, /chat title/i, TEXTS.title)
  await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(TEXTS.petname)
  await expect(ana.page.locator('.who p').filter({ hasText: TEXTS.title })).toBeVisible()
  await ana.page.getByRole('button', { name: 'Close details' }).click()
  await ana.composer.fill(TEXTS.draft)
  const other = world.anotherTab(ana)
  await other.open()
  await other.openConversation()
  await expect(other.composer, 'the draft is stored').toHaveValue(TEXTS.draft)
  await other.closeTab()
  return { ana, ben, link }
}

/** Ids and secrets by which somebody else could tell which conversation, person or invitation there was. */
async function namesOf(ana: Person, link: string): Promise<readonly string[]> {
  const conversation = await ana.page.getByTestId('conversation-item').getAttribute('data-conversation-id')
  const messages = (await ana.messages()).map(({ id }) => id)
  const names = [conversation ?? '', ...messages]
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/)
  return [...names, ...names.map((name) => name.slice(0, 32)), secretOf(link), ...accountsIn(link)]
}

/** The last letters of a link: they hold most of its key. */
const secretOf = (link: string): string => link.slice(-40)

/** The account that a link names (docs/protocol.md §3.2), where the relay has no address of its own. */
function accountsIn(link: string): readonly string[] {
  const bytes = parseBase64Url(link.slice(link.indexOf('#i/') + '#i/'.length))
  expect(bytes?.[33], 'the length of the relay’s address').toBe(0)
  return bytes === undefined ? [] : [toHex(bytes.subarray(34, 66))]
}

async function nameOneself({ page, composer }: Person, name: string): Promise<void> {
  await page.getByTestId('settings').filter({ visible: true }).click()
  const field = page.getByTestId('display-name')
  await field.fill(name)
  await field.press('Enter')
  await expect(page.getByRole('status').getByText('Saved')).toBeVisible()
  await page.goBack()
  await expect(composer).toBeVisible()
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
