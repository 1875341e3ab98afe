// The door for bytes of others: blobs and frames are opened and decoded here, and given to the loop as far as it keeps up.

import { tryDecode } from '../bytes/codec.ts'
import { FRAME_BYTES_MAX, UNREAD_BYTES_MAX } from '../limits.ts'
import { openBlob } from '../mailbox/blob.ts'
import { inboxAt } from '../node/mailboxes/inboxes.ts'
import { frame as frameCodec } from '../wire/frame.ts'
import { whileAwake } from '../node/rest-map.ts'
import type { HeldAt } from '../node/draft.ts'
import type { InputOf, NodeInput, ReceivedFrames, Source } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { NetworkEvent } from '../ports.ts'
import type { Frame } from '../wire/frame.ts'
import type { PushedBlob } from '../wire/relay.ts'
import type { Desk } from './handle/desk.ts'
import type { Presence } from './presence/presence.ts'
import type { VerifyAhead } from './verify-ahead.ts'

/** What each waiting frame or blob takes in memory beside its bytes. */
export const UNREAD_OVERHEAD_BYTES = 1_024

type EventOf<Kind extends NetworkEvent['kind']> = Extract<NetworkEvent, { kind: Kind }>

export type Intake = {
  readonly hear: (event: NetworkEvent) => void
  /** A blob, new or once more. `heldAt`: of one that was held. */
  readonly blob: (relay: string, pushed: PushedBlob, heldAt?: HeldAt) => void
}

export type IntakeParts = {
  readonly state: () => NodeState
  readonly push: (input: NodeInput, done?: () => void) => void
  /** Of frames that wait now, what can be verified meanwhile; to be called back when they were read. */
  readonly ahead?: (...frames: Parameters<VerifyAhead['begin']>) => (() => void) | undefined
  /** The network came back: everything may be tried now. */
  readonly retry: () => void
  /** Undefined before anybody can be reached. */
  readonly presence: () => Pick<Presence, 'hear'> | undefined
  /** Of this device's handle. */
  readonly desk?: () => Pick<Desk, 'take'> | undefined
  readonly log: (line: string) => void
}

const received = (source: Source, frames: readonly Frame[]): ReceivedFrames => ({
  kind: 'received',
  source,
  frames,
  lookups: new Map(),
  part: 'last',
})

export function createIntake({ state, push, ahead, retry, presence, desk, log }: IntakeParts): Intake {
  const unread = new Map<string, number>()

  // Whoever sends faster than this device reads loses what is over; it comes again, because it is not confirmed.
  function take(from: string, length: number, input: ReceivedFrames | InputOf<'unopened'>): void {
    const bytes = length + UNREAD_OVERHEAD_BYTES
    const before = unread.get(from) ?? 0
    if (before + bytes > UNREAD_BYTES_MAX) return log('refused: input, too much at once')
    unread.set(from, before + bytes)
    const wasRead = input.kind === 'received' ? ahead?.(state(), input.source, input.frames) : undefined
    push(input, () => {
      wasRead?.()
      const rest = (unread.get(from) ?? 0) - bytes
      if (rest > 0) unread.set(from, rest)
      else unread.delete(from)
    })
  }

  function blob(relay: string, { mailbox, blob: sealed }: PushedBlob, heldAt?: HeldAt): void {
    // What rests is woken by the step.
    const inbox = whileAwake(() => inboxAt(state(), mailbox))
    const source = { kind: 'mailbox', relay, mailbox, blob: sealed } as const
    const own = inbox && openBlob(inbox.keys, sealed)
    // The key of a joint blob may lie in one that is still to be read.
    take(relay, sealed.length, own === undefined ? { kind: 'unopened', source, heldAt } : received(source, own))
  }

  function frame({ device, frame: bytes }: EventOf<'frame'>): void {
    const value = bytes.length <= FRAME_BYTES_MAX ? tryDecode(frameCodec, bytes) : undefined
    if (value === undefined) log('refused: frame, malformed')
    else if (value.kind === 'presence') presence()?.hear(device, value)
    else take(device, bytes.length, received({ kind: 'link', device, frame: bytes }, [value]))
  }

  function hear(event: NetworkEvent): void {
    switch (event.kind) {
      case 'relay-up':
      case 'relay-down':
      case 'peer-up':
      case 'peer-down':
        return push(event)
      case 'blobs':
        return event.blobs.forEach((pushed) => desk?.()?.take(event.relay, pushed) || blob(event.relay, pushed))
      case 'frame':
        return frame(event)
      case 'network':
        if (event.state === 'online') retry()
        return
      case 'relay-replaced': // For people alone: watch/outlook.ts.
      case 'file-frame': // attachments/keeper.ts.
    }
  }

  return { hear, blob }
}
