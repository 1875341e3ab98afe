// One life of a group: three to six people who know one of them, made, added, removed, raised and left by commands, amid crashes and losses. In the end
// all who are members see the same members and, as far back as they were there, the same messages; and nobody has read what was written without them.

import { NO_DIRECT_FAULTS } from './direct-path.ts'
import { nodeOn } from './disk.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { keyAt } from '../../src/group/sender-chain.ts'
import { joinByLink, wrongByLink } from './link-life.ts'
import { isForLater, roleIn } from '../../src/node/groups/standing.ts'
import { entryOfRow } from '../../src/node/rows/stored-entry.ts'
import { StoreError } from '../../src/ports.ts'
import { crash, createWorld, enter, lived, meet, one, refuseOnce, restartRelay, rise, settle, waitFor } from './world.ts'
import type { AccountId, ConversationId } from '../../src/bytes/ids.ts'
import { createSeeded } from './seeded.ts'
import type { EntryHeader } from '../../src/wire/entry.ts'
import type { Life, World } from './world.ts'
import type { Person } from './person.ts'
import type { Sabotage } from './sabotage.ts'

const NAMES = ['bob', 'carol', 'dave', 'erin', 'fred'] as const
const STEPS = 16
/** Probability that somebody is removed who has just added another one, of which whoever removes it knows nothing. */
const DEPOSED = 0.3
/** Probability that somebody comes by a link, while whoever made it is away, and another one after it was taken back. */
const LINKED = 0.3

type Band = {
  readonly world: World
  readonly id: ConversationId
  readonly people: readonly Person[]
  /** Whom nobody has removed, and who has not left or come later: they see everything. */
  readonly steady: Set<Person>
  texts: number
}

export async function liveGroup(seed: number, sabotage: Sabotage | undefined): Promise<Life> {
  const world = createWorld(seed, sabotage)
  const { luck } = world
  const alice = await enter(world, 'alice', 1)
  const others: Person[] = []
  for (const [at, name] of NAMES.slice(0, luck.whole(2, NAMES.length)).entries()) {
    const person = await enter(world, name, 2 + at)
    if ((await meet(world, alice, person)) === undefined) world.broken.push(`${name} never came, though all was well`)
    others.push(person)
  }
  const band = world.broken.length > 0 ? undefined : await found(world, [alice, ...others])
  if (band === undefined) world.broken.push('nobody could make a group')
  else {
    await trouble(band)
    // By a number of its own, so that all else goes as it would without.
    if (createSeeded(seed + 9_000_011).chance(DEPOSED)) await depose(band)
    const linked = createSeeded(seed + 9_000_023).chance(LINKED) ? await joinByLink(band) : undefined
    const all = linked === undefined ? band : { ...band, people: [...band.people, linked.guest] }
    world.broken.push(...(await calm(all)), ...(linked === undefined ? [] : wrongByLink(band.id, linked)))
  }
  return lived(world, seed)
}

const accountOf = (person: Person): AccountId => nodeOn(person.disk()).self.account

async function found(world: World, people: readonly Person[]): Promise<Band | undefined> {
  const [alice, ...others] = people as [Person, ...Person[]]
  for (const person of people) await rise(world, person)
  await world.scheduler.run(20_000)
  const count = world.luck.whole(1, others.length)
  const first = others.slice(0, count)
  const made = await waitFor(world, alice.engine().createGroup({ title: 'band', members: first.map(accountOf), ref: 'band' }))
  if (made?.kind !== 'created') return undefined
  return { world, id: made.conversation, people, steady: new Set([alice, ...first]), texts: 0 }
}

async function trouble(band: Band): Promise<void> {
  const { world, people } = band
  const { luck, network, scheduler } = world
  world.isTroubled = true
  network.relay.faults = { ...NO_RELAY_FAULTS, breaks: luck.next() * 0.1, duplicates: luck.next() * 0.2, reorders: luck.next() * 0.1 }
  network.direct.faults = { dials: luck.next(), linkBreaks: luck.next() * 0.15 }
  for (let step = 0; step < STEPS; step++) {
    const person = one(people, luck)
    const dice = luck.next()
    if (dice < 0.4) say(band, person)
    else if (dice < 0.62) await act(band)
    else if (dice < 0.72) crash(world, person)
    else if (dice < 0.88) await rise(world, person)
    else if (dice < 0.92 && person.isUp()) network.setOnline(person.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.96) restartRelay(world)
    else refuseOnce(person)
    await scheduler.run(luck.chance(0.4) ? luck.whole(1_000, 30_000) : luck.whole(0, 500))
  }
}

