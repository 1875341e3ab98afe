// What two ends of a direct stream say to each other below the protocol's frames: a tag byte, then the content (docs/protocol.md §6).

import { DecodeError, decode, encode, u32 } from '@kith/protocol'
import { toFrame } from './framing.ts'

export type DirectMessage =
  | { readonly kind: 'data'; readonly frame: Uint8Array }
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  /** The receiver has taken these bytes off the sender's hands. */
  | { readonly kind: 'credit'; readonly bytes: number }

const DATA = 0
const PING = 1
const PONG = 2
const CREDIT = 3

/** With its length in front, ready for the stream. */
export function encodeDirectMessage(message: DirectMessage): Uint8Array {
  switch (message.kind) {
    case 'data':
      return toFrame(Uint8Array.of(DATA), message.frame)
    case 'ping':
      return toFrame(Uint8Array.of(PING))
    case 'pong':
      return toFrame(Uint8Array.of(PONG))
    case 'credit':
      return toFrame(Uint8Array.of(CREDIT), encode(u32, message.bytes))
  }
}

/** Throws DecodeError only. */
export function decodeDirectMessage(bytes: Uint8Array): DirectMessage {
  const content = bytes.subarray(1)
  switch (bytes[0]) {
    case DATA:
      return { kind: 'data', frame: content }
    case PING:
      return empty(content, { kind: 'ping' })
    case PONG:
      return empty(content, { kind: 'pong' })
    case CREDIT:
      return { kind: 'credit', bytes: decode(u32, content) }
    case undefined:
    default:
      throw new DecodeError('an unknown tag')
  }
}

function empty(content: Uint8Array, message: DirectMessage): DirectMessage {
  if (content.length > 0) throw new DecodeError('bytes are left over')
  return message
}
