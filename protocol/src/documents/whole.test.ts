import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ACCOUNT_PART_BYTES_MAX, ACCOUNT_PARTS_MAX } from '../limits.ts'
import { settingOf } from './account.ts'
import { keysOf, openDocument, snapshotOf } from './document.ts'
import { markOf, mergeInto, refusalOfWhole, updateSince, vectorOf } from './whole.ts'
import type { Document } from './document.ts'

const account = (client: number, updates: readonly Uint8Array[] = []): Document => openDocument('account', { client, updates })

/** What somebody says who changes a document of his own like this. */
function updateBy(change: (doc: Y.Doc) => void, gc = true): Uint8Array {
  const doc = new Y.Doc({ gc })
  doc.clientID = 9
  change(doc)
  return Y.encodeStateAsUpdate(doc)
}

const dark = updateBy((doc) => doc.getMap('settings').set('theme', 'dark'))

describe('the account document of another own device', () => {
  it('is taken in, with what was overwritten and deleted, by whomever it was written', () => {
    const update = updateBy((doc) => {
      for (let at = 0; at < 5; at += 1) doc.getMap('drafts').set('start', { text: `draft ${at}`, ref: 'ref' })
      doc.getMap('settings').set('theme', 'light')
      doc.getMap('stars').set('message', { conversation: 'c', time: 7 })
      doc.getMap('stars').delete('message')
      doc.getMap('reads').set('of/feed', 4)
      Y.applyUpdate(doc, dark.slice())
    })
    const document = account(3)
    expect(refusalOfWhole(document, update)).toBeUndefined()
    expect(keysOf(document, 'settings')).toEqual([])
    const touched: string[] = []
    expect(mergeInto(document, update, { root: 'reads', touched: (keys) => touched.push(...keys) })).toBeDefined()
    expect([keysOf(document, 'stars'), keysOf(document, 'drafts'), touched]).toEqual([[], ['start'], ['of/feed']])
    expect(mergeInto(document, update)).toBeUndefined()
  })

  it('has the same mark for the same content, whatever way it came, and another for another', () => {
    const light = updateBy((doc) => doc.getMap('settings').set('enterSends', true))
    const [one, other] = [account(3, [dark]), account(4)]
    const third = account(5)
    third.doc.clientID = 5
    third.doc.getMap('contacts').set('somebody', { petname: 'Bo' })
    for (const update of [dark, snapshotOf(third)]) mergeInto(other, update)
    mergeInto(one, snapshotOf(third))
    expect(markOf(one)).toEqual(markOf(other))
    third.doc.getMap('contacts').delete('somebody')
    mergeInto(one, snapshotOf(third))
    expect(markOf(one)).not.toEqual(markOf(other))
    mergeInto(other, updateSince(one, vectorOf(other)))
    expect(markOf(one)).toEqual(markOf(other))
    expect(markOf(account(6, [light]))).not.toEqual(markOf(account(6)))
  })

  it.each<readonly [string, Uint8Array]>([
    ['no update', new Uint8Array([1, 2, 3])],
    ['one with bytes left over', new Uint8Array([...dark, 0])],
    ['one that ends too early', dark.subarray(0, -2)],
    ['one that is longer than all parts', new Uint8Array(ACCOUNT_PART_BYTES_MAX * ACCOUNT_PARTS_MAX + 1)],
  ])('is refused as malformed: %s', (_, update) => {
    expect(refusalOfWhole(account(3), update)).toBe('malformed')
  })

  it.each<readonly [string, (doc: Y.Doc) => void]>([
    ['a root that the document has not', (doc) => doc.getMap('others').set('theme', 'dark')],
    ['a list', (doc) => doc.getArray('settings').push(['dark'])],
    ['text of characters', (doc) => doc.getText('settings').insert(0, 'dark')],
    ['a type inside', (doc) => doc.getMap('settings').set('theme', new Y.Map())],
    ['a document inside', (doc) => doc.getMap('settings').set('theme', new Y.Doc())],
    ['bytes', (doc) => doc.getMap('settings').set('theme', new Uint8Array(3))],
    ['an object where a text belongs', (doc) => doc.getMap('settings').set('theme', { dark: true })],
    ['a text where a number belongs', (doc) => doc.getMap('reads').set('of/feed', 'all')],
    ['nothing', (doc) => doc.getMap('settings').set('theme', null)],
    ['a list of values', (doc) => doc.getMap('stars').set('message', [1, 2])],
  ])('is refused for its content: %s', (_, change) => {
    const document = account(3)
    expect(refusalOfWhole(document, updateBy(change))).toBe('content')
    expect(snapshotOf(document)).toEqual(snapshotOf(account(3)))
  })

  it('is not taken in while it rests on what is not here', () => {
    const doc = new Y.Doc()
    doc.clientID = 9
    doc.getMap('settings').set('theme', 'dark')
    const before = Y.encodeStateVector(doc)
    doc.getMap('settings').set('theme', 'light')
    const later = Y.encodeStateAsUpdate(doc, before)
    expect(refusalOfWhole(account(3), later)).toBe('gap')
    const document = account(3, [dark])
    expect(refusalOfWhole(document, later)).toBeUndefined()
    mergeInto(document, later)
    expect(settingOf(document, 'theme')).toBe('light')
  })

  it('is told whole to whoever names a vector that is none', () => {
    const document = account(3, [dark])
    expect(updateSince(document, new Uint8Array([255, 255]))).toEqual(snapshotOf(document))
  })
})
