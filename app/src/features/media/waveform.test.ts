import { expect, it } from 'vitest'
// oxlint-disable-next-line no-restricted-imports -- A test may compare our bounds with the protocol's.
import { WAVEFORM_BYTES_MAX, VOICE_MS_MAX, VOICE_PART_BYTES_MAX } from '@kith/protocol'
import { toClockText } from '../clock-text.ts'
import { VOICE_MS_MAX as RECORDED_MS_MAX, VOICE_PART_SIZE, WAVEFORM_STEPS } from './limits.ts'
import { WAVE_HEIGHT, waveformOf, wavePath } from './waveform.ts'

const tone = (from: number, to: number, level: number) =>
  Array.from({ length: (to - from) / 100 }, (_, at) => ({ at: from + at * 100, level }))

it('a recording is as loud as it was where it was, in proportion to its loudest place', () => {
  const waveform = waveformOf([...tone(0, 24_000, 0.05), ...tone(24_000, 48_000, 0.1)], 48_000)
  expect(waveform).toHaveLength(WAVEFORM_STEPS)
  expect([...new Set(waveform.subarray(0, WAVEFORM_STEPS / 2))]).toEqual([128])
  expect([...new Set(waveform.subarray(WAVEFORM_STEPS / 2))]).toEqual([255])
})

it('silence is not made to look like speech, and a recording without length has a waveform too', () => {
  expect(Math.max(...waveformOf(tone(0, 1_000, 0.001), 1_000))).toBeLessThan(30)
  expect(waveformOf([], 0)).toEqual(new Uint8Array(WAVEFORM_STEPS))
})

it('each step is a bar within the height that there is', () => {
  const ends = [...wavePath(Uint8Array.of(0, 128, 255)).matchAll(/M[\d.]+ ([\d.]+)v([\d.]+)/g)].map(([, from, by]) => [
    Number(from),
    Number(from) + Number(by),
  ])
  expect(ends).toHaveLength(3)
  expect(ends.every(([from = 0, to = 0]) => from >= 0 && from < to && to <= WAVE_HEIGHT)).toBe(true)
})

it('what is recorded here keeps to what the protocol takes', () => {
  expect(WAVEFORM_STEPS).toBeLessThanOrEqual(WAVEFORM_BYTES_MAX)
  expect([RECORDED_MS_MAX, VOICE_PART_SIZE]).toEqual([VOICE_MS_MAX, VOICE_PART_BYTES_MAX])
})

it.each([
  [0, '0:00'],
  [61_999, '1:01'],
  [3_723_000, '1:02:03'],
])('%d ms are %s', (ms, text) => expect(toClockText(ms)).toBe(text))
