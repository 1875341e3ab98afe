// Every content that Yjs has and every value that it can carry, under every root, for each kind of document: admission lets in exactly what
// the readers of that root expect, and what got into a stored document all the same stops no reader, no setter and no start.

import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { conversationIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { NAME_BYTES_MAX } from '../limits.ts'
import {
  draftOf,
  flagOf,
  mutedUntil,
  notifyingOf,
  petnameOf,
  setDraft,
  setFlag,
  setMutedUntil,
  setNotifying,
  setPetname,
  setSetting,
  settingOf,
} from './account.ts'
import { admitUpdate } from './admission.ts'
import { copyOf, hasAll, isComplete, openDocument, valueOf, valuesAsUpdate } from './document.ts'
import { DOCUMENT_KINDS } from './kinds.ts'
import { readMeta, setTitle, titleIn } from './meta.ts'
import { createDocumentState } from './state.ts'
import { readUpdate } from './update.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { Document } from './document.ts'
import type { DocumentKind } from './kinds.ts'

const AUTHOR = 1_000
const SELF = 2_000
const place = conversationIdOf(hash(Uint8Array.of(1)))
const somebody = place as string as AccountId

type Group = 'text' | 'number' | 'boolean' | 'object' | 'none'
type Case = { readonly what: string; readonly group: Group; readonly make: () => Y.Item['content'] }

const any = (what: string, group: Group, value: unknown): Case => ({ what, group, make: () => new Y.ContentAny([value]) })
const other = (what: string, make: () => unknown): Case => ({ what, group: 'none', make: make as () => Y.Item['content'] })

const values: readonly Case[] = [
  any('undefined', 'none', undefined),
  any('null', 'none', null),
  any('true', 'boolean', true),
  any('false', 'boolean', false),
  ...[0, 1, -1, 63, 64, -64, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53) + 1].map((value) =>
    any(`${value}`, 'number', value),
  ),
  ...[-0, 0.5, -1.1, 3.4e38, 1e308, 5e-324, NaN, Infinity, -Infinity].map((value) => any(`${value} (float)`, 'number', value)),
  ...[0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)].map((value) => any(`${value}n`, 'none', value)),
  any('an empty text', 'text', ''),
  any('a text', 'text', 'Garden'),
  any('a text of control characters', 'text', '\u0000\u202e\u0007\ufeff'),
  any('a text with a lone surrogate', 'text', 'a\ud800b'),
  any('a text that ends in a lone surrogate', 'text', '\ud83d'),
  any('a long text', 'text', 'é'.repeat(7_000)),
  any('a flood of marks', 'text', `a${'\u0301'.repeat(3_000)}`),
  any('bytes', 'none', Uint8Array.of(1, 2, 3)),
  any('no bytes', 'none', new Uint8Array()),
  any('a list', 'none', ['Garden', 1n, [null, undefined]]),
  any('an empty list', 'none', []),
  any('an empty object', 'object', {}),
  any('an object of strange things', 'object', { petname: 1n, text: ['a'], ref: { deep: NaN }, toJSON: 'no' }),
  any('an object that names a constructor', 'none', { constructor: 1n }),
  any('an object that names a prototype', 'none', JSON.parse('{"__proto__":{"petname":"Bobby"}}')),
  any('an object of nothing', 'object', { petname: undefined, text: null, ref: new Uint8Array(2) }),
  any('half a draft', 'object', { text: 'words' }),
  any('a petname', 'object', { petname: 'Bobby' }),
  any('a draft', 'object', { text: 'words', ref: 'r', more: 1n }),
  any('objects in objects', 'object', { a: { b: { c: { d: { e: 'x' } } } } }),
]

const contents: readonly Case[] = [
  ...values,
  other('two values', () => new Y.ContentAny(['Garden', 'Balcony'])),
  other('ContentBinary', () => new Y.ContentBinary(Uint8Array.of(1, 2, 3))),
  other('ContentString', () => new Y.ContentString('G')),
  other('ContentEmbed', () => new Y.ContentEmbed({ image: 'x' })),
  other('ContentFormat', () => new Y.ContentFormat('bold', true as never)),
  other('ContentJSON', () => new Y.ContentJSON([{ title: 'Garden' }])),
  other('ContentJSON of nothing', () => new Y.ContentJSON([undefined])),
  other('ContentDoc', () => new Y.ContentDoc(new Y.Doc({ guid: 'inner' }))),
  ...[Y.Array, Y.Map, Y.Text].map((Type) => other(`ContentType ${Type.name}`, () => new Y.ContentType(new Type()))),
  other('ContentDeleted', () => new Y.ContentDeleted(1)),
]

/** What the readers of each root understand; the key under which they look. */
const roots: readonly { readonly kind: DocumentKind; readonly root: string; readonly key: string; readonly groups: readonly Group[] }[] = [
  { kind: 'meta', root: 'meta', key: 'title', groups: ['text'] },
  { kind: 'account', root: 'contacts', key: somebody, groups: ['object'] },
  { kind: 'account', root: 'drafts', key: place, groups: ['object'] },
  { kind: 'account', root: 'settings', key: 'theme', groups: ['text', 'number', 'boolean'] },
  { kind: 'account', root: 'conversations', key: `${place}/muted`, groups: ['boolean', 'text'] },
  { kind: 'account', root: 'conversations', key: `${place}/notifies`, groups: ['boolean', 'text'] },
  { kind: 'account', root: 'conversations', key: `${place}/archived`, groups: ['boolean', 'text'] },
  { kind: 'account', root: 'stars', key: '5'.repeat(64), groups: ['object'] },
]

