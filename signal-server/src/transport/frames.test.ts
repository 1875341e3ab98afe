import { describe, expect, test } from 'vitest'
import { concatBytes, RELAY_FRAME_BYTES_MAX } from '@kith/protocol'
import { FRAME_PIECES_MAX } from '../limits.ts'
import { createFrameReader, toFrame } from './frames.ts'

const BODIES = [Uint8Array.of(1), Uint8Array.of(2, 3), new Uint8Array(100).fill(4)]
const STREAM = concatBytes(...BODIES.map(toFrame))

describe('frames', () => {
  test('come out whole, whatever the pieces in which they arrive', () => {
    for (const size of [1, 2, 3, 5, 7, 50, STREAM.length]) {
      const reader = createFrameReader(100)
      const frames: Uint8Array[] = []
      for (let at = 0; at < STREAM.length; at += size) frames.push(...(reader.push(STREAM.subarray(at, at + size)) ?? []))
      expect(frames).toEqual(BODIES)
      expect(reader.isPartial()).toBe(false)
    }
  })
  test('come out whole in as many pieces as they have bytes, and few pieces wait at a time', () => {
    const body = new Uint8Array(RELAY_FRAME_BYTES_MAX).map((_, at) => at)
    expect(body.length).toBeGreaterThan(100 * FRAME_PIECES_MAX)
    const reader = createFrameReader(RELAY_FRAME_BYTES_MAX)
    const frames = [...toFrame(body)].flatMap((byte) => reader.push(Uint8Array.of(byte)) ?? [])
    expect(frames).toEqual([body])
  })
  test('are plain bytes even when a Node Buffer came in', () => {
    const [frame] = createFrameReader(100).push(Buffer.from(toFrame(Uint8Array.of(1, 2)))) ?? []
    expect(Buffer.isBuffer(frame)).toBe(false)
    expect(frame).toEqual(Uint8Array.of(1, 2))
  })
  test('that are unfinished are known to be so, from the first byte of the length on', () => {
    const reader = createFrameReader(100)
    for (const byte of STREAM.subarray(0, 4)) {
      expect(reader.push(Uint8Array.of(byte))).toEqual([])
      expect(reader.isPartial()).toBe(true)
    }
    expect(reader.push(Uint8Array.of(1))).toHaveLength(1)
    expect(reader.isPartial()).toBe(false)
  })
  test('of the largest size pass; one byte more, or none at all, does not', () => {
    expect(createFrameReader(100).push(toFrame(new Uint8Array(100)))).toHaveLength(1)
    expect(createFrameReader(100).push(toFrame(new Uint8Array(101)))).toBeUndefined()
    expect(createFrameReader(100).push(toFrame(new Uint8Array(0)))).toBeUndefined()
  })
})
