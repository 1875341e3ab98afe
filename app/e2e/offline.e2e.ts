// Without a network everything opens and can be written, and leaves by itself later.

import { twoFriends } from './pair.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { expect, once, test } from './walk.ts'
import type { World } from './world.ts'

test.use({ serviceWorkers: 'allow' })

const friends = once(async (world: World) => ({ world, ...(await twoFriends(world)) }), { relay: 'its own' })

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
