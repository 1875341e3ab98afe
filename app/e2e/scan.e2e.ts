// Codes that one page shows are scanned by another with a camera that sees them: an invite, a safety number, and the code for a new device. And what is
// no such code begins nothing.

import { axeFaults } from '../../audits/axe.ts'
import { CHROMIUM_ARGS, FAKE_CAMERA, installedChromium } from '../../tools/chromium.ts'
import { picture } from './picture.ts'
import { codeOf, createSeen, nothing, pictureOf, viewOf } from './seen.ts'
import { expectDrawn } from './surface.ts'
import { expect, once, test } from './walk.ts'
import type { Locator, Page } from '@playwright/test'
import type { Person } from './person.ts'
import type { World } from './world.ts'

const seen = createSeen()

test.use({
  launchOptions: {
    executablePath: installedChromium(),
    // Who may use the camera is said person by person, which Chromium without a window does not know.
    args: [...CHROMIUM_ARGS, FAKE_CAMERA, `--use-file-for-fake-video-capture=${seen.file}`],
  },
})

const scan = (page: Page): Locator => page.getByTestId('scan')
const refused = (page: Page): Locator => page.getByTestId('scan-refused')
const code = (page: Page): Locator => page.locator('dialog[open] .qr-code svg')

async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${screen}, ${scheme}`).toEqual([])
}

const allowCamera = async ({ context, home }: Person): Promise<void> =>
  context.grantPermissions(['camera', 'clipboard-read', 'clipboard-write'], { origin: new URL(home).origin })

/** From a picture of a code, which the sheet that is open looks at. */
async function choose(page: Page, text: string): Promise<void> {
  await page.getByTestId('scan-file').setInputFiles(pictureOf(codeOf(text)))
}

type Met = { readonly world: World; readonly ana: Person; readonly ben: Person; readonly link: string }

/** Ben meets Ana by scanning her invite, after his browser has refused the camera first. */
const met = once<Met>(async (world) => {
  const [ana, ben] = [await world.person('Ana'), await world.person('Ben')]
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  seen.show(await viewOf(code(ana.page)))
  await ben.open()
  const { page } = ben
  await page.getByRole('button', { name: 'Paste a link you were given' }).click()
  await page.getByTestId('invite-scan').click()
  await expect(page.getByTestId('scan-fault')).toContainText('Kith isn’t allowed to use the camera')
  await expectAccessible(page, 'camera refused')
  await picture(page, 'scan-refused')
  await allowCamera(ben)
  await page.getByTestId('scan-again').click()
  await ben.expectMessage('Hello Ben', 'them')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await ben.send('Hello Ana')
  await ana.closeSheet()
  await ana.openConversation()
  await ana.expectMessage('Hello Ana', 'them')
  await allowCamera(ana)
  return { world, ana, ben, link }
})

test('two who are together compare their safety number by scanning, and what does not match is said loudly', async () => {
  const { ana, ben } = met()
  for (const { page } of [ana, ben]) {
    await page.getByRole('button', { name: 'Details', exact: true }).click()
    await page.getByTestId('compare').click()
    await expect(page.getByTestId('safety-code')).toBeVisible()
  }
  const { page } = ana
  const comparison = page.getByTestId('comparison')
  await expectAccessible(page, 'compare')
  await picture(page, 'compare')

  await test.step('the camera sees nothing yet, and is let go with the sheet, which gives the focus back', async () => {
    seen.show(nothing())
    await page.getByTestId('compare-scan').press('Enter')
    await expect(scan(page)).toHaveAttribute('data-ready', 'true')
    await expectDrawn(page, 'scan')
    await expectAccessible(page, 'scan')
    await picture(page, 'scan')
    const track = await page.evaluateHandle(() => {
      const { srcObject } = document.querySelector('video') ?? {}
      return srcObject instanceof MediaStream ? srcObject.getTracks()[0] : undefined
    })
    expect(await track.evaluate((one) => one?.readyState)).toBe('live')
    await page.keyboard.press('Escape')
    await expect(scan(page)).toHaveCount(0)
    expect(await track.evaluate((one) => one?.readyState)).toBe('ended')
    await expect(page.getByTestId('compare-scan')).toBeFocused()
  })

  await test.step('the number of another account does not match, and marks nothing', async () => {
    await page.getByTestId('compare-scan').click()
    await choose(page, `Kith safety number 1a${' 12345'.repeat(12)}`)
    await expect(comparison).toHaveAttribute('data-outcome', 'mismatch')
    await expect(page.getByRole('alert')).toContainText('They don’t match')
    await expectAccessible(page, 'mismatch')
    await picture(page, 'mismatch')
    await expect(page.getByText('Compared and matching')).toHaveCount(0)
  })

  await test.step('one’s own code proves nothing, nor does a link', async () => {
    await page.getByRole('button', { name: 'Scan again' }).click()
    await choose(page, met().link)
    await expect(refused(page)).toContainText('This is an invite to a chat')
    await choose(
      page,
      (await ben.page.getByTestId('safety-code').getAttribute('data-code'))?.replace(/ 1[ab] /, (side) =>
        side === ' 1a ' ? ' 1b ' : ' 1a ',
      ) ?? '',
    )
    await expect(comparison).toHaveAttribute('data-outcome', 'own')
    await expect(page.getByText('Compared and matching')).toHaveCount(0)
  })

  await test.step('what Ben’s screen shows matches, and is marked as compared', async () => {
    seen.show(await viewOf(code(ben.page)))
    await page.getByTestId('compare-scan').click()
    await expect(comparison).toHaveAttribute('data-outcome', 'match')
    await expectAccessible(page, 'match')
    await picture(page, 'match')
    await page.getByRole('button', { name: 'Done' }).click()
    await expect(page.getByText('Compared and matching')).toBeVisible()
  })
})

test('a device is added by scanning the code of the other, and by nothing else that is scanned', async () => {
  const { ana, world, link } = met()
  const laptop = await world.person('Ana’s laptop')
  await allowCamera(laptop)
  await ana.page.goto(ana.home)
  await ana.page.getByTestId('settings').filter({ visible: true }).click()
  await ana.page.getByTestId('link-device').click()
  await expect(ana.page.getByTestId('link-code')).toHaveValue(/^Kith-/)
  await laptop.open()
  const { page } = laptop

  await test.step('no linking code is taken for an invite, and no address is opened', async () => {
    seen.show(nothing())
    await page.getByRole('button', { name: 'Paste a link you were given' }).click()
    await page.getByTestId('invite-scan').click()
    for (const [text, said] of [
      [await ana.page.getByTestId('link-code').inputValue(), 'This code is for adding a device'],
      ['javascript:document.title="run"', 'This isn’t a code from Kith'],
      ['https://other.example.org/', 'This isn’t a code from Kith'],
      ['https://other.example.org/#i/AQx7Qmk9vT9s2RdA', 'This invite is for Kith at other.example.org'],
    ] as const) {
      await choose(page, text)
      await expect(refused(page)).toContainText(said)
    }
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    expect(new URL(page.url()).origin).toBe(new URL(world.url).origin)
  })

  await test.step('no invite begins a linking, and the code of the other device does, in two actions', async () => {
    laptop.startCounting()
    await laptop.tap(page.getByTestId('link-enter'))
    await page.getByTestId('link-scan').click()
    await choose(page, link)
    await expect(refused(page)).toContainText('This is an invite to a chat')
    await expectAccessible(page, 'another code')
    await picture(page, 'scan-another')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('link-scan')).toBeFocused()
    seen.show(await viewOf(code(ana.page)))
    await laptop.tap(page.getByTestId('link-scan'))
    await expect(page.getByTestId('link-digits')).toBeVisible()
    expect(laptop.actions).toBeLessThanOrEqual(2)
    await expect(ana.page.getByTestId('link-digits')).toHaveAttribute(
      'data-digits',
      (await page.getByTestId('link-digits').getAttribute('data-digits')) ?? '',
    )
    await ana.page.getByTestId('link-confirm').click()
    await expect(page.getByTestId('link-done')).toBeVisible()
  })
})
