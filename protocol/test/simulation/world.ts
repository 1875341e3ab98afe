// One life, decided by a seed: two to five people with one to three devices each meet by invites, write, lose their network, crash and come back; the
// relay restarts and misbehaves. Then all faults end, and what must be true is checked. Nothing acknowledged may be missing or doubled, and all
// devices must see the same.

import { NO_DIRECT_FAULTS } from './direct-path.ts'
import { usedDisk } from './disks.ts'
import { backupOf, forget, loseBy } from './backups.ts'
import { devicesIn } from './chats.ts'
import { createDeeds } from './deeds.ts'
import { isLevel, linkDevice } from './devices.ts'
import { conversationOn } from './disk.ts'
import { findings } from './findings.ts'
import { createNetwork } from './network.ts'
import { createPerson } from './person.ts'
import { brokenPromises, earlyDeposits, earlyTicks, unreadTicks } from './promises.ts'
import { relate } from './relating.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { StoreError } from '../../src/ports.ts'
import { createRemovals } from './removals.ts'
import { createScheduler, passUntilSettled } from './scheduler.ts'
import { createSeeded } from './seeded.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'
import type { Chat } from './chats.ts'
import type { Deeds } from './deeds.ts'
import type { Person } from './person.ts'
import type { Around, Waiting } from './promises.ts'
import type { Removals } from './removals.ts'
import type { Sabotage } from './sabotage.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'
import type { SimulatedNetwork } from './network.ts'

export type Life = {
  readonly seed: number
  readonly messages: number
  readonly crashes: number
  readonly restores: number
  readonly devices: number
  readonly broken: readonly string[]
  readonly lines: readonly string[]
}

const START_MS = 1_800_000_000_000
/** Probability that both begin on new devices. */
const NEW_DEVICES = 0.2
/** Probability that somebody's disk is kept at a step, to be restored later. */
const BACKUPS = 0.5
/** Probability that somebody makes or removes another chat at a step. */
const REMOVALS = 0.2
/** Probability that somebody does something to a message at a step. */
const RELATIONS = 0.4
/** Probability that there are more people than two, and that there are more devices than one each. */
const MORE_PEOPLE = 0.15
const MORE_DEVICES = 0.25
/** Probability that the first two have so many devices that what they write goes to the others jointly. */
const MANY_DEVICES = 0.012
const DEVICES_EACH = 5
/** Steps of the troubled part; each is followed by a pause. */
const STEPS = 14
/** Of all lives, those in which disks are restored. There names, titles and what was read go back too, and are not held to anything. */
const RESTORED_LIVES = 0.5
/** Longer than every retry, backoff and question of the engine takes. */
const QUIET_MS_MAX = 600_000
const QUIET_STEP_MS = 20_000
const PATIENCE_MS = 60_000

/** In one life of three chats go to rest and wake all the time, in the others whenever it is quiet for a while, ms. */
const [REST_MS_SHORT, REST_MS_LONG] = [500, 10_000]
const RESTLESS_LIVES = 1 / 3

/** Of all lives, those in which somebody writes and writes while others are away: what waits for them is put together. */
const TALKATIVE_LIVES = 0.05
const TALKS = 0.1

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin'] as const

export type World = Around & {
  readonly luck: Seeded
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  readonly sabotage: Sabotage | undefined
  readonly devices: Person[]
  readonly deeds: Map<Person, Deeds>
  readonly chats: Chat[]
  readonly broken: string[]
  /** Disks as they were. */
  readonly backups: Map<Person, MemoryStoreImage>
  isRelayKept: boolean
  /** Whether disks are replaced by older ones in this life. */
  readonly mayRestore: boolean
  crashes: number
  restores: number
  messages: number
  /** Of names and titles. */
  changes: number
  isTroubled: boolean
  isCalm: boolean
  readonly removals: Removals & { readonly luck: Seeded }
  /** Decides what is done to messages. */
  readonly relations: Seeded
  /** Decides who else there is. */
  readonly crowd: Seeded
  readonly isCrowded: boolean
  readonly restMs: number
  /** Decides who writes a great deal, in lives in which somebody does. */
  readonly talk: Seeded
  readonly isTalkative: boolean
}

