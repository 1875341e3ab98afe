// One life, decided by its seed: of people in pairs, or of a group.

import { liveGroup } from './group-life.ts'
import { livePairs } from './world.ts'
import { createSeeded } from './seeded.ts'
import type { Life } from './world.ts'
import type { Sabotage } from './sabotage.ts'

/** Probability that a life is one of a group. */
const GROUPS = 0.12

export const isOfGroup = (seed: number): boolean => createSeeded(seed + 6_000_003).chance(GROUPS)

export const live = (seed: number, sabotage?: Sabotage): Promise<Life> =>
  isOfGroup(seed) ? liveGroup(seed, sabotage) : livePairs(seed, sabotage)
