// Two people who have met, ready to talk.

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
