// Photos and files between two browsers: sent directly, seen, resumed after a reload, kept out of memory, and gone with their message.

import { writeFileSync } from 'node:fs'
import { PHOTO_SENT_SIDE_MAX } from '../src/features/media/limits.ts'
import { bothDirect } from './pair.ts'
import { expect, test } from './walk.ts'
import type { Download, Page } from '@playwright/test'
import type { Person } from './person.ts'

const attachment = (person: Person) => person.page.getByTestId('attachment')
const isState = (state: string) => new RegExp(`^${state}$`)

type Chosen = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }

async function choose(person: Person, ...files: readonly Chosen[]): Promise<void> {
  await person.page.getByTestId('attach-file').setInputFiles([...files])
  await expect(person.page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
}

/** A red picture with a blue corner, as a camera would leave it: with a place in its EXIF. */
async function photoWithPlace(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3_000, 1_500)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.fillStyle = '#c81e1e'
    context.fillRect(0, 0, 3_000, 1_500)
    context.fillStyle = '#1e3cc8'
    context.fillRect(0, 0, 600, 300)
    return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer()))
  })
  const exif = Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0GPSLatitude 46.5547 N Zinnwald', 'latin1')
  const segment = Buffer.concat([Buffer.of(0xff, 0xe1, 0, exif.length + 2), exif])
  const jpeg = Buffer.from(bytes)
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])
}

/** The bytes of the photo that a note shows, and its colour at two places. */
const seenPhoto = (person: Person) =>
  attachment(person)
    .locator('img')
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode()
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
      const context = canvas.getContext('2d')
      if (context === null) throw new Error('no canvas')
      context.drawImage(image, 0, 0)
      const at = (x: number, y: number) => Array.from(context.getImageData(x, y, 1, 1).data.slice(0, 3))
      return { width: image.naturalWidth, height: image.naturalHeight, corner: at(20, 20), middle: at(1_000, 600) }
    })

const isNear = (colour: readonly number[], to: readonly number[]): boolean => colour.every((one, at) => Math.abs(one - (to[at] ?? 0)) < 30)

test('a photo goes directly, is seen as it is, and says nothing of where it was taken', async ({ friends: pair }) => {
  await bothDirect(pair)
  const { ana, ben } = pair
  const original = await photoWithPlace(ana.page)
  expect(original.includes('Zinnwald')).toBe(true)
  await choose(ana, { name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: original })
  await ana.page.getByTestId('attach-caption').fill('From the ridge')
  await ana.page.getByTestId('attach-send').click()

  await ben.expectMessage('From the ridge', 'them')
  await expect(attachment(ben)).toHaveAttribute('data-kind', 'image')
  await expect(attachment(ben).locator('img')).toBeVisible()
  const seen = await seenPhoto(ben)
  expect([seen.width, seen.height]).toEqual([PHOTO_SENT_SIDE_MAX, PHOTO_SENT_SIDE_MAX / 2])
  expect(isNear(seen.corner, [0x1e, 0x3c, 0xc8]) && isNear(seen.middle, [0xc8, 0x1e, 0x1e])).toBe(true)

  await attachment(ben).getByRole('button').click()
  const lightbox = ben.page.getByTestId('lightbox')
  await expect(lightbox.locator('img')).toBeVisible()
  const download = ben.page.waitForEvent('download')
  await lightbox.getByTestId('attachment-save').click()
  const saved = await bytesOf(await download)
  expect(['Zinnwald', 'GPS', 'Exif'].filter((word) => saved.includes(word))).toEqual([])
  await expect(lightbox.getByTestId('attachment-save'), 'its words are not as white as it is').not.toHaveCSS('color', 'rgb(255, 255, 255)')
  await ben.page.keyboard.press('Escape')
  await expect(lightbox).toHaveCount(0)
  await expect(attachment(ben).getByRole('button'), 'the focus is where it was').toBeFocused()

  const photo = { name: 'IMG_2.jpg', mimeType: 'image/jpeg', buffer: original }
  await choose(ana, photo, photo, photo)
  await ana.page.getByTestId('attach-send').click()
  await expect(attachment(ben)).toHaveCount(4)
  for (const width of [390, 1200]) {
    await ben.page.setViewportSize({ width, height: 844 })
    expect(await outsideOfBubble(ben), `at ${width} px`).toEqual([])
  }
})

