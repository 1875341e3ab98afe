// One life, decided by its seed: of people in pairs, of a group, or of somebody who links devices.

import * as later from '../../src/host/later.ts'
import { loadPart } from '../../src/host/part.ts'
import { liveGroup } from './group-life.ts'
import { liveLinking } from './linking-life.ts'
import { livePairs } from './world.ts'
import { createSeeded } from './seeded.ts'
import type { Life } from './world.ts'
import type { Sabotage } from './sabotage.ts'

/** Probability that a life is one of a group. */
const GROUPS = 0.12
/** And of the others, that it is one of linking. */
const LINKINGS = 0.06

export const isOfGroup = (seed: number): boolean => createSeeded(seed + 6_000_003).chance(GROUPS)

const isOfLinking = (seed: number): boolean => createSeeded(seed + 21_000_037).chance(LINKINGS)

export async function live(seed: number, sabotage?: Sabotage): Promise<Life> {
  const lived = () => (isOfGroup(seed) ? liveGroup : isOfLinking(seed) ? liveLinking : livePairs)(seed, sabotage)
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
