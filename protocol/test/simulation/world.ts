// One life of a pair, decided by a seed: they meet by an invite, write, lose their network, crash and come back; the relay restarts and
// misbehaves. Then all faults end, and what must be true is checked. Nothing acknowledged may be missing or doubled, and both must see the same.

import { createDeeds } from './deeds.ts'
import { NO_DIRECT_FAULTS } from './direct-path.ts'
import { usedDisk } from './disks.ts'
import { backupOf, forget, restore } from './backups.ts'
import { findings } from './findings.ts'
import { createNetwork } from './network.ts'
import { createPerson } from './person.ts'
import { conversationOn } from './disk.ts'
import { brokenPromises, earlyTicks, unreadTicks } from './promises.ts'
import { relate } from './relating.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { StoreError } from '../../src/ports.ts'
import { createRemovals } from './removals.ts'
import { createScheduler, passUntilSettled } from './scheduler.ts'
import { createSeeded } from './seeded.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'
import type { Losses } from './backups.ts'
import type { Deeds } from './deeds.ts'
import type { Person } from './person.ts'
import type { Pair, Waiting } from './promises.ts'
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
/** Steps of the troubled part; each is followed by a pause. */
const STEPS = 14
/** Of all lives, those in which disks are restored. There names, titles and what was read go back too, and are not held to anything. */
const RESTORED_LIVES = 0.5
/** Longer than every retry, backoff and question of the engine takes. */
const QUIET_MS_MAX = 600_000
const QUIET_STEP_MS = 20_000
const PATIENCE_MS = 60_000

type World = Pair & {
  readonly luck: Seeded
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  link: string
  readonly broken: string[]
  /** Disks as they were. */
  readonly backups: Map<Person, MemoryStoreImage>
  readonly losses: Losses
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
}

export async function live(seed: number, sabotage?: Sabotage): Promise<Life> {
  const luck = createSeeded(seed)
  const scheduler = createScheduler(START_MS)
  const network = createNetwork(scheduler, luck.fork())
  const isNew = luck.chance(NEW_DEVICES)
  const person = async (name: string, disk: number): Promise<Person> => {
    const image = isNew ? {} : { image: await usedDisk(disk, START_MS) }
    return createPerson({ name, scheduler, network, luck: luck.fork(), ...image, ...(sabotage === undefined ? {} : { sabotage }) })
  }
  // Of its own, so that lives stay what they were.
  const beside = createSeeded(seed + 1_000_003)
  const [alice, bob] = [await person('alice', 1), await person('bob', 2)]
  const world: World = {
    luck,
    scheduler,
    network,
    alice,
    bob,
    deeds: new Map([alice, bob].map((one) => [one, createDeeds(one)])),
    ledger: network.relay.ledger,
    link: '',
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
  }
  const conversation = await meet(world)
  if (conversation === undefined) world.broken.push('they never met, though all was well')
  else {
    await trouble(world, conversation)
    world.broken.push(...(await calm(world, conversation)))
  }
  world.broken.push(...findings.take())
  return {
    seed,
    messages: world.messages,
    crashes: world.crashes,
    restores: world.restores,
    broken: world.broken,
    lines: [...world.alice.lines, ...world.bob.lines].toSorted(),
  }
}

/** Alice invites; she may be gone before Bob opens the link. */
async function meet(world: World): Promise<ConversationId | undefined> {
  const { alice, bob, scheduler, luck } = world
  await waitFor(world, alice.start())
  await scheduler.run(2_000)
  const made = await waitFor(world, alice.engine().createConversation({ text: 'welcome', ref: 'first' }))
  if (made?.kind !== 'created') return undefined
  await scheduler.run(3_000)
  const link = (await waitFor(world, alice.look(made.conversation)))?.invite?.link
  if (link === undefined) return undefined
  world.link = link
  if (luck.chance(0.5)) crash(world, alice)
  await waitFor(world, bob.start())
  await scheduler.run(2_000)
  const opened = await waitFor(world, bob.engine().openInvite({ link }))
  if (opened?.kind !== 'opened') return undefined
  say(world, bob, made.conversation)
  return opened.conversation
}

