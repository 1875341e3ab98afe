// Photos and files for somebody who is away: through the relay where it takes them, and in plain words where they have to wait.

import { writeFileSync } from 'node:fs'
import { bothDirect } from './pair.ts'
import { expect, test } from './walk.ts'
import { axeFaults } from '../../audits/axe.ts'
import type { Person } from './person.ts'

const attachment = (person: Person) => person.page.getByTestId('attachment')
const isState = (state: string) => new RegExp(`^${state}$`)
const RELAYED_BYTES_MAX = 32 * 1_048_576

async function choose(person: Person, file: Parameters<ReturnType<Person['page']['getByTestId']>['setInputFiles']>[0]): Promise<void> {
  await person.page.getByTestId('attach-file').setInputFiles(file)
  await expect(person.page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
  await person.page.getByTestId('attach-send').click()
}

test('a file and a photo reach somebody although the two are never online together', async ({ friends: { ana, ben } }, testInfo) => {
  test.setTimeout(180_000)
  await ben.closeTab()
  const content = Buffer.alloc(3_000_000, 'Quillwort over the vestibule. ')
  await choose(ana, { name: 'walks.pdf', mimeType: 'application/pdf', buffer: content })
  const card = attachment(ana).first()
  await expect(card).toContainText('relay', { timeout: 60_000 })
  await ana.page.screenshot({ path: testInfo.outputPath('at-the-relay.png') })
  await ana.send('And a word after it.')

  // The tab goes while more is on its way; the rest goes when it is there again.
  const photo = await ana.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(900, 600)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.fillStyle = '#2f6f4f'
    context.fillRect(0, 0, 900, 600)
    return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer()))
  })
  await choose(ana, { name: 'green.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(photo) })
  await expect(attachment(ana)).toHaveCount(2)
  await ana.page.reload()
  await ana.openConversation()
  await expect(attachment(ana).last()).toContainText('relay', { timeout: 60_000 })
  await ana.closeTab()

  await ben.open()
  await ben.openConversation()
  await ben.expectMessage('And a word after it.', 'them')
  await expect(attachment(ben).last().locator('img'), 'a photo comes by itself').toBeVisible({ timeout: 60_000 })
  await attachment(ben).first().getByTestId('attachment-get').click()
  await expect(attachment(ben).first()).toHaveAttribute('data-state', isState('here'), { timeout: 60_000 })
  expect(await axeFaults(ben.page, 'light')).toEqual([])
  const download = ben.page.waitForEvent('download')
  await attachment(ben).first().getByTestId('attachment-save').click()
  const parts: Buffer[] = []
  for await (const part of await (await download).createReadStream()) parts.push(Buffer.from(part as Uint8Array))
  expect(Buffer.concat(parts).equals(content)).toBe(true)
  await ben.closeTab()

  await ana.open()
  await ana.openConversation()
  await expect(attachment(ana).first(), 'what was fetched lies there no more').toHaveAttribute('data-state', isState('here'), {
    timeout: 60_000,
  })
})

test('a file that is too large for the relay waits in plain words, and goes once both are there', async ({ friends: { ana, ben } }, testInfo) => {
  test.setTimeout(240_000)
  await ben.closeTab()
  const path = testInfo.outputPath('film.mkv')
  writeFileSync(path, Buffer.alloc(RELAYED_BYTES_MAX + 1, 'Quillwort over the vestibule. '))
  await choose(ana, path)
  await expect(attachment(ana)).toContainText('both online', { timeout: 60_000 })
  await expect(attachment(ana)).toHaveAttribute('data-state', isState('waiting'))
  await ben.open()
  await ben.openConversation()
  await bothDirect({ ana, ben })
  await attachment(ben).getByTestId('attachment-get').click()
  await expect(attachment(ben)).toHaveAttribute('data-state', isState('here'), { timeout: 120_000 })
  await expect(attachment(ana)).toHaveAttribute('data-state', isState('here'))
})
