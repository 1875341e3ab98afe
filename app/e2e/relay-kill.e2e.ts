// The relay dies and returns: a direct conversation does not notice, and the rest mends itself without a reload.

import type { Page } from '@playwright/test'
import { bothDirect, introduce, twoFriends } from './pair.ts'
import { expect, once, OWN_RELAY, test } from './walk.ts'
import type { World } from './world.ts'

/** The longest pause between two attempts to reach a relay, and what a slow machine adds. */
const BACK_MS_MAX = 20_000

test.describe('two who talk directly', () => {
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
