// Everything that turns the rows of older versions into those of this one. Loaded only where there are such rows.

import { healSessions } from './heal-sessions.ts'
import { indexLines } from './index-lines.ts'
import { markAwake } from './mark-awake.ts'
import { partBodies } from './part-bodies.ts'
import { partRecords } from './part-records.ts'
import type { Migration } from './format.ts'

/** Append only: migration n turns format n into n + 1. */
export const MIGRATIONS: readonly Migration[] = [partBodies, indexLines, partRecords, markAwake, healSessions]
