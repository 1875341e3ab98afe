// What a pair has in common beside its messages: names, the title, the document behind it, and that what was looked at is known as read.

import { openDocument } from '../../src/documents/document.ts'
import { readMeta } from '../../src/documents/meta.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationView } from '../../src/engine.ts'
import type { Deeds } from './deeds.ts'
import type { Person } from './person.ts'

export type Side = { readonly person: Person; readonly deeds: Deeds; readonly view: ConversationView }

/** What is not the same on both sides once all faults have ended, or not as it was acknowledged. */
export function brokenShares(mine: Side, theirs: Side, conversation: ConversationId): readonly string[] {
  return [...brokenName(mine, theirs), ...brokenTitle(mine, theirs, conversation)]
}

function brokenName({ person, deeds }: Side, { person: other, view }: Side): readonly string[] {
  const wrong: string[] = []
  const name = person.ownName()
  if (!deeds.names().includes(name)) wrong.push(`${person.name} is called ${String(name)}, which was replaced`)
  if (view.summary.name !== name) wrong.push(`${person.name} is called ${String(name)}, and for ${other.name} ${String(view.summary.name)}`)
  return wrong
}

function brokenTitle({ person, deeds, view }: Side, theirs: Side, conversation: ConversationId): readonly string[] {
  const wrong: string[] = []
  const stored = storedTitle(person, conversation)
  if (view.title !== theirs.view.title) wrong.push(`the title is ${String(view.title)} and ${String(theirs.view.title)}`)
  if (stored !== view.title) wrong.push(`the title is ${String(view.title)}, and in the document of ${person.name} ${String(stored)}`)
  const shown = new Set(view.messages.flatMap((message) => (message.kind === 'system' && message.event === 'titled' ? [message.name] : [])))
  for (const title of [...deeds.titles, ...theirs.deeds.titles])
    if (!shown.has(title)) wrong.push(`the title “${title}” was given and is not there for ${person.name}`)
  return wrong
}

const storedTitle = (person: Person, conversation: ConversationId): string | undefined =>
  readMeta(openDocument('meta', { client: 1, updates: person.documents().get(`meta/${conversation}`) ?? [] })).title

/** Own texts that are not known as read, though the other side has looked at everything. */
export function unread({ person, view }: Side): readonly string[] {
  const late = view.messages.filter((message) => message.kind === 'text' && message.mine && message.state !== 'read')
  return late.length === 0 ? [] : [`${late.length} messages of ${person.name} were looked at and are not read`]
}