async function trouble(world: World, conversation: ConversationId): Promise<void> {
  const { luck, network, scheduler, alice, bob, removals } = world
  world.isTroubled = true
  network.relay.faults = {
    breaks: luck.next() * 0.1,
    duplicates: luck.next() * 0.2,
    reorders: luck.next() * 0.1,
    drops: luck.chance(0.3) ? luck.next() * 0.3 : 0,
    refusals: luck.chance(0.3) ? luck.next() * 0.3 : 0,
  }
  network.direct.faults = { dials: luck.next(), linkBreaks: luck.next() * 0.15 }
  for (let step = 0; step < STEPS; step++) {
    const someone = luck.chance(0.5) ? alice : bob
    if (luck.chance(BACKUPS)) keepDisk(world, someone, conversation)
    const dice = luck.next()
    if (dice < 0.42) say(world, someone, conversation)
    else if (dice < 0.52) crash(world, someone)
    else if (dice < 0.7) await rise(world, someone)
    else if (dice < 0.76 && someone.isUp()) network.setOnline(someone.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.8) restartRelay(world)
    else if (dice < 0.85 && world.mayRestore) restoreDisk(world, someone, conversation)
    else if (dice < 0.87) crashBoth(world)
    else if (dice < 0.885) someone.skew = luck.whole(-20, 20) * 3_600_000
    else if (dice < 0.9) refuseOnce(someone)
    else if (dice < 0.94) void deedsOf(world, someone).markRead(conversation)
    else rename(world, someone, conversation)
    if (world.relations.chance(RELATIONS))
      await relate(world.relations.chance(0.5) ? alice : bob, conversation, { luck: world.relations, wait: waiting(world) })
    if (removals.luck.chance(REMOVALS)) removals.act(removals.luck.chance(0.5) ? alice : bob)
    await scheduler.run(luck.chance(0.3) ? luck.whole(1_000, 20_000) : luck.whole(0, 400))
    world.broken.push(...(await earlyTicks(world, conversation, waiting(world))))
  }
}

