import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { FrameReader, FrameTooLargeError, toFrame } from './framing.ts'

describe('framing', () => {
  it('puts the length in front of the joined parts', () => {
    expect(toFrame(Uint8Array.of(7), Uint8Array.of(8, 9))).toEqual(Uint8Array.of(0, 0, 0, 3, 7, 8, 9))
  })

  it('finds the same frames however the stream was cut', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sent, sizes) => {
        const bytes = sent.map((frame) => [...toFrame(frame)]).flat()
        const reader = new FrameReader(40)
        const got: Uint8Array[] = []
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const size = sizes[cut % sizes.length] ?? 1
          got.push(...reader.push(Uint8Array.from(bytes.slice(at, at + size))))
          at += size
        }
        expect(got).toEqual(sent)
      }),
    )
  })

  it('takes a frame of the largest size and refuses the announcement of one byte more', () => {
    expect(new FrameReader(5).push(toFrame(new Uint8Array(5)))).toHaveLength(1)
    expect(() => new FrameReader(5).push(Uint8Array.of(0, 0, 0, 6))).toThrow(FrameTooLargeError)
  })
})
