// How much a contact's device may have written here in a day. What is over is not taken, counts as missing, and comes another day.

import { OWN_TAKEN_BYTES_PER_DAY_MAX, TAKEN_BYTES_PER_DAY_MAX } from '../../limits.ts'
import { withPeer } from '../change.ts'
import { isOwnOther } from '../members.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { WireEntry } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'

const DAY_MS = 86_400_000

// Another own device hands over all that was ever said.
const shareOf = ({ state }: Draft, device: DeviceId): number =>
  isOwnOther(state, device) ? OWN_TAKEN_BYTES_PER_DAY_MAX : TAKEN_BYTES_PER_DAY_MAX

/** The first of the entries that a device sent, as many as it may still have stored today. */
export function withinBudget(draft: Draft, device: DeviceId, entries: readonly WireEntry[]): readonly WireEntry[] {
  let bytes = takenToday(draft, device)
  const most = shareOf(draft, device)
  const end = entries.findIndex((wire) => (bytes += bytesOf(wire)) > most)
  return end < 0 ? entries : entries.slice(0, end)
}

/** What an opened envelope has written beside itself: the rows of its sender and of a conversation, and each key that it has left out. */
const ROWS_BYTES = 4_096
const SKIPPED_KEY_BYTES = 128
const RECEIPT_ROW_BYTES = 512

/** True while an envelope of a device may still change something today. */
export const mayOpen = (draft: Draft, device: DeviceId, envelope: Uint8Array): boolean =>
  takenToday(draft, device) + ROWS_BYTES + envelope.length <= shareOf(draft, device)

/** Counts what an envelope had written. `skipped`: how many keys are kept since then. */
export const countOpened = (
  draft: Draft,
  device: DeviceId,
  { envelope, skipped }: { readonly envelope: Uint8Array; readonly skipped: number },
): void => take(draft, device, ROWS_BYTES + envelope.length + SKIPPED_KEY_BYTES * Math.max(0, skipped))

/** Counts a receipt of a device, which writes one row; false when it has had enough written today. */
export const mayTake = (draft: Draft, device: DeviceId): boolean => countBytes(draft, device, RECEIPT_ROW_BYTES)

/** Counts bytes of a device that are stored as they come; false when it has had enough written today. */
export function countBytes(draft: Draft, device: DeviceId, bytes: number): boolean {
  if (takenToday(draft, device) + bytes > shareOf(draft, device)) return false
  take(draft, device, bytes)
  return true
}

/** Counts what was stored of a device. */
export function countTaken(
  draft: Draft,
  device: DeviceId,
  entries: readonly { readonly headerBytes: Uint8Array; readonly body: Uint8Array | undefined }[],
): void {
  take(
    draft,
    device,
    entries.reduce((sum, { headerBytes, body }) => sum + bytesOf({ header: headerBytes, body }), 0),
  )
}

function take(draft: Draft, device: DeviceId, more: number): void {
  const peer = draft.state.peers.get(device)
  if (peer !== undefined)
    draft.state = withPeer(draft.state, { ...peer, taken: { day: dayOf(draft), bytes: takenToday(draft, device) + more } })
}

function takenToday(draft: Draft, device: DeviceId): number {
  const taken = draft.state.peers.get(device)?.taken
  return taken?.day === dayOf(draft) ? taken.bytes : 0
}

const dayOf = (draft: Draft): number => Math.floor(draft.env.now / DAY_MS)

const bytesOf = ({ header, body }: Pick<WireEntry, 'header' | 'body'>): number => header.length + (body?.length ?? 0)
