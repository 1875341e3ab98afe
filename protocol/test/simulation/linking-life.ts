// One life of a person who links further devices and removes one, amid crashes and losses, while somebody else writes to all of them. In the end all
// devices that are left, one that is linked last among them, see the same messages, each acknowledged one once, and have the same account document.

import { toHex } from '../../src/bytes/bytes.ts'
import { NO_DIRECT_FAULTS } from './direct-path.ts'
import { isLevel } from './devices.ts'
import { nodeOn } from './disk.ts'
import { NO_RELAY_FAULTS } from './relay-path.ts'
import { StoreError } from '../../src/ports.ts'
import { crash, createWorld, enter, lived, meet, one, refuseOnce, restartRelay, rise, settle, waitFor } from './world.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { DevicesView, LinkingView } from '../../src/views.ts'
import type { Life, World } from './world.ts'
import type { Person } from './person.ts'
import type { Sabotage } from './sabotage.ts'

const STEPS = 18
const DEVICES_MAX = 4
/** How long each end waits for the other while a device is linked, ms. */
const LINKING_MS = 40_000

type Household = {
  readonly world: World
  readonly id: ConversationId
  readonly bob: Person
  /** Of one person, in the order in which they were linked. */
  readonly devices: Person[]
  readonly removed: Set<Person>
  /** By which device each was linked. */
  readonly makers: Map<Person, Person>
  tries: number
  texts: number
}

export async function liveLinking(seed: number, sabotage: Sabotage | undefined): Promise<Life> {
  const world = createWorld(seed, sabotage)
  const [alice, bob] = [await enter(world, 'alice', undefined), await enter(world, 'bob', world.luck.chance(0.5) ? undefined : 2)]
  const chat = await meet(world, alice, bob)
  if (chat === undefined) world.broken.push('they never met, though all was well')
  else {
    const home: Household = { world, id: chat.id, bob, devices: [alice], removed: new Set(), makers: new Map(), tries: 0, texts: 10 }
    await rise(world, alice)
    await world.scheduler.run(20_000)
    if (!(await link(home, alice))) world.broken.push('no device could be linked, though all was well')
    else {
      await trouble(home)
      world.broken.push(...(await calm(home)))
    }
  }
  return lived(world, seed)
}

const everybody = ({ bob, devices }: Household): readonly Person[] => [...devices, bob]
const left = ({ devices, removed }: Household): readonly Person[] => devices.filter((device) => !removed.has(device))

const isListLevel = (home: Household): boolean =>
  new Set(left(home).map((person) => toHex(nodeOn(person.disk()).self.list.hash))).size === 1

async function trouble(home: Household): Promise<void> {
  const { world, id } = home
  const { luck, network, scheduler } = world
  world.isTroubled = true
  network.relay.faults = { ...NO_RELAY_FAULTS, breaks: luck.next() * 0.1, duplicates: luck.next() * 0.2, reorders: luck.next() * 0.1 }
  network.direct.faults = { dials: luck.next(), linkBreaks: luck.next() * 0.15 }
  for (let step = 0; step < STEPS; step++) {
    const person = one(everybody(home), luck)
    const dice = luck.next()
    if (dice < 0.35) say(home, person)
    else if (dice < 0.45) keep(home, one(left(home), luck))
    else if (dice < 0.5 && person.isUp()) void tried(world, person.engine().markRead({ conversation: id }))
    else if (dice < 0.6) crash(world, person)
    else if (dice < 0.78) await rise(world, person)
    else if (dice < 0.83 && person.isUp()) network.setOnline(person.device(), luck.chance(0.5) ? 'offline' : 'online')
    else if (dice < 0.86) restartRelay(world)
    else if (dice < 0.89) refuseOnce(person)
    else if (dice < 0.95) await linkAmid(home)
    else await remove(home)
    await scheduler.run(luck.chance(0.4) ? luck.whole(1_000, 30_000) : luck.whole(0, 500))
  }
}