/** Photos that reach beyond the message they belong to, or leave most of its width free. */
const outsideOfBubble = ({ page }: Person) =>
  page.getByTestId('message').evaluateAll((messages) =>
    messages.flatMap((message) => {
      const bubble = message.getBoundingClientRect()
      const photos = [...message.querySelectorAll('[data-testid="attachment"]')].map((photo) => photo.getBoundingClientRect())
      const isOutside = photos.some(({ left, right, bottom }) => left < bubble.left || right > bubble.right || bottom > bubble.bottom)
      const isNarrow = photos[0] !== undefined && photos[0].width < bubble.width - 20
      return isOutside || isNarrow ? [photos.map(({ width, height }) => `${width} × ${height}`).join(', ')] : []
    }),
  )

test('a file of 20 MB comes when it is asked for, goes on after a reload, and goes with its message', async ({
  friends: pair,
}, testInfo) => {
  test.setTimeout(180_000)
  await bothDirect(pair)
  const { ana, ben } = pair
  for (const person of [ana, ben]) await expect.poll(() => keptFiles(person.page), 'nothing of walks before').toEqual([])
  const content = Buffer.alloc(20_000_000, 'Quillwort over the vestibule. ')
  const path = testInfo.outputPath('walks of the year.pdf')
  writeFileSync(path, content)
  await ana.page.getByTestId('attach-file').setInputFiles(path)
  await expect(ana.page.getByTestId('attach-send')).toHaveAttribute('aria-disabled', 'false')
  await ana.page.getByTestId('attach-send').click()
  await expect(attachment(ana)).toHaveAttribute('data-state', isState('waiting'), { timeout: 60_000 })
  await expect(attachment(ben)).toContainText('20 MB')
  await expect(attachment(ben)).toHaveAttribute('data-state', isState('waiting'))

  await attachment(ben).getByTestId('attachment-get').click()
  await expect.poll(async () => Number(await attachment(ben).getAttribute('data-bytes'))).toBeGreaterThan(4_200_000)
  await ben.page.reload()
  await ben.openConversation()
  // What a row said before the reload is on the disk; nothing is fetched twice but what came after it.
  await expect.poll(async () => Number(await attachment(ben).getAttribute('data-bytes'))).toBeGreaterThanOrEqual(4_096_000)
  await expect(attachment(ben)).toHaveAttribute('data-state', isState('here'), { timeout: 90_000 })
  await expect(attachment(ana)).toHaveAttribute('data-state', isState('here'))
  expect(await heapOf(ben.page), 'it was never whole in the page').toBeLessThan(60_000_000)

  const download = ben.page.waitForEvent('download')
  await attachment(ben).getByTestId('attachment-save').click()
  const file = await download
  expect(file.suggestedFilename()).toBe('walks of the year.pdf')
  expect((await bytesOf(file)).equals(content)).toBe(true)

  expect(await keptFiles(ben.page)).toEqual([313 * (64_016 + 32)])
  await ana.page.getByTestId('message').last().click({ button: 'right' })
  await ana.page.getByTestId('action-delete-everyone').click()
  await ana.page.getByTestId('confirm').click()
  for (const person of [ana, ben]) await expect.poll(() => keptFiles(person.page)).toEqual([])
})

test('a picture that is none, or an active one, goes as a file and is drawn nowhere', async ({ friends: pair }) => {
  await bothDirect(pair)
  const { ana, ben } = pair
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>')
  const fake = Buffer.from('GIF89a=1;alert(3)//')
  await choose(ana, { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: svg }, { name: 'x.png', mimeType: 'image/png', buffer: fake })
  await ana.page.getByTestId('attach-send').click()
  await expect(attachment(ben)).toHaveCount(2)
  for (const one of await attachment(ben).all()) await expect(one).toHaveAttribute('data-kind', 'file')
  await expect(ben.page.locator('.files img')).toHaveCount(0)
})

async function bytesOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts)
}

/** Sizes of the files that this profile keeps for messages. */
const keptFiles = (page: Page): Promise<readonly number[]> =>
  page.evaluate(async () => {
    const sizes: number[] = []
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      const entries = folder as unknown as { values: () => AsyncIterable<FileSystemHandle> }
      for await (const entry of entries.values())
        if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle)
        else sizes.push((await (entry as FileSystemFileHandle).getFile()).size)
    }
    const root = await navigator.storage.getDirectory()
    await walk(await root.getDirectoryHandle('kith-files', { create: true }))
    return sizes
  })

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}