/** Everybody is there, nothing breaks any more; some never find a direct way to each other. Answers what is still wrong in the end. */
async function calm(world: World, conversation: ConversationId): Promise<readonly string[]> {
  const { network, luck, alice, bob } = world
  network.relay.faults = NO_RELAY_FAULTS
  network.direct.faults = luck.chance(0.5) ? NO_DIRECT_FAULTS : { dials: 0, linkBreaks: 0 }
  world.isTroubled = false
  world.isCalm = true
  for (const person of [alice, bob]) {
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  if (network.direct.faults.dials === 0) network.direct.cut()
  // What the relay dropped on purpose comes on the next stream.
  network.relay.restart(1_000, 'kept')
  // Older disks bring removed chats back.
  const left = (): readonly string[] => (world.restores > 0 ? [] : world.removals.left())
  const promises = async (): Promise<readonly string[]> => [...(await brokenPromises(world, conversation, waiting(world))), ...left()]
  // By mailbox alone a restored device hears of what it has lost with the next word of either.
  if (world.restores > 0) for (const person of [alice, bob]) say(world, person, conversation)
  const wrong = await settle(world, promises)
  if (wrong.length > 0) return wrong
  // Once more by each of them, whatever they have been through, and both look at everything.
  for (const person of [alice, bob]) {
    nameAnew(world, person)
    titleAnew(world, person, conversation)
  }
  return settle(world, async () => [...(await promises()), ...(await unreadTicks(world, conversation, waiting(world)))])
}

/** Time passes until nothing is wrong, or for longer than anything takes; answers what still is. */
async function settle({ scheduler }: World, check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const until = scheduler.now() + QUIET_MS_MAX
  let wrong: readonly string[] = ['nothing was checked']
  while (wrong.length > 0 && scheduler.now() < until) {
    await scheduler.run(QUIET_STEP_MS)
    wrong = await check()
  }
  return wrong
}

function say(world: World, person: Person, conversation: ConversationId): void {
  if (!person.isUp()) return
  world.messages += 1
  person.say(conversation, `${person.name} ${world.messages}`)
  // The moments that matter most lie between writing, storing, sending and answering.
  if (world.isTroubled && world.luck.chance(0.25)) world.scheduler.after(world.luck.whole(0, 12), () => crash(world, person))
}

function rename(world: World, person: Person, conversation: ConversationId): void {
  if (!person.isUp()) return
  if (world.luck.chance(0.4)) nameAnew(world, person)
  else titleAnew(world, person, conversation)
  if (world.luck.chance(0.25)) world.scheduler.after(world.luck.whole(0, 20), () => crash(world, person))
}

function nameAnew(world: World, person: Person): void {
  world.changes += 1
  deedsOf(world, person).setName(`${person.name} the ${world.changes}th`)
}

// Titles are given by who takes part; whoever has only opened a link does not yet.
function titleAnew(world: World, person: Person, conversation: ConversationId): void {
  world.changes += 1
  if (conversationOn(person, conversation)?.phase !== 'invited')
    deedsOf(world, person).setTitle(conversation, `title ${world.changes} of ${person.name}`)
}

function deedsOf(world: World, person: Person): Deeds {
  const deeds = world.deeds.get(person)
  if (deeds === undefined) throw new Error(`nobody remembers what ${person.name} did`)
  return deeds
}

function crash(world: World, person: Person): void {
  // One that was planned in the troubled part may come due in the calm.
  if (!person.isUp() || world.isCalm) return
  world.crashes += 1
  person.crash()
}

function restartRelay(world: World): void {
  const disk = world.luck.chance(0.2) ? 'lost' : 'kept'
  if (disk === 'lost') {
    world.isRelayKept = false
    forget(world.losses, [world.alice, world.bob])
  }
  world.network.relay.restart(world.luck.whole(100, 8_000), disk)
}

function keepDisk({ backups }: World, person: Person, conversation: ConversationId): void {
  const backup = backupOf(person, conversation)
  if (backup !== undefined) backups.set(person, backup)
}

function restoreDisk(world: World, person: Person, conversation: ConversationId): void {
  const { alice, bob, backups, isRelayKept, losses } = world
  const backup = backups.get(person)
  if (backup === undefined) return
  world.restores += 1
  restore({ person, other: person === alice ? bob : alice, backup }, { conversation, isRelayKept, losses })
}

function crashBoth(world: World): void {
  crash(world, world.alice)
  crash(world, world.bob)
}

// The disk is full for one commit: the engine stops, and is opened anew like after a crash.
function refuseOnce(person: Person): void {
  person.refuse = () => {
    person.refuse = undefined
    return new StoreError('quota', 'no room is left')
  }
}

async function rise(world: World, person: Person): Promise<void> {
  if (!person.isUp()) await waitFor(world, person.start().catch(staysDown))
}

// A disk that refuses while an engine is opened leaves things as they are until the next try.
function staysDown(error: unknown): void {
  if (!(error instanceof StoreError)) throw error
}

const waiting =
  (world: World): Waiting =>
  (promise) =>
    waitFor(world, promise)

/** Time passes until `promise` settles; undefined when it does not within {@link PATIENCE_MS}. */
async function waitFor<T>(world: World, promise: Promise<T>): Promise<T | undefined> {
  const safe = promise.catch((error: unknown) => {
    world.broken.push(`rejected: ${String(error)}`)
    return undefined
  })
  return (await passUntilSettled(world.scheduler, safe, { patienceMs: PATIENCE_MS })) ? safe : undefined
}
