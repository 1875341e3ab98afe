// Voice messages, videos and the camera between two browsers with a microphone that beeps, and what files take on a device.

import { axeFaults } from '../../audits/axe.ts'
import { CHROMIUM_ARGS, FAKE_DEVICES, findShell, installedChromium } from '../../tools/chromium.ts'
import { twoFriends } from './pair.ts'
import { picture } from './picture.ts'
import { expectDrawn } from './surface.ts'
import { expect, once, test } from './walk.ts'
import type { Locator, Page } from '@playwright/test'
import type { Person } from './person.ts'

test.use({ launchOptions: { executablePath: findShell() ?? installedChromium(), args: [...CHROMIUM_ARGS, ...FAKE_DEVICES] } })

const friends = once(async (world) => {
  const pair = await twoFriends(world)
  await pair.ana.context.grantPermissions(['microphone', 'camera', 'clipboard-read', 'clipboard-write'], {
    origin: new URL(world.url).origin,
  })
  return pair
})

const recorder = ({ page }: Person): Locator => page.getByTestId('voice-recorder')
const attachment = ({ page }: Person, kind: string): Locator => page.locator(`[data-testid="attachment"][data-kind="${kind}"]`)
const position = (place: Locator): Locator => place.getByTestId('voice-position')
const lengthOf = async (place: Locator): Promise<number> => Number(await position(place).getAttribute('aria-valuemax'))

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

async function record(person: Person, seconds: number): Promise<void> {
  await person.page.getByTestId('voice-record').click()
  await expect(recorder(person)).toHaveAttribute('data-phase', 'recording')
  await expect(person.page.getByTestId('voice-time')).toHaveText(`0:0${seconds}`)
}

test('a voice message is recorded, kept over a reload, listened to, sent and played at the other side', async () => {
  test.setTimeout(120_000)
  const { ana, ben } = friends()
  const { page } = ana

  await test.step('the button stands where the box is empty', async () => {
    await ana.write('words')
    await expect(page.getByTestId('voice-record')).toHaveCount(0)
    await ana.write('')
    await expect(page.getByTestId('send')).toHaveCount(0)
  })

  await test.step('what was recorded is here after a reload in the middle of it', async () => {
    await record(ana, 3)
    await expectDrawn(page, 'recording')
    await picture(page, 'recording')
    await page.reload()
    await ana.openConversation()
    await expect(recorder(ana)).toHaveAttribute('data-phase', 'paused')
    expect(await lengthOf(recorder(ana))).toBeGreaterThanOrEqual(2)
    await page.getByTestId('voice-discard').click()
    await expect(recorder(ana)).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(recorder(ana), 'thrown away by mistake').toHaveAttribute('data-phase', 'paused')
    await page.getByTestId('voice-discard').click()
    await expect(recorder(ana)).toHaveCount(0)
    await page.reload()
    await ana.openConversation()
    await expect(page.getByTestId('voice-record')).toBeVisible()
    await expect(recorder(ana)).toHaveCount(0)
  })

  await test.step('by key: stopped, listened to, left and come back to', async () => {
    await record(ana, 2)
    await page.keyboard.press('Escape')
    await expect(recorder(ana)).toHaveAttribute('data-phase', 'paused')
    await expectAccessible(page, 'recorded')
    await picture(page, 'recorded')
    await recorder(ana).getByTestId('voice-play').press('Enter')
    await expect(recorder(ana).locator('[data-playing]')).toHaveAttribute('data-playing', 'true')
    await page.getByTestId('voice-continue').click()
    await expect(page.getByTestId('voice-time')).toHaveText('0:04')
    await page.keyboard.press('Escape')
    await expect(recorder(ana)).toHaveAttribute('data-phase', 'paused')
    await page.keyboard.press('Escape')
    await expect(ana.composer).toBeFocused()
    await expect(page.getByTestId('voice-record')).toHaveAttribute('data-kept', 'true')
    await page.getByTestId('voice-record').press('Enter')
    await expect(recorder(ana)).toHaveAttribute('data-phase', 'paused')
    expect(await lengthOf(recorder(ana))).toBeGreaterThanOrEqual(4)
    await page.getByTestId('voice-send').press('Enter')
    await expect(recorder(ana)).toHaveCount(0)
  })

  await test.step('Ben hears it, at any place and speed', async () => {
    const voice = attachment(ben, 'voice')
    await expect(voice).toHaveAttribute('data-state', 'here')
    expect(await lengthOf(voice)).toBeGreaterThanOrEqual(4)
    await voice.getByTestId('voice-play').click()
    await expect(voice.locator('[data-playing]')).toHaveAttribute('data-playing', 'true')
    await expect.poll(async () => Number(await position(voice).getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(1)
    await voice.getByTestId('voice-play').click()
    await expect(voice.locator('[data-playing]')).toHaveAttribute('data-playing', 'false')
    await position(voice).press('Home')
    await expect(position(voice)).toHaveAttribute('aria-valuenow', '0')
    await position(voice).press('ArrowRight')
    expect(Number(await position(voice).getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(4)
    const box = await position(voice).boundingBox()
    if (box === null) throw new Error('no waveform')
    await ben.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    expect(Number(await position(voice).getAttribute('aria-valuenow'))).toBe(Math.floor((await lengthOf(voice)) / 2))
    const row = ben.page.getByTestId('conversation-item')
    await expect(row, 'the list says it in words').toContainText(/Voice message \(0:\d\d\)/)
    await expect(row.locator('[data-played="voice"]')).toBeVisible()
    await picture(ben.page, 'voice message')
    await expectAccessible(ben.page, 'voice message')
    await expectDrawn(ben.page, 'voice message')
  })

  await test.step('Ben may not record, and reads why', async () => {
    // A browser with such a microphone refuses it to nobody.
    await ben.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))
    })
    await ben.page.getByTestId('voice-record').click()
    await expect(recorder(ben).getByRole('alert')).toContainText('isn’t allowed to use the microphone')
    await expectAccessible(ben.page, 'refused')
    await picture(ben.page, 'microphone refused')
    await ben.page.keyboard.press('Escape')
    await expect(ben.composer).toBeFocused()
  })
})

