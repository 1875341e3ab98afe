// What counts as one emoji: a sequence that Unicode allows to be one (UTS #51, ED-17), by properties that are set for code points of the
// future as well. So an older version takes the emoji of a newer one, and all devices take the same.

import { utf8ToBytes } from '../bytes/bytes.ts'
import { EMOJI_BYTES_MAX } from '../limits.ts'

const PICTURE = '\\p{Extended_Pictographic}(?:[\\u{1F3FB}-\\u{1F3FF}]|\\uFE0F)?(?:[\\u{E0020}-\\u{E007E}]+\\u{E007F})?'
const FLAG = '\\p{Regional_Indicator}{2}'
const KEYCAP = '[0-9#*]\\uFE0F?\\u20E3'
const EMOJI = new RegExp(`^(?:${FLAG}|${KEYCAP}|${PICTURE}(?:\\u200D${PICTURE})*)$`, 'u')

/** True for one emoji and nothing else, of EMOJI_BYTES_MAX at most. */
export const isEmoji = (text: string): boolean =>
  text.length <= EMOJI_BYTES_MAX && utf8ToBytes(text).length <= EMOJI_BYTES_MAX && EMOJI.test(text)
