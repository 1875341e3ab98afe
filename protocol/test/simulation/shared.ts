// What two people have in common beside their messages: names, the title, the document behind it, and that what was looked at is known as read.

import { openDocument } from '../../src/documents/document.ts'
import { readMeta } from '../../src/documents/meta.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationView } from '../../src/views.ts'
import type { Deeds } from './deeds.ts'
import type { Person } from './person.ts'

/** What one device shows. */
export type Seen = { readonly person: Person; readonly deeds: Deeds; readonly view: ConversationView }

/** What is not the same on both sides once all faults have ended, or not as it was acknowledged. */
export const brokenShares = (ours: readonly Seen[], theirs: readonly Seen[], conversation: ConversationId): readonly string[] => [
  ...brokenName(ours, theirs),
  ...ours.flatMap((one) => brokenTitle(one, [...ours, ...theirs], conversation)),
]

// Each device may give its person a name; the last one counts, and that is the same for all.
function brokenName(ours: readonly Seen[], theirs: readonly Seen[]): readonly string[] {
  const wrong: string[] = []
  const names = ours.map(({ person }) => person.ownName())
  for (const { person, deeds } of ours)
    if (!deeds.names().includes(person.ownName())) wrong.push(`${person.name} is called ${String(person.ownName())}, which was replaced`)
  const shown = new Set(theirs.map(({ view }) => view.summary.name))
  if (shown.size > 1) wrong.push(`${ours[0]?.person.name} is called ${[...shown].join(' and ')}`)
  for (const name of shown)
    if (!names.includes(name))
      wrong.push(`${ours[0]?.person.name} is called ${names.map(String).join(' or ')}, and ${String(name)} is shown`)
  return wrong
}

function brokenTitle({ person, view }: Seen, all: readonly Seen[], conversation: ConversationId): readonly string[] {
  const wrong: string[] = []
  const stored = storedTitle(person, conversation)
  for (const other of all)
    if (view.title !== other.view.title) wrong.push(`the title is ${String(view.title)} and ${String(other.view.title)}`)
  if (stored !== view.title) wrong.push(`the title is ${String(view.title)}, and in the document of ${person.name} ${String(stored)}`)
  const shown = new Set(view.messages.flatMap((message) => (message.kind === 'system' && message.event === 'titled' ? [message.name] : [])))
  for (const title of all.flatMap(({ deeds }) => [...deeds.titlesOf(conversation)]))
    if (!shown.has(title)) wrong.push(`the title “${title}” was given and is not there for ${person.name}`)
  return wrong
}

const storedTitle = (person: Person, conversation: ConversationId): string | undefined =>
  readMeta(openDocument('meta', { client: 1, updates: person.documents().get(`meta/${conversation}`) ?? [] })).title

/** Own texts that are not known as read, though the other side has looked at everything. */
export function unread(person: Person, own: readonly { readonly state: string }[]): readonly string[] {
  const late = own.filter(({ state }) => state !== 'read')
  return late.length === 0 ? [] : [`${late.length} messages of ${person.name} were looked at and are not read`]
}