/** Somebody who may does something to another one. */
async function act(band: Band): Promise<void> {
  const { world, id, people, steady } = band
  const { luck } = world
  const [alice] = people as [Person, ...Person[]]
  const actor = luck.chance(0.7) ? alice : one(people, luck)
  const target = one(people.slice(1), luck)
  if (!actor.isUp() || actor === target) return
  const account = accountOf(target)
  const dice = luck.next()
  const place = { conversation: id }
  const isLeaving = dice >= 0.9
  if (dice < 0.35) await tried(world, actor.engine().addMembers({ ...place, members: [account] }))
  else if (dice < 0.65) await leaves(band, target, actor.engine().removeMember({ ...place, account }))
  else if (dice < 0.69) await tried(world, actor.engine().setGroupHistory({ ...place, isShown: dice < 0.68 }))
  else if (dice < 0.8) await tried(world, actor.engine().setRole({ ...place, account, role: 'admin' }))
  else if (!isLeaving) await tried(world, actor.engine().setRole({ ...place, account, role: 'member' }))
  else if (target.isUp()) await leaves(band, target, target.engine().leaveGroup(place))
  // Whoever is seen to be none, somewhere, is not held to seeing everything.
  for (const person of people) if (person.isUp() && !isMember(band, actor, accountOf(person))) steady.delete(person)
}

/** An admin adds a contact of its own while the owner, who is away, removes that admin: what all see in the end is that neither is a member. */
async function depose(band: Band): Promise<void> {
  const { world, id, people } = band
  const { network, scheduler } = world
  const [alice, ...others] = people as [Person, ...Person[]]
  for (const person of people) {
    person.refuse = undefined
    await rise(world, person)
  }
  const admin = others.find((person) => isMember(band, alice, accountOf(person)))
  const added = others.find((person) => person !== admin && !isMember(band, alice, accountOf(person)))
  if (admin === undefined || added === undefined) return
  const account = accountOf(admin)
  // Some are still about to crash.
  const engineOf = async (person: Person) => {
    await rise(world, person)
    return person.engine()
  }
  await tried(world, (await engineOf(alice)).setRole({ conversation: id, account, role: 'admin' }))
  if ((await meet(world, admin, added)) === undefined) return
  await scheduler.run(30_000)
  network.setOnline(alice.device(), 'offline')
  await tried(world, (await engineOf(admin)).addMembers({ conversation: id, members: [accountOf(added)] }))
  await scheduler.run(20_000)
  await leaves(band, admin, (await engineOf(alice)).removeMember({ conversation: id, account }))
  network.setOnline(alice.device(), 'online')
}

/** A disk that is full refuses a command as well. */
const tried = <T>(world: World, command: Promise<T>): Promise<T | undefined> =>
  waitFor(
    world,
    command.catch((error: unknown) => {
      if (error instanceof StoreError) return undefined
      throw error
    }),
  )

async function leaves(band: Band, target: Person, command: Promise<{ readonly kind: string }>): Promise<void> {
  const outcome = await tried(band.world, command)
  // One of which nobody knows what came of it may have been done.
  if (outcome?.kind === 'refused') return
  band.steady.delete(target)
}

const membersOf = (band: Band, person: Person): readonly AccountId[] => [
  ...(nodeOn(person.disk()).conversations.get(band.id)?.group?.membership.members.keys() ?? []),
]
const isMember = (band: Band, person: Person, account: AccountId): boolean => membersOf(band, person).includes(account)

const membersSeen = ({ world, id }: Band, person: Person): Promise<readonly AccountId[]> =>
  waitFor(
    world,
    new Promise<readonly AccountId[]>((resolve) => {
      const stop = person.engine().watchMembers({ conversation: id }, (views) => {
        resolve(views.map(({ account }) => account))
        world.scheduler.after(0, () => stop())
      })
    }),
  ).then((members) => members ?? [])

