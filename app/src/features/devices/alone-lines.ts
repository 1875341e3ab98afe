// What is said about messages that one own device alone has.

import type { Alone } from '@kith/protocol'
import { deviceWords } from '../device-words.ts'
import { countWords, fill } from '../words.ts'

/** `side`: whether this device is about to go, or another one. */
export const toAloneLines = (
  { entries, chats, isKnown, others }: Alone,
  side: 'here' | 'there',
): { readonly isSafe: boolean; readonly texts: readonly string[] } => {
  const said = deviceWords.alone
  if (entries === 0 && isKnown) return { isSafe: true, texts: [] }
  const counted = fill(countWords(said[side], entries), { chats: countWords(said.chats, chats) })
  const unknown = side === 'here' ? said.hereUnknown : said.thereUnknown
  const advice = side === 'there' ? said.thereWhat : others === 0 ? said.hereOnly : said.hereWhat
  return { isSafe: false, texts: [...(entries > 0 ? [counted] : []), ...(isKnown ? [] : [unknown]), advice] }
}
