// Takes the pictures of one device. A picture is taken only once what its name says is really on the page.

import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import type { Person } from '../../app/e2e/person.ts'
import type { World } from '../../app/e2e/world.ts'

type Scheme = 'light' | 'dark'
export type Device = {
  readonly viewport: { readonly width: number; readonly height: number }
  readonly hasTouch: boolean
  readonly schemes: readonly Scheme[]
  /** What the reader has set in the browser, px. */
  readonly textSize: number
}

const NORMAL_TEXT = 16
export const DEVICES: Readonly<Record<string, Device>> = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, schemes: ['light', 'dark'], textSize: NORMAL_TEXT },
  desktop: { viewport: { width: 1280, height: 800 }, hasTouch: false, schemes: ['light', 'dark'], textSize: NORMAL_TEXT },
  narrow: { viewport: { width: 320, height: 640 }, hasTouch: true, schemes: ['light'], textSize: NORMAL_TEXT },
  large: { viewport: { width: 390, height: 844 }, hasTouch: true, schemes: ['light'], textSize: 2 * NORMAL_TEXT },
}

export type Camera = {
  readonly world: World
  readonly isPhone: boolean
  person(name: string): Promise<Person>
  /** `shows`: what must be visible for the picture to deserve its name. */
  take(person: Person, name: string, shows: Locator): Promise<void>
  taken(): number
}

type Options = { readonly name: string; readonly device: Device; readonly folder: string }

/** Until a state that takes its time, like a relay that is found to be gone, is on the page. */
const SHOWS_MS_MAX = 100_000

export function createCamera(world: World, { name: deviceName, device, folder }: Options): Camera {
  let count = 0
  return {
    world,
    isPhone: device.hasTouch,
    async person(name) {
      const { viewport, hasTouch } = device
      const person = await world.person(name, { viewport, hasTouch, isMobile: hasTouch })
      person.context.on('page', (page) => void setTextSize(page, device.textSize))
      return person
    },
    async take(person, name, shows) {
      await expect(shows.filter({ visible: true }).first(), `${name} shows what it says`).toBeVisible({ timeout: SHOWS_MS_MAX })
      for (const colorScheme of device.schemes) {
        await person.page.emulateMedia({ colorScheme })
        await settled(person.page)
        await person.page.screenshot({ path: join(folder, `${name}-${deviceName}-${colorScheme}.png`), animations: 'disabled' })
        count += 1
      }
    },
    taken: () => count,
  }
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame)))
  })
}

async function setTextSize(page: Page, standard: number): Promise<void> {
  if (standard === NORMAL_TEXT) return
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
}
