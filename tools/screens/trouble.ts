// Somebody is away, the relay is away, the network is away: the same conversation in each.

import { toList, meet } from './people.ts'
import type { Camera } from './camera.ts'

export async function shootTrouble(camera: Camera): Promise<void> {
  const { take, world } = camera
  const { ana, ben } = await meet(camera)
  const { page } = ben
  await ana.closeTab()
  await ben.expectRoute('relay', 60_000)
  await ben.send('Did you find the hose?')
  await ben.expectState('Did you find the hose?', 'relay')
  await ben.route.click()
  await take(ben, 'route-relay', page.getByText('Messages go through the relay, sealed'))
  await ben.closeSheet()
  await take(ben, 'stuck-they-are-away', page.getByText('Waiting for Ana Novak’s device'))

  await world.killRelay()
  await ben.send('The relay seems to be gone as well.')
  await take(ben, 'relay-away', page.getByText('The relay isn’t answering'))
  await ben.route.click()
  await take(ben, 'route-offline', page.getByText('Your network is fine'))
  await ben.closeSheet()
  await take(ben, 'stuck-relay-away', page.getByText('This has been waiting since'))

  await ben.context.setOffline(true)
  await take(ben, 'no-network', page.getByText('No network. You can keep writing.'))
  await toList(ben)
  await take(ben, 'list-no-network', page.getByText('No network. You can keep writing.'))
  await ben.tap(page.getByTestId('new-chat').filter({ visible: true }))
  await take(ben, 'invite-saved', page.locator('[data-invite-state="saved"]'))
}
