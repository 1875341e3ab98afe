// The build's own list of emoji: names and English keywords of emojibase-data (MIT), as one text of which a page needs nothing but to split it.

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
/** Parts of other emoji. */
const COMPONENTS = 'component'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`emojibase-data/en/${name}.json`), 'utf8'))

const ID = 'virtual:emoji'

export function emoji(): Plugin {
  return {
    name: 'kith:emoji',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export const EMOJI = ${JSON.stringify(emojiText())}` : undefined),
  }
}

export function emojiText(): string {
  const all = (read('data') as readonly Listed[])
    .filter(({ version }) => version <= VERSION_MAX)
    .map((one) => ({ ...one, emoji: asTyped(one.emoji) }))
  const { groups } = read('messages') as { readonly groups: readonly { readonly key: string; readonly order: number }[] }
  return groups
    .filter(({ key }) => key !== COMPONENTS)
    .map(({ key, order }) => [key, ...all.filter(({ group }) => group === order).map(toLine)].join('\n'))
    .join('\n\n')
}

/** As Unicode and keyboards write it: the list asks for colour even where there is nothing else, which would be another reaction. */
const asTyped = (emoji: string): string => emoji.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1')

function toLine(listed: Listed): string {
  const words = listed.label.toLowerCase().split(/\W+/u)
  const tags = (listed.tags ?? []).filter((tag) => !words.includes(tag.toLowerCase()))
  return [listed.emoji + (takesTones(listed) ? '+' : ''), listed.label, tags.join(' ')].join('\t')
}

/** Only where each of the tones is a single one, and is what the page makes of it. */
function takesTones({ emoji: plain, skins = [] }: Listed): boolean {
  const single = skins.filter((skin): skin is Skin & { tone: 1 | 2 | 3 | 4 | 5 } => typeof skin.tone === 'number')
  return single.length === 5 && single.every((skin) => withTone(plain, skin.tone) === skin.emoji)
}
