// Without a relay, or any network: a direct conversation does not notice, everything opens and can be written, and what waits leaves by itself later, without
// a reload.

import type { Locator, Page } from '@playwright/test'
import { bothDirect, introduce, twoFriends } from './pair.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { expect, once, OWN_RELAY, test } from './walk.ts'
import type { World } from './world.ts'

/** The longest pause between two attempts to reach a relay, and what a slow machine adds. */
const BACK_MS_MAX = 20_000

test.describe('between two who have met', () => {
  test.use({ serviceWorkers: 'allow' })
  const friends = once(async (world: World) => ({ world, ...(await twoFriends(world)) }), { relay: 'its own' })

  test('a direct conversation outlives the relay, and the mailbox comes back with it', async () => {
    const { world, ana, ben } = friends()
    await bothDirect({ ana, ben })
    await stampPages([ana, ben])

    await world.killRelay()
    await ana.send('The relay is gone')
    await ben.expectMessage('The relay is gone', 'them')
    await ben.send('I did not notice')
    await ana.expectMessage('I did not notice', 'them')
    await ana.expectState('The relay is gone', 'read')
    await ana.expectRoute('direct')

    await ben.closeTab()
    await expect(ana.route).not.toHaveAttribute('data-route', 'direct', { timeout: 20_000 })
    await ana.send('For later')
    await ana.expectMessage('For later', 'me')
    await expect(ana.message('For later')).toHaveAttribute('data-state', 'saved')

    await world.startRelay()
    await ana.expectState('For later', 'relay', 30_000)
    await ben.open()
    await ben.openConversation()
    await ben.expectMessage('For later', 'them')
    await bothDirect({ ana, ben })
    await ana.expectState('For later', 'read')
    expect(await stampOf(ana), 'Ana never reloaded').toBe('Ana')
    expect(new Set(await ben.texts()).size).toBe((await ben.texts()).length)
  })

  test('somebody who opens Kith after the relay has returned finds the other, who never reloaded', async () => {
    const { world, ana, ben } = friends()
    await stampPages([ana])
    await world.killRelay()
    await ben.closeTab()
    await world.startRelay()
    await ben.open()
    await ben.openConversation()
    await bothDirect({ ana, ben })
    await ben.send('Back again')
    await ana.expectMessage('Back again', 'them')
    await ana.send('Good')
    await ben.expectMessage('Good', 'them')
    expect(await stampOf(ana)).toBe('Ana')
  })

  test('the page says that the relay does not answer, and stops saying so when it does', async () => {
    const { world, ana } = friends()
    const sentence = ana.page.getByText(/relay isn’t answering/i)
    await expect(sentence).toHaveCount(0)
    await world.killRelay()
    await expect(sentence.first()).toBeVisible({ timeout: 20_000 })
    await world.startRelay()
    await expect(sentence).toHaveCount(0, { timeout: 30_000 })
  })

  test('the app opens without its relay, can be written, and the message leaves on return', async () => {
    const { world, ana, ben } = friends()
    await untilOfflineReady(ana.page)
    await ben.closeTab()
    await world.stopRelay()

    await ana.page.reload()
    ana.startCounting()
    await expect(ana.page.getByText('Hello Ana').first(), 'history without an action').toBeVisible()
    expect(ana.actions).toBe(0)
    await ana.openConversation()
    await ana.send('Written offline')
    await ana.expectMessage('Written offline', 'me')
    await expect(ana.message('Written offline')).toHaveAttribute('data-state', 'saved')
    await ana.expectRoute('offline')

    await world.startRelay()
    await ana.expectState('Written offline', 'relay', 45_000)
    await ben.open()
    await ben.openConversation()
    await ben.expectMessage('Written offline', 'them')
    await ana.expectState('Written offline', 'read')
  })

  test('what was written offline survives closing the app before the network returns', async () => {
    const { world, ana, ben } = friends()
    await untilOfflineReady(ana.page)
    await world.stopRelay()
    await ben.closeTab()
    await ana.send('Saved before closing')
    await ana.expectMessage('Saved before closing', 'me')
    await ana.closeTab()
    await ana.open()
    await ana.openConversation()
    await ana.expectMessage('Saved before closing', 'me')
    await world.startRelay()
    await ana.expectState('Saved before closing', 'relay', 45_000)
  })

  test('the browser says offline: the words say that writing goes on, and the message leaves when it is back', async () => {
    const { world, ana, ben } = friends()
    world.allowNetworkErrors()
    await world.killRelay()
    // The walk before has left him so.
    if (ben.context.pages().length > 0) await ben.closeTab()
    await ana.context.setOffline(true)
    await expect(ana.page.getByText(/no network/i).first()).toBeVisible()
    await ana.send('Written in a tunnel')
    await ana.expectMessage('Written in a tunnel', 'me')
    await world.startRelay()
    await ana.context.setOffline(false)
    await ana.expectState('Written in a tunnel', 'relay', 45_000)
    await expect(ana.page.getByText(/no network/i)).toHaveCount(0)
  })

  test('a toast covers neither the newest message nor the message box', async () => {
    const { world, ana, ben } = friends()
    if (ben.context.pages().length > 0) await ben.closeTab()
    await world.stopRelay()
    await ana.expectRoute('offline')
    for (let at = 0; at < 15; at += 1) await ana.send(`Written offline ${at}`)
    // Nothing is said of messages that leave within five seconds.
    await ana.page.waitForTimeout(6_000)
    const toast = ana.page.getByText(/^Back online/)
    await expect(toast).toHaveCount(0)
    await world.startRelay()
    await expect(toast).toBeVisible({ timeout: 45_000 })
    const { y, height } = await boxOf(toast)
    for (const below of [ana.message('Written offline 14'), ana.composer]) expect((await boxOf(below)).y).toBeGreaterThan(y + height)
  })
})