export async function livePairs(seed: number, sabotage?: Sabotage): Promise<Life> {
  const world = createWorld(seed, sabotage)
  const isNew = world.luck.chance(NEW_DEVICES)
  const [alice, bob] = [await enter(world, NAMES[0], isNew ? undefined : 1), await enter(world, NAMES[1], isNew ? undefined : 2)]
  if ((await meet(world, alice, bob)) === undefined) world.broken.push('they never met, though all was well')
  else {
    await crowd(world)
    await trouble(world)
    if (!world.isCrowded || world.broken.length === 0) world.broken.push(...(await calm(world)))
  }
  return lived(world, seed)
}

/** What a life has come to. */
export function lived(world: World, seed: number): Life {
  world.broken.push(...findings.take())
  const { messages, crashes, restores, broken, devices } = world
  const lines = devices.flatMap((one) => one.lines).toSorted()
  return { seed, messages, crashes, restores, devices: devices.length, broken, lines }
}

/** `also`: addresses of more relays than one. */
export function createWorld(seed: number, sabotage: Sabotage | undefined, also: readonly string[] = []): World {
  const luck = createSeeded(seed)
  const scheduler = createScheduler(START_MS)
  const network = createNetwork(scheduler, luck.fork(), undefined, also)
  // Of their own, so that lives stay what they were.
  const beside = createSeeded(seed + 1_000_003)
  return {
    luck,
    scheduler,
    network,
    sabotage,
    devices: [],
    deeds: new Map(),
    chats: [],
    ledger: network.relay.ledger,
    broken: [],
    backups: new Map(),
    losses: { atRelay: new Set(), gone: new Set(), unreadable: new Set() },
    isRelayKept: true,
    mayRestore: luck.chance(RESTORED_LIVES),
    crashes: 0,
    restores: 0,
    messages: 0,
    changes: 0,
    isTroubled: false,
    isCalm: false,
    removals: { ...createRemovals(beside), luck: beside },
    relations: createSeeded(seed + 2_000_003),
    crowd: createSeeded(seed + 3_000_003),
    isCrowded: createSeeded(seed + 4_000_003).chance(MANY_DEVICES),
    restMs: createSeeded(seed + 5_000_003).chance(RESTLESS_LIVES) ? REST_MS_SHORT : REST_MS_LONG,
    talk: createSeeded(seed + 6_000_003),
    isTalkative: createSeeded(seed + 7_000_003).chance(TALKATIVE_LIVES),
  }
}

export async function enter(world: World, name: string, disk: MemoryStoreImage | number | undefined): Promise<Person> {
  const { scheduler, network, luck, sabotage } = world
  const image = typeof disk === 'number' ? await usedDisk(disk, START_MS) : disk
  const person = createPerson({
    name,
    scheduler,
    network,
    luck: luck.fork(),
    restMs: world.restMs,
    ...(image === undefined ? {} : { image }),
    ...(sabotage === undefined ? {} : { sabotage }),
  })
  world.devices.push(person)
  world.deeds.set(person, createDeeds(person))
  return person
}

/** One invites the other, and may be gone before the link is opened. */
export async function meet(world: World, one: Person, other: Person): Promise<Chat | undefined> {
  const { scheduler, luck } = world
  await rise(world, one)
  await scheduler.run(2_000)
  const made = await waitFor(world, one.engine().createConversation({ text: `welcome ${other.name}`, ref: `for ${other.name}` }))
  if (made?.kind !== 'created') return undefined
  await scheduler.run(3_000)
  const link = (await waitFor(world, one.look(made.conversation)))?.invite?.link
  if (link === undefined) return undefined
  if (luck.chance(0.5)) crash(world, one)
  await rise(world, other)
  await scheduler.run(2_000)
  const opened = await waitFor(world, other.engine().openInvite({ link }))
  if (opened?.kind !== 'opened') return undefined
  const chat: Chat = { id: opened.conversation, link, sides: [[one], [other]] }
  world.chats.push(chat)
  say(world, other, chat)
  return chat
}

