// People of the simulation for measurements: engines over its relay and stores, each on a device of their own, in its time.

import { createMeter } from './meter.ts'
import { createNetwork } from '../protocol/test/simulation/network.ts'
import { createPerson } from '../protocol/test/simulation/person.ts'
import { createScheduler, passUntilSettled } from '../protocol/test/simulation/scheduler.ts'
import { createSeeded } from '../protocol/test/simulation/seeded.ts'
import type { ConversationId } from '../protocol/src/bytes/ids.ts'
import type { PlatformVerify } from '../protocol/src/crypto/platform-verify.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { SimulatedNetwork } from '../protocol/test/simulation/network.ts'
import type { Scheduler } from '../protocol/test/simulation/scheduler.ts'

const START_MS = 1_800_000_000_000
const STEP_MS = 20

export type SimulatedPeople = {
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  /** CPU of each of them so far, by name, ms. */
  readonly cpuOf: (name: string) => number
  /** A new person, whose engine runs. */
  readonly enter: (name: string) => Promise<Person>
  /** `guest` answers an invite of `maker`. */
  readonly befriend: (maker: Person, guest: Person) => Promise<ConversationId>
  readonly waitFor: <T>(promise: Promise<T>) => Promise<T>
  readonly until: (isDone: () => Promise<boolean> | boolean) => Promise<void>
}

/** `patienceMs`: simulated time after which what was waited for is given up. `verify`: signatures by the platform, as in the app. */
export function createSimulatedPeople(patienceMs: number, verify?: PlatformVerify): SimulatedPeople {
  const scheduler = createScheduler(START_MS)
  const luck = createSeeded(1)
  const network = createNetwork(scheduler, luck.fork())
  const meter = createMeter()

  async function waitFor<T>(promise: Promise<T>): Promise<T> {
    if (!(await passUntilSettled(scheduler, promise, { patienceMs, stepMs: STEP_MS }))) throw new Error('what was waited for never came')
    return promise
  }

  async function until(isDone: () => Promise<boolean> | boolean): Promise<void> {
    const end = scheduler.now() + patienceMs
    while (!(await isDone())) {
      if (scheduler.now() > end) throw new Error('what was waited for never came')
      await scheduler.run(STEP_MS)
    }
  }

  async function enter(name: string): Promise<Person> {
    const person = createPerson({
      name,
      ...meter.of(name, { scheduler, network }),
      luck: luck.fork(),
      ...(verify === undefined ? {} : { verify }),
    })
    await waitFor(person.start())
    return person
  }

  async function befriend(maker: Person, guest: Person): Promise<ConversationId> {
    const made = await waitFor(maker.engine().createConversation({ text: 'Hello', ref: guest.device() }))
    if (made.kind !== 'created') throw new Error('no chat')
    const { conversation } = made
    const look = (person: Person) => waitFor(person.look(conversation))
    await until(async () => (await look(maker))?.invite?.state === 'waiting')
    await waitFor(guest.engine().openInvite({ link: (await look(maker))?.invite?.link ?? '' }))
    guest.say(conversation, 'Hi')
    await until(async () => (await look(guest))?.summary.phase === 'open')
    await scheduler.run(5_000)
    return conversation
  }

  return { scheduler, network, cpuOf: meter.cpuMs, enter, befriend, waitFor, until }
}

/** CPU of this process since then, ms. */
export function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}
