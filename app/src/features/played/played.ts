// A recording or a video where only words are shown: the engine puts a sign and a length there; people read what it is, beside an icon.

import { listWords } from '../list-words.ts'
import { fill } from '../words.ts'

export type Played = 'voice' | 'video'

const IN_WORDS = /^(🎤|🎬) (\d{1,4}:\d\d(?::\d\d)?)$/u

/** What stands for one that has no words of its own. */
export const playedIn = (text: string): Played | undefined => {
  const [, sign] = IN_WORDS.exec(text) ?? []
  return sign === undefined ? undefined : sign === '🎤' ? 'voice' : 'video'
}

/** `time`: as clocks of players show it. */
export const toPlayedWords = (played: Played, time: string): string => fill(listWords.played[played], { time })

/** The text, or what it stands for. */
export const withPlayed = (text: string): string => {
  const played = playedIn(text)
  return played === undefined ? text : toPlayedWords(played, text.slice(text.indexOf(' ') + 1))
}
