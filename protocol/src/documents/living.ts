// The document of a living message, built from the changes to it in the order of the conversation: the same set of changes, the same document, whatever
// came first. No update reaches Yjs that is not its author's to write (docs/protocol.md §5.15).

import * as Y from 'yjs'
import { admitUpdate } from './admission.ts'
import { LIVING_BYTES_PER_AUTHOR_MAX, LIVING_VALUES_PER_AUTHOR_MAX, NOTE_LETTERS_PER_AUTHOR_MAX } from './living-limits.ts'
import { createDocumentState, nextClock } from './state.ts'
import { readUpdate } from './update.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { MissingPast, UpdateRefusal } from './admission.ts'
import type { DocumentPolicy } from './kinds.ts'
import type { LivingForm } from './living-form.ts'
import type { DocumentState, Span } from './state.ts'
import type { Deletion, ValueType } from './update.ts'

/** `client`: `livingClientOf` the device that wrote the entry. */
export type LivingChange = {
  readonly orderKey: string
  readonly account: AccountId
  readonly client: number
  /** ms. */
  readonly time: number
  readonly update: Uint8Array
}

/** One value that somebody gave, under a name that is theirs alone. `clock`: so many values the author's device has given with it. */
export type Written = Pick<LivingChange, 'account' | 'client' | 'time'> & {
  readonly root: string
  readonly name: string
  readonly clock: number
  readonly value: unknown
}

export type LivingRefusal = UpdateRefusal | MissingPast | 'not-theirs'

export type LivingDocument = {
  readonly form: LivingForm
  readonly author: AccountId
  readonly doc: Y.Doc
  state: DocumentState
  /** Those that were let in, in order. */
  readonly changes: LivingChange[]
  readonly written: Written[]
  /** Of a note: what was taken out, by whom. */
  readonly deleted: (Deletion & { readonly account: AccountId })[]
  readonly accounts: Map<number, AccountId>
}

/** Of no device: what a note begins with is written under it, alike everywhere. */
const NOBODY = 0
const NOTE_ROOT = 'note'
const NOTE_PLACE = `${NOBODY}:0`

const values = (roots: readonly (readonly [string, ValueType])[]): DocumentPolicy => ({
  roots: new Map(roots.map(([root, type]) => [root, [type]])),
  contents: ['any'],
  deletes: 'own',
  bytesMax: LIVING_BYTES_PER_AUTHOR_MAX,
  valuesMax: LIVING_VALUES_PER_AUTHOR_MAX,
})

const POLICIES: Readonly<Record<LivingForm['kind'], DocumentPolicy>> = {
  poll: values([
    ['votes', 'text'],
    ['closed', 'text'],
  ]),
  checklist: values([
    ['text', 'text'],
    ['done', 'boolean'],
    ['gone', 'boolean'],
  ]),
  note: {
    roots: new Map([[NOTE_ROOT, []]]),
    contents: ['string'],
    deletes: 'any',
    bytesMax: LIVING_BYTES_PER_AUTHOR_MAX,
    valuesMax: NOTE_LETTERS_PER_AUTHOR_MAX,
  },
}

export function openLiving(form: LivingForm, author: AccountId): LivingDocument {
  // With what was deleted kept, each letter says whose it is for good.
  const doc = new Y.Doc({ guid: form.kind, gc: false })
  const living: LivingDocument = {
    form,
    author,
    doc,
    state: createDocumentState(),
    changes: [],
    written: [],
    deleted: [],
    accounts: new Map([[NOBODY, author]]),
  }
  if (form.kind === 'note') plantNote(living, form.text)
  return living
}

function plantNote(living: LivingDocument, text: string): void {
  living.doc.clientID = NOBODY
  const note = new Y.Text()
  living.doc.transact(() => {
    living.doc.getMap(NOTE_ROOT).set('text', note)
    if (text !== '') note.insert(0, text)
  })
  const policy = { ...POLICIES.note, contents: ['type', 'string'], bytesMax: Infinity, valuesMax: Infinity } as const
  const update = Y.encodeStateAsUpdate(living.doc)
  const verdict = admitUpdate({ update, client: NOBODY, state: living.state, policy })
  if (verdict.kind === 'admitted') living.state = verdict.state
}

