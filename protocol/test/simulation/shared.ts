// What two people have in common beside their messages: names, the title, the document behind it, and that what was looked at is known as read.

import { decode, tryDecode } from '../../src/bytes/codec.ts'
import { faceOf } from '../../src/conversation/faces.ts'
import { openDocument } from '../../src/documents/document.ts'
import { readMeta } from '../../src/documents/meta.ts'
import { storedBody } from '../../src/node/rows/stored-body.ts'
import { content as contentCodec } from '../../src/wire/content.ts'
import { nodeOn } from './disk.ts'
import type { AccountId, ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationView } from '../../src/views.ts'
import type { Deeds } from './deeds.ts'
import type { Person } from './person.ts'

/** What one device shows. */
export type Seen = { readonly person: Person; readonly deeds: Deeds; readonly view: ConversationView }

/** What is not the same on both sides once all faults have ended, or not as it was acknowledged. */
export const brokenShares = (ours: readonly Seen[], theirs: readonly Seen[], conversation: ConversationId): readonly string[] => [
  ...brokenName(ours, theirs),
  ...brokenFace(ours, theirs, conversation),
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

// What somebody says about themselves is the same for all of the others, and what one of their devices says.
function brokenFace(ours: readonly Seen[], theirs: readonly Seen[], conversation: ConversationId): readonly string[] {
  const nodes = ours.map(({ person }) => nodeOn(person.disk()).self)
  const said = nodes.map(({ face }) => face?.about)
  const shown = new Set(theirs.map(({ person }) => nodes[0] && aboutOn(person, conversation, nodes[0].account)))
  const wrong = [...shown].filter((about) => shown.size > 1 || (about !== undefined && !said.includes(about)))
  return wrong.map(
    (about) => `${ours[0]?.person.name} says ${said.map(String).join(' or ')} about themselves, and ${String(about)} is shown`,
  )
}

function aboutOn(person: Person, conversation: ConversationId, account: AccountId): string | undefined {
  const { from, to } = faceOf(conversation, account)
  const rows = [...(person.disk().tables.get('bodies') ?? [])].filter(([key]) => key >= from && key < to)
  if (rows.length > 1) throw new Error('more than one face is kept of an account')
  const content = rows[0] && tryDecode(contentCodec, decode(storedBody, rows[0][1].value).kept.content)
  return content?.kind === 'face' ? content.about : undefined
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
