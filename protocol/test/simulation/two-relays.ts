// What lives at two relays have in common.

import { NO_RELAY_FAULTS } from './relay-path.ts'
import { rise } from './world.ts'
import type { Person } from './person.ts'
import type { World } from './world.ts'

export const SECOND = 'ws://127.0.0.1:2'

/** Everybody is there, and both relays are, until nothing is due any more. */
export async function comeTogether(world: World, people: readonly Person[]): Promise<void> {
  const { network, scheduler } = world
  for (const person of people) {
    person.crashAt(Infinity)
    person.refuse = undefined
    await rise(world, person)
    network.setOnline(person.device(), 'online')
  }
  for (const relay of network.relays) {
    relay.faults = NO_RELAY_FAULTS
    relay.restart(1_000, 'kept')
  }
  await scheduler.run(60_000)
}
