// Disks of devices that have been started once before. Making keys is most of what a short life costs, so lives share these two;
// they are made from fixed seeds, so that a life is the same in whichever process and order it is lived.

import { MIGRATIONS } from '../../src/host/migrations/index.ts'
import { changedRows, loadOrCreate } from '../../src/host/records/index.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { step } from '../../src/node/step.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { createSeeded } from './seeded.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'

/** Enough for the clockwork to have made all one-time prekeys that it keeps ready. */
const TICKS = 8

const disks = new Map<number, Promise<MemoryStoreImage>>()

export function usedDisk(seed: number, now: number): Promise<MemoryStoreImage> {
  const known = disks.get(seed) ?? makeDisk(seed, now)
  disks.set(seed, known)
  return known
}

async function makeDisk(seed: number, now: number): Promise<MemoryStoreImage> {
  const env = { now: toUnixMs(now), random: createSeeded(seed).bytes }
  const store = createMemoryStore()
  const first = await loadOrCreate(store, env, () => Promise.resolve(MIGRATIONS))
  let state = first
  for (let count = 0; count < TICKS; count++) state = step(state, { kind: 'tick' }, env).state
  await store.commit(changedRows(first, state))
  return store.image()
}
