// The emoji that can be chosen, with their names and keywords in the language of the page. Made when the app is built (tools/emoji.ts).

import { shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { untilLoaded } from '../../ui/lazy-part.ts'
import type { Language } from '../languages.ts'
import { EMOJI_FOUND_MAX, EMOJI_WORDS_MAX } from '../limits.ts'
import { spoken } from '../spoken.ts'
import { countryOf } from './flag.ts'

export type Emoji = { readonly emoji: string; readonly name: string; readonly keywords: string; readonly hasTones: boolean }
export type EmojiGroup = { readonly key: string; readonly emoji: readonly Emoji[] }

const WORDS: Readonly<Record<Language, () => Promise<{ readonly WORDS: string }>>> = {
  en: () => import('virtual:emoji/en'),
  de: () => import('virtual:emoji/de'),
  es: () => import('virtual:emoji/es'),
  ar: () => import('virtual:emoji/ar'),
  'zh-Hans': () => import('virtual:emoji/zh-Hans'),
}
/** Where no space divides words, one can begin at each letter. */
const UNDIVIDED = /[\p{Script=Han}]/u

/** Of a flag nothing is said: the browser knows what its country is called. */
const toEmoji = (listed: string, { said, countries, flagWord }: Naming): Emoji => {
  const emoji = listed.replace('+', '')
  const country = countryOf(emoji)
  const [name = '', tags = ''] =
    said === '' ? [country === undefined ? emoji : (countries.of(country) ?? country), flagWord] : said.split('\t')
  return { emoji, name, keywords: ` ${name} ${tags}`.toLowerCase(), hasTones: listed !== emoji }
}

type Naming = { readonly said: string; readonly countries: Intl.DisplayNames; readonly flagWord: string }

export const readEmoji = async (language: Language): Promise<readonly EmojiGroup[]> => {
  const countries = new Intl.DisplayNames(language, { type: 'region' })
  const [{ EMOJI }, words] = await Promise.all([import('virtual:emoji'), WORDS[language]()])
  const all = words.WORDS.split('\n')
  let at = 0
  return EMOJI.split('\n\n').map((group) => {
    const [key = '', ...listed] = group.split('\n')
    const [flagWord = '', ...said] = all.slice(at, (at += listed.length + 1))
    // The empty line between two groups.
    at += 1
    return { key, emoji: listed.map((one, i) => toEmoji(one, { said: said[i] ?? '', countries, flagWord })) }
  })
}

/** Empty until they are here. */
export const useEmojiGroups = (): Readonly<ShallowRef<readonly EmojiGroup[]>> => {
  const groups = shallowRef<readonly EmojiGroup[]>([])
  const read = async (language: Language): Promise<void> => {
    const found = await untilLoaded(() => readEmoji(language))
    if (spoken.value === language) groups.value = found
  }
  watch(spoken, (language) => void read(language), { immediate: true })
  return groups
}

/** Those of which a word begins with each of the words, names before keywords. */
export const findEmoji = (groups: readonly EmojiGroup[], text: string): readonly Emoji[] => {
  const wanted = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, EMOJI_WORDS_MAX)
  const all = groups.flatMap((group) => group.emoji)
  const has = (one: Emoji, word: string): boolean => one.keywords.includes(UNDIVIDED.test(word) ? word : ` ${word}`)
  const found = all.filter((one) => one.emoji === text.trim() || (wanted.length > 0 && wanted.every((word) => has(one, word))))
  const rank = ({ name }: Emoji): number =>
    name.startsWith(wanted[0] ?? '') ? 0 : wanted.every((word) => ` ${name}`.includes(` ${word}`)) ? 1 : 2
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, EMOJI_FOUND_MAX)
}