/** The update with which an author puts one content under a key of a root. */
function updateWith(root: string, key: string, content: Y.Item['content']): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = AUTHOR
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  const map = doc.getMap(root)
  doc.transact((transaction) => {
    // Made by hand: the maps of Yjs refuse half of these contents, a hostile author does not ask them.
    new Y.Item(Y.createID(AUTHOR, 0), null, null, null, null, map, key, content).integrate(transaction, 0)
  })
  return updates[0] as Uint8Array
}

function readAll(document: Document): void {
  if (document.kind === 'meta') {
    const { title } = readMeta(document)
    expect(title === undefined || (typeof title === 'string' && utf8ToBytes(title).length <= NAME_BYTES_MAX)).toBe(true)
    return
  }
  const draft = draftOf(document, place)
  expect(draft === undefined || (typeof draft.text === 'string' && typeof draft.ref === 'string')).toBe(true)
  expect(['undefined', 'string']).toContain(typeof petnameOf(document, somebody))
  expect(['undefined', 'string', 'number', 'boolean']).toContain(typeof settingOf(document, 'theme'))
  expect(typeof flagOf(document, place, 'pinned')).toBe('boolean')
  expect(mutedUntil(document, place)).toBeGreaterThanOrEqual(0)
  expect([undefined, 'always', 'mentions']).toContain(notifyingOf(document, place))
}

/** Every setter does what it says over whatever lies there, and what is deleted is gone. */
function writeAll(document: Document): void {
  if (document.kind === 'meta') {
    setTitle(document, 'Mine')
    expect(readMeta(document).title).toBe('Mine')
    setTitle(document, '')
    expect(readMeta(document).title).toBeUndefined()
    return
  }
  setDraft(document, place, { text: 'mine', ref: 'r2' })
  setPetname(document, somebody, 'Mine')
  setSetting(document, 'theme', 'dark')
  setFlag(document, place, 'pinned', 'on')
  setMutedUntil(document, place, Infinity)
  setNotifying(document, place, 'mentions')
  expect(draftOf(document, place)).toEqual({ text: 'mine', ref: 'r2' })
  expect(petnameOf(document, somebody)).toBe('Mine')
  expect(settingOf(document, 'theme')).toBe('dark')
  expect(flagOf(document, place, 'pinned')).toBe(true)
  expect([mutedUntil(document, place), notifyingOf(document, place)]).toEqual([Infinity, 'mentions'])
  setDraft(document, place, undefined)
  setPetname(document, somebody, undefined)
  setSetting(document, 'theme', undefined)
  setFlag(document, place, 'pinned', 'off')
  setMutedUntil(document, place, 0)
  setNotifying(document, place, undefined)
  expect([draftOf(document, place), petnameOf(document, somebody), settingOf(document, 'theme')]).toEqual([undefined, undefined, undefined])
  expect(flagOf(document, place, 'pinned')).toBe(false)
  expect([mutedUntil(document, place), notifyingOf(document, place)]).toEqual([0, undefined])
}

describe.each(roots)('the root $root of $kind', ({ kind, root, key, groups }) => {
  it.each(contents)('admits $what only where its readers expect it', ({ group, make }) => {
    const update = updateWith(root, key, make())
    const state = createDocumentState()
    const verdict = admitUpdate({ update, client: AUTHOR, state, policy: DOCUMENT_KINDS[kind] })
    const isDeleted = make() instanceof Y.ContentDeleted && kind === 'account'
    expect(verdict.kind).toBe(groups.includes(group) || isDeleted ? 'admitted' : 'refused')
    if (verdict.kind !== 'admitted') return
    expect(() => titleIn(update, verdict.state)).not.toThrow()
    const document = openDocument(kind, { client: SELF, updates: [update] })
    expect(isComplete(document) && hasAll(document, verdict.state)).toBe(true)
  })

  it.each(contents)('is read and written over $what, however that came there', ({ make }) => {
    const update = updateWith(root, key, make())
    for (const visit of [readAll, writeAll]) {
      const document = openDocument(kind, { client: SELF, updates: [update] })
      expect(() => visit(copyOf(document))).not.toThrow()
      expect(() => visit(document)).not.toThrow()
    }
  })

  it.each(contents)('carries $what over into the next document only as something that its readers expect', ({ group, make }) => {
    const document = openDocument(kind, { client: SELF, updates: [updateWith(root, key, make())] })
    const carried = valuesAsUpdate(document)
    if (groups.includes(group)) expect(carried).toBeDefined()
    const claim = { client: SELF, state: createDocumentState(), policy: DOCUMENT_KINDS[kind] }
    if (carried !== undefined) expect(admitUpdate({ ...claim, update: carried }).kind).toBe('admitted')
    const next = openDocument(kind, { client: SELF, updates: carried === undefined ? [] : [carried] })
    expect(isComplete(next)).toBe(true)
    if (groups.includes(group)) expect(valueOf(next, root, key)).toEqual(valueOf(document, root, key))
    writeAll(next)
  })
})

// What ships of Yjs cannot read these (tools/instead.ts), so it must never be asked to, wherever they lie.
describe.each([
  ['an element', () => new Y.XmlElement('title')],
  ['a fragment', () => new Y.XmlFragment()],
  ['a hook', () => new Y.XmlHook('title')],
  ['a text', () => new Y.XmlText()],
])('%s of XML', (_what, make) => {
  it.each(['meta', 'items', 'note', 'settings'])('is no part of an update, under %s', (root) => {
    const update = updateWith(root, 'key', new Y.ContentType(make()))
    expect(readUpdate(update)).toBeUndefined()
  })

  it('is no part of one in which it lies in another type', () => {
    const doc = new Y.Doc()
    const note = doc.getMap('note').set('note', new Y.Array())
    note.push([make()])
    expect(readUpdate(Y.encodeStateAsUpdate(doc))).toBeUndefined()
  })
})
