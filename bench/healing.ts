// What it takes that a session heals: an epoch, which is a key one way and its ciphertext back, in Node and in Chromium, beside a WebRTC connection.

import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { CHROMIUM_ARGS, installedChromium } from '../tools/chromium.ts'
import { measureHealing } from './healing-page.ts'

const PAGE = join(import.meta.dirname, 'healing-page.ts')
const MS_DIGITS = 1_000

type Taken = Awaited<ReturnType<typeof measureHealing>>

const rounded = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * MS_DIGITS) / MS_DIGITS)

function print(where: string, { epochMs, nobleMs, platformMs, webrtcMs, partBytes }: Taken): void {
  const percent = (ms: number | undefined) =>
    ms === undefined || webrtcMs === undefined ? undefined : Math.round((MS_DIGITS * ms) / webrtcMs) / 10
  console.log(
    JSON.stringify({
      bench: 'healing',
      where,
      epochMs: rounded(epochMs),
      nobleKemMs: rounded(nobleMs),
      platformKemMs: rounded(platformMs),
      webrtcMs: rounded(webrtcMs),
      epochPercentOfWebrtc: percent(epochMs),
      platformKemPercentOfWebrtc: percent(platformMs),
      partBytes,
    }),
  )
}

async function inChromium(): Promise<Taken> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: true, target: 'esnext', lib: { entry: PAGE, formats: ['iife'], name: 'healing' } },
  })
  const [output] = [built].flat()
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk === undefined) throw new Error('nothing was built')
  const browser = await chromium.launch({ executablePath: installedChromium(), args: [...CHROMIUM_ARGS] })
  try {
    const page = await browser.newPage()
    // WebCrypto is there on a secure origin only, and this is one.
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }))
    await page.goto('http://localhost/')
    await page.addScriptTag({ content: chunk.code })
    return (await page.evaluate('healing.measureHealing()')) as Taken
  } finally {
    await browser.close()
  }
}

print('node', await measureHealing())
print('chromium', await inChromium())
