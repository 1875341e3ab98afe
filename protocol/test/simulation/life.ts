// One life, decided by its seed: of people in pairs, of a group, of somebody who links devices, of two whose disks were copied, or of two, or a
// group, at two relays.

import * as later from '../../src/host/later.ts'
import { loadPart } from '../../src/host/part.ts'
import { kithProfile } from '../../src/session/kith-profile.ts'
import { liveGroup } from './group-life.ts'
import { liveHealing } from './healing-life.ts'
import { liveLinking } from './linking-life.ts'
import { liveGroupAtTwo } from './two-relays-group-life.ts'
import { liveAtTwo } from './two-relays-life.ts'
import { livePairs } from './world.ts'
import { createSeeded } from './seeded.ts'
import type { RatchetProfile } from '../../src/session/ratchet.ts'
import type { Life } from './world.ts'
import type { Sabotage } from './sabotage.ts'

/** Probability that a life is one of a group. */
const GROUPS = 0.12
/** And of the others, that it is one of linking. */
const LINKINGS = 0.06

export const isOfGroup = (seed: number): boolean => createSeeded(seed + 6_000_003).chance(GROUPS)

/** And of those that are left, that somebody has copied both disks. */
const HEALINGS = 0.03

export const isOfHealing = (seed: number): boolean =>
  !isOfGroup(seed) && !isOfLinking(seed) && createSeeded(seed + 23_000_029).chance(HEALINGS)

/** And of those that are left, that there are two relays, of which one dies. */
const TWO_RELAYS = 0.05

export const isAtTwo = (seed: number): boolean =>
  !isOfGroup(seed) && !isOfLinking(seed) && !isOfHealing(seed) && createSeeded(seed + 29_000_039).chance(TWO_RELAYS)

/** And of those that are left, that a group lies at two relays. */
const GROUPS_AT_TWO = 0.03

export const isOfGroupAtTwo = (seed: number): boolean =>
  !isOfGroup(seed) && !isOfLinking(seed) && !isOfHealing(seed) && !isAtTwo(seed) && createSeeded(seed + 31_000_043).chance(GROUPS_AT_TWO)

const isOfLinking = (seed: number): boolean => createSeeded(seed + 21_000_037).chance(LINKINGS)

export async function live(seed: number, sabotage?: Sabotage): Promise<Life> {
  const kind = isOfGroup(seed)
    ? liveGroup
    : isOfLinking(seed)
      ? liveLinking
      : isOfHealing(seed)
        ? liveHealing
        : isAtTwo(seed)
          ? liveAtTwo
          : isOfGroupAtTwo(seed)
            ? liveGroupAtTwo
            : livePairs
  const lived = () => kind(seed, sabotage)
  if (sabotage?.profile !== undefined) return withProfile(sabotage.profile, lived)
  if (sabotage?.part === undefined) return lived()
  // All engines of a process share it.
  const part = sabotage.part(later.part)
  await loadPart(() => Promise.resolve({ ...later, part }))
  try {
    return await lived()
  } finally {
    await loadPart(() => Promise.resolve(later))
  }
}

/** All sessions of a process have it. */
async function withProfile(change: (profile: RatchetProfile) => Partial<RatchetProfile>, lived: () => Promise<Life>): Promise<Life> {
  const before = { ...kithProfile }
  Object.assign(kithProfile, change(before))
  try {
    return await lived()
  } finally {
    Object.assign(kithProfile, before)
  }
}
