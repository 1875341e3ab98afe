// A chat as data: what is shown of it, under names that say what they are. Times are ISO 8601 in UTC.

import type { MessageView } from '@kith/protocol'
import { authorOf, isoOf } from './to-html.ts'
import type { Copied } from './copied.ts'

export const jsonHead = ({ name, kind, exported }: Copied): string =>
  `${JSON.stringify({ format: 'kith-chat', version: 1, chat: { name, kind }, exported: exported.toISOString() }).slice(0, -1)},"messages":[\n`

export const JSON_END = '\n]}\n'

export function jsonOf(message: MessageView, { name }: Pick<Copied, 'name'>): string {
  const { id, kind, mine, time } = message
  const about = { id, kind, time: isoOf(time), mine }
  switch (message.kind) {
    case 'text':
      return JSON.stringify({ ...about, ...saidIn(message, name) })
    case 'members':
      return JSON.stringify({ ...about, event: message.event, author: message.author.name, about: message.about.map((one) => one.name) })
    case 'system':
      return JSON.stringify({ ...about, event: message.event, name: message.name })
    case 'unreadable':
    case 'deleted':
      return JSON.stringify(about)
  }
}

const saidIn = (message: Extract<MessageView, { kind: 'text' }>, name: string) => {
  const { mine, text, answers, files, reactions, isEdited } = message
  return {
    author: mine ? undefined : authorOf(message, name),
    text,
    edited: isEdited,
    answers: answers?.id,
    reactions: reactions?.map(({ emoji, count }) => ({ emoji, count })),
    files: files?.map(({ name: file, size, photo }) => (photo === undefined ? { name: file, size } : { photo: true, size })),
  }
}
