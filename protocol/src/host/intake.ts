// The door for bytes of others: blobs and frames are opened and decoded here, and given to the loop as far as it keeps up.

import { tryDecode } from '../bytes/codec.ts'
import { FRAME_BYTES_MAX } from '../limits.ts'
import { openBlob } from '../mailbox/blob.ts'
import { inboxesOf } from '../node/inboxes.ts'
import { frame as frameCodec } from '../wire/frame.ts'
import type { NodeInput, Received } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { NetworkEvent } from '../ports.ts'

/** Frames or blobs of one device or relay that wait to be read. A relay that keeps to its push window stays far below. */
export const UNREAD_BYTES_MAX = 16 * 1_048_576

type Of<Kind extends NetworkEvent['kind']> = Extract<NetworkEvent, { kind: Kind }>

export type Intake = { readonly blob: (event: Omit<Of<'blob'>, 'kind'>) => void; readonly frame: (event: Of<'frame'>) => void }

export type IntakeParts = {
  readonly state: () => NodeState
  readonly push: (input: NodeInput, done: () => void) => void
  readonly log: (line: string) => void
}

export function createIntake({ state, push, log }: IntakeParts): Intake {
  const unread = new Map<string, number>()

  // Whoever sends faster than this device reads loses what is over; it comes again, because it is not confirmed.
  function take(from: string, bytes: number, { source, frames }: Pick<Received, 'source' | 'frames'>): void {
    const before = unread.get(from) ?? 0
    if (before + bytes > UNREAD_BYTES_MAX) return log('refused: input, too much at once')
    unread.set(from, before + bytes)
    push({ kind: 'received', source, frames, lookups: new Map(), part: 'last' }, () => {
      const rest = (unread.get(from) ?? 0) - bytes
      if (rest > 0) unread.set(from, rest)
      else unread.delete(from)
    })
  }

  return {
    blob: ({ relay, mailbox, blob }) => {
      const inbox = inboxesOf(state()).find(({ keys }) => keys.mailbox === mailbox)
      const frames = inbox && openBlob(inbox.keys, blob)
      // What was not sealed for this mailbox can never be read: an empty list of frames lets the relay forget it.
      if (frames === undefined) log('refused: blob, not for this mailbox')
      take(relay, blob.length, { source: { kind: 'mailbox', relay, mailbox, blob }, frames: frames ?? [] })
    },
    frame: ({ device, frame }) => {
      const value = frame.length <= FRAME_BYTES_MAX ? tryDecode(frameCodec, frame) : undefined
      if (value === undefined) log('refused: frame, malformed')
      else take(device, frame.length, { source: { kind: 'link', device, frame }, frames: [value] })
    },
  }
}
