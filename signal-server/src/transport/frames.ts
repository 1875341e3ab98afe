// Length-prefixed frames on a byte stream: u32 length, then that many bytes. Holds at most one unfinished frame.

import { concatBytes } from '@kith/protocol'
import { FRAME_PIECES_MAX } from '../limits.ts'

export type FrameReader = {
  /** The frames that `chunk` completes, or undefined when a length is 0 or too large; nothing can be read after that. */
  push(chunk: Uint8Array): readonly Uint8Array[] | undefined
  /** True when part of a frame has arrived. */
  isPartial(): boolean
}

const LENGTH_BYTES = 4

export function createFrameReader(bytesMax: number): FrameReader {
  let parts: Uint8Array[] = []
  let have = 0
  let frameBytes: number | undefined

  const join = (): Uint8Array => {
    const [first = new Uint8Array()] = parts
    return parts.length === 1 ? first : concatBytes(...parts)
  }
  /** Takes `length` bytes off what has arrived. Alone in their memory: what is kept of a frame must not keep the frames beside it. */
  const take = (length: number): Uint8Array => {
    const all = join()
    parts = all.length > length ? [all.subarray(length)] : []
    have -= length
    return all.buffer.byteLength === length ? all : all.slice(0, length)
  }

  return {
    push(chunk) {
      const frames: Uint8Array[] = []
      // Never a Node Buffer: its slice() shares memory where the decoder expects a copy.
      parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
      have += chunk.length
      // Each piece costs far more than its byte, and no call takes as many arguments as a frame has bytes.
      if (parts.length > FRAME_PIECES_MAX) parts = [join()]
      for (;;) {
        if (frameBytes === undefined) {
          if (have < LENGTH_BYTES) return frames
          frameBytes = lengthOf(take(LENGTH_BYTES))
          if (frameBytes === 0 || frameBytes > bytesMax) return undefined
        }
        if (have < frameBytes) return frames
        frames.push(take(frameBytes))
        frameBytes = undefined
      }
    },
    isPartial: () => have > 0 || frameBytes !== undefined,
  }
}

const lengthOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getUint32(0)

/** A frame with its length in front. */
export function toFrame(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(LENGTH_BYTES + body.length)
  new DataView(frame.buffer).setUint32(0, body.length)
  frame.set(body, LENGTH_BYTES)
  return frame
}
