// What a chat has of photos, files and links, from its details: found, looked at, led to, gone when it is deleted, by keys alone, as axe sees it.

import { axeFaults } from '../../audits/axe.ts'
import { bothDirect } from './pair.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'
import type { Page } from '@playwright/test'
import type { Person } from './person.ts'

async function photo(page: Page, colour: string): Promise<{ readonly name: string; readonly mimeType: string; readonly buffer: Buffer }> {
  const bytes = await page.evaluate(async (fill) => {
    const canvas = new OffscreenCanvas(600, 400)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.fillStyle = fill
    context.fillRect(0, 0, 600, 400)
    return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer()))
  }, colour)
  return { name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }
}

async function give(person: Person, ...files: Parameters<ReturnType<Page['getByTestId']>['setInputFiles']>[0][]): Promise<void> {
  await person.page.getByTestId('attach-file').setInputFiles(files.flat() as never)
  await expect(person.page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
  await person.page.getByTestId('attach-send').click()
  await expect(person.page.getByTestId('attach-send')).toHaveCount(0)
}

test('photos, files and links of a chat are found together, open, lead to their messages and go with them', async ({ friends: pair }) => {
  test.setTimeout(120_000)
  await bothDirect(pair)
  const { ana, ben } = pair
  const { page } = ben
  const [red, blue] = [await photo(ana.page, '#c81e1e'), await photo(ana.page, '#1e3cc8')]
  await give(ana, red, blue)
  await give(ana, { name: 'timetable.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(3_000, 'Ferry. ') })
  await ana.send('All of it is at https://ferry.example/tickets')
  await ben.expectMessage('All of it is at https://ferry.example/tickets', 'them')
  await expect(page.getByTestId('attachment')).toHaveCount(3)

  const tab = (name: string) => page.locator(`[data-testid="gallery-tab"][data-tab="${name}"]`)
  const panel = page.getByTestId('gallery-panel')
  const cells = page.getByTestId('gallery-picture')
  const open = async () => {
    await page.getByRole('button', { name: 'Details' }).first().click()
    await page.getByTestId('gallery').click()
    await expect(panel).toHaveAttribute('data-state', 'found')
  }
  await open()
  await expect(tab('picture'), 'keys begin at the tabs').toBeFocused()
  await expect(cells).toHaveCount(2)
  await expect(cells.first().locator('img')).toBeVisible()
  await tab('picture').focus()
  await page.keyboard.press('Tab')
  await expect(panel).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(cells.first(), 'one stop for all of them').toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(cells.last()).toBeFocused()
  await page.keyboard.press('Enter')
  const lightbox = page.getByTestId('lightbox')
  await expect(lightbox.locator('img')).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(lightbox.getByRole('status').first()).toBeAttached()
  await page.keyboard.press('Escape')
  await expect(lightbox).toHaveCount(0)
  await expect(cells.last(), 'the focus is where it was').toBeFocused()

  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `photos, ${scheme}`).toEqual([])
  await expectDrawn(page, 'gallery')
  await picture(page, 'gallery')

  await tab('picture').focus()
  await page.keyboard.press('ArrowRight')
  await expect(panel.getByTestId('attachment')).toContainText('timetable')
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `files, ${scheme}`).toEqual([])
  await picture(page, 'gallery files')
  await page.keyboard.press('ArrowRight')
  await expect(panel.getByRole('link', { name: 'https://ferry.example/tickets' })).toHaveAttribute('rel', /noopener/)
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `links, ${scheme}`).toEqual([])
  await page.keyboard.press('ArrowRight')
  await expect(page.getByTestId('gallery-nothing')).toBeVisible()

  await tab('link').click()
  await panel.getByTestId('gallery-jump').click()
  await expect(panel).toHaveCount(0)
  await expect(page.getByRole('complementary')).toHaveCount(0)
  await expect(page.getByTestId('message').filter({ hasText: 'ferry.example' })).toBeInViewport()

  await open()
  await expect(cells).toHaveCount(2)
  await ana.page
    .getByTestId('message')
    .filter({ has: ana.page.locator('[data-kind="image"]') })
    .first()
    .click({ button: 'right' })
  await ana.page.getByTestId('action-delete-everyone').click()
  await ana.page.getByTestId('confirm').click()
  await expect(page.locator('[data-testid="attachment"][data-kind="image"]')).toHaveCount(0)
  await expect(cells, 'within a second of the chat').toHaveCount(0, { timeout: 1_000 })
  await expect(page.getByTestId('gallery-nothing')).toBeVisible()
})