/** Either end may die at any moment of it; then there is a device in the list that never comes. */
async function linkAmid(home: Household): Promise<void> {
  const { world, devices } = home
  const old = one(left(home), world.luck)
  if (devices.length >= DEVICES_MAX || !old.isUp()) return
  if (world.luck.chance(0.4)) world.scheduler.after(world.luck.whole(0, 15_000), () => crash(world, one(everybody(home), world.luck)))
  await link(home, old)
}

async function remove(home: Household): Promise<void> {
  const { world, removed } = home
  const [actor, target] = [one(left(home), world.luck), one(left(home), world.luck)]
  if (actor === target || !actor.isUp()) return
  const { self } = nodeOn(actor.disk())
  // What only the removed device has is gone with it.
  if (!self.list.devices.some(({ id }) => id === target.ownDevice()) || !isLevel([actor.disk(), target.disk()], home.id)) return
  removed.add(target)
  await tried(world, actor.engine().revokeDevice({ device: target.ownDevice() }))
}

/** Something that is kept beside the chats. */
function keep({ world }: Household, person: Person): void {
  if (person.isUp()) void tried(world, person.engine().setSettings({ settings: { enterSends: world.luck.chance(0.5) } }))
}

/** A disk that is full refuses a command as well, and an engine that stops answers nothing. */
const tried = <T>(world: World, command: Promise<T>): Promise<T | undefined> =>
  waitFor(
    world,
    command.catch((error: unknown) => {
      if (error instanceof StoreError) return undefined
      throw error
    }),
  )

function say(home: Household, person: Person): void {
  const { world, id } = home
  if (!person.isUp() || nodeOn(person.disk()).conversations.get(id) === undefined || home.removed.has(person)) return
  home.texts += 1
  world.messages += 1
  person.say(id, `${person.name} ${home.texts}`)
  if (world.luck.chance(0.2)) world.scheduler.after(world.luck.whole(0, 12), () => crash(world, person))
}

/** True once a new device has the account, by the code of an old one. */
async function link(home: Household, old: Person): Promise<boolean> {
  const { world, devices } = home
  home.tries += 1
  const fresh = await enter(world, `alice ${home.tries + 1}`, undefined)
  await rise(world, fresh)
  await world.scheduler.run(2_000)
  const ends = [old, fresh].map(watch)
  const [ours, theirs] = ends as [ReturnType<typeof watch>, ReturnType<typeof watch>]
  if (!old.isUp() || !fresh.isUp()) return false
  await tried(world, old.engine().linkDevice({ kind: 'show', name: old.name }))
  const showing = await until(world, ours, 'showing')
  if (showing === undefined || !fresh.isUp()) return false
  await tried(world, fresh.engine().linkDevice({ kind: 'enter', code: showing.code, name: fresh.name }))
  const digits = [await until(world, ours, 'comparing'), await until(world, theirs, 'comparing')].map((view) => view?.digits)
  if (digits.includes(undefined) || !old.isUp()) return false
  if (digits[0] !== digits[1]) world.broken.push('two ends of a linking show different digits')
  await tried(world, old.engine().linkDevice({ kind: 'confirm' }))
  if ((await until(world, theirs, 'done')) === undefined) return false
  devices.push(fresh)
  home.makers.set(fresh, old)
  return true
}

function watch(person: Person): { readonly person: Person; readonly now: () => LinkingView | undefined } {
  let shown: DevicesView = { devices: [], linking: undefined }
  if (person.isUp()) person.engine().watchDevices((view) => (shown = view))
  return { person, now: () => shown.linking }
}

async function until<Kind extends LinkingView['kind']>(
  { scheduler }: World,
  { person, now }: ReturnType<typeof watch>,
  kind: Kind,
): Promise<Extract<LinkingView, { kind: Kind }> | undefined> {
  const end = scheduler.now() + LINKING_MS
  while (scheduler.now() < end && person.isUp()) {
    const view = now()
    if (view?.kind === kind) return view as Extract<LinkingView, { kind: Kind }>
    if (view?.kind === 'failed') return undefined
    await scheduler.run(500)
  }
  return undefined
}

