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
/** Until the page says that the relay is gone. */
const OFFLINE_MS = 20_000

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

const WELCOME = 'Hi, it is Ana from the allotment. I moved our planning here, so it stays between us.'

async function shoot(world: World, { device, colorScheme }: Look): Promise<void> {
  const look = { colorScheme, viewport: VIEWPORTS[device] }
  const take: Take = async (person, name) => {
    await person.page.waitForTimeout(SETTLE_MS)
    await person.page.screenshot({ path: join(FOLDER, `${name}-${device}-${colorScheme}.png`) })
  }
  const ana = await world.person('Ana', look)
  await ana.open()
  await take(ana, 'first-start')
  const link = await ana.newChat(WELCOME)
  await ana.expectState(WELCOME, 'relay')
  await take(ana, 'invite')
  await ana.closeSheet()
  await giveName(ana, 'Ana Novak')

  const ben = await world.person('Ben', look)
  await ben.open(link)
  await ben.expectMessage(WELCOME, 'them')
  await take(ben, 'invitee')
  await ben.send('Saturday works. Morning or evening?')
  await ben.page.getByTestId('display-name').waitFor()
  await take(ben, 'name-card')
  await giveName(ben, 'Ben')
  await talk({ ana, ben })
  await take(ana, 'conversation')
  await shootTrouble({ world, ana, ben, take, late: await world.person('Mallory', look) })
}

/** Answers the card that asks for it, where it is shown. */
async function giveName({ page }: Person, name: string): Promise<void> {
  const field = page.getByTestId('display-name')
  await field.fill(name)
  await field.press('Enter')
  await field.waitFor({ state: 'hidden' })
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

type Take = (person: Person, name: string) => Promise<void>
type Trouble = { readonly world: World; readonly ana: Person; readonly ben: Person; readonly late: Person; readonly take: Take }

async function shootTrouble({ world, ana, ben, late, take }: Trouble): Promise<void> {
  const settings = ana.page.getByTestId('settings').filter({ visible: true })
  if ((await settings.count()) === 0)
    await ana.page
      .getByRole('button', { name: /back/i })
      .or(ana.page.getByRole('link', { name: /back/i }))
      .first()
      .click()
  await take(ana, 'list')
  await settings.first().click()
  await take(ana, 'settings')
  await late.open(`${world.url}#i/not-a-link`)
  await take(late, 'error')
  await ana.closeTab()
  await world.stopRelay()
  await ben.send('Did you find the hose?')
  await ben.page.waitForTimeout(OFFLINE_MS)
  await take(ben, 'offline')
}

await main()
