// Two people who have met, ready to talk.

import { expect } from '@playwright/test'
import type { Person } from './person.ts'
import type { World } from './world.ts'

export type Pair = { readonly ana: Person; readonly ben: Person }

/** Makes Ana and Ben meet through a link; afterwards both have the conversation open. */
export async function introduce({ ana, ben }: Pair): Promise<Pair & { readonly link: string }> {
  await ana.open()
  const link = await ana.newChat('Hello Ben')
  await ben.open(link)
  await ben.expectMessage('Hello Ben', 'them')
  await ben.send('Hello Ana')
  await ana.closeSheet()
  await ana.openConversation()
  await ana.expectMessage('Hello Ana', 'them')
  await ben.expectState('Hello Ana', 'delivered')
  return { ana, ben, link }
}

export async function twoFriends(world: World): Promise<Pair> {
  return introduce({ ana: await world.person('Ana'), ben: await world.person('Ben') })
}

/** Both devices hold a proven direct connection. */
export async function bothDirect({ ana, ben }: Pair): Promise<void> {
  await ana.expectRoute('direct')
  await ben.expectRoute('direct')
}

/** Somebody who was let in says what to be called. */
async function sign({ page }: Person, name: string): Promise<void> {
  const field = page.getByTestId('display-name')
  await field.fill(name)
  await field.press('Enter')
  await expect(field).toBeHidden()
}

/** Ana has a chat with Ben, who calls himself `benName`, and one with Cleo, who do not know each other. */
export async function acquaint({ ana, ben, cleo }: Pair & { readonly cleo: Person }, benName = 'Ben'): Promise<void> {
  await introduce({ ana, ben })
  await sign(ben, benName)
  await ana.tap(ana.page.getByTestId('new-chat'))
  const link = await ana.inviteLink()
  const field = ana.page.getByLabel(/so they know who’s writing/)
  await field.fill('Ana')
  await field.press('Enter')
  await ana.closeSheet()
  await cleo.open(link)
  await cleo.send('Cleo here')
  await sign(cleo, 'Cleo')
  await ana.expectMessage('Cleo here', 'them')
  for (const name of [benName, 'Cleo']) await expect(ana.page.getByTestId('conversation-item').filter({ hasText: name })).toBeVisible()
}