/** A red square that becomes blue, as the browser records it. */
const filmed = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 320
    canvas.height = 180
    const context = canvas.getContext('2d')
    const recording = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm;codecs=vp8' })
    const parts: Blob[] = []
    recording.addEventListener('dataavailable', ({ data }) => parts.push(data))
    const stopped = new Promise((resolve) => recording.addEventListener('stop', resolve))
    recording.start()
    for (let frame = 0; frame < 40; frame += 1) {
      if (context !== null) context.fillStyle = `rgb(${200 - frame * 5} 30 ${frame * 5})`
      context?.fillRect(0, 0, 320, 180)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    recording.stop()
    await stopped
    return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()))
  })

test('a video has a poster, comes when it is asked for and plays; what it takes can be let go of and had again', async () => {
  test.setTimeout(120_000)
  const { ana, ben } = friends()
  const film = { name: 'VID_20260704.webm', mimeType: 'video/webm', buffer: Buffer.from(await filmed(ana.page)) }
  await ana.page.getByTestId('attach-file').setInputFiles([film])
  await expect(ana.page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
  await expect(ana.page.getByRole('dialog').locator('img')).toBeVisible()
  await expect(ana.page.getByTestId('attach-unchanged'), 'nothing is taken out of this kind').toBeVisible()
  await ana.page.getByTestId('attach-send').click()

  const video = attachment(ben, 'video')
  await test.step('it is seen before it is here, and plays once it is', async () => {
    await expect(video.locator('img')).toBeVisible()
    await expect(video).toHaveAttribute('data-state', 'waiting')
    await video.getByTestId('attachment-get').click()
    await expect(video).toHaveAttribute('data-state', 'here')
    await picture(ben.page, 'video')
    await expectAccessible(ben.page, 'video')
    await expectDrawn(ben.page, 'video')
    await video.getByTestId('video-play').click()
    await expect.poll(() => video.locator('video').evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0.3)
    await video.getByTestId('video-open').click()
    const large = ben.page.getByTestId('lightbox').locator('video')
    await expect.poll(() => large.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0.3)
    expect(await video.locator('video').evaluate((one: HTMLVideoElement) => one.paused), 'one plays at a time').toBe(true)
    await ben.page.keyboard.press('Escape')
    await expect(ben.page.getByTestId('lightbox')).toHaveCount(0)
  })

  await test.step('Ben looks what it takes, and removes it here', async () => {
    const { page } = ben
    await page.getByRole('button', { name: 'Details' }).first().click()
    await page.getByTestId('files-here').click()
    const files = page.getByTestId('file-here')
    const film = files.filter({ hasText: /^Video/ })
    await expect(film).toHaveCount(1)
    await expect(files.filter({ hasText: 'Picture of a video' }), 'no photo that anybody sent').toHaveCount(1)
    const count = await files.count()
    const sizes = await files.evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-bytes'))))
    expect(sizes, 'the largest first').toEqual(sizes.toSorted((a, b) => b - a))
    await expectAccessible(page, 'files here')
    await expectDrawn(page, 'files here')
    await film.getByRole('checkbox').check()
    await picture(page, 'files here')
    await page.getByTestId('files-remove').click()
    await expect(files).toHaveCount(count - 1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(video).toContainText('Removed from this device')
    await page.reload()
    await ben.openConversation()
    await expect(video).toContainText('Removed from this device')
    await video.getByTestId('attachment-get').click()
    await expect(video).toHaveAttribute('data-state', 'here')
  })
})

test('the settings say what each chat takes here, and lead to its files', async () => {
  const { page } = friends().ben
  await page.getByTestId('settings').filter({ visible: true }).click()
  await page.getByTestId('storage').click()
  const chat = page.getByTestId('storage-chat')
  await expect(chat).toHaveCount(1)
  await expectAccessible(page, 'chats by what they take')
  await expectDrawn(page, 'chats by what they take')
  await picture(page, 'chats by what they take')
  const before = Number(await chat.getAttribute('data-bytes'))
  expect(before).toBeGreaterThan(0)
  await chat.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('Files of')
  const boxes = page.getByTestId('file-here').getByRole('checkbox')
  for (const box of await boxes.all()) await box.check()
  await page.getByTestId('files-remove').click()
  await expect(page.getByRole('dialog')).toContainText('Nothing from this chat takes up space')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog'), 'the list of chats, of which nothing is left').toContainText(
    'No photos or files are on this device',
  )
  await expect(chat).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByTestId('storage')).toBeFocused()
  await page.goBack()
})

test('a photo is taken with the camera and goes as any photo does', async () => {
  const { ana, ben } = friends()
  const { page } = ana
  await page.getByTestId('attach').click()
  await page.getByTestId('attach-camera').click()
  await expect(page.getByTestId('camera-shoot')).toHaveAttribute('aria-disabled', 'false')
  await expectAccessible(page, 'camera')
  await picture(page, 'camera')
  await page.getByTestId('camera-shoot').click()
  await expect(page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
  await page.getByTestId('attach-send').click()
  await expect(attachment(ben, 'image').locator('img')).toBeVisible()
})
