// Carry files and copies: what is written while there is no relay and the other is away goes by file, the ticks come back the same way, and a chat can be
// taken out of Kith as a page.

import { readFile, writeFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { twoFriends } from './pair.ts'
import type { Person } from './person.ts'
import { picture } from './picture.ts'
import { expectDrawn, expectWholeWords } from './surface.ts'
import { expect, OWN_RELAY, test } from './walk.ts'

test.use({ serviceWorkers: 'allow' })

async function expectAccessible(page: Page, screen: string): Promise<void> {
  await page.mouse.move(0, 0)
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
  await expectWholeWords(page, screen)
  await picture(page, screen)
}

const details = ({ page }: Person) => page.getByRole('button', { name: 'Details', exact: true })

async function saveCarry(person: Person): Promise<Download> {
  const { page } = person
  await page.getByTestId('carry-make').click()
  await expect(page.getByTestId('carry-lacking')).toBeChecked()
  const coming = page.waitForEvent('download')
  await page.getByTestId('carry-save').click()
  const download = await coming
  await expect(page.getByTestId('carry-saved')).toContainText(download.suggestedFilename())
  return download
}

test('a chat goes by file between two who are never online together', { tag: OWN_RELAY }, async ({ world }, info) => {
  test.setTimeout(180_000)
  const { ana, ben } = await twoFriends(world)
  for (const person of [ana, ben]) await untilOfflineReady(person.page)
  await ben.closeTab()
  await world.stopRelay()
  const [there, back] = [info.outputPath('there.kith'), info.outputPath('back.kith')]

  await test.step('Ana writes, and saves what has not arrived', async () => {
    for (const text of ['First by file', 'Second by file']) await ana.send(text)
    await expect(ana.message('Second by file')).toHaveAttribute('data-state', 'saved')
    await details(ana).click()
    await expectAccessible(ana.page, 'details with carry files')
    await ana.page.getByTestId('carry-make').click()
    await expectAccessible(ana.page, 'carry a chat by file')
    await expectDrawn(ana.page, 'carry a chat by file')
    await ana.page.keyboard.press('Escape')
    const download = await saveCarry(ana)
    expect(download.suggestedFilename()).toMatch(/^Kith \d{4}-\d\d-\d\d\.kith$/)
    await download.saveAs(there)
    const bytes = await readFile(there)
    for (const word of ['First by file', 'Ana', 'Ben']) expect(bytes.includes(word)).toBe(false)
    await expectAccessible(ana.page, 'carry file saved')
    await ana.page.keyboard.press('Escape')
    await expect(ana.message('Second by file')).toHaveAttribute('data-state', 'saved')
    await pick(ana.page, there)
    await expect(ana.page.getByTestId('carry-refused')).toHaveAttribute('data-reason', 'not-for-this-device')
    await expectAccessible(ana.page, 'carry file refused')
    await ana.closeTab()
  })

  await test.step('Ben opens it: a damaged copy says so and brings nothing, the whole one brings all', async () => {
    await ben.open()
    await ben.openConversation()
    await details(ben).click()
    const damaged = await readFile(there)
    damaged[damaged.length - 30] = (damaged[damaged.length - 30] as number) ^ 1
    await writeFile(back, damaged.subarray(0, damaged.length))
    await pick(ben.page, back)
    await expect(ben.page.getByTestId('carry-refused')).toHaveAttribute('data-reason', 'altered')
    await ben.page.keyboard.press('Escape')
    await drop(ben.page, there)
    await expect(ben.page.getByTestId('carry-opened')).toBeVisible()
    await expectAccessible(ben.page, 'carry file opened')
    await ben.page.getByTestId('carry-show').click()
    for (const text of ['First by file', 'Second by file']) await ben.expectMessage(text, 'them')
    await ben.send('Back by file')
    await details(ben).click()
    await (await saveCarry(ben)).saveAs(back)
    await ben.closeTab()
  })

  await test.step('Ana opens the answer, and knows what arrived', async () => {
    await ana.open()
    await ana.openConversation()
    await details(ana).click()
    await pick(ana.page, back)
    await ana.page.getByTestId('carry-show').click()
    await ana.expectMessage('Back by file', 'them')
    await ana.expectState('Second by file', 'delivered')
  })

  await test.step('she takes a copy that anybody can read', async () => {
    await details(ana).click()
    await ana.page.getByTestId('export-chat').click()
    await expect(ana.page.getByTestId('export-warning')).toContainText('isn’t encrypted')
    await expect(ana.page.getByRole('button', { name: 'Don’t export' })).toBeFocused()
    await expectAccessible(ana.page, 'before a chat is exported')
    const coming = ana.page.waitForEvent('download')
    await ana.page.getByTestId('export-save').click()
    const path = info.outputPath('copy.zip')
    await (await coming).saveAs(path)
    const copy = (await readFile(path)).toString('utf8')
    for (const text of ['Hello Ben', 'First by file', 'Back by file']) expect(copy.split(text)).toHaveLength(3)
    const page = copy.slice(copy.indexOf('<!doctype html>'), copy.indexOf('</html>') + 7)
    expect(page).not.toContain('<script')
    const reader = await ana.context.newPage()
    await reader.setContent(page)
    await expect(reader.getByRole('article')).toHaveCount(5)
    await picture(reader, 'exported page')
  })
})

async function pick(page: Page, path: string): Promise<void> {
  const coming = page.waitForEvent('filechooser')
  await page.getByTestId('carry-open').click()
  await (await coming).setFiles(path)
}

/** A file that somebody lets fall on the window. */
async function drop(page: Page, path: string): Promise<void> {
  const bytes = (await readFile(path)).toString('base64')
  const dropped = await page.evaluateHandle((content) => {
    const data = new DataTransfer()
    data.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], 'Kith 2026-01-01.kith'))
    return data
  }, bytes)
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped })
}