export const noteIn = ({ doc }: LivingDocument): Y.Text => doc.getMap<Y.Text>(NOTE_ROOT).get('text') as Y.Text

/** Takes the next change in the order of the conversation in, or says why not. A change that is refused leaves nothing. */
export function takeChange(living: LivingDocument, change: LivingChange): LivingRefusal | undefined {
  const { update, client, account } = change
  const verdict = admitUpdate({ update, client, state: living.state, policy: POLICIES[living.form.kind] })
  if (verdict.kind !== 'admitted') return verdict.reason
  const known = nextClock(living.state.spans, client)
  const spans = newSpans(known, verdict.state, client)
  const deletions = readUpdate(update)?.deletions ?? []
  if (!isTheirs(living, change, { spans, state: verdict.state, deletions })) return 'not-theirs'
  Y.applyUpdate(living.doc, update)
  living.state = verdict.state
  living.changes.push(change)
  living.accounts.set(client, account)
  if (living.form.kind === 'note') {
    living.deleted.push(...deletions.map((deletion) => ({ ...deletion, account })))
    living.written.push({
      account,
      client,
      time: change.time,
      root: NOTE_ROOT,
      name: '',
      clock: 0,
      value: lettersOf(living, client, known),
    })
  } else for (const span of spans) living.written.push(writtenIn(living, change, span))
  return undefined
}

type Admitted = { readonly spans: readonly Span[]; readonly state: DocumentState; readonly deletions: readonly Deletion[] }

// Of each place the last value alone can be read, and it is the one that counts.
function newSpans(known: number, after: DocumentState, client: number): readonly Span[] {
  const last = new Map<number, Span>()
  for (const span of after.spans.get(client) ?? []) if (span.to > known) last.set(span.place, span)
  return [...last.values()]
}

// Each name ends with the client that may write under it, so nobody speaks for anybody else; only whoever made a poll closes it. Of a note all letters lie in
// the one text, which itself nobody takes away or puts another in its place.
function isTheirs({ form, author }: LivingDocument, { client, account }: LivingChange, { spans, state, deletions }: Admitted): boolean {
  const placeOf = ({ place }: Span): string => state.places[place]?.name ?? ''
  if (form.kind === 'note')
    return spans.every((span) => placeOf(span) === NOTE_PLACE) && deletions.every((one) => one.client !== NOBODY || one.clock > 0)
  return spans.every((span) => {
    const name = placeOf(span)
    return name.endsWith(ownName('', client)) && (!name.startsWith('closed#') || account === author)
  })
}

function writtenIn({ doc, state }: LivingDocument, { account, client, time }: LivingChange, { place, to }: Span): Written {
  const name = state.places[place]?.name ?? ''
  const root = name.slice(0, name.indexOf('#'))
  const key = name.slice(root.length + 1)
  return { account, client, time, root, name: key.slice(0, key.lastIndexOf('/')), clock: to, value: doc.getMap(root).get(key) }
}

/** The key under which a device gives a value of its own. */
export const ownName = (name: string, client: number): string => `${name}/${hexOf(client)}`
export const hexOf = (client: number): string => client.toString(16).padStart(14, '0')

/** The letters that a device has written into a note from one of its clocks on. */
const lettersOf = ({ doc }: LivingDocument, client: number, from: number): string =>
  (doc.store.clients.get(client) ?? [])
    .filter(({ id, length }) => id.clock + length > from)
    .map((item) => lettersIn(item).slice(Math.max(0, from - item.id.clock)))
    .join('')

/** What an item of a note says, deleted or not. */
export const lettersIn = (item: object): string => {
  const content: unknown = Reflect.get(item, 'content')
  return content instanceof Y.ContentString ? content.str : ''
}
