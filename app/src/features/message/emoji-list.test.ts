import { describe, expect, it } from 'vitest'
import { isEmoji } from '../../../../protocol/src/conversation/emoji.ts'
import { EMOJI_FOUND_MAX, EMOJI_WORDS_MAX } from '../limits.ts'
import { QUICK_EMOJI } from './actions.ts'
import { LANGUAGES } from '../languages.ts'
import { findEmoji, readEmoji } from './emoji-list.ts'
import { TONES, withTone } from './tone.ts'

const emojiGroups = await readEmoji('en')
const all = emojiGroups.flatMap((group) => group.emoji)
const found = (text: string): readonly string[] => findEmoji(emojiGroups, text).map(({ emoji }) => emoji)

describe('the emoji to choose from', () => {
  it('are each one that devices accept, in every tone', () => {
    expect(all.length).toBeGreaterThan(1_500)
    const refused = all
      .flatMap(({ emoji, hasTones }) => (hasTones ? TONES : ([0] as const)).map((tone) => withTone(emoji, tone)))
      .filter((one) => !isEmoji(one))
    expect(refused).toEqual([])
  })

  it('hold those of the menu, written in the same way, so that both are one reaction', () => {
    expect(QUICK_EMOJI.filter((emoji) => !all.some((one) => one.emoji === emoji))).toEqual([])
  })

  it('are there once each, with a name', () => {
    expect(new Set(all.map(({ emoji }) => emoji)).size).toBe(all.length)
    expect(all.filter(({ name }) => name === '')).toEqual([])
  })
})

describe('a search', () => {
  it('finds by the beginning of each word, and names before keywords', () => {
    expect(found('thumbs up')[0]).toBe('👍')
    expect(found('wav hand')).toContain('👋')
    expect(found('GREEN hea')[0]).toBe('💚')
    expect(found('❤️')).toContain('❤️')
  })

  it('finds flags by their country, and all of them by what they are', () => {
    expect(found('germany')).toContain('🇩🇪')
    expect(found('flag chile')).toEqual(['🇨🇱'])
  })

  it('finds nothing where nothing is', () => {
    expect(found('qqq')).toEqual([])
    expect(found('  ')).toEqual([])
    expect(found('(.*')).toEqual([])
  })

  it('shows no more than can be looked at, and looks at no more words than a few', () => {
    expect(found('f').length).toBe(EMOJI_FOUND_MAX)
    expect(found(`${'thumbs '.repeat(EMOJI_WORDS_MAX)} nowhere`)).toContain('👍')
  })
})

describe.each(LANGUAGES.filter((language) => language !== 'en'))('in %s', (language) => {
  it('they are the same ones, with names of their own', async () => {
    const groups = await readEmoji(language)
    expect(groups.map(({ key, emoji }) => [key, emoji.map((one) => one.emoji)])).toEqual(
      emojiGroups.map(({ key, emoji }) => [key, emoji.map((one) => one.emoji)]),
    )
    const names = new Map(all.map(({ emoji, name }) => [emoji, name]))
    const here = groups.flatMap(({ emoji }) => emoji)
    expect(here.filter(({ name }) => name === '')).toEqual([])
    // Some words are the same in both, as names of countries are.
    expect(here.filter(({ emoji, name }) => names.get(emoji) === name).length).toBeLessThan(all.length / 8)
  })
})

it.each([
  ['de', 'daumen hoch', '👍'],
  ['es', 'pulgar hacia arriba', '👍'],
  ['ar', 'قلب أحمر', '❤️'],
  ['ar', 'فرنسا', '🇫🇷'],
  ['ar', 'علم فرنسا', '🇫🇷'],
  ['de', 'flagge frankreich', '🇫🇷'],
  ['zh-Hans', '指', '👍'],
] as const)('a search in %s for %s finds %s', async (language, text, emoji) => {
  expect(findEmoji(await readEmoji(language), text).map((one) => one.emoji)).toContain(emoji)
})
