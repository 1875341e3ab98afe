// How loud a recording is, in a few steps of equal length: made while it is recorded, and drawn as bars.

import { WAVEFORM_STEPS } from './limits.ts'

/** `at`: ms from the beginning; `level`: 0 to 1. */
export type Loudness = { readonly at: number; readonly level: number }

/** Below this a recording is silence, and not made to look like speech. */
const SILENCE = 0.01

/** The loudest of each step, all in proportion to the loudest of all. */
export function waveformOf(heard: readonly Loudness[], duration: number): Uint8Array {
  const steps = new Float64Array(WAVEFORM_STEPS)
  for (const { at, level } of heard) {
    const step = Math.min(WAVEFORM_STEPS - 1, Math.floor((at / Math.max(1, duration)) * WAVEFORM_STEPS))
    steps[step] = Math.max(steps[step] ?? 0, level)
  }
  const loudest = Math.max(SILENCE, ...steps)
  return Uint8Array.from(steps, (level) => Math.round((255 * level) / loudest))
}

const STEP = 4
export const WAVE_HEIGHT = 26
export const waveWidth = (waveform: Uint8Array): number => STEP * waveform.length

/** A bar for each step. Silence is a dot. */
export const wavePath = (waveform: Uint8Array): string =>
  Array.from(waveform, (level, at) => {
    const half = Math.max(0.5, (level / 255) * (WAVE_HEIGHT / 2 - 2))
    return `M${at * STEP + STEP / 2} ${(WAVE_HEIGHT / 2 - half).toFixed(1)}v${(2 * half).toFixed(1)}`
  }).join('')
