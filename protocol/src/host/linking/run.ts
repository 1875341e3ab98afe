// What both ends of a linking have in common: how they show where it is, wait, and hear of the person.

import type { LinkingView } from '../../views.ts'
import type { Loop } from '../loop.ts'
import type { PlaceParts } from './places.ts'

/** Between two looks at the relay, ms. */
export const LOOK_MS = 700

/** What either end works with. */
export type LinkRun = PlaceParts & {
  readonly loop: Pick<Loop, 'state' | 'ask' | 'push'>
  readonly show: (view: LinkingView) => void
  readonly pause: (ms: number) => Promise<void>
  readonly isStopped: () => boolean
  /** The person has said that the digits are the same. */
  readonly isConfirmed: () => boolean
}
