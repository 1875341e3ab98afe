// Frames on a byte stream: u32 length, then that many bytes (docs/protocol.md §6 and §8). Reading allocates only what the bound allows.

/** The other side announced a frame above the bound. */
export class FrameTooLargeError extends Error {
  override readonly name = 'FrameTooLargeError'
  readonly code = 'too-large'
}

const LENGTH_BYTES = 4

export function toFrame(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const frame = new Uint8Array(LENGTH_BYTES + length)
  new DataView(frame.buffer).setUint32(0, length)
  let at = LENGTH_BYTES
  for (const part of parts) {
    frame.set(part, at)
    at += part.length
  }
  return frame
}

/** Collects the bytes of a stream and returns the frames that they complete. */
export class FrameReader {
  private readonly bytesMax: number
  private readonly length = new Uint8Array(LENGTH_BYTES)
  private lengthAt = 0
  private body: Uint8Array | undefined
  private bodyAt = 0

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    const frames: Uint8Array[] = []
    let rest = chunk
    while (rest.length > 0) {
      rest = this.body === undefined ? this.takeLength(rest) : this.takeBody(rest, this.body)
      if (this.body !== undefined && this.bodyAt === this.body.length) {
        frames.push(this.body)
        this.body = undefined
        this.lengthAt = 0
      }
    }
    return frames
  }

  private takeLength(chunk: Uint8Array): Uint8Array {
    const part = chunk.subarray(0, LENGTH_BYTES - this.lengthAt)
    this.length.set(part, this.lengthAt)
    this.lengthAt += part.length
    if (this.lengthAt === LENGTH_BYTES) {
      const length = new DataView(this.length.buffer).getUint32(0)
      if (length > this.bytesMax) throw new FrameTooLargeError(`a frame of ${length} bytes where at most ${this.bytesMax} belong`)
      this.body = new Uint8Array(length)
      this.bodyAt = 0
    }
    return chunk.subarray(part.length)
  }

  private takeBody(chunk: Uint8Array, body: Uint8Array): Uint8Array {
    const part = chunk.subarray(0, body.length - this.bodyAt)
    body.set(part, this.bodyAt)
    this.bodyAt += part.length
    return chunk.subarray(part.length)
  }
}
