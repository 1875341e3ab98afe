// What is known of a file that is to come, and of one that is coming.

import { PARCEL_RETRY_MS, PARCEL_RETRY_MS_LAST, WANT_DOUBLINGS_MAX, WANT_MS_MAX } from '../../attachments/limits.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { AccountId, DeviceId } from '../../bytes/ids.ts'
import type { FileState } from '../../views.ts'
import type { Attachment } from '../../wire/attachment.ts'
import type { SaidFile } from './lines.ts'
import type { RELAY } from './relay-source.ts'
import type { Wanted } from './rows.ts'

/** Where a file may come from. */
export type Source = DeviceId | typeof RELAY

export type WantedFile = {
  readonly place: FilePlace
  value: Wanted
  /** What its message says, once it was looked at. */
  said?: SaidFile | undefined
  /** There was no room for it. */
  isFull?: boolean
  /** It comes only where somebody asks for it. */
  isOffered?: boolean
  /** Those that have not given it: for a while, or as long as they are linked. */
  readonly notFrom: Set<Source>
  /** How often one after the other has not given it. */
  refusals: number
  /** How often one after the other it did not lie at the relay. */
  misses: number
}

export type Fetch = {
  readonly wanted: WantedFile
  readonly said: SaidFile
  readonly file: string
  readonly source: Source
  /** From a relay something of it has come: until then nobody knows whether it lies there. */
  isMoving: boolean
  /** Chunks on the disk; those that came, and may still wait to be written; and those that were asked for. All from the first on. */
  have: number
  came: number
  asked: number
  cancel: () => void
  /** Questions to relays, one run after the other: chunks are taken in their order. */
  run: Promise<void>
}

/** How long after so many times that it did not lie at the relay it is looked for there again, ms. */
export const waitAtRelay = (misses: number): number => Math.min(PARCEL_RETRY_MS_LAST, PARCEL_RETRY_MS * 2 ** misses)

/** How long whoever did not give a file is left alone after so many refusals before, ms. */
export const waitAfter = (refusals: number): number => WANT_MS_MAX * 2 ** Math.min(WANT_DOUBLINGS_MAX, refusals)

/** What is seen or heard where it stands comes by itself, within what a chat may bring in a day; all else when somebody asks for it. */
export const comesUnasked = ({ photo, voice }: Attachment): boolean => (photo ?? voice) !== undefined

export function stateOf(
  { isFull, isOffered, value: { wish: said, file }, said: of }: WantedFile,
  fetch: Pick<Fetch, 'isMoving'> | undefined,
  self: AccountId,
): FileState {
  if (isFull === true) return 'full'
  if (said === 'paused' || said === 'removed') return said
  if (fetch?.isMoving === true) return 'comes'
  if (said !== 'auto' || file !== undefined) return 'waits'
  const isForTap = of !== undefined && !comesUnasked(of.attachment) && of.account !== self
  return isOffered === true || isForTap ? 'offered' : 'waits'
}