function say(band: Band, person: Person): void {
  const { world, id } = band
  if (!person.isUp() || !isMember(band, person, accountOf(person))) return
  band.texts += 1
  world.messages += 1
  const text = `${person.name} ${band.texts}`
  person.say(id, text)
  if (world.luck.chance(0.2)) world.scheduler.after(world.luck.whole(0, 12), () => crash(world, person))
}

async function calm(band: Band): Promise<readonly string[]> {
  const { world, people } = band
  const { network } = world
  network.relay.faults = NO_RELAY_FAULTS
  network.direct.faults = world.luck.chance(0.5) ? NO_DIRECT_FAULTS : { dials: 0, linkBreaks: 0 }
  world.isTroubled = false
  world.isCalm = true
  for (const person of people) {
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  if (network.direct.faults.dials === 0) network.direct.cut()
  network.relay.restart(1_000, 'kept')
  await world.scheduler.run(60_000)
  // Whoever heard nothing of what happened hears of it with the next word.
  for (const person of people) say(band, person)
  return settle(world, () => wrongIn(band))
}

/** `isForLater`: the group showed it to whoever came later, as far as its author knew. */
type Written = { readonly header: EntryHeader; readonly without: readonly AccountId[]; readonly isForLater: boolean }

/** Texts, and who was no member as far as their author knew when it wrote them: what waited for room on a disk was written later than it was said. */
function textsIn({ id, people }: Band): ReadonlyMap<string, Written> {
  const written = new Map<string, Written>()
  for (const person of people) {
    const group = nodeOn(person.disk()).conversations.get(id)?.group
    const rows = [...(person.disk().tables.get('entries') ?? [])].map(([, { value }]) => entryOfRow(value))
    for (const [text, entry] of person.savedIn(id)) {
      const header = rows.find((row) => row.id === entry)?.header
      const heads = header && group?.states.get(toHex(header.members))
      if (group === undefined || header === undefined || heads === undefined) continue
      const without = people.map(accountOf).filter((account) => roleIn(group, account, heads) === undefined)
      written.set(text, { header, without, isForLater: isForLater(group, heads) })
    }
  }
  return written
}

// Whatever way an entry may take, only who was there when it was written has what opens it.
function holdsKeyOf({ id }: Band, person: Person, { device, chain, step }: EntryHeader): boolean {
  const held = nodeOn(person.disk()).conversations.get(id)?.chains.get(device) ?? []
  return held.some((other) => other.chain === chain && keyAt(other, step).kind === 'key')
}

async function wrongIn(band: Band): Promise<readonly string[]> {
  const { world, id, people, steady } = band
  const written = textsIn(band)
  const [alice] = people as [Person, ...Person[]]
  const wrong: string[] = []
  const expected = membersOf(band, alice).toSorted()
  const shown = new Map<Person, readonly string[]>()
  for (const person of people) {
    const view = await waitFor(world, person.look(id))
    const texts = view?.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : [])) ?? []
    shown.set(person, texts)
    const account = accountOf(person)
    for (const [text, { header, without, isForLater: mayRead }] of written) {
      if (!without.includes(account)) continue
      if (texts.includes(text) && !mayRead) wrong.push(`${person.name} reads “${text}”, which was written without them`)
      if (holdsKeyOf(band, person, header)) wrong.push(`${person.name} holds the key of “${text}”, which was written without them`)
    }
    if (new Set(texts).size < texts.length) wrong.push(`${person.name} sees something twice`)
    if (!expected.includes(account)) continue
    const members = (await membersSeen(band, person)).toSorted()
    if (members.join() !== expected.join()) wrong.push(`${person.name} sees ${members.length} members, and alice ${expected.length}`)
  }
  for (const { lines } of people) wrong.push(...lines.filter((line) => line.includes('a step failed')))
  const all = shown.get(alice) ?? []
  for (const person of steady) {
    const texts = shown.get(person) ?? []
    if (texts.join() !== all.join())
      wrong.push(`different conversations: ${person.name} sees ${texts.join(', ')}, and alice ${all.join(', ')}`)
    for (const text of person.savedIn(id).keys()) if (!all.includes(text)) wrong.push(`“${text}” is there 0 times`)
  }
  return wrong
}
