// What somebody shows of themselves: chosen in the settings, seen by the other one, and taken back. A file that is no picture is refused in plain words.

import type { Locator, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, test } from './walk.ts'

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
  await page.locator('#settings-you').evaluateAll(([section]) => section?.scrollIntoView({ behavior: 'instant' }))
  await picture(page, screen)
}

/** A photo as a camera takes it, wider than high: a face before a garden. */
async function photo(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 1_600
    canvas.height = 1_000
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('nothing to draw on')
    const sky = context.createLinearGradient(0, 0, 0, 1_000)
    sky.addColorStop(0, '#7db7e8')
    sky.addColorStop(1, '#3f7d3c')
    context.fillStyle = sky
    context.fillRect(0, 0, 1_600, 1_000)
    for (let leaf = 0; leaf < 4_000; leaf += 1) {
      context.fillStyle = `hsl(${90 + ((leaf * 37) % 60)} 45% ${20 + ((leaf * 13) % 40)}%)`
      context.fillRect((leaf * 397) % 1_600, 500 + ((leaf * 211) % 500), 14, 9)
    }
    context.fillStyle = '#e8b48f'
    context.beginPath()
    context.ellipse(800, 460, 210, 270, 0, 0, 7)
    context.fill()
    context.fillStyle = '#4a2b1a'
    context.fillRect(590, 170, 420, 150)
    for (const x of [725, 875]) context.fillRect(x - 18, 420, 36, 36)
    context.fillRect(730, 590, 140, 16)
    return canvas.toDataURL('image/png').split(',')[1] ?? ''
  })
  return Buffer.from(base64, 'base64')
}

const isPicture = (avatar: Locator) => expect(avatar).toHaveJSProperty('tagName', 'IMG')
/** The side of a square that the browser can draw. */
const sideOf = (avatar: Locator) =>
  avatar.evaluate(async (image: HTMLImageElement) => {
    await image.decode()
    return image.naturalWidth === image.naturalHeight ? image.naturalWidth : 0
  })

test('a picture and a line about oneself are chosen, seen by the other one, and taken back', async ({ friends: { ana, ben } }) => {
  test.setTimeout(120_000)
  const { page } = ben
  const file = page.getByTestId('picture-file')
  const own = page.locator('.face .av')
  const fault = page.getByTestId('picture-fault')
  const choose = (name: string, buffer: Buffer, mimeType = 'image/png') => file.setInputFiles({ name, mimeType, buffer })

  await test.step('what is no picture, too large, or damaged is refused', async () => {
    await page.getByTestId('settings').filter({ visible: true }).click()
    await choose('me.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'image/svg+xml')
    await expect(fault).toContainText('isn’t a picture Kith can use')
    await choose('me.png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'))
    await expect(fault).toContainText('isn’t a picture Kith can use')
    // A header of 33 bytes that names sides of 60,000.
    const whole = await photo(page)
    const bomb = Buffer.from(whole)
    bomb.writeUInt32BE(60_000, 16)
    bomb.writeUInt32BE(60_000, 20)
    await choose('bomb.png', bomb)
    await expect(fault).toContainText('too large')
    await choose('torn.png', Buffer.concat([whole.subarray(0, 60), Buffer.alloc(40)]))
    await expect(fault).toContainText('can’t be opened')
    await expectAccessible(page, 'a picture that is refused')
    await expect(own).toHaveJSProperty('tagName', 'svg')
  })

  await test.step('a photo is cut to the square in its middle and looked at before it is kept', async () => {
    await choose('me.png', await photo(page))
    await expect(fault).toHaveCount(0)
    await isPicture(own)
    await expect(page.getByText('This is how others will see you')).toBeVisible()
    await expectDrawn(page, 'the picture before it is kept')
    await expectAccessible(page, 'the picture before it is kept')
    await page.getByTestId('keep-picture').press('Enter')
    await expect(page.getByTestId('remove-picture')).toBeVisible()
    expect(await sideOf(own)).toBeGreaterThanOrEqual(64)
    const about = page.getByTestId('about-line')
    await about.fill('a'.repeat(141))
    await expect(page.getByTestId('letters-left').filter({ visible: true })).toHaveText('-1')
    await expect(page.getByText('Shorten it to 140 characters')).toBeVisible()
    await about.fill('Mostly in the garden 🌱')
    await about.press('Enter')
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
    await expectAccessible(page, 'the picture that is kept')
    await page.goBack()
  })

  await test.step('Ana sees it in the list, above the chat and on the card, also after a reload', async () => {
    for (const avatar of [ana.page.locator('.row .av').first(), ana.page.locator('.bar.talk .av')]) await isPicture(avatar)
    await ana.page.reload()
    await isPicture(ana.page.locator('.bar.talk .av'))
    expect(await sideOf(ana.page.locator('.bar.talk .av'))).toBeGreaterThanOrEqual(64)
    await ana.page.getByRole('button', { name: 'Details', exact: true }).click()
    await isPicture(ana.page.locator('.details .av'))
    await expect(ana.page.getByTestId('about')).toHaveText('Mostly in the garden 🌱')
    await expectDrawn(ana.page, 'a contact card with a picture')
    await expectAccessible(ana.page, 'a contact card with a picture')
  })

  await test.step('and sees it no more once Ben has taken it back', async () => {
    await page.getByTestId('settings').filter({ visible: true }).click()
    await page.getByTestId('remove-picture').click()
    await expect(own).toHaveJSProperty('tagName', 'svg')
    await page.getByTestId('about-line').fill('')
    await page.getByTestId('about-line').press('Enter')
    for (const place of ['.row .av', '.bar.talk .av', '.details .av'])
      await expect(ana.page.locator(place).first()).toHaveJSProperty('tagName', 'svg')
    await expect(ana.page.getByTestId('about')).toHaveCount(0)
    await page.goBack()
  })
})
