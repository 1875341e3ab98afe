// The back/forward cache: a page that is left in its tab sleeps whole, and may come back. Playwright switches it off otherwise.

import { CHROMIUM_ARGS, installedChromium } from '../../tools/chromium.ts'
import { expect, test } from './walk.ts'

test.use({
  serviceWorkers: 'block',
  launchOptions: {
    executablePath: installedChromium(),
    args: [...CHROMIUM_ARGS],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  },
})

test('a page that sleeps leaves its part to another tab, and begins anew when it comes back', async ({ world }) => {
  const ana = await world.person('Ana')
  const page = await ana.open()
  // A page that comes back as it was does not load.
  const back = () => page.goBack({ waitUntil: 'commit' })
  await ana.newChat('Hello')
  await ana.closeSheet()
  await ana.expectState('Hello', 'relay')
  await page.evaluate(() => addEventListener('pageshow', ({ persisted }) => sessionStorage.setItem('woke', String(persisted))))
  await page.goto('about:blank')
  await back()
  await ana.send('Back again')
  await ana.expectState('Back again', 'relay')
  expect(await page.evaluate(() => sessionStorage.getItem('woke')), 'it really slept').toBe('true')

  const second = world.anotherTab(ana)
  await second.open()
  await second.openConversation()
  await page.goto('about:blank')
  await second.send('From another tab')
  await second.expectState('From another tab', 'relay')
  await back()
  await ana.expectMessage('From another tab', 'me')
  await second.closeTab()
  await ana.send('Alone again')
  await ana.expectState('Alone again', 'relay')
})
