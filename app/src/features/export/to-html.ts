// A chat as a page that stands by itself: no scripts, nothing fetched, and whatever anybody wrote is text in it. The policy in its head holds even where
// an escape were missing.

import type { AttachmentView, MessageView } from '@kith/protocol'
import { carryWords } from '../carry-words.ts'
import { toSizeText } from '../size-text.ts'
import { toPersonName } from '../people/index.ts'
import { toShownFileName } from '../shown-file-name.ts'
import { formats } from '../time/index.ts'
import { fill, words } from '../words.ts'
import type { Copied } from './copied.ts'

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-inline-size:42rem;margin-inline:auto;padding:1rem}
h2{margin-block:2rem .5rem;font-size:.9rem;text-align:center}article{margin-block:.5rem;padding:.5rem .75rem;border:1px solid #8884;border-radius:.75rem}
.mine{margin-inline-start:15%}.theirs{margin-inline-end:15%}header{display:flex;gap:.75rem;justify-content:space-between;font-size:.85rem;opacity:.75}
time{white-space:nowrap}p,ul,blockquote{margin:.25rem 0}p{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}bdi{unicode-bidi:isolate}
blockquote{padding-inline-start:.6rem;border-inline-start:3px solid #8886;opacity:.8;white-space:pre-wrap;overflow-wrap:anywhere}
ul{padding-inline-start:1.2rem}.note{font-size:.85rem;text-align:center;opacity:.75}h1+.note{text-align:start}`

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '')

type Head = { readonly title: string; readonly language: string; readonly direction: string; readonly exported: Date }

export const htmlHead = ({ title, language, direction, exported }: Head): string => `<!doctype html>
<html lang="${escaped(language)}" dir="${escaped(direction)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1><bdi>${escaped(title)}</bdi></h1>
<p class="note">${escaped(fill(carryWords.copy.head, { time: formats.value.longYear.format(exported) }))}</p>
`

export const HTML_END = '</body>\n</html>\n'

export const htmlDay = (time: number): string => `<h2>${escaped(formats.value.longYear.format(time))}</h2>\n`

/** Empty for what is only said on the screen. */
export function htmlOf(message: MessageView, { name }: Pick<Copied, 'name'>): string {
  if (message.kind === 'deleted') return line(fill(words.system.deleted, { name }))
  if (message.kind !== 'text') return ''
  const { text, mine, time, answers, files = [], reactions = [], isEdited } = message
  const parts = [
    ...(answers === undefined ? [] : [`<blockquote>${escaped(answers.kind === 'text' ? answers.text : '…')}</blockquote>`]),
    ...(text === '' ? [] : [`<p>${escaped(text)}</p>`]),
    ...(files.length === 0 ? [] : [`<ul>${files.map(fileLine).join('')}</ul>`]),
    ...(reactions.length === 0 ? [] : [`<p>${escaped(reactions.map(({ emoji, count }) => `${emoji} ${count}`).join('  '))}</p>`]),
  ]
  const when = `${formats.value.clock.format(time)}${isEdited === true ? ` (${carryWords.copy.edited})` : ''}`
  return `<article class="${mine ? 'mine' : 'theirs'}"><header><b><bdi>${escaped(mine ? words.you : authorOf(message, name))}</bdi></b><time datetime="${isoOf(time)}">${escaped(when)}</time></header>${parts.join('')}</article>\n`
}

const line = (text: string): string => `<p class="note">${escaped(text)}</p>\n`

const fileLine = ({ name, size, photo }: AttachmentView): string => {
  const shown = photo === undefined ? toShownFileName(name) : carryWords.copy.photo
  return `<li><bdi>${escaped(shown)}</bdi>, ${escaped(toSizeText(size))}. ${escaped(carryWords.copy.notInside)}</li>`
}

export const authorOf = (message: MessageView, name: string): string =>
  message.kind === 'text' && message.author !== undefined ? toPersonName(message.author) : name

export const isoOf = (time: number): string => new Date(time).toISOString()
