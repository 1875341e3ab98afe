// Voice messages and videos: recorded, kept, played, what they take on a device, and the camera.

import { meet, toList } from './people.ts'
import type { Page } from '@playwright/test'
import type { Camera } from './camera.ts'

export async function shootVoice(camera: Camera): Promise<void> {
  const { take, world, isPhone } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  for (const person of [ana, ben]) {
    await toList(person)
    await person.page.getByTestId('conversation-item').first().click()
  }
  await ana.context.grantPermissions(['microphone', 'camera', 'clipboard-read', 'clipboard-write'], { origin: new URL(world.url).origin })
  await take(ana, 'voice-empty', page.getByTestId('voice-record'))
  await page.getByTestId('voice-record').click()
  await page.getByTestId('voice-time').getByText('0:07').waitFor()
  await take(ana, 'voice-recording', page.getByTestId('voice-pause'))
  await page.getByTestId('voice-pause').click()
  await take(ana, 'voice-paused', page.getByTestId('voice-continue'))
  await page.getByTestId('voice-send').click()
  const voice = ben.page.getByTestId('voice-position')
  await voice.waitFor()
  for (const one of [voice, page.getByTestId('voice-position')]) {
    await one.press('Home')
    await one.press('ArrowRight')
  }
  await take(ben, 'voice-theirs', voice)
  await take(ana, 'voice-mine', page.getByTestId('voice-position'))

  const buffer = Buffer.from(await filmed(page))
  await page.getByTestId('attach-file').setInputFiles([{ name: 'ridge.webm', mimeType: 'video/webm', buffer }])
  await page.locator('[data-testid="attach-send"][aria-disabled="false"]').waitFor()
  await take(ana, 'video-sheet', page.getByTestId('attach-send'))
  await page.getByTestId('attach-send').click()
  await take(ben, 'video-offered', ben.page.getByTestId('attachment-get'))
  await ben.page.getByTestId('attachment-get').click()
  await take(ben, 'video-here', ben.page.getByTestId('video-play'))
  await ben.page.emulateMedia({ forcedColors: 'active' })
  await take(ben, 'voice-forced', ben.page.getByTestId('video-play'))
  await ben.page.emulateMedia({ forcedColors: null })

  await ben.page.getByRole('heading', { level: 1 }).getByRole('button').click()
  await take(ben, 'files-row', ben.page.getByTestId('files-here'))
  await ben.page.getByTestId('files-here').click()
  await ben.page.getByTestId('file-here').first().click()
  await take(ben, 'files-here', ben.page.getByTestId('files-remove'))
  await ben.page.emulateMedia({ forcedColors: 'active' })
  await take(ben, 'files-here-forced', ben.page.getByTestId('files-remove'))
  await ben.page.emulateMedia({ forcedColors: null })
  await ben.page.getByTestId('files-remove').click()
  await ben.page
    .getByText(/removed from this device/)
    .first()
    .waitFor()
  await ben.page.keyboard.press('Escape')
  await ben.page.getByRole('button', { name: 'Close details' }).click()
  await take(ben, 'video-removed', ben.page.getByTestId('attachment-get'))
  await page.getByTestId('attach').click()
  await take(ana, 'attach-menu', page.getByTestId('attach-camera'))
  if (!isPhone) {
    await page.getByTestId('attach-camera').click()
    await take(ana, 'camera', page.locator('[data-testid="camera-shoot"][aria-disabled="false"]'))
  }
  await ben.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))
  })
  await ben.page.getByTestId('voice-record').click()
  await take(ben, 'voice-refused', ben.page.getByTestId('voice-recorder').getByRole('alert'))
}

/** Hills under a sun that moves. */
const filmed = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    const recording = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm;codecs=vp8' })
    const parts: Blob[] = []
    recording.addEventListener('dataavailable', ({ data }) => parts.push(data))
    const stopped = new Promise((resolve) => recording.addEventListener('stop', resolve))
    recording.start()
    for (let frame = 0; frame < 60; frame += 1) {
      context.fillStyle = '#2b6ca8'
      context.fillRect(0, 0, 640, 360)
      context.fillStyle = '#f3c9a5'
      context.beginPath()
      context.arc(120 + frame * 5, 120, 44, 0, 7)
      context.fill()
      context.fillStyle = '#43604e'
      context.beginPath()
      context.moveTo(0, 360)
      for (let x = 0; x <= 640; x += 8) context.lineTo(x, 250 + 30 * Math.sin(x / 70))
      context.lineTo(640, 360)
      context.fill()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    recording.stop()
    await stopped
    return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()))
  })