/** More devices come, and then more people: what is sealed to one's device list before it has changed does not open any more. */
async function crowd(world: World): Promise<void> {
  const { crowd: luck, devices } = world
  const [alice, bob] = devices as [Person, Person, ...Person[]]
  if (world.isCrowded) await linkMore(world, [DEVICES_EACH - 1, DEVICES_EACH - 1])
  else if (luck.chance(MORE_DEVICES)) await linkMore(world)
  const people = luck.chance(MORE_PEOPLE) ? luck.whole(1, 3) : 0
  for (const [at, name] of NAMES.slice(2, 2 + people).entries()) {
    const host = luck.chance(0.5) ? alice : bob
    if ((await meet(world, host, await enter(world, name, 3 + at))) === undefined)
      world.broken.push(`${name} never came, though all was well`)
  }
}

/** `more`: how many on each side; left out: as luck has it. */
async function linkMore(world: World, more?: readonly [number, number]): Promise<void> {
  const { crowd: luck, scheduler } = world
  const [chat] = world.chats as [Chat, ...Chat[]]
  for (const person of devicesIn(chat)) await rise(world, person)
  for (const until = scheduler.now() + PATIENCE_MS; scheduler.now() < until && !isQuiet(chat);) await scheduler.run(1_000)
  if (!isQuiet(chat)) world.broken.push('two who are left alone never come to rest')
  for (const side of [0, 1] as const) for (let left = more?.[side] ?? luck.whole(0, 2); left > 0; left--) await link(world, chat, side)
  for (const person of devicesIn(chat)) await rise(world, person)
}

const isQuiet = (chat: Chat): boolean =>
  isLevel(
    devicesIn(chat).map((person) => person.disk()),
    chat.id,
  )

/** One device more for whoever is on that side of a chat. */
async function link(world: World, chat: Chat, at: 0 | 1): Promise<void> {
  const { crowd: luck, scheduler, network } = world
  const side = chat.sides[at]
  const [first] = side as [Person, ...Person[]]
  const others = devicesIn(chat).filter((person) => person !== first)
  for (const person of [first, ...others]) person.crash()
  const linking = { conversation: chat.id, relay: network.address, now: scheduler.now(), random: luck.bytes }
  const disks = await linkDevice(
    first.disk(),
    others.map((person) => person.disk()),
    linking,
  )
  for (const [index, person] of [first, ...others].entries()) person.put(disks[index] as MemoryStoreImage)
  const added = await enter(world, `${first.name} ${side.length + 1}`, disks.at(-1))
  added.putDocuments(first.documents())
  const sides = [...chat.sides] as [typeof side, typeof side]
  sides[at] = [...side, added]
  chat.sides = sides
}

async function trouble(world: World): Promise<void> {
  const { luck, network, scheduler, devices, removals } = world
  world.isTroubled = true
  network.relay.faults = {
    breaks: luck.next() * 0.1,
    duplicates: luck.next() * 0.2,
    reorders: luck.next() * 0.1,
    drops: luck.chance(0.3) ? luck.next() * 0.3 : 0,
    refusals: luck.chance(0.3) ? luck.next() * 0.3 : 0,
  }
  network.direct.faults = { dials: luck.next(), linkBreaks: luck.next() * 0.15 }
  if (world.isCrowded) talkThroughRelay(world)
  const old = new Set(devices.flatMap((person) => [...person.saved.values()]))
  for (let step = 0; step < STEPS; step++) {
    const someone = one(devices, luck)
    const chat = one(
      world.chats.filter((each) => devicesIn(each).includes(someone)),
      luck,
    )
    if (world.isCrowded) await talkToMany(world)
    if (world.isTalkative && !world.isCrowded && world.talk.chance(TALKS)) await talkToAbsent(world)
    if (luck.chance(BACKUPS)) keepDisk(world, someone)
    const dice = luck.next()
    if (dice < 0.42) say(world, someone, chat)
    else if (dice < 0.52) crash(world, someone)
    else if (dice < 0.7) await rise(world, someone)
    else if (dice < 0.76 && someone.isUp()) network.setOnline(someone.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.8) restartRelay(world)
    else if (dice < 0.85 && world.mayRestore) restoreDisk(world, someone)
    else if (dice < 0.87) for (const person of devices) crash(world, person)
    else if (dice < 0.885) someone.skew = luck.whole(-20, 20) * 3_600_000
    else if (dice < 0.9) refuseOnce(someone)
    else if (dice < 0.94) void deedsOf(world, someone).markRead(chat.id)
    else rename(world, someone, chat)
    if (world.relations.chance(RELATIONS))
      await relate(one(devicesIn(chat), world.relations), chat.id, { luck: world.relations, wait: waiting(world) })
    if (removals.luck.chance(REMOVALS)) removals.act(one(devices, removals.luck))
    await scheduler.run(luck.chance(0.3) ? luck.whole(1_000, 20_000) : luck.whole(0, 400))
    for (const each of world.chats) world.broken.push(...(await earlyTicks(world, each, waiting(world))))
    if (!world.isCrowded) continue
    world.broken.push(...earlyDeposits(world, world.chats[0] as Chat, (id) => old.has(id)))
    // So many devices take long, and it is known.
    if (world.broken.length > 0) return
  }
}

