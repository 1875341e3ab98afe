// The build's own list of emoji, and what each language calls them: names and keywords of emojibase-data (MIT), and of Unicode's CLDR where that lacks a
// language, as texts of which a page needs nothing but to split them.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { countryOf } from '../app/src/features/message/flag.ts'
import { withTone } from '../app/src/features/message/tone.ts'

type Skin = { readonly emoji: string; readonly tone?: number | readonly number[] }
type Listed = {
  readonly emoji: string
  readonly label: string
  readonly tags?: readonly string[]
  readonly group?: number
  readonly version: number
  readonly skins?: readonly Skin[]
}

/** Systems that are still in use draw a box for what came later. */
const VERSION_MAX = 15
/** Some languages have dozens, which would weigh more than they find; in Arabic each weighs most. */
const KEYWORDS_MAX: Readonly<Record<string, number>> = { en: Infinity, ar: 2 }
const KEYWORDS_MAX_ELSE = 3
/** Of keywords that find one emoji and no other, which weigh most: it has its name as well. */
const RARE_KEYWORDS_MAX = 1
/** Parts of other emoji. */
const COMPONENTS = 'component'

const read = (path: string): unknown => JSON.parse(readFileSync(createRequire(import.meta.url).resolve(path), 'utf8'))

const LIST = 'virtual:emoji'
const ID = `${LIST}/`
/** Where emojibase-data has a language that the page speaks. */
const FOLDERS: Readonly<Record<string, string>> = { en: 'en', de: 'de', es: 'es', 'zh-Hans': 'zh' }

export function emoji(): Plugin {
  return {
    name: 'kith:emoji',
    resolveId: (id) => (id === LIST || id.startsWith(ID) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${LIST}`) return `export const EMOJI = ${JSON.stringify(emojiList())}`
      return id.startsWith(`\0${ID}`) ? `export const WORDS = ${JSON.stringify(emojiWords(id.slice(ID.length + 1)))}` : undefined
    },
  }
}

/** The same for all languages. */
export const emojiList = (): string =>
  linesIn('en')
    .map(([first]) => first)
    .join('\n')

/** A line for each of the list's. */
export function emojiWords(language: string): string {
  const lines = linesIn(language)
  if (lines.map(([first]) => first).join('\n') !== emojiList()) throw new Error(`the emoji of ${language} are others, or in another order`)
  return lines.map(([, ...words]) => words.join('\t')).join('\n')
}

const linesIn = (language: string): readonly (readonly string[])[] =>
  textIn(language)
    .split('\n')
    .map((line) => line.split('\t'))

function textIn(language: string): string {
  const folder = FOLDERS[language]
  const listed = read(`emojibase-data/${folder ?? 'en'}/data.json`) as readonly Listed[]
  const all = (folder === undefined ? listed.map(namedIn(language)) : listed)
    .filter(({ version }) => version <= VERSION_MAX)
    .map((one) => ({ ...one, emoji: asTyped(one.emoji), tags: one.tags?.slice(0, KEYWORDS_MAX[language] ?? KEYWORDS_MAX_ELSE) ?? [] }))
  const uses = usesOf(all)
  const { groups } = read('emojibase-data/en/messages.json') as {
    readonly groups: readonly { readonly key: string; readonly order: number }[]
  }
  return groups
    .filter(({ key }) => key !== COMPONENTS)
    .map(({ key, order }) => {
      const inGroup = all.filter(({ group }) => group === order)
      return [[key, ...flagWord(inGroup)].join('\t'), ...inGroup.map((one) => toLine(one, uses))].join('\n')
    })
    .join('\n\n')
}

/** As Unicode and keyboards write it: the list asks for colour even where there is nothing else, which would be another reaction. */
const asTyped = (emoji: string): string => emoji.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1')

/** A browser knows the countries' names; what they are called beside that ("flag: Chile") is the same for all of them. */
const flagWord = (listed: readonly Listed[]): readonly string[] => {
  const [first] = listed.filter(({ emoji }) => countryOf(emoji) !== undefined)
  // Where a list has no such name, the white flag's begins with the word.
  const word = /^(.+?)[:：]/u.exec(first?.label ?? '')?.[1] ?? listed.find(({ emoji }) => emoji.startsWith('🏳'))?.label.split(' ')[0]
  return word === undefined ? [] : [word]
}

/** For how many emoji each keyword stands. */
function usesOf(all: readonly Listed[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const word of all.flatMap((listed) => keywordsOf(listed))) uses.set(word, (uses.get(word) ?? 0) + 1)
  return uses
}

/** Those that its name, or one before them, would not find. */
function keywordsOf({ label, tags = [] }: Listed): readonly string[] {
  const said = [label.toLowerCase()]
  return tags.flatMap((words) =>
    words
      .toLowerCase()
      .split(/\s+/u)
      .filter((tag) => {
        if (said.some((word) => isFoundIn(word, tag))) return false
        said.push(tag)
        return true
      }),
  )
}

function toLine(listed: Listed, uses: ReadonlyMap<string, number>): string {
  if (countryOf(listed.emoji) !== undefined) return listed.emoji
  let rare = 0
  const keywords = keywordsOf(listed).filter((word) => (uses.get(word) ?? 0) > 1 || ++rare <= RARE_KEYWORDS_MAX)
  return [listed.emoji + (takesTones(listed) ? '+' : ''), listed.label, keywords.join(' ')].join('\t')
}

/** Whoever looks for the beginning of a word finds it, and without spaces for any part (features/message/emoji-list.ts). */
const isFoundIn = (words: string, tag: string): boolean =>
  /\p{Script=Han}/u.test(tag) ? words.includes(tag) : ` ${words}`.includes(` ${tag}`)

/** Only where each of the tones is a single one, and is what the page makes of it. */
function takesTones({ emoji: plain, skins = [] }: Listed): boolean {
  const single = skins.filter((skin): skin is Skin & { tone: 1 | 2 | 3 | 4 | 5 } => typeof skin.tone === 'number')
  return single.length === 5 && single.every((skin) => withTone(plain, skin.tone) === skin.emoji)
}

type Annotations = Readonly<Record<string, { readonly default?: readonly string[]; readonly tts?: readonly string[] }>>

/** Names of CLDR; where it has none, a sequence is called by its parts. */
function namedIn(language: string): (listed: Listed) => Listed {
  const file = read(`cldr-annotations-full/annotations/${language}/annotations.json`)
  const { annotations } = (file as { readonly annotations: { readonly annotations: Annotations } }).annotations
  const list = new Intl.ListFormat(language, { type: 'unit', style: 'short' })
  const nameOf = (emoji: string): string | undefined => (annotations[emoji] ?? annotations[emoji.replaceAll('\uFE0F', '')])?.tts?.[0]
  const partsOf = (emoji: string): string => list.format(emoji.split(/\u200D|(?=\u20E3)/u).flatMap((part) => nameOf(part) ?? part))

  return (listed) => {
    const plain = annotations[listed.emoji] ?? annotations[listed.emoji.replaceAll('\uFE0F', '')]
    return { ...listed, label: plain?.tts?.[0] ?? partsOf(listed.emoji), tags: plain?.default ?? [] }
  }
}
