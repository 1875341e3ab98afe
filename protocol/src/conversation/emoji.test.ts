import { expect, it } from 'vitest'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { EMOJI_BYTES_MAX } from '../limits.ts'
import { isEmoji } from './emoji.ts'

const LONGEST = '👩🏽‍❤️‍💋‍👨🏿'

it.each(['👍', '👍🏽', '❤️', '❤', '🇩🇪', '1️⃣', '🏳️‍🌈', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👁️‍🗨️', '☠', LONGEST])('%s is one emoji, and fits', (emoji) => {
  expect(isEmoji(emoji)).toBe(true)
  expect(utf8ToBytes(emoji).length).toBeLessThanOrEqual(EMOJI_BYTES_MAX)
})

it.each(['', 'a', '1', '👍👍', '👍 ', ' 👍', '👍\n', '👍\u0301', '🏽', '🇩', '🇩🇪🇫🇷', '\u200d', '👍\u200d', '<b>', '\ufe0f', 'ok'])(
  '%j is not one emoji',
  (text) => {
    expect(isEmoji(text)).toBe(false)
  },
)

it('knows code points that no version of Unicode has given a picture yet', () => {
  expect(isEmoji(String.fromCodePoint(0x1faff))).toBe(true)
})

it('may be so long and no longer', () => {
  const joined = (times: number): string => Array.from({ length: times }, () => '👍').join('\u200d')
  const most = Math.floor((EMOJI_BYTES_MAX + 3) / 7)
  expect([most, most + 1, 50_000].map((times) => isEmoji(joined(times)))).toEqual([true, false, false])
})
