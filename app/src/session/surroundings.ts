// Clock, random source and timer of a browser, as the engine's ports want them.

import { toUnixMs } from '@kith/protocol'
import { RANDOM_BYTES_MAX, TIMER_MS_MAX } from './limits.ts'
import type { Clock, Random, Timer } from '@kith/protocol'

export const browserClock: Clock = () => toUnixMs(Date.now())

export const browserRandom: Random = (length) => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += RANDOM_BYTES_MAX) crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES_MAX))
  return bytes
}

export const browserTimer: Timer = (ms, callback) => {
  let left = ms
  let timer = wait()

  function wait(): ReturnType<typeof setTimeout> {
    const part = Math.min(left, TIMER_MS_MAX)
    left -= part
    return setTimeout(end, part)
  }

  function end(): void {
    if (left > 0) timer = wait()
    else callback()
  }

  return () => clearTimeout(timer)
}
