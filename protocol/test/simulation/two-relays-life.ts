// One life of two people whose conversation lies at two relays. Both crash and lose their network, relays restart; then one of the two dies for good, and
// its disk with it, while they write. Nothing that was acknowledged may be missing or doubled, without a direct way between them and without a further word.

import { toHex } from '../../src/bytes/bytes.ts'
import { peerOn } from './disk.ts'
import { earlyTicks } from './promises.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { comeTogether, SECOND } from './two-relays.ts'
import { crash, createWorld, enter, lived, meet, one, refuseOnce, rise, settle, waitFor } from './world.ts'
import type { Ledger, Standing } from './ledger.ts'
import type { Chat } from './chats.ts'
import type { Life, World } from './world.ts'
import type { Person } from './person.ts'
import type { RelayPath } from './relay-path.ts'
import type { Sabotage } from './sabotage.ts'

const STEPS = 12
const TEXTS_MAX = 6

type AtTwo = { readonly world: World; readonly chat: Chat; readonly people: readonly [Person, Person] }

export async function liveAtTwo(seed: number, sabotage: Sabotage | undefined): Promise<Life> {
  const world = createWorld(seed, sabotage, [SECOND])
  const people = [await enter(world, 'alice', undefined), await enter(world, 'bob', undefined)] as const
  world.network.direct.faults = { dials: 0, linkBreaks: 0 }
  const chat = await meet(world, ...people)
  if (chat === undefined) {
    world.broken.push('they never met, though all was well')
    return lived(world, seed)
  }
  for (const person of people) await rise(world, person)
  await world.scheduler.run(30_000)
  const life: AtTwo = { world, chat, people }
  await trouble(life)
  await endOfOne(life)
  return lived(world, seed)
}

async function trouble(life: AtTwo): Promise<void> {
  const { world, people } = life
  const { luck, network, scheduler } = world
  world.isTroubled = true
  for (const relay of network.relays)
    relay.faults = {
      ...NO_RELAY_FAULTS,
      breaks: luck.next() * 0.1,
      duplicates: luck.next() * 0.2,
      drops: luck.chance(0.3) ? luck.next() * 0.3 : 0,
    }
  for (let step = 0; step < STEPS; step++) {
    const person = one(people, luck)
    const dice = luck.next()
    if (dice < 0.45) await say(life, person)
    else if (dice < 0.55) crash(world, person)
    else if (dice < 0.6) person.crashAt(luck.whole(1, 14))
    else if (dice < 0.75) await rise(world, person)
    else if (dice < 0.82 && person.isUp()) network.setOnline(person.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.95) one(network.relays, luck).restart(luck.whole(100, 20_000), luck.chance(0.3) ? 'lost' : 'kept')
    else refuseOnce(person)
    await scheduler.run(luck.chance(0.3) ? luck.whole(1_000, 30_000) : luck.whole(0, 1_000))
    world.broken.push(...(await earlyTicks(aroundOf(life), life.chat, (promise) => waitFor(world, promise))))
  }
  await comeTogether(world, people)
}

/** One writes to the other, who is there or not, and a relay goes in the midst of it; then everybody is back, and says nothing more. */
async function endOfOne(life: AtTwo): Promise<void> {
  const { world, people } = life
  const { luck, network, scheduler } = world
  const [author, other] = luck.chance(0.5) ? people : ([people[1], people[0]] as const)
  const isAway = luck.chance(0.7)
  if (isAway) crash(world, other)
  const texts = luck.whole(1, TEXTS_MAX)
  const last = luck.whole(0, texts - 1)
  for (let at = 0; at < texts; at++) {
    await say(life, author)
    if (!isAway && luck.chance(0.5)) await say(life, other)
    await scheduler.run(luck.whole(0, 4_000))
    if (at === last) (luck.chance(0.8) ? usedBy(life, author) : one(network.relays, luck)).perish()
  }
  if (luck.chance(0.3)) crash(world, author)
  await scheduler.run(luck.whole(0, 20_000))
  world.isCalm = true
  for (const person of people) await rise(world, person)
  world.broken.push(...(await settle(world, () => lacking(life))))
  world.broken.push(...(await earlyTicks(aroundOf(life), life.chat, (promise) => waitFor(world, promise))))
}

/** Where this person's words go now. */
function usedBy({ world: { network } }: AtTwo, person: Person): RelayPath {
  const used = toHex(peerOn(person).outbox?.relay.key ?? new Uint8Array())
  return network.relays.find((relay) => toHex(relay.address().key) === used) ?? network.relay
}

async function lacking({ world, chat, people }: AtTwo): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const person of people) {
    const view = await waitFor(world, person.look(chat.id))
    const seen = view?.messages.flatMap((message) => (message.kind === 'text' ? [message] : [])) ?? []
    for (const text of people.flatMap(({ saved }) => [...saved.keys()])) {
      const times = seen.filter((other) => other.text === text).length
      if (times !== 1) wrong.push(`“${text}” is there ${times} times for ${person.name}`)
    }
    const late = seen.filter(({ mine, state }) => mine && (state === 'saved' || state === 'relay'))
    if (late.length > 0) wrong.push(`${late.length} messages of ${person.name} never got their tick`)
    if (person.waiting() > 0) wrong.push(`${person.waiting()} messages of ${person.name} were never acknowledged`)
  }
  return wrong
}

const ORDER: readonly Standing[] = ['held', 'lost', 'let-go', 'never']

/** What either of the relays really stores. */
function aroundOf({ world }: AtTwo): World {
  const ledgers = world.network.relays.map(({ ledger }) => ledger)
  const ledger: Ledger = {
    ...world.ledger,
    hasBeenIn: (...asked) => ledgers.some((each) => each.hasBeenIn(...asked)),
    standingOf: (...asked) => {
      const standings = ledgers.map((each) => each.standingOf(...asked))
      return ORDER.find((standing) => standings.includes(standing)) ?? 'never'
    },
  }
  return { ...world, ledger }
}

/** Says something, and waits until it is saved, unless its process dies before that. */
async function say(life: AtTwo, person: Person): Promise<void> {
  const { world, chat } = life
  if (!person.isUp()) return
  world.messages += 1
  const text = `${person.name} ${world.messages}`
  person.say(chat.id, text)
  for (let at = 0; at < 100 && person.isUp() && !person.saved.has(text); at++) await world.scheduler.run(5)
}
