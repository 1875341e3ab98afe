// One life of two people over virtual days, of whom somebody has copied both disks, and overhears all that they seal for each other; and finds out what
// X25519 hides. They crash, lose their network and their relay. In the end, when both have been there for a while, the copy must not read any more.

import { CHAIN_RENEWAL_MESSAGES, CHAIN_RENEWAL_MS } from '../../src/limits.ts'
import { NO_DIRECT_FAULTS } from './direct-path.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { spyOn } from './spy.ts'
import { crash, createWorld, enter, lived, meet, one, refuseOnce, restartRelay, rise, settle, waitFor } from './world.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Life, World } from './world.ts'
import type { Person } from './person.ts'
import type { Sabotage } from './sabotage.ts'
import type { Spy } from './spy.ts'

const STEPS = 16
/** What is sealed is overheard that often, ms, and both are watched for so long after something happened. */
const LISTENING_MS = 250
const ATTENTIVE_MS = 8_000

type Watched = {
  readonly world: World
  readonly id: ConversationId
  readonly people: readonly [Person, Person]
  readonly spy: Spy
  texts: number
}

export async function liveHealing(seed: number, sabotage: Sabotage | undefined): Promise<Life> {
  const world = createWorld(seed, sabotage)
  const people = [await enter(world, 'alice', undefined), await enter(world, 'bob', undefined)] as const
  const chat = await meet(world, ...people)
  if (chat === undefined) {
    world.broken.push('they never met, though all was well')
    return lived(world, seed)
  }
  for (const person of people) await rise(world, person)
  await world.scheduler.run(20_000)
  const spy = spyOn(chat.id, people, { robbed: ['alice', 'bob'], isQuantum: true })
  const watched: Watched = { world, id: chat.id, people, spy, texts: 0 }
  await say(watched, people[0])
  if (!spy.reads(people[0])) world.broken.push('the copy does not read what is written next, so it proves nothing')
  await trouble(watched)
  await calm(watched)
  return lived(world, seed)
}

async function trouble(watched: Watched): Promise<void> {
  const { world, people } = watched
  const { luck, network } = world
  world.isTroubled = true
  network.relay.faults = { ...NO_RELAY_FAULTS, breaks: luck.next() * 0.1, duplicates: luck.next() * 0.2, reorders: luck.next() * 0.1 }
  network.direct.faults = { dials: luck.next(), linkBreaks: luck.next() * 0.15 }
  for (let step = 0; step < STEPS; step++) {
    const person = one(people, luck)
    const dice = luck.next()
    if (dice < 0.45) await say(watched, person)
    else if (dice < 0.55) crash(world, person)
    else if (dice < 0.65) person.crashAt(luck.whole(1, 14))
    else if (dice < 0.85) await rise(world, person)
    else if (dice < 0.9 && person.isUp()) network.setOnline(person.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.95) restartRelay(world)
    else refuseOnce(person)
    await pass(watched, luck.whole(0, 5_000))
    if (luck.chance(0.4)) await night(watched, luck.whole(1, CHAIN_RENEWAL_MS))
  }
}

/** All faults end. Two chains of each later the copy is of no use, and every text is where it belongs. */
async function calm(watched: Watched): Promise<void> {
  const { world, people, spy } = watched
  const { network } = world
  for (const person of people) person.crashAt(Infinity)
  network.relay.faults = NO_RELAY_FAULTS
  network.direct.faults = NO_DIRECT_FAULTS
  for (const person of people) {
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  world.isCalm = true
  await pass(watched, 120_000)
  const byCount = world.luck.chance(0.3)
  for (const person of people) {
    const until = watched.texts + 2 * CHAIN_RENEWAL_MESSAGES
    for (let round = 0; byCount ? watched.texts < until : round < 2; round++) {
      if (!byCount) await night(watched, CHAIN_RENEWAL_MS)
      await say(watched, person)
      await pass(watched, byCount ? 500 : ATTENTIVE_MS)
    }
    if (!byCount) await night(watched, CHAIN_RENEWAL_MS)
  }
  for (const person of people) {
    await say(watched, person)
    if (spy.reads(person)) world.broken.push(`a copy of both reads what ${person.name} writes, two chains later`)
  }
  world.broken.push(...(await settle(world, () => lacking(watched))))
}

async function lacking({ world, id, people }: Watched): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const person of people) {
    const view = await waitFor(world, person.look(id))
    const seen = view?.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : [])) ?? []
    for (const text of people.flatMap(({ saved }) => [...saved.keys()])) {
      const times = seen.filter((other) => other === text).length
      if (times !== 1) wrong.push(`“${text}” is there ${times} times for ${person.name}`)
    }
  }
  return wrong
}

/** Says something, and waits until it is saved, unless its process dies before that. */
async function say(watched: Watched, person: Person): Promise<void> {
  const { world, id, spy } = watched
  if (!person.isUp()) return
  watched.texts += 1
  world.messages += 1
  const text = `${person.name} ${watched.texts}`
  person.say(id, text)
  for (let at = 0; at < 100 && person.isUp() && !person.saved.has(text); at++) await world.scheduler.run(5)
  spy.listen()
}

async function pass({ world, spy }: Watched, ms: number): Promise<void> {
  const { scheduler } = world
  for (const until = scheduler.now() + ms; scheduler.now() < until; spy.listen())
    await scheduler.run(Math.min(LISTENING_MS, until - scheduler.now()))
}

/** Whoever is there is not for a while, in which nothing happens. */
async function night(watched: Watched, ms: number): Promise<void> {
  const { world, people } = watched
  const awake = people.filter((person) => person.isUp())
  for (const person of awake) person.crash()
  await world.scheduler.run(ms)
  for (const person of awake) await rise(world, person)
  await pass(watched, ATTENTIVE_MS)
}
