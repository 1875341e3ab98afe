// The main walk in the engines that Playwright's Chromium is not: somebody there and somebody in Chromium meet, talk, keep what they read where it is, open
// a second tab, reload and go on offline.

import { join } from 'node:path'
import { PAGE_FAULT } from '../../../tools/browser-report.ts'
import { findEngine, type EngineName } from '../../../tools/engines.ts'
import { ROOT } from '../../../tools/dist.ts'
import { expect, OWN_RELAY, test } from '../walk.ts'
import { isNetworkError, type EnginePage } from './engine-page.ts'
import { keepPlace } from './place.ts'
import { handPorts } from './ports.ts'
import { openFirefox } from './firefox.ts'
import { visitorOn, type Met, type Walk } from './visitor.ts'
import { openWebkit } from './webkit.ts'

const DESKTOP = { width: 1200, height: 800 }
const PHONE = { width: 390, height: 844 }
const PICTURES = join(ROOT, '.screens')
/** What an engine can do: WebKit as Debian builds it has no WebRTC. */
const ROUTES = { firefox: 'direct', webkit: 'relay' } as const

for (const name of ['firefox', 'webkit'] as const) {
  test(
    `${name} meets Chromium and talks, keeps the row that is read, has two tabs, reloads and starts offline`,
    { tag: OWN_RELAY },
    async ({ world }) => {
      test.setTimeout(300_000)
      const found = findEngine(name)
      // The list of walks repeats the reason.
      test.skip(found.kind === 'missing' && process.env['CI'] === undefined, found.kind === 'missing' ? found.how : '')
      const page = await open(name, world.url)
      try {
        const walk = { name, page, world }
        const met = await test.step('meets Chromium, talks and comes back by every way', () => meet(walk))
        await test.step('keeps the row that is read where it is, to the pixel', () => keepPlace(walk, met))
        await test.step('gives each tab a port of its own to the engine', () => handPorts(walk, met))
        await test.step('reloads and starts offline', () => goOffline(walk, met))
      } finally {
        await page.close()
      }
    },
  )
}

async function open(name: EngineName, home: string): Promise<EnginePage> {
  const found = findEngine(name)
  if (found.kind === 'missing') throw new Error(found.how)
  const { path } = found
  if (name === 'firefox') return openFirefox(path('firefox-esr'), home)
  const paths = { driver: path('WebKitWebDriver'), browser: path('MiniBrowser'), screen: path('Xvfb'), bus: path('dbus-run-session') }
  return openWebkit(paths, home)
}

async function meet({ name, page, world }: Walk): Promise<Met> {
  const ana = visitorOn(`Ana in ${name}`, page)
  const ben = await world.person('Ben')

  await page.open(world.url)
  const link = await ana.newChat('Hello Ben')
  // Only what the relay holds can be read while she is away.
  await ana.expectState('Hello Ben', 'relay')
  await page.leave()
  await ben.open(link)
  await ben.expectMessage('Hello Ben', 'them')
  await ben.send('Hello Ana')
  await ben.expectState('Hello Ana', 'relay')

  await page.open(world.url)
  await ana.openConversation()
  await ana.expectMessage('Hello Ana', 'them')
  await ben.expectState('Hello Ana', 'delivered')
  await ana.expectRoute(ROUTES[name])
  await ben.expectRoute(ROUTES[name])
  await ana.send('A longer one, to see how it breaks over several lines when there is not much room beside it')
  await ana.send('Yes')
  await ben.expectMessage('Yes', 'them')
  await ben.send('Right here')
  await ana.expectMessage('Right here', 'them')
  await ana.expectState('Yes', 'read')
  for (const [look, size] of [['phone', PHONE] as const, ['desktop', DESKTOP] as const]) {
    await page.picture(join(PICTURES, `engine-${name}-${look}.png`), size)
    await ben.page.setViewportSize(size)
    await ben.page.screenshot({ path: join(PICTURES, `engine-chromium-${name}-${look}.png`) })
  }

  await page.goAndReturn(`${world.url}healthz`)
  await ana.openConversation()
  await ana.expectMessage('Right here', 'them')
  await ana.send('Back again')
  await ben.expectMessage('Back again', 'them')
  await page.goAndReturn('about:blank')
  await page.open(`${world.url}healthz`)
  await page.open(world.url)
  await ana.openConversation()
  await ana.expectMessage('Back again', 'me')
  return { ana, ben }
}

async function goOffline({ page, world }: Walk, { ana, ben }: Met): Promise<void> {
  await ana.untilOfflineReady()
  await page.reload()
  await ana.openConversation()
  for (const [text, from] of [['Hello Ben', 'me'] as const, ['Right here', 'them'] as const]) await ana.expectMessage(text, from)
  expect(await page.problems(), PAGE_FAULT).toEqual([])

  await ben.closeTab()
  await world.stopRelay()
  await page.reload()
  await ana.openConversation()
  await ana.expectMessage('Right here', 'them')
  await ana.send('Written offline')
  await ana.expectState('Written offline', 'saved')
  await ana.expectRoute('offline')
  const problems = await page.problems()
  expect(
    problems.filter((problem) => !isNetworkError(problem)),
    'nor without the relay',
  ).toEqual([])
  await expectWatched(page)
}

/** What was not seen above would have been: an error and an address that the policy forbids are planted, and told of. */
async function expectWatched(page: EnginePage): Promise<void> {
  await page.read(`(console.error('planted error'), new Image().src = 'http://127.0.0.2:9/planted.png')`)
  const told = async (): Promise<string> => (await page.problems()).join(' ')
  await expect.poll(told).toContain('planted error')
  await expect.poll(told).toMatch(/img-src.*planted\.png/)
}
