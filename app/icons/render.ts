// Renders the app's icons from icon.svg with Chromium: `node app/icons/render.ts`. The results lie in app/public and are kept in git.

import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { installedChromium } from '../../tools/chromium.ts'
import { repack } from './repack.ts'

type Picture = {
  readonly file: string
  readonly pixels: number
  /** `full`: to the edges, for masks. `tile`: with rounded corners of its own. */
  readonly shape: 'full' | 'tile'
}

const PICTURES: readonly Picture[] = [
  { file: 'icon-192.png', pixels: 192, shape: 'tile' },
  { file: 'icon-512.png', pixels: 512, shape: 'tile' },
  { file: 'icon-maskable-192.png', pixels: 192, shape: 'full' },
  { file: 'icon-maskable-512.png', pixels: 512, shape: 'full' },
  { file: 'apple-touch-icon.png', pixels: 180, shape: 'full' },
]
const TILE_RADIUS_PERCENT = 22

const folder = new URL('../public/', import.meta.url)
const source = `data:image/svg+xml;base64,${readFileSync(new URL('icon.svg', folder)).toString('base64')}`

const toPage = ({ pixels, shape }: Picture): string =>
  `<style>body{margin:0}img{display:block;border-radius:${shape === 'tile' ? TILE_RADIUS_PERCENT : 0}%}</style>` +
  `<img src="${source}" width="${pixels}" height="${pixels}">`

const browser = await chromium.launch({ executablePath: installedChromium(), args: ['--no-sandbox'] })
for (const picture of PICTURES) {
  const page = await browser.newPage({ viewport: { width: picture.pixels, height: picture.pixels } })
  await page.setContent(toPage(picture))
  writeFileSync(new URL(picture.file, folder), repack(await page.screenshot({ omitBackground: true })))
  await page.close()
}
await browser.close()
