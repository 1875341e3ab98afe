// One life of a group whose members are at two relays. They crash, lose their network, relays restart; then one of the two dies for good, and its disk with
// it, while they write, and somebody may come by a link that names it. Nothing that was acknowledged may be missing or doubled for anybody.

import { nodeOn } from './disk.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { comeTogether, SECOND } from './two-relays.ts'
import { crash, createWorld, enter, lived, meet, one, refuseOnce, rise, settle, waitFor } from './world.ts'
import type { AccountId, ConversationId } from '../../src/bytes/ids.ts'
import type { Life, World } from './world.ts'
import type { Person } from './person.ts'
import type { Sabotage } from './sabotage.ts'

const NAMES = ['bob', 'carol', 'dave', 'erin'] as const
const STEPS = 12
const TEXTS_MAX = 8
/** Probability that somebody comes by a link once the relay is gone. */
const LINKED = 0.6
const LINK = { uses: 5, ms: 7 * 86_400_000 }

type Band = { readonly world: World; readonly id: ConversationId; readonly people: readonly Person[] }

const accountOf = (person: Person): AccountId => nodeOn(person.disk()).self.account

export async function liveGroupAtTwo(seed: number, sabotage: Sabotage | undefined): Promise<Life> {
  const world = createWorld(seed, sabotage, [SECOND])
  const { luck, scheduler } = world
  world.network.direct.faults = { dials: 0, linkBreaks: 0 }
  const people = [await enter(world, 'alice', 1)]
  for (const [at, name] of NAMES.slice(0, luck.whole(2, NAMES.length)).entries()) {
    const person = await enter(world, name, 2 + at)
    if ((await meet(world, people[0] as Person, person)) === undefined) world.broken.push(`${name} never came, though all was well`)
    people.push(person)
  }
  for (const person of people) await rise(world, person)
  await scheduler.run(30_000)
  const id = world.broken.length > 0 ? undefined : await found(world, people)
  if (id === undefined) {
    world.broken.push('nobody could make a group')
    return lived(world, seed)
  }
  await scheduler.run(60_000)
  const band: Band = { world, id, people }
  const link = luck.chance(LINKED) ? await linkOf(band) : undefined
  await trouble(band)
  await endOfOne(band, link)
  return lived(world, seed)
}

async function found(world: World, [alice, ...others]: readonly Person[]): Promise<ConversationId | undefined> {
  const members = others.map(accountOf)
  const made = alice && (await waitFor(world, alice.engine().createGroup({ title: 'band', members, ref: 'band' })))
  return made?.kind === 'created' ? made.conversation : undefined
}

async function linkOf({ world, id, people: [alice] }: Band): Promise<string | undefined> {
  if (alice === undefined) return undefined
  await waitFor(world, alice.engine().openGroupLink({ conversation: id, ...LINK }))
  await world.scheduler.run(30_000)
  return (await waitFor(world, alice.look(id)))?.groupLink?.text
}

async function trouble(band: Band): Promise<void> {
  const { world, people } = band
  const { luck, network, scheduler } = world
  world.isTroubled = true
  for (const relay of network.relays) relay.faults = { ...NO_RELAY_FAULTS, breaks: luck.next() * 0.1, duplicates: luck.next() * 0.2 }
  for (let step = 0; step < STEPS; step++) {
    const person = one(people, luck)
    const dice = luck.next()
    if (dice < 0.5) await say(band, person)
    else if (dice < 0.6) crash(world, person)
    else if (dice < 0.78) await rise(world, person)
    else if (dice < 0.84 && person.isUp()) network.setOnline(person.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.95) one(network.relays, luck).restart(luck.whole(100, 20_000), luck.chance(0.2) ? 'lost' : 'kept')
    else refuseOnce(person)
    await scheduler.run(luck.chance(0.3) ? luck.whole(1_000, 30_000) : luck.whole(0, 1_000))
  }
  await comeTogether(world, people)
}

/** Some write while others are away, and a relay goes in the midst of it; then everybody is back, and says nothing more. */
async function endOfOne(band: Band, link: string | undefined): Promise<void> {
  const { world, people } = band
  const { luck, network, scheduler } = world
  for (const person of people.slice(1)) if (luck.chance(0.4)) crash(world, person)
  const texts = luck.whole(2, TEXTS_MAX)
  const last = luck.whole(0, texts - 1)
  for (let at = 0; at < texts; at++) {
    await say(band, one(people, luck))
    await scheduler.run(luck.whole(0, 4_000))
    if (at === last) one(network.relays, luck).perish()
  }
  await scheduler.run(luck.whole(0, 20_000))
  const guest = link === undefined ? undefined : await come(band, link)
  world.isCalm = true
  for (const person of people) await rise(world, person)
  world.broken.push(...(await settle(world, () => lacking(band, guest))))
}

/** Somebody comes by the link, whichever of the two relays it names, and whoever is away. */
async function come({ world }: Band, link: string): Promise<Person | undefined> {
  const guest = await enter(world, 'zoe', undefined)
  await rise(world, guest)
  await world.scheduler.run(5_000)
  const opened = await waitFor(world, guest.engine().openInvite({ link }))
  if (opened?.kind !== 'opened') {
    world.broken.push(`the link did not open: ${JSON.stringify(opened)}`)
    return undefined
  }
  await waitFor(world, guest.engine().joinGroup({ conversation: opened.conversation }))
  return guest
}

async function lacking({ world, id, people }: Band, guest: Person | undefined): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const person of people) {
    const view = await waitFor(world, person.look(id))
    const seen = view?.messages.flatMap((message) => (message.kind === 'text' ? [message] : [])) ?? []
    for (const text of people.flatMap(({ saved }) => [...saved.keys()].filter((key) => key.startsWith('band ')))) {
      const times = seen.filter((other) => other.text === text).length
      if (times !== 1) wrong.push(`“${text}” is there ${times} times for ${person.name}`)
    }
    const late = seen.filter(({ mine, state }) => mine && (state === 'saved' || state === 'relay'))
    if (late.length > 0) wrong.push(`${late.length} messages of ${person.name} never got their tick`)
    if (person.waiting() > 0) wrong.push(`${person.waiting()} messages of ${person.name} were never acknowledged`)
  }
  if (guest === undefined) return wrong
  const isIn = (person: Person): boolean =>
    nodeOn(person.disk()).conversations.get(id)?.group?.membership.members.has(accountOf(guest)) === true
  for (const person of [...people, guest]) if (!isIn(person)) wrong.push(`zoe came by the link, and ${person.name} does not know it`)
  return wrong
}

/** Says something, and waits until it is saved, unless its process dies before that. */
async function say({ world, id }: Band, person: Person): Promise<void> {
  if (!person.isUp()) return
  world.messages += 1
  const text = `band ${person.name} ${world.messages}`
  person.say(id, text)
  for (let at = 0; at < 100 && person.isUp() && !person.saved.has(text); at++) await world.scheduler.run(5)
}