test(
  'people whom only the relay connects are back within seconds of its return, without a reload',
  { tag: OWN_RELAY },
  async ({ world }) => {
    test.setTimeout(180_000)
    const ana = await world.person('Ana')
    const ben = await world.person('Ben')
    await ben.context.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'))
    await introduce({ ana, ben })
    expect(await ben.page.evaluate(() => 'RTCPeerConnection' in window), 'Ben has no WebRTC').toBe(false)
    for (const person of [ana, ben]) await person.expectRoute('relay')
    await stampPages([ana, ben])

    await world.killRelay()
    for (const person of [ana, ben]) await person.expectRoute('offline')
    for (const text of ['Written by Ana meanwhile', 'And another one']) await ana.send(text)
    await ben.send('Written by Ben meanwhile')
    for (const [person, text] of [
      [ana, 'And another one'],
      [ben, 'Written by Ben meanwhile'],
    ] as const) {
      await person.expectMessage(text, 'me')
      await expect(person.message(text)).toHaveAttribute('data-state', 'saved')
    }

    await world.startRelay()
    for (const person of [ana, ben]) await person.expectRoute('relay', BACK_MS_MAX)
    await ben.expectMessage('Written by Ana meanwhile', 'them', BACK_MS_MAX)
    await ben.expectMessage('And another one', 'them', BACK_MS_MAX)
    await ana.expectMessage('Written by Ben meanwhile', 'them', BACK_MS_MAX)
    await ana.expectState('And another one', 'delivered')
    await ben.expectState('Written by Ben meanwhile', 'delivered')
    await ana.send('As if nothing had been')
    await ben.expectMessage('As if nothing had been', 'them')
    for (const person of [ana, ben]) {
      const texts = await person.texts()
      expect(texts.length, texts.join(' | ')).toBe(new Set(texts).size)
      expect(await stampOf(person), `${person.name} never reloaded`).toBe(person.name)
      expect((await person.ice()).connections, 'nothing went directly').toEqual([])
    }
  },
)

type Stamped = { readonly name: string; readonly page: Page }

async function stampPages(people: readonly Stamped[]): Promise<void> {
  for (const { name, page } of people) await page.evaluate((stamp) => Reflect.set(window, '__stamp', stamp), name)
}

async function stampOf({ page }: Stamped): Promise<unknown> {
  return page.evaluate(() => Reflect.get(window, '__stamp') as unknown)
}

async function boxOf(target: Locator): Promise<{ readonly y: number; readonly height: number }> {
  const box = await target.boundingBox()
  if (box === null) throw new Error('it is not on the screen')
  return box
}