// What is deposited for many shows when few of them are reached directly, and when some mailboxes refuse what others take.
function talkThroughRelay({ network, crowd }: World): void {
  network.relay.faults = { ...network.relay.faults, refusals: 0.1 + crowd.next() * 0.2 }
  network.direct.faults = { ...network.direct.faults, dials: crowd.chance(0.5) ? 0 : crowd.next() * 0.3 }
  network.direct.cut()
}

/** One device writes again and again, so that it is for those who have its key already. */
async function talkToMany(world: World): Promise<void> {
  const { crowd, devices, chats, scheduler } = world
  const [author, chat] = [devices[0] as Person, chats[0] as Chat]
  await rise(world, author)
  for (let left = crowd.whole(1, 3); left > 0; left--) {
    say(world, author, chat)
    await scheduler.run(crowd.whole(500, 4_000))
  }
}

/** So much that what waits at the relay fills one larger blob, or two in turn. */
async function talkToAbsent(world: World): Promise<void> {
  const { talk, chats, scheduler } = world
  const chat = one(chats, talk)
  const author = one(devicesIn(chat), talk)
  for (const person of devicesIn(chat)) if (person !== author) crash(world, person)
  for (let left = talk.whole(9, 30); left > 0; left--) {
    if (talk.chance(0.1)) crash(world, author)
    await rise(world, author)
    write(world, author, chat)
    await scheduler.run(talk.whole(100, 2_000))
  }
}

