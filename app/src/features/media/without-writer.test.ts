import { expect, it } from 'vitest'
import { isWebm, withoutWriter } from './without-writer.ts'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
/** The head of what Chromium records: EBML, a segment without an end, its info with two names, a track in Opus. */
const HEAD = '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff\x15I\xa9f\x99*\xd7\xb1\x83\x0fB@'
const recorded = latin(`${HEAD}M\x80\x86ChromeWA\x86Chrome\x16T\xaek\xbf\x86\x86A_OPUS`)

it('a recording does not say what recorded it, and all else is where it was', () => {
  expect(isWebm(recorded)).toBe(true)
  const cleaned = withoutWriter(recorded)
  expect(textOf(cleaned)).toBe(textOf(recorded).replaceAll('Chrome', '\0'.repeat(6)))
})

it('nothing is overwritten beyond the end, or far into the sound', () => {
  const cut = recorded.subarray(0, HEAD.length + 5)
  expect(withoutWriter(cut)).toEqual(cut)
  const late = latin(`${HEAD}${'.'.repeat(600)}M\x80\x86Chrome`)
  expect(withoutWriter(late)).toEqual(late)
})
