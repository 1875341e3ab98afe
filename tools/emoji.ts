// The build's own lists of emoji, one for each language: names and keywords of emojibase-data (MIT), and of Unicode's CLDR where that lacks a language, as
// one text of which a page needs nothing but to split it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
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
/** Some languages have dozens, which would weigh more than they find. */
const KEYWORDS_MAX = 3
/** Parts of other emoji. */
const COMPONENTS = 'component'

const read = (path: string): unknown => JSON.parse(readFileSync(createRequire(import.meta.url).resolve(path), 'utf8'))

const ID = 'virtual:emoji/'
/** Where emojibase-data has a language that the page speaks. */
const FOLDERS: Readonly<Record<string, string>> = { en: 'en', de: 'de', es: 'es', 'zh-Hans': 'zh' }

export function emoji(): Plugin {
  return {
    name: 'kith:emoji',
    resolveId: (id) => (id.startsWith(ID) ? `\0${id}` : undefined),
    load: (id) => (id.startsWith(`\0${ID}`) ? `export const EMOJI = ${JSON.stringify(emojiText(id.slice(ID.length + 1)))}` : undefined),
  }
}

export function emojiText(language: string): string {
  const folder = FOLDERS[language]
  const listed = read(`emojibase-data/${folder ?? 'en'}/data.json`) as readonly Listed[]
  const all = (folder === undefined ? listed.map(namedIn(language)) : listed)
    .filter(({ version }) => version <= VERSION_MAX)
    .map((one) => ({ ...one, emoji: asTyped(one.emoji), tags: one.tags?.slice(0, language === 'en' ? Infinity : KEYWORDS_MAX) ?? [] }))
  const { groups } = read('emojibase-data/en/messages.json') as {
    readonly groups: readonly { readonly key: string; readonly order: number }[]
  }
  return groups
    .filter(({ key }) => key !== COMPONENTS)
    .map(({ key, order }) => [key, ...all.filter(({ group }) => group === order).map(toLine)].join('\n'))
    .join('\n\n')
}

/** As Unicode and keyboards write it: the list asks for colour even where there is nothing else, which would be another reaction. */
const asTyped = (emoji: string): string => emoji.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1')

function toLine(listed: Listed): string {
  const said = [listed.label.toLowerCase()]
  const tags: string[] = []
  for (const tag of (listed.tags ?? []).flatMap((words) => words.toLowerCase().split(/\s+/u))) {
    if (said.some((words) => isFoundIn(words, tag))) continue
    said.push(tag)
    tags.push(tag)
  }
  return [listed.emoji + (takesTones(listed) ? '+' : ''), listed.label, tags.join(' ')].join('\t')
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

/** Names of CLDR; where it has none, a flag is called by its country, and a sequence by its parts. */
function namedIn(language: string): (listed: Listed) => Listed {
  const file = read(`cldr-annotations-full/annotations/${language}/annotations.json`)
  const { annotations } = (file as { readonly annotations: { readonly annotations: Annotations } }).annotations
  const countries = new Intl.DisplayNames(language, { type: 'region' })
  const list = new Intl.ListFormat(language, { type: 'unit', style: 'short' })
  const nameOf = (emoji: string): string | undefined => (annotations[emoji] ?? annotations[emoji.replaceAll('\uFE0F', '')])?.tts?.[0]
  const partsOf = (emoji: string): string => list.format(emoji.split(/\u200D|(?=\u20E3)/u).flatMap((part) => nameOf(part) ?? part))

  return (listed) => {
    const plain = annotations[listed.emoji] ?? annotations[listed.emoji.replaceAll('\uFE0F', '')]
    const place = placeOf(listed.emoji)
    const label = plain?.tts?.[0] ?? (place === undefined ? partsOf(listed.emoji) : (countries.of(place) ?? place))
    return { ...listed, label, tags: plain?.default ?? [] }
  }
}

/** The country of a flag; undefined for everything else. */
function placeOf(emoji: string): string | undefined {
  const letters = Array.from(emoji).flatMap((letter) => {
    const at = (letter.codePointAt(0) ?? 0) - 0x1f1e6
    return at >= 0 && at < 26 ? [String.fromCharCode(65 + at)] : []
  })
  return letters.length === 2 ? letters.join('') : undefined
}