/** Everybody is there, nothing breaks any more; some never find a direct way to each other. Answers what is still wrong in the end. */
async function calm(world: World): Promise<readonly string[]> {
  const { network, luck, devices, chats } = world
  network.relay.faults = NO_RELAY_FAULTS
  network.direct.faults = luck.chance(0.5) ? NO_DIRECT_FAULTS : { dials: 0, linkBreaks: 0 }
  world.isTroubled = false
  world.isCalm = true
  for (const person of devices) {
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  if (network.direct.faults.dials === 0) network.direct.cut()
  // What the relay dropped on purpose comes on the next stream.
  network.relay.restart(1_000, 'kept')
  // Older disks bring removed chats back.
  const left = (): readonly string[] => (world.restores > 0 ? [] : world.removals.left())
  const ofAll = async (check: (around: Around, chat: Chat, wait: Waiting) => Promise<readonly string[]>): Promise<readonly string[]> => {
    const wrong: string[] = []
    for (const chat of chats) wrong.push(...(await check(world, chat, waiting(world))))
    return wrong
  }
  const promises = async (): Promise<readonly string[]> => [...(await ofAll(brokenPromises)), ...left()]
  // By mailbox alone a restored device hears of what it has lost with the next word of either.
  if (world.restores > 0) for (const chat of chats) for (const person of devicesIn(chat)) say(world, person, chat)
  const wrong = await settle(world, promises)
  if (wrong.length > 0) return wrong
  // Once more by each of them, whatever they have been through, and all look at everything.
  for (const chat of chats)
    for (const person of devicesIn(chat)) {
      nameAnew(world, person)
      titleAnew(world, person, chat)
    }
  return settle(world, async () => [...(await promises()), ...(await ofAll(unreadTicks))])
}

/** Time passes until nothing is wrong, or for longer than anything takes; answers what still is. */
export async function settle({ scheduler }: World, check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const until = scheduler.now() + QUIET_MS_MAX
  let wrong: readonly string[] = ['nothing was checked']
  while (wrong.length > 0 && scheduler.now() < until) {
    await scheduler.run(QUIET_STEP_MS)
    wrong = await check()
  }
  return wrong
}

function say(world: World, person: Person, chat: Chat): void {
  if (!person.isUp()) return
  write(world, person, chat)
  // The moments that matter most lie between writing, storing, sending and answering.
  if (world.isTroubled && world.luck.chance(0.25)) world.scheduler.after(world.luck.whole(0, 12), () => crash(world, person))
}

function write(world: World, person: Person, { id }: Chat): void {
  world.messages += 1
  person.say(id, `${person.name} ${world.messages}`)
}

function rename(world: World, person: Person, chat: Chat): void {
  if (!person.isUp()) return
  if (world.luck.chance(0.4)) nameAnew(world, person)
  else titleAnew(world, person, chat)
  if (world.luck.chance(0.25)) world.scheduler.after(world.luck.whole(0, 20), () => crash(world, person))
}

function nameAnew(world: World, person: Person): void {
  world.changes += 1
  deedsOf(world, person).setName(`${person.name} the ${world.changes}th`)
}

// Titles are given by who takes part; whoever has only opened a link does not yet.
function titleAnew(world: World, person: Person, { id }: Chat): void {
  world.changes += 1
  if (conversationOn(person, id)?.phase !== 'invited') deedsOf(world, person).setTitle(id, `title ${world.changes} of ${person.name}`)
}

function deedsOf(world: World, person: Person): Deeds {
  const deeds = world.deeds.get(person)
  if (deeds === undefined) throw new Error(`nobody remembers what ${person.name} did`)
  return deeds
}

export function crash(world: World, person: Person): void {
  // One that was planned in the troubled part may come due in the calm.
  if (!person.isUp() || world.isCalm) return
  world.crashes += 1
  person.crash()
}

export function restartRelay(world: World): void {
  const disk = world.luck.chance(0.2) ? 'lost' : 'kept'
  if (disk === 'lost') {
    world.isRelayKept = false
    forget(world.losses, world.devices)
  }
  world.network.relay.restart(world.luck.whole(100, 8_000), disk)
}

/** Once all chats of a device are open; before that there is nothing to come back to. */
function keepDisk(world: World, person: Person): void {
  const own = world.chats.filter((chat) => devicesIn(chat).includes(person))
  if (person.hasDisk() && own.every(({ id }) => backupOf(person, id) !== undefined)) world.backups.set(person, person.disk())
}

function restoreDisk(world: World, person: Person): void {
  const { chats, backups, isRelayKept, losses } = world
  const backup = backups.get(person)
  if (backup === undefined) return
  world.restores += 1
  person.restore(backup)
  for (const chat of chats) {
    const all = devicesIn(chat)
    const others = all.filter((other) => other !== person)
    if (all.includes(person)) loseBy({ person, others, backup }, { conversation: chat.id, isRelayKept, losses })
  }
}

// The disk is full for one commit: the engine stops, and is opened anew like after a crash.
export function refuseOnce(person: Person): void {
  person.refuse = () => {
    person.refuse = undefined
    return new StoreError('quota', 'no room is left')
  }
}

export async function rise(world: World, person: Person): Promise<void> {
  if (!person.isUp()) await waitFor(world, person.start().catch(staysDown))
}

// A disk that refuses while an engine is opened leaves things as they are until the next try.
function staysDown(error: unknown): void {
  if (!(error instanceof StoreError)) throw error
}

export const one = <T>(items: readonly T[], luck: Seeded): T => items[luck.whole(0, items.length - 1)] as T

const waiting =
  (world: World): Waiting =>
  (promise) =>
    waitFor(world, promise)

/** Time passes until `promise` settles; undefined when it does not within {@link PATIENCE_MS}. */
export async function waitFor<T>(world: World, promise: Promise<T>): Promise<T | undefined> {
  const safe = promise.catch((error: unknown) => {
    world.broken.push(`rejected: ${String(error)}`)
    return undefined
  })
  return (await passUntilSettled(world.scheduler, safe, { patienceMs: PATIENCE_MS })) ? safe : undefined
}
