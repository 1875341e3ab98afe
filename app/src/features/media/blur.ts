// The blurred picture that stands where a photo will be. Its bytes come from others, and may say anything.

import { thumbHashToRGBA } from 'thumbhash'
import { BLUR_SIDE_MAX } from './limits.ts'

/** Undefined for bytes that are none. */
export function blurOf(hash: Uint8Array): ImageData | undefined {
  try {
    const { w, h, rgba } = thumbHashToRGBA(hash)
    const isOne = w > 0 && h > 0 && w <= BLUR_SIDE_MAX && h <= BLUR_SIDE_MAX && rgba.length === w * h * 4
    return isOne ? new ImageData(new Uint8ClampedArray(rgba), w, h) : undefined
  } catch {
    // It ends too early, or names sides that no picture has.
    return undefined
  }
}
