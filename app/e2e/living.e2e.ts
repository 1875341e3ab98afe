// Polls, checklists and notes that two people change together, also while neither hears of the other.

import type { Locator, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { twoFriends } from './pair.ts'
import type { Person } from './person.ts'
import { expectDrawn } from './surface.ts'
import { expect, OWN_RELAY, test } from './walk.ts'
import { untilOfflineReady } from './offline-ready.ts'

test.use({ serviceWorkers: 'allow' })

const living = ({ page }: Person, title: string): Locator => page.getByTestId('living').filter({ hasText: title })
const option = (person: Person, text: string): Locator => person.page.getByTestId('poll-option').filter({ hasText: text })
const item = (place: Locator, text: string): Locator => place.getByTestId('checklist-item').filter({ hasText: text })
const sheetOf = ({ page }: Person): Locator => page.getByTestId('living-sheet')

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

async function make({ page }: Person, hook: string, title: string, lines: readonly string[]): Promise<void> {
  await page.getByTestId('attach').click()
  await page.getByTestId(hook).click()
  await page.getByTestId('living-title').fill(title)
  for (const [at, line] of lines.entries()) await page.getByTestId('living-line').nth(at).fill(line)
}

async function open(person: Person, title: string): Promise<void> {
  await living(person, title).getByTestId('living-open').click()
  await expect(sheetOf(person)).toBeVisible()
}

async function close(person: Person): Promise<void> {
  await person.page.keyboard.press('Escape')
  await expect(sheetOf(person)).toHaveCount(0)
}

test('a poll is made, voted in, closed, and deleted for everyone', async ({ friends: { ana, ben } }) => {
  test.setTimeout(150_000)
  const { page } = ana

  await test.step('Ana makes it, by key', async () => {
    await page.getByTestId('attach').press('Enter')
    await expect(page.getByRole('menuitem').first()).toBeFocused()
    await expectDrawn(page, 'attach menu')
    // Photos and files come first, and the camera.
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('living-title')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert').filter({ hasText: 'two options' })).toBeVisible()
    await page.getByTestId('living-title').fill('Where do we eat?')
    for (const [at, line] of ['Soup', 'Pizza', 'Noodles'].entries()) await page.getByTestId('living-line').nth(at).fill(line)
    await expectAccessible(page, 'new poll')
    await page.getByTestId('living-send').click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  await test.step('both vote, and may think again', async () => {
    await option(ana, 'Pizza').click()
    await expect(option(ben, 'Pizza')).toHaveAttribute('data-votes', '1')
    await option(ben, 'Soup').click()
    await option(ben, 'Pizza').press('Enter')
    for (const person of [ana, ben]) {
      await expect(option(person, 'Pizza')).toHaveAttribute('data-votes', '2')
      await expect(option(person, 'Soup')).toHaveAttribute('data-votes', '0')
    }
    await expect(option(ben, 'Pizza')).toHaveAttribute('aria-pressed', 'true')
    await expectDrawn(page, 'poll')
    await expectAccessible(page, 'poll in the timeline')
  })

  await test.step('it is said in plain words in the list and in a reply', async () => {
    await expect(ben.page.getByTestId('conversation-item').first()).toContainText('Where do we eat?')
    await living(ben, 'Where').click({ button: 'right', position: { x: 8, y: 8 } })
    await expect(ben.page.getByTestId('action-edit')).toHaveCount(0)
    await ben.page.getByTestId('action-reply').click()
    await ben.send('I am hungry')
    await expect(ana.message('I am hungry').getByTestId('quote')).toContainText('Where do we eat?')
  })

  await test.step('whoever made it closes it, and nobody else', async () => {
    await open(ben, 'Where')
    await expect(ben.page.getByTestId('poll-close')).toHaveCount(0)
    await close(ben)
    await open(ana, 'Where')
    await page.getByTestId('living-changes').locator('summary').click()
    await expect(page.getByTestId('living-event')).toHaveCount(3)
    await expectAccessible(page, 'poll')
    await page.getByTestId('poll-close').click()
    await page.getByTestId('poll-close').click()
    await expect(page.getByTestId('poll-close')).toHaveCount(0)
    await close(ana)
    await expect(living(ben, 'Where')).toContainText('Closed')
    await option(ben, 'Soup').click({ force: true })
    await expect(option(ben, 'Soup')).toHaveAttribute('data-votes', '0')
  })

  await test.step('it goes for everyone', async () => {
    await living(ana, 'Where').click({ button: 'right', position: { x: 8, y: 8 } })
    await page.getByTestId('action-delete-everyone').click()
    // What was deleted is not written anew when a history is erased, so of walks before this one there may be some.
    const removed = await ben.page.getByTestId('removed').count()
    await page.getByTestId('confirm').click()
    for (const person of [ana, ben]) await expect(living(person, 'Where')).toHaveCount(0)
    await expect(ben.page.getByTestId('removed')).toHaveCount(removed + 1)
  })
})

test(
  'two who are offline at the same time change a checklist and a note, and both see what both did',
  { tag: OWN_RELAY },
  async ({ world }) => {
    test.setTimeout(180_000)
    const { ana, ben } = await twoFriends(world)
    await make(ana, 'new-checklist', 'Shopping', ['Milk', 'Bread'])
    await ana.page.getByTestId('living-send').click()
    await make(ana, 'new-note', 'Plan', [])
    await ana.page.getByTestId('living-text').fill('Meet at noon\nWalk to the lake\nBring a blanket')
    await ana.page.getByTestId('living-send').click()
    for (const title of ['Shopping', 'Plan']) await expect(living(ben, title)).toBeVisible()
    for (const { page } of [ana, ben]) await untilOfflineReady(page)
    const rewrite = async (person: Person, from: string, to: string): Promise<void> => {
      await open(person, 'Plan')
      await person.page.getByTestId('note-edit').click()
      const field = person.page.getByTestId('note-field')
      await field.fill((await field.inputValue()).replace(from, to))
      await person.page.getByTestId('note-save').click()
      await expect(sheetOf(person).getByTestId('note-text')).toContainText(to)
      await close(person)
    }

    // A browser that is told to be offline keeps its direct connections, so neither is open while the other writes.
    await test.step('each goes on alone, without a relay and without the other', async () => {
      await world.stopRelay()
      await ben.closeTab()
      await item(living(ana, 'Shopping'), 'Milk').getByRole('checkbox').check()
      await expect(item(living(ana, 'Shopping'), 'Milk')).toHaveAttribute('data-done', 'true')
      await rewrite(ana, 'Meet at noon', 'Meet at eleven')
      await ana.closeTab()
      await ben.open()
      await ben.openConversation()
      await open(ben, 'Shopping')
      await expect(item(sheetOf(ben), 'Milk')).toHaveAttribute('data-done', 'false')
      await ben.page.getByTestId('checklist-add').fill('Eggs')
      await ben.page.getByTestId('checklist-add').press('Enter')
      await expect(item(sheetOf(ben), 'Eggs')).toBeVisible()
      await item(sheetOf(ben), 'Bread').getByTestId('checklist-rename').click()
      await ben.page.getByTestId('checklist-rename-field').fill('Rye bread')
      await ben.page.getByTestId('checklist-rename-field').press('Enter')
      await expect(item(sheetOf(ben), 'Rye bread')).toBeVisible()
      await expectAccessible(ben.page, 'checklist')
      await close(ben)
      await rewrite(ben, 'Bring a blanket', 'Bring two blankets')
    })

    await test.step('they hear of each other again', async () => {
      await world.startRelay()
      await ana.open()
      await ana.openConversation()
      for (const person of [ana, ben]) {
        await expect(item(living(person, 'Shopping'), 'Milk'), person.name).toHaveAttribute('data-done', 'true', { timeout: 60_000 })
        await expect(item(living(person, 'Shopping'), 'Rye bread')).toBeVisible({ timeout: 60_000 })
        await expect(item(living(person, 'Shopping'), 'Eggs')).toBeVisible()
        await expect(living(person, 'Plan').getByTestId('note-text')).toHaveText('Meet at eleven\nWalk to the lake\nBring two blankets', {
          timeout: 60_000,
          useInnerText: true,
        })
      }
    })

    await test.step('Ana leaves out what Ben did, for herself alone, and puts it back', async () => {
      await open(ana, 'Shopping')
      await ana.page.getByTestId('living-changes').locator('summary').click()
      const bens = ana.page.getByTestId('living-person').filter({ hasNotText: 'You' })
      await bens.getByTestId('leave-out').click()
      await expect(item(sheetOf(ana), 'Eggs')).toHaveCount(0)
      await expect(item(sheetOf(ana), 'Rye bread')).toHaveCount(0)
      await expect(item(sheetOf(ana), 'Bread')).toBeVisible()
      await expect(item(sheetOf(ana), 'Milk')).toHaveAttribute('data-done', 'true')
      await expect(item(living(ben, 'Shopping'), 'Eggs')).toBeVisible()
      await bens.getByTestId('leave-out').click()
      await expect(item(sheetOf(ana), 'Eggs')).toBeVisible()
      await close(ana)
    })
  },
)
