// The link of a group in a simulated life: whoever made it goes away, somebody whom nobody knows comes by it and is let in by whoever is there; then it is
// taken back, and the next one who asks stays outside.

import { nodeOn } from './disk.ts'
import { enter, rise, waitFor } from './world.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from './person.ts'
import type { World } from './world.ts'

/** Whoever came by the link, and who did not, although they asked by it; undefined where nobody could make one. */
export type Linked = { readonly guest: Person; readonly late: Person }

type Place = { readonly world: World; readonly id: ConversationId; readonly people: readonly Person[] }

const HOUR_MS = 3_600_000

export async function joinByLink({ world, id, people }: Place): Promise<Linked | undefined> {
  const { network, scheduler } = world
  const [alice, ...others] = people as [Person, ...Person[]]
  for (const person of people) {
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  const engineOf = async (person: Person) => {
    await rise(world, person)
    return person.engine()
  }
  const made = await waitFor(world, (await engineOf(alice)).openGroupLink({ conversation: id, uses: 5, ms: 24 * HOUR_MS }))
  await scheduler.run(60_000)
  const link = (await waitFor(world, alice.look(id)))?.groupLink
  const isThere = others.some((person) => isIn(person, id))
  if (made?.kind !== 'saved' || link === undefined || !isThere) return undefined
  network.setOnline(alice.device(), 'offline')
  const guest = await enter(world, 'gina', 8)
  const ask = async (person: Person): Promise<void> => {
    await waitFor(world, (await engineOf(person)).openInvite({ link: link.text }))
    await waitFor(world, (await engineOf(person)).joinGroup({ conversation: id }))
  }
  await ask(guest)
  await scheduler.run(5 * 60_000)
  network.setOnline(alice.device(), 'online')
  await scheduler.run(60_000)
  await waitFor(world, (await engineOf(alice)).closeGroupLink({ conversation: id, link: link.link }))
  await scheduler.run(60_000)
  const late = await enter(world, 'henry', 9)
  await ask(late)
  await scheduler.run(5 * 60_000)
  return { guest, late }
}

const isIn = (person: Person, id: ConversationId): boolean => {
  const { self, conversations } = nodeOn(person.disk())
  return conversations.get(id)?.group?.membership.members.has(self.account) === true
}

/** What is wrong about who came by the link, in the end. */
export function wrongByLink(id: ConversationId, { guest, late }: Linked): readonly string[] {
  const wrong: string[] = []
  if (!isIn(guest, id)) wrong.push(`${guest.name} was not let in by the link, though all was well`)
  if (isIn(late, id)) wrong.push(`${late.name} came in by a link that was taken back`)
  return wrong
}