async function calm(home: Household): Promise<readonly string[]> {
  const { world } = home
  const { network, scheduler } = world
  network.relay.faults = NO_RELAY_FAULTS
  network.direct.faults = world.luck.chance(0.5) ? NO_DIRECT_FAULTS : { dials: 0, linkBreaks: 0 }
  world.isTroubled = false
  world.isCalm = true
  for (const person of everybody(home)) {
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  if (network.direct.faults.dials === 0) network.direct.cut()
  network.relay.restart(1_000, 'kept')
  await scheduler.run(60_000)
  leaveOut(home)
  const [oldest] = left(home)
  if (!isListLevel(home)) return ['own devices have different lists']
  if (oldest === undefined || !(await link(home, oldest))) return ['no device could be linked in the end']
  await scheduler.run(60_000)
  // Whoever heard nothing of what happened hears of it with the next word.
  for (const person of everybody(home)) say(home, person)
  return settle(world, () => wrongIn(home))
}

// Who was linked by a device that was removed before anybody had heard of it: that device may have been stolen, so nobody else stands up for it.
function leaveOut({ devices, removed, makers }: Household): void {
  for (const person of devices) {
    const maker = makers.get(person)
    const isListed = devices.some(
      (other) => !removed.has(other) && nodeOn(other.disk()).self.list.devices.some(({ id }) => id === person.ownDevice()),
    )
    if (maker !== undefined && removed.has(maker) && !isListed) removed.add(person)
  }
}

async function wrongIn(home: Household): Promise<readonly string[]> {
  const { world, id, bob, removed } = home
  const wrong: string[] = []
  const seen: (readonly string[])[] = []
  const readers = [...left(home), bob]
  for (const person of readers) {
    const view = await waitFor(world, person.look(id))
    if (view === undefined) return [`the chat does not open for ${person.name}`]
    // What somebody said who was removed while it was under way has reached some, and is shown there.
    const isPromised = (text: string): boolean => [...removed].every(({ name }) => text.slice(0, text.lastIndexOf(' ')) !== name)
    seen.push(view.messages.flatMap((message) => (message.kind === 'text' && isPromised(message.text) ? [message.text] : [])))
  }
  const [first] = seen as [readonly string[]]
  for (const [at, texts] of seen.entries())
    if (texts.join() !== first.join()) wrong.push(`${readers[at]?.name} sees ${texts.join()}, and ${readers[0]?.name} sees ${first.join()}`)
  for (const writer of readers)
    for (const text of writer.savedIn(id).keys()) {
      const times = first.filter((other) => other === text).length
      if (times !== 1) wrong.push(`“${text}” of ${writer.name} is there ${times} times`)
    }
  for (const person of readers)
    if (person.waiting() > 0) wrong.push(`${person.waiting()} messages of ${person.name} were never acknowledged`)
  const marks = left(home).map((person) => nodeOn(person.disk()).circle?.mark)
  if (new Set(marks).size > 1) wrong.push(`own devices have different accounts: ${marks.map((mark) => mark?.slice(0, 8)).join()}`)
  for (const person of left(home)) {
    const { self } = nodeOn(person.disk())
    for (const other of left(home))
      if (!self.list.devices.some((device) => device.id === other.ownDevice())) wrong.push(`${person.name} does not know ${other.name}`)
    for (const other of removed)
      if (self.list.devices.some((device) => device.id === other.ownDevice())) wrong.push(`${person.name} still lists ${other.name}`)
  }
  // What was written last was written without those who had been removed.
  for (const person of removed) {
    const texts =
      (await waitFor(world, person.look(id)))?.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : [])) ?? []
    const last = first.at(-1)
    if (last !== undefined && texts.includes(last)) wrong.push(`${person.name} was removed, and reads “${last}”`)
  }
  return wrong
}
