// What every language must have besides what the types ask for.

import { afterEach, describe, expect, it } from 'vitest'
import { alarmWords } from '../alarm-words.ts'
import { blockWords } from '../block-words.ts'
import { carryWords } from '../carry-words.ts'
import { detailsWords } from '../details-words.ts'
import { deviceWords } from '../device-words.ts'
import { forwardWords } from '../forward-words.ts'
import { groupWords } from '../group-words.ts'
import { inviteWords, pasteWords } from '../link-words.ts'
import { listWords } from '../list-words.ts'
import { livingWords } from '../living-words.ts'
import { mediaWords } from '../media-words.ts'
import { messageWords } from '../message-words.ts'
import { pushWords } from '../push-words.ts'
import { removeWords } from '../remove-words.ts'
import { handleWords } from '../handle-words.ts'
import { requestWords } from '../request-words.ts'
import { routeWords } from '../route-words.ts'
import { scanWords } from '../scan-words.ts'
import { scheduledWords } from '../scheduled-words.ts'
import { searchWords } from '../search-words.ts'
import { keysWords, settingsWords } from '../settings-words.ts'
import { voiceWords } from '../voice-words.ts'
import { words } from '../words.ts'
import { first as ar } from './ar/first.ts'
import * as arLater from './ar/later.ts'
import { showWords } from './catalogue.ts'
import { first as de } from './de/first.ts'
import * as enLater from './en/later.ts'
import * as deLater from './de/later.ts'
import { first as es } from './es/first.ts'
import * as esLater from './es/later.ts'
import { first as zh } from './zh-Hans/first.ts'
import * as zhLater from './zh-Hans/later.ts'

type Tree = string | { readonly [key: string]: Tree }
const CATEGORIES = new Set<string>(['zero', 'one', 'two', 'few', 'many', 'other'] satisfies Intl.LDMLPluralRule[])

const english = {
  first: words,
  alarm: alarmWords,
  block: blockWords,
  carry: carryWords,
  details: detailsWords,
  device: deviceWords,
  forward: forwardWords,
  group: groupWords,
  invite: inviteWords,
  keys: keysWords,
  list: listWords,
  living: livingWords,
  media: mediaWords,
  message: messageWords,
  paste: pasteWords,
  push: pushWords,
  remove: removeWords,
  handle: handleWords,
  request: requestWords,
  route: routeWords,
  scan: scanWords,
  scheduled: scheduledWords,
  search: searchWords,
  settings: settingsWords,
  voice: voiceWords,
} as unknown as Tree
const copy = (tree: Tree): Tree => JSON.parse(JSON.stringify(tree)) as Tree
const ENGLISH = copy(english)
const LANGUAGES: readonly [string, Tree][] = [
  ['de', { first: de, ...deLater } as unknown as Tree],
  ['es', { first: es, ...esLater } as unknown as Tree],
  ['ar', { first: ar, ...arLater } as unknown as Tree],
  ['zh-Hans', { first: zh, ...zhLater } as unknown as Tree],
]

const isForms = (tree: Tree): tree is Record<string, string> =>
  typeof tree === 'object' && Object.keys(tree).every((key) => CATEGORIES.has(key)) && 'other' in tree
/** Every text by its path, forms for numbers as one. */
const leaves = (tree: Tree, path = ''): readonly [string, string | Record<string, string>][] => {
  if (typeof tree === 'string' || isForms(tree)) return [[path, tree]]
  return Object.entries(tree).flatMap(([key, below]) => leaves(below, path === '' ? key : `${path}.${key}`))
}
const placesIn = (text: string): readonly string[] => [...new Set(text.match(/\{\w+\}/g))].toSorted()
const textsOf = (leaf: string | Record<string, string>): readonly string[] => (typeof leaf === 'string' ? [leaf] : Object.values(leaf))

afterEach(() => showWords(enLater))

describe.each(LANGUAGES)('%s', (language, tree) => {
  const all = new Map(leaves(tree))

  it('has every text of the English, and no others', () => {
    expect([...all.keys()].toSorted()).toEqual(
      leaves(ENGLISH)
        .map(([path]) => path)
        .toSorted(),
    )
  })

  it('has the same places, but for a number that is put into a word', () => {
    for (const [path, leaf] of leaves(ENGLISH)) {
      const here = all.get(path) ?? ''
      const wanted = placesIn(typeof leaf === 'string' ? leaf : (leaf['other'] ?? ''))
      for (const [form, text] of typeof here === 'string' ? [['', here]] : Object.entries(here)) {
        const isInWords = form === 'zero' || form === 'one' || form === 'two'
        const counted = (place: string): boolean => !isInWords || place !== '{count}'
        expect(placesIn(text ?? '').filter(counted), `${path} ${form}`).toEqual(wanted.filter(counted))
      }
    }
  })

  it('has each form that its numbers need, and no other', () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
    const counted = [...all].flatMap(([path, leaf]) => (typeof leaf === 'string' ? [] : [{ path, forms: Object.keys(leaf).toSorted() }]))
    expect(counted.length).toBeGreaterThan(5)
    expect(counted.filter(({ forms }) => forms.join() !== needed.join())).toEqual([])
  })

  it('leaves nothing empty, and nothing in English', () => {
    const plain = new Map(leaves(ENGLISH))
    const same = [...all].flatMap(([path, leaf]) => {
      const other = plain.get(path)
      return textsOf(leaf)
        .filter(
          (text) =>
            text.trim() === '' ||
            (other !== undefined && textsOf(other).includes(text) && /\p{L}{3}/u.test(text.replaceAll(/\{\w+\}/g, ''))),
        )
        .map((text) => `${path}: ${text}`)
    })
    expect(same.map((line) => line.slice(line.indexOf(': ') + 2)).filter((text) => !SAME.has(text))).toEqual([])
  })

  it('writes as its readers do: quotes, dots and no straight marks', () => {
    const texts = [...all].flatMap(([path, leaf]) => textsOf(leaf).map((text) => `${path}: ${text}`))
    expect(texts.filter((text) => /["']|\.\.\./.test(text))).toEqual([])
    expect(texts.filter((text) => /!/.test(text))).toEqual([])
    if (language === 'zh-Hans')
      expect(
        texts.map((text) => text.slice(text.indexOf(': ') + 2)).filter((text) => /\p{Script=Han}[,.:;?]|[,;?]\p{Script=Han}/u.test(text)),
      ).toEqual([])
    if (language === 'ar')
      expect(texts.map((text) => text.slice(text.indexOf(': ') + 2)).filter((text) => /\p{Script=Arabic}[,;?]/u.test(text))).toEqual([])
    if (language === 'de') expect(texts.filter((text) => /[“”]/.test(text.replaceAll(/„[^“]*“/g, '')))).toEqual([])
  })

  it('is on the page as a whole, and English after it', () => {
    showWords(tree as never)
    expect(copy(english)).toEqual(copy(tree))
    showWords(enLater)
    expect(copy(english)).toEqual(ENGLISH)
  })
})

/** Names, and words that are the same. */
const SAME = new Set([
  '{count} chat',
  '{count} chats',
  'Kith',
  'Links',
  'Kith-…',
  'Relay',
  'Relay {name}',
  'Chat',
  'Chats',
  'Details',
  'Offline',
  'Emoji',
  'Link',
  'Normal',
  'Person',
  'System',
  'Filter',
  'Admin',
  'Smileys',
  'Pause',
  'Video ({time})',
  '{count} emoji',
])
