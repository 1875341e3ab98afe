import { expect, it } from 'vitest'
import { playedIn, withPlayed } from './played.ts'

it.each([
  ['🎤 0:42', 'voice', 'Voice message (0:42)'],
  ['🎬 61:05', 'video', 'Video (61:05)'],
  ['🎤 1:01:05', 'voice', 'Voice message (1:01:05)'],
  ['🎤 is on', undefined, '🎤 is on'],
  ['See you at 0:42', undefined, 'See you at 0:42'],
  ['🎤 0:42 late', undefined, '🎤 0:42 late'],
  ['', undefined, ''],
] as const)('%s is %s, and reads %s', (text, played, words) => expect([playedIn(text), withPlayed(text)]).toEqual([played, words]))
