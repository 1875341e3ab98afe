// `node tools/screens.ts`: pictures of the main screens, phone and desktop, light and dark, into .screens/ for people to look at.
// `node tools/screens.ts --picture` also renews docs/picture.png.

import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { Person } from '../app/e2e/person.ts'
import { createWorld, type World } from '../app/e2e/world.ts'
import { CHROMIUM_ARGS, installedChromium } from './chromium.ts'
import { ROOT } from './dist.ts'

const FOLDER = join(ROOT, '.screens')
const VIEWPORTS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const
const SETTLE_MS = 600

type Look = { readonly device: keyof typeof VIEWPORTS; readonly colorScheme: 'light' | 'dark' }

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  for (const device of ['phone', 'desktop'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) await inWorld((world) => shoot(world, { device, colorScheme }))
  }
  if (process.argv.includes('--picture')) copyFileSync(join(FOLDER, 'conversation-desktop-light.png'), join(ROOT, 'docs/picture.png'))
}

async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: installedChromium(), args: [...CHROMIUM_ARGS] })
  const world = await createWorld(browser)
  try {
    await work(world)
  } finally {
    const problems = await world.close()
    for (const problem of problems) console.error(problem)
    await browser.close()
  }
}

async function shoot(world: World, look: Look): Promise<void> {
  const { device, colorScheme } = look
  const take = async (person: Person, name: string): Promise<void> => {
    await person.page.waitForTimeout(SETTLE_MS)
    await person.page.screenshot({ path: join(FOLDER, `${name}-${device}-${colorScheme}.png`) })
  }
  const ana = await world.person('Ana', { colorScheme, viewport: VIEWPORTS[device] })
  await ana.open()
  await take(ana, 'first-start')
  const link = await ana.newChat('Hi, it is Ana from the allotment. I moved our planning here, so it stays between us.')
  await take(ana, 'invite')
  await ana.expectState('Hi, it is Ana from the allotment. I moved our planning here, so it stays between us.', 'relay')

  const ben = await world.person('Ben', { colorScheme, viewport: VIEWPORTS[device] })
  await ben.open(link)
  await ben.expectMessage('Hi, it is Ana from the allotment. I moved our planning here, so it stays between us.', 'them')
  await take(ben, 'invitee')
  await ben.send('Saturday works. Morning or evening?')
  await take(ben, 'name-card')
  await ana.closeSheet()
  await talk({ ana, ben })
  await take(ana, 'conversation')
  await ana.page
    .getByTestId('settings')
    .first()
    .click({ trial: false })
    .catch(() => undefined) // On a phone it lies one screen further up.
  await takeRest({ world, ana, ben, take })
}

async function talk({ ana, ben }: { readonly ana: Person; readonly ben: Person }): Promise<void> {
  await ana.openConversation()
  await ana.expectMessage('Saturday works. Morning or evening?', 'them')
  await ana.send('Evening is better, the sun is off the beans by six.')
  await ben.expectMessage('Evening is better, the sun is off the beans by six.', 'them')
  await ben.send('Good. Are the keys with Mira?')
  await ana.expectMessage('Good. Are the keys with Mira?', 'them')
  await ana.send('With me. I leave them under the blue pot.')
  await ana.expectState('With me. I leave them under the blue pot.', 'read')
}

type Rest = {
  readonly world: World
  readonly ana: Person
  readonly ben: Person
  readonly take: (person: Person, name: string) => Promise<void>
}

async function takeRest({ world, ana, ben, take }: Rest): Promise<void> {
  await take(ana, 'settings')
  await world.stopRelay()
  await ana.closeTab()
  await ben.send('Did you find the hose?')
  await take(ben, 'offline')
  const late = await world.person('Mallory')
  await world.startRelay()
  await late.open(`${world.url}#i=not-a-link`)
  await take(late, 'error')
}

await main()
