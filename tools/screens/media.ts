// Photos and files: chosen, on their way, here, one at a time and over the whole screen.

import { meet, toList } from './people.ts'
import type { Page } from '@playwright/test'
import type { Person } from '../../app/e2e/person.ts'
import type { Camera } from './camera.ts'

type Size = { readonly width: number; readonly height: number }
type Chosen = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }

export async function shootMedia(camera: Camera): Promise<void> {
  const { take } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ana
  for (const person of [ana, ben]) {
    await toList(person)
    await person.page.getByTestId('conversation-item').first().click()
  }
  const wide = await landscape(page, { width: 1_600, height: 1_000 })
  const tall = await landscape(page, { width: 800, height: 1_400 })

  await choose(ana, [wide, pdfOf(2_400_000, 'Ferry timetable, summer and winter, with all connections.pdf')])
  await page.getByTestId('attach-caption').fill('From the ridge, with the timetable you asked for')
  await take(ana, 'media-sheet', page.getByTestId('attach-send'))
  await page.getByTestId('attach-send').click()
  await take(ben, 'media-offered', ben.page.getByTestId('attachment-get'))
  await choose(ben, [tall])
  await ben.page.getByTestId('attach-send').click()
  await take(ana, 'media-here', page.getByTestId('attachment').nth(2).locator('img'))
  await choose(ana, [wide, tall, wide])
  await page.getByTestId('attach-send').click()
  await take(ben, 'media-album', ben.page.getByTestId('attachment').nth(5).locator('img'))
  await page.getByTestId('attachment').first().getByRole('button').first().click()
  await take(ana, 'media-lightbox', page.getByTestId('lightbox').locator('img'))
  await page.keyboard.press('Escape')
  await shootGallery(camera, { ana, ben })
  await page.emulateMedia({ forcedColors: 'active' })
  await take(ana, 'media-forced', page.getByTestId('attachment'))
}

async function shootGallery({ take }: Camera, { ana, ben }: { readonly ana: Person; readonly ben: Person }): Promise<void> {
  const { page } = ana
  await ben.send('Tickets are at https://ferry.example/tickets?from=harbour&to=island, and the timetable says it all')
  await page.getByRole('heading', { level: 1 }).getByRole('button').click()
  await page.getByTestId('gallery').click()
  await take(ana, 'gallery', page.getByTestId('gallery-picture').nth(4).locator('img'))
  for (const tab of ['file', 'link', 'voice']) {
    await page.locator(`[data-testid="gallery-tab"][data-tab="${tab}"]`).click()
    await take(ana, `gallery-${tab}`, page.locator(`[data-testid="gallery-panel"][data-tab="${tab}"][data-state="found"]`))
  }
  await page.locator('[data-testid="gallery-tab"][data-tab="picture"]').click()
  await page.emulateMedia({ forcedColors: 'active' })
  await take(ana, 'gallery-forced', page.getByTestId('gallery-picture').first())
  await page.emulateMedia({ forcedColors: null })
  await page.getByTestId('gallery-picture').first().click()
  await take(ana, 'gallery-lightbox', page.getByTestId('lightbox').locator('img'))
  await page.getByTestId('lightbox-jump').click()
}

async function choose(person: Person, files: readonly Chosen[]): Promise<void> {
  await person.page.getByTestId('attach-file').setInputFiles([...files])
  await person.page.locator('[data-testid="attach-send"][aria-disabled="false"]').waitFor()
}

const pdfOf = (size: number, name: string): Chosen => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(size, 'Quillwort. ') })

/** A sky over hills. */
async function landscape(page: Page, { width, height }: Size): Promise<Chosen> {
  const bytes = await page.evaluate(
    async ([w, h]) => {
      const canvas = new OffscreenCanvas(w, h)
      const context = canvas.getContext('2d')
      if (context === null) throw new Error('no canvas')
      const sky = context.createLinearGradient(0, 0, 0, h)
      for (const [at, colour] of [
        [0, '#2b6ca8'],
        [0.6, '#f3c9a5'],
        [1, '#f7e3cf'],
      ] as const)
        sky.addColorStop(at, colour)
      context.fillStyle = sky
      context.fillRect(0, 0, w, h)
      for (const [hill, colour] of [
        [0.62, '#6d8a74'],
        [0.74, '#43604e'],
        [0.86, '#22352b'],
      ] as const) {
        context.fillStyle = colour
        context.beginPath()
        context.moveTo(0, h)
        for (let x = 0; x <= w; x += 8) context.lineTo(x, h * (hill + 0.06 * Math.sin((x / w) * 9 + hill * 40)))
        context.lineTo(w, h)
        context.fill()
      }
      return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer()))
    },
    [width, height] as const,
  )
  return { name: 'IMG_2041.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }
}
