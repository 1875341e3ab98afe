import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import * as Y from 'yjs'
import { concatBytes, utf8ToBytes } from '../bytes/bytes.ts'
import { decode, encode } from '../bytes/codec.ts'
import { metaRow } from '../host/records/conversation-rows.ts'
import { conversationIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { DOCUMENT_NESTING_MAX, DOCUMENT_UPDATE_BYTES_MAX } from '../limits.ts'
import { admitUpdate, textIn } from './admission.ts'
import { createDocumentState, bytesOf } from './state.ts'
import { clientOf, livingClientOf } from './client.ts'
import { applyAdmitted, isComplete, openDocument } from './document.ts'
import { DOCUMENT_KINDS } from './kinds.ts'
import {
  ACCOUNT_BYTES_PER_AUTHOR_MAX,
  CLIENT_MAX,
  DOCUMENT_CLOCK_MAX,
  KEY_LENGTH_MAX,
  META_BYTES_PER_AUTHOR_MAX,
  META_VALUES_PER_AUTHOR_MAX,
  VALUE_NESTING_MAX,
} from './limits.ts'
import { setTitle } from './meta.ts'
import { readUpdate } from './update.ts'
import type { DocumentPolicy } from './kinds.ts'
import type { DocumentState } from './state.ts'
import type { UpdateVerdict } from './admission.ts'

const ALICE = 1_000
const BOB = 2_000
const empty = createDocumentState()
const policy = DOCUMENT_KINDS.meta
/** A later document with lists, texts and nested types, to test the rules that flat documents cannot break. */
const rich: DocumentPolicy = {
  roots: new Map([['meta', ['text', 'undefined', 'null', 'boolean', 'number', 'bigint', 'object', 'list', 'bytes']]]),
  contents: ['any', 'string', 'type', 'binary', 'format', 'embed', 'json'],
  deletes: 'own',
  bytesMax: 1_000_000,
  valuesMax: 1_000_000,
}

const admit = (update: Uint8Array, claim: { client?: number; state?: DocumentState; policy?: DocumentPolicy } = {}): UpdateVerdict =>
  admitUpdate({ update, client: claim.client ?? ALICE, state: claim.state ?? empty, policy: claim.policy ?? policy })

function stateAfter(...updates: readonly (readonly [Uint8Array, number])[]): DocumentState {
  return updates.reduce((state, [update, client]) => {
    const verdict = admit(update, { state, client })
    if (verdict.kind !== 'admitted') throw new Error(`not admitted: ${verdict.reason}`)
    return verdict.state
  }, empty)
}

// ------------------------------------------------------------------------------- updates by hand, byte for byte

const number = (value: number): Uint8Array => {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.of(...bytes, rest)
}
const word = (text: string): Uint8Array => concatBytes(number(utf8ToBytes(text).length), utf8ToBytes(text))
const join = (...parts: readonly (Uint8Array | number)[]): Uint8Array =>
  concatBytes(...parts.map((part) => (typeof part === 'number' ? number(part) : part)))
const updateOf = (client: number, clock: number, structs: readonly Uint8Array[], deletions: Uint8Array = number(0)): Uint8Array =>
  join(1, structs.length, client, clock, ...structs, deletions)
const deletionsOf = (...ranges: readonly (readonly [client: number, clock: number, length: number])[]): Uint8Array =>
  join(ranges.length, ...ranges.map(([client, clock, length]) => join(client, 1, clock, length)))

const textValue = (text: string): Uint8Array => join(1, Uint8Array.of(119), word(text))
/** A value under a key of the root. */
const rootItem = (key = 'title', body = textValue('Garden'), content = 8, root = 'meta'): Uint8Array =>
  join(Uint8Array.of(content | 0x20), 1, word(root), word(key), body)
/** A value after another one. */
const itemAfter = (client: number, clock: number, body = textValue('Garden'), content = 8): Uint8Array =>
  join(Uint8Array.of(content | 0x80), client, clock, body)
const TYPE = 7
/** A type inside another one. */
const itemIn = (client: number, clock: number): Uint8Array => join(Uint8Array.of(TYPE), 0, client, clock, 1)

const reasonOf = (verdict: UpdateVerdict): string => (verdict.kind === 'admitted' ? 'admitted' : `${verdict.kind}: ${verdict.reason}`)
const admitted = rootItem()

describe('an update that Yjs wrote', () => {
  const alices = openDocument('meta', { client: ALICE, updates: [] })
  const bobs = openDocument('meta', { client: BOB, updates: [] })

  it('is admitted, and leaves the same document on both sides', () => {
    let state = empty
    const updates: Uint8Array[] = []
    for (let round = 0; round < 20; round++) {
      const [author, other, client] = round % 3 === 0 ? [bobs, alices, BOB] : [alices, bobs, ALICE]
      const update = setTitle(author, `title ${round}`) as Uint8Array
      const verdict = admit(update, { client, state })
      expect(verdict.kind).toBe('admitted')
      if (verdict.kind === 'admitted') state = verdict.state
      applyAdmitted(other, update)
      updates.push(update)
    }
    expect(alices.doc.getMap('meta').toJSON()).toEqual({ title: 'title 19' })
    expect(bobs.doc.getMap('meta').toJSON()).toEqual({ title: 'title 19' })
    expect(bytesOf(state)).toBe(updates.reduce((sum, update) => sum + update.length, 0))
    expect(decode(metaRow, encode(metaRow, state))).toEqual(state)
  })

  it('is read as Yjs itself reads it', () => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = ALICE
    const update = capture(doc, () => {
      doc.getMap('meta').set('list', Y.Array.from([1, 'two', null, { three: [3.5] }]))
      doc.getMap('meta').set('text', new Y.Text('some words'))
      doc.getMap('meta').delete('list')
    })
    const read = readUpdate(update)
    const theirs = Y.decodeUpdate(update)
    expect(read?.structs.flatMap(({ client, structs }) => structs.map(({ clock, length }) => ({ client, clock, length })))).toEqual(
      theirs.structs.map(({ id, length }) => ({ client: id.client, clock: id.clock, length })),
    )
    expect(read?.deletions).toEqual(
      [...theirs.ds.clients].flatMap(([client, items]) => items.map(({ clock, len }) => ({ client, clock, length: len }))),
    )
  })

  it('of lists and texts is admitted where the document has them', () => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = ALICE
    const first = capture(doc, () => doc.getMap('meta').set('text', new Y.Text('some words')))
    const second = capture(doc, () => (doc.getMap('meta').get('text') as Y.Text).insert(4, ' more', { bold: true }))
    const third = capture(doc, () => (doc.getMap('meta').get('text') as Y.Text).delete(0, 3))
    let state = empty
    for (const update of [first, second, third]) {
      const verdict = admit(update, { state, policy: rich })
      expect(reasonOf(verdict)).toBe('admitted')
      if (verdict.kind === 'admitted') state = verdict.state
    }
  })
})

describe('what hangs on several things', () => {
  const list = rootItem('list', number(1), TYPE)
  const richAfter = (...structs: readonly Uint8Array[]): DocumentState => {
    const verdict = admit(updateOf(ALICE, 0, structs), { policy: rich })
    if (verdict.kind !== 'admitted') throw new Error(`not admitted: ${verdict.reason}`)
    return verdict.state
  }

  it('waits for its right neighbour as for its left one', () => {
    const state = richAfter(list, itemIn(ALICE, 0), itemAfter(ALICE, 1))
    const between = (client: number, clock: number): Uint8Array =>
      join(Uint8Array.of(8 | 0x80 | 0x40), ALICE, 1, client, clock, textValue('x'))
    expect(reasonOf(admit(updateOf(ALICE, 3, [between(ALICE, 2)]), { state, policy: rich }))).toBe('admitted')
    expect(reasonOf(admit(updateOf(ALICE, 3, [between(BOB, 0)]), { state, policy: rich }))).toBe('waiting: origin')
  })

  it('is one value under each key of a type', () => {
    const state = richAfter(list)
    const under = (values: number): Uint8Array =>
      join(
        Uint8Array.of(8 | 0x20),
        0,
        ALICE,
        0,
        word('key'),
        number(values),
        ...Array.from({ length: values }, () => textValue('x').slice(1)),
      )
    expect(reasonOf(admit(updateOf(ALICE, 1, [under(1)]), { state, policy: rich }))).toBe('admitted')
    expect(reasonOf(admit(updateOf(ALICE, 1, [under(2)]), { state, policy: rich }))).toBe('refused: place')
  })

  it('hangs on a type, not on a value that follows one in the same list', () => {
    const state = richAfter(list, itemIn(ALICE, 0), itemAfter(ALICE, 1))
    expect(reasonOf(admit(updateOf(ALICE, 3, [itemIn(ALICE, 1)]), { state, policy: rich }))).toBe('admitted')
    expect(reasonOf(admit(updateOf(ALICE, 3, [itemIn(ALICE, 2)]), { state, policy: rich }))).toBe('refused: place')
  })
})

describe('the text that an update gives to a key', () => {
  const at = { root: 'meta', key: 'title', state: empty }

  it('is the last one of several', () => {
    expect(textIn(updateOf(ALICE, 0, [rootItem(), rootItem('title', textValue('Balcony'))]), at)).toBe('Balcony')
  })

  it('is none where another root or key has it', () => {
    expect(textIn(updateOf(ALICE, 0, [rootItem()]), at)).toBe('Garden')
    expect(textIn(updateOf(ALICE, 0, [rootItem('title', textValue('Garden'), 8, 'other')]), at)).toBeUndefined()
    expect(textIn(updateOf(ALICE, 0, [rootItem('other')]), at)).toBeUndefined()
  })

  it('is none where it takes the place of a value under another key', () => {
    const state = stateAfter([updateOf(ALICE, 0, [rootItem(), rootItem('other')]), ALICE])
    expect(textIn(updateOf(BOB, 0, [itemAfter(ALICE, 0, textValue('Balcony'))]), { ...at, state })).toBe('Balcony')
    expect(textIn(updateOf(BOB, 0, [itemAfter(ALICE, 1, textValue('Balcony'))]), { ...at, state })).toBeUndefined()
  })
})

describe('the client of an update', () => {
  it('is a number of at most 53 bits', () => {
    expect(readUpdate(updateOf(CLIENT_MAX - 1, 0, [admitted]))?.structs[0]?.client).toBe(CLIENT_MAX - 1)
    expect(readUpdate(updateOf(CLIENT_MAX, 0, [admitted]))).toBeUndefined()
    expect(readUpdate(updateOf(ALICE, 1, [itemAfter(CLIENT_MAX - 1, 0)]))).toBeDefined()
    expect(readUpdate(updateOf(ALICE, 1, [itemAfter(CLIENT_MAX, 0)]))).toBeUndefined()
  })

  it("is its author's, and no other", () => {
    expect(reasonOf(admit(updateOf(ALICE, 0, [admitted])))).toBe('admitted')
    expect(reasonOf(admit(updateOf(BOB, 0, [admitted])))).toBe('refused: client')
  })

  it('is one: a second client is refused, though the first is right', () => {
    const two = join(2, 1, ALICE, 0, admitted, 1, BOB, 0, admitted, 0)
    expect(reasonOf(admit(two))).toBe('refused: client')
    const twice = join(2, 1, ALICE, 0, admitted, 1, ALICE, 1, rootItem('description'), 0)
    expect(reasonOf(admit(twice))).toBe('refused: client')
    expect(reasonOf(admit(join(1, 0, ALICE, 0, 0)))).toBe('refused: client')
  })

  it('of 0, of 2^32 and of 2^53 is refused', () => {
    expect(reasonOf(admit(updateOf(0, 0, [admitted])))).toBe('refused: client')
    expect(reasonOf(admit(updateOf(2 ** 32, 0, [admitted])))).toBe('refused: client')
    expect(reasonOf(admit(join(1, 1, Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 16), 0, admitted, 0)))).toBe('refused: malformed')
  })

  it('follows from device and conversation, is never 0, and has 32 bits', () => {
    const conversation = conversationIdOf(hash(Uint8Array.of(1)))
    const device = conversationIdOf(hash(Uint8Array.of(2))) as never
    const client = clientOf(device, conversation)
    expect(client).toBe(clientOf(device, conversation))
    expect(client).not.toBe(clientOf(device, conversationIdOf(hash(Uint8Array.of(3)))))
    expect(client).toBeGreaterThan(0)
    expect(client).toBeLessThan(2 ** 32)
  })

  it('has 53 bits in a living message, where it is a name to speak in', () => {
    const conversation = conversationIdOf(hash(Uint8Array.of(1)))
    const clients = Array.from({ length: 64 }, (_, at) =>
      livingClientOf(conversationIdOf(hash(Uint8Array.of(2, at))) as never, conversation),
    )
    expect(new Set(clients).size).toBe(clients.length)
    for (const client of clients) expect(Number.isSafeInteger(client)).toBe(true)
    expect(Math.max(...clients)).toBeGreaterThan(2 ** 52)
    expect(Math.min(...clients)).toBeLessThan(2 ** 52)
  })
})

describe('clocks', () => {
  const state = stateAfter([updateOf(ALICE, 0, [admitted]), ALICE])

  it('go on where the author was', () => {
    expect(reasonOf(admit(updateOf(ALICE, 1, [itemAfter(ALICE, 0)]), { state }))).toBe('admitted')
  })

  it('with a gap wait, and with another write of the same are refused', () => {
    expect(reasonOf(admit(updateOf(ALICE, 2, [itemAfter(ALICE, 0)]), { state }))).toBe('waiting: clock')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('description')]), { state }))).toBe('refused: clock')
  })

  it('in a flood of gaps never come near the document', () => {
    for (let clock = 2; clock < 2_000; clock += 2)
      expect(admit(updateOf(ALICE, clock, [itemAfter(ALICE, 0)]), { state }).kind).toBe('waiting')
  })

  it('beyond their bound are malformed', () => {
    expect(reasonOf(admit(updateOf(ALICE, DOCUMENT_CLOCK_MAX - 2, [admitted])))).toBe('waiting: clock')
    expect(reasonOf(admit(updateOf(ALICE, DOCUMENT_CLOCK_MAX - 1, [admitted])))).toBe('refused: malformed')
    expect(reasonOf(admit(updateOf(ALICE, DOCUMENT_CLOCK_MAX, [admitted])))).toBe('refused: malformed')
  })
})

describe('structs', () => {
  it('that say nothing (GC, skip) are refused, of 2^50 as of one', () => {
    const huge = Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 2)
    for (const flags of [0, 10]) {
      expect(reasonOf(admit(updateOf(ALICE, 0, [join(Uint8Array.of(flags), 1)])))).toBe('refused: content')
      expect(reasonOf(admit(updateOf(ALICE, 0, [join(Uint8Array.of(flags), huge)])))).toBe('refused: malformed')
      expect(reasonOf(admit(updateOf(ALICE, 0, [join(Uint8Array.of(flags), 0)])))).toBe('refused: malformed')
    }
  })

  it('that are deleted at birth are refused in meta, at any length', () => {
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', number(1), 1)])))).toBe('refused: content')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', number(1), 1)]), { policy: DOCUMENT_KINDS.account }))).toBe('refused: root')
    const own = rootItem('x', number(1), 1, 'drafts')
    expect(reasonOf(admit(updateOf(ALICE, 0, [own]), { policy: DOCUMENT_KINDS.account }))).toBe('admitted')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('x', number(2_000), 1, 'drafts')]), { policy: DOCUMENT_KINDS.account }))).toBe(
      'refused: place',
    )
  })

  it('that are documents in the document are refused', () => {
    const subDocument = rootItem('title', join(word('guid'), Uint8Array.of(118), 0), 9)
    expect(readUpdate(updateOf(ALICE, 0, [subDocument]))).toBeDefined()
    expect(reasonOf(admit(updateOf(ALICE, 0, [subDocument])))).toBe('refused: content')
    expect(reasonOf(admit(updateOf(ALICE, 0, [subDocument]), { policy: rich }))).toBe('refused: content')
  })

  it('of a content that the document does not have are refused', () => {
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', number(1), TYPE)])))).toBe('refused: content')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', word('abc'), 4)])))).toBe('refused: content')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', word('abc'), 11)])))).toBe('refused: malformed')
  })

  it('in an unknown root are refused', () => {
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', textValue('x'), 8, 'other')])))).toBe('refused: root')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', textValue('x'), 8, '__proto__')])))).toBe('refused: root')
  })

  it('without a key, with a key too long, or of more than one value are refused in a map', () => {
    expect(reasonOf(admit(updateOf(ALICE, 0, [join(Uint8Array.of(8), 1, word('meta'), textValue('x'))])))).toBe('refused: place')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('k'.repeat(KEY_LENGTH_MAX))])))).toBe('admitted')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('k'.repeat(KEY_LENGTH_MAX + 1))])))).toBe('refused: malformed')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', join(2, Uint8Array.of(126, 126)))])))).toBe('refused: place')
  })
})

describe('origins', () => {
  const state = stateAfter([updateOf(ALICE, 0, [admitted, rootItem('description')]), ALICE])

  it("that exist are followed, others' too", () => {
    expect(reasonOf(admit(updateOf(BOB, 0, [itemAfter(ALICE, 0)]), { state, client: BOB }))).toBe('admitted')
    expect(reasonOf(admit(updateOf(BOB, 0, [admitted, itemAfter(BOB, 0)]), { client: BOB }))).toBe('admitted')
  })

  it('that do not exist make an update wait', () => {
    expect(reasonOf(admit(updateOf(BOB, 0, [itemAfter(ALICE, 2)]), { state, client: BOB }))).toBe('waiting: origin')
    expect(reasonOf(admit(updateOf(BOB, 0, [itemAfter(7_777, 0)]), { state, client: BOB }))).toBe('waiting: origin')
    expect(reasonOf(admit(updateOf(BOB, 0, [itemAfter(BOB, 0)]), { client: BOB }))).toBe('waiting: origin')
  })

  it('in two places at once are refused', () => {
    const between = (right: number): Uint8Array => join(Uint8Array.of(0xc8), ALICE, 0, ALICE, right, textValue('x'))
    expect(reasonOf(admit(updateOf(BOB, 0, [between(1)]), { state, client: BOB }))).toBe('refused: place')
    expect(reasonOf(admit(updateOf(BOB, 0, [between(0)]), { state, client: BOB }))).toBe('refused: place')
  })

  it('in two lists at once are refused, and in one are admitted', () => {
    const listItem = (parent: number): Uint8Array => join(Uint8Array.of(8), 0, ALICE, parent, textValue('x'))
    const lists = updateOf(ALICE, 0, [
      rootItem('title', join(0), TYPE),
      rootItem('description', join(0), TYPE),
      listItem(0),
      listItem(1),
      listItem(0),
    ])
    const verdict = admit(lists, { policy: rich })
    if (verdict.kind !== 'admitted') throw new Error(verdict.reason)
    const between = (left: number, right: number): Uint8Array =>
      updateOf(BOB, 0, [join(Uint8Array.of(0xc8), ALICE, left, ALICE, right, textValue('y'))])
    expect(reasonOf(admit(between(2, 4), { state: verdict.state, client: BOB, policy: rich }))).toBe('admitted')
    expect(reasonOf(admit(between(2, 3), { state: verdict.state, client: BOB, policy: rich }))).toBe('refused: place')
  })

  it('in a map are followed by one value', () => {
    const two = join(2, Uint8Array.of(126, 126))
    expect(reasonOf(admit(updateOf(BOB, 0, [itemAfter(ALICE, 0, two)]), { state, client: BOB }))).toBe('refused: place')
    expect(reasonOf(admit(updateOf(BOB, 0, [itemAfter(ALICE, 0)]), { state, client: BOB }))).toBe('admitted')
  })

  it('inside something that is no type are refused', () => {
    expect(reasonOf(admit(updateOf(BOB, 0, [join(Uint8Array.of(8), 0, ALICE, 0, textValue('x'))]), { state, client: BOB }))).toBe(
      'refused: place',
    )
  })
})

describe('nesting', () => {
  const nested = (depth: number): Uint8Array =>
    updateOf(ALICE, 0, [rootItem('title', number(1), TYPE), ...Array.from({ length: depth }, (_, at) => itemIn(ALICE, at))])

  it('of 32 is admitted, of 33 refused', () => {
    expect(reasonOf(admit(nested(DOCUMENT_NESTING_MAX), { policy: rich }))).toBe('admitted')
    expect(reasonOf(admit(nested(DOCUMENT_NESTING_MAX + 1), { policy: rich }))).toBe('refused: nesting')
  })

  it('in small steps is counted on', () => {
    const first = admit(nested(DOCUMENT_NESTING_MAX), { policy: rich })
    if (first.kind !== 'admitted') throw new Error('not admitted')
    const next = updateOf(ALICE, DOCUMENT_NESTING_MAX + 1, [itemIn(ALICE, DOCUMENT_NESTING_MAX)])
    expect(reasonOf(admit(next, { policy: rich, state: first.state }))).toBe('refused: nesting')
  })

  it('of 20,000 is too long for an update, and what fits into one is refused at once', () => {
    expect(nested(20_000).length).toBeGreaterThan(100_000)
    expect(reasonOf(admit(nested(20_000), { policy: rich }))).toBe('refused: malformed')
    const most = nested(1_600)
    expect(most.length).toBeLessThan(DOCUMENT_UPDATE_BYTES_MAX)
    expect(reasonOf(admit(most, { policy: rich }))).toBe('refused: nesting')
  })

  it('of plain values is bounded as well', () => {
    const value = (depth: number): Uint8Array => join(1, ...Array.from({ length: depth }, () => Uint8Array.of(117, 1)), Uint8Array.of(126))
    const reason = (depth: number): string => reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', value(depth))]), { policy: rich }))
    expect(reason(VALUE_NESTING_MAX)).toBe('admitted')
    expect(reason(VALUE_NESTING_MAX + 1)).toBe('refused: malformed')
    expect(reason(5_000)).toBe('refused: malformed')
  })
})

describe('deletions', () => {
  const state = stateAfter([updateOf(ALICE, 0, [admitted]), ALICE], [updateOf(BOB, 0, [rootItem('description')]), BOB])
  const onlyDeletes = (...ranges: readonly (readonly [number, number, number])[]): Uint8Array => join(0, deletionsOf(...ranges))

  it("of known content are admitted, others' too where the document allows it", () => {
    expect(reasonOf(admit(onlyDeletes([ALICE, 0, 1]), { state }))).toBe('admitted')
    expect(reasonOf(admit(onlyDeletes([BOB, 0, 1]), { state }))).toBe('admitted')
    expect(reasonOf(admit(onlyDeletes([BOB, 0, 1]), { state, policy: { ...policy, deletes: 'own' } }))).toBe('refused: deletion')
    expect(reasonOf(admit(onlyDeletes([ALICE, 0, 1]), { state, policy: { ...policy, deletes: 'own' } }))).toBe('admitted')
  })

  it('of unknown and of future ranges never make later content born deleted', () => {
    expect(reasonOf(admit(onlyDeletes([7_777, 0, 1]), { state }))).toBe('waiting: deletion')
    expect(reasonOf(admit(onlyDeletes([BOB, 0, 2]), { state }))).toBe('waiting: deletion')
    expect(reasonOf(admit(onlyDeletes([BOB, 1, 1]), { state }))).toBe('waiting: deletion')
    expect(reasonOf(admit(onlyDeletes([ALICE, 0, 2]), { state }))).toBe('refused: deletion')
    expect(reasonOf(admit(onlyDeletes([BOB, 0, 2 ** 31]), { state }))).toBe('refused: malformed')
  })

  it('of what the same update brings are admitted', () => {
    expect(reasonOf(admit(updateOf(ALICE, 1, [itemAfter(ALICE, 0)], deletionsOf([ALICE, 0, 2])), { state }))).toBe('admitted')
  })
})

describe('the bytes of an update', () => {
  const right = updateOf(ALICE, 0, [admitted])

  it('are all of it: nothing is left over, nothing is missing, and nothing says nothing', () => {
    expect(reasonOf(admit(right))).toBe('admitted')
    expect(reasonOf(admit(concatBytes(right, number(0))))).toBe('refused: malformed')
    for (let length = 0; length < right.length; length++) expect(reasonOf(admit(right.subarray(0, length)))).toBe('refused: malformed')
    expect(reasonOf(admit(join(0, 0)))).toBe('refused: empty')
  })

  it('have one form for each number', () => {
    const longer = join(1, 1, Uint8Array.of((ALICE % 128) | 128, (ALICE >> 7) | 128, 0), 0, admitted, 0)
    expect(reasonOf(admit(longer))).toBe('refused: malformed')
  })

  it('name a content that exists, and hold something', () => {
    const listed = (content: number, body: Uint8Array): string => {
      const list = rootItem('list', number(0), TYPE)
      return reasonOf(admit(updateOf(ALICE, 0, [list, join(Uint8Array.of(content), 0, ALICE, 0, body)]), { policy: rich }))
    }
    expect(listed(8, textValue('x'))).toBe('admitted')
    expect(listed(8, number(0))).toBe('refused: malformed')
    expect(listed(4, word('x'))).toBe('admitted')
    expect(listed(4, word(''))).toBe('refused: malformed')
    for (const content of [11, 16, 31]) expect(listed(content, textValue('x'))).toBe('refused: malformed')
  })

  it('are as many as an update may have', () => {
    const long = (length: number): Uint8Array => updateOf(ALICE, 0, [rootItem('title', textValue('x'.repeat(length)))])
    const fits = DOCUMENT_UPDATE_BYTES_MAX - long(10_000).length + 10_000
    expect(reasonOf(admit(long(fits)))).toBe('admitted')
    expect(reasonOf(admit(long(fits + 1)))).toBe('refused: malformed')
  })

  it('that promise more than they bring are refused at once', () => {
    expect(reasonOf(admit(join(1, 2_000_000_000, ALICE, 0, admitted, 0)))).toBe('refused: malformed')
    expect(reasonOf(admit(join(2_000_000_000, 1, ALICE, 0, admitted, 0)))).toBe('refused: malformed')
    expect(reasonOf(admit(updateOf(ALICE, 0, [rootItem('title', join(Uint8Array.of(1, 119), 2_000_000_000))])))).toBe('refused: malformed')
  })
})

describe('the share of an author', () => {
  const right = updateOf(ALICE, 0, [admitted])
  const spent = (client: number, bytes: number): DocumentState => ({ ...empty, bytes: new Map([[client, bytes]]) })

  it('is a number of bytes', () => {
    expect(reasonOf(admit(right, { state: spent(ALICE, META_BYTES_PER_AUTHOR_MAX - right.length) }))).toBe('admitted')
    expect(reasonOf(admit(right, { state: spent(ALICE, META_BYTES_PER_AUTHOR_MAX - right.length + 1) }))).toBe('refused: full')
    const own = updateOf(ALICE, 0, [rootItem('x', textValue('y'), 8, 'settings')])
    const ofAccount = (bytes: number): string => reasonOf(admit(own, { policy: DOCUMENT_KINDS.account, state: spent(ALICE, bytes) }))
    expect(ofAccount(ACCOUNT_BYTES_PER_AUTHOR_MAX - own.length)).toBe('admitted')
    expect(ofAccount(ACCOUNT_BYTES_PER_AUTHOR_MAX - own.length + 1)).toBe('refused: full')
  })

  it('is a number of values, however small they are: Yjs compares all that claim one place', () => {
    const tiny = rootItem('', textValue(''))
    const many = (client: number, clock: number, count: number): Uint8Array =>
      updateOf(
        client,
        clock,
        Array.from({ length: count }, () => tiny),
      )
    expect(reasonOf(admit(many(ALICE, 0, META_VALUES_PER_AUTHOR_MAX)))).toBe('admitted')
    expect(reasonOf(admit(many(ALICE, 0, META_VALUES_PER_AUTHOR_MAX + 1)))).toBe('refused: full')
    const state = stateAfter([many(ALICE, 0, META_VALUES_PER_AUTHOR_MAX), ALICE])
    expect(reasonOf(admit(many(ALICE, META_VALUES_PER_AUTHOR_MAX, 1), { state }))).toBe('refused: full')
    expect(reasonOf(admit(many(BOB, 0, META_VALUES_PER_AUTHOR_MAX), { state, client: BOB }))).toBe('admitted')
  })

  it('is that of one author: whoever has used it up takes nothing from others', () => {
    const state = spent(BOB, META_BYTES_PER_AUTHOR_MAX)
    expect(reasonOf(admit(right, { state }))).toBe('admitted')
    expect(reasonOf(admit(updateOf(BOB, 0, [admitted]), { state, client: BOB }))).toBe('refused: full')
  })

  it('follows from what that author wrote, in whatever order it arrives among the updates of others', () => {
    const tight: DocumentPolicy = { ...policy, bytesMax: 200, valuesMax: 6 }
    const words = fc.array(fc.string({ maxLength: 60 }), { maxLength: 10 })
    const admittedOf = (authors: readonly (readonly [number, readonly string[]])[], order: readonly number[]): readonly string[] => {
      let state = empty
      const clocks = new Map<number, number>()
      const left = authors.map(([client, texts]) => ({ client, texts: [...texts] }))
      const taken: string[] = []
      for (const at of [...order, ...left.flatMap(({ texts }, author) => texts.map(() => author))]) {
        const author = left[at % left.length]
        const text = author?.texts.shift()
        if (author === undefined || text === undefined) continue
        const clock = clocks.get(author.client) ?? 0
        const verdict = admit(updateOf(author.client, clock, [rootItem('title', textValue(text))]), { ...author, state, policy: tight })
        if (verdict.kind !== 'admitted') continue
        clocks.set(author.client, clock + 1)
        state = verdict.state
        taken.push(`${author.client} ${clock} ${text}`)
      }
      return taken.toSorted()
    }
    fc.assert(
      fc.property(words, words, fc.array(fc.nat(1)), fc.array(fc.nat(1)), (hers, his, one, other) => {
        const authors = [[ALICE, hers] as const, [BOB, his] as const]
        expect(admittedOf(authors, one)).toEqual(admittedOf(authors, other))
      }),
    )
  })
})

describe('any bytes at all', () => {
  const seeds = [
    updateOf(ALICE, 0, [admitted, itemAfter(ALICE, 0)], deletionsOf([ALICE, 0, 1])),
    updateOf(ALICE, 0, [rootItem('title', number(1), TYPE), itemIn(ALICE, 0)]),
  ]
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([seed, changes]) => {
        const bytes = Uint8Array.from(seed)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        return bytes
      }),
  )

  it('that Yjs would stumble over are refused: a format whose value is no JSON', () => {
    const format = (value: string): Uint8Array => updateOf(ALICE, 0, [rootItem('title', join(word('bold'), word(value)), 6)])
    expect(reasonOf(admit(format('true'), { policy: rich }))).toBe('admitted')
    for (const value of ['Garden', 'undefined', '']) expect(reasonOf(admit(format(value), { policy: rich }))).toBe('refused: malformed')
  })

  it('that Yjs would stumble over are refused: JSON values, but none', () => {
    const values = (...texts: readonly string[]): Uint8Array =>
      updateOf(ALICE, 0, [rootItem('title', join(texts.length, ...texts.map(word)), 2)])
    expect(reasonOf(admit(values('true'), { policy: rich }))).toBe('admitted')
    expect(reasonOf(admit(values(), { policy: rich }))).toBe('refused: malformed')
  })

  it('give a verdict, and what is admitted leaves Yjs with nothing pending', () => {
    fc.assert(
      fc.property(noise, fc.constantFrom(policy, rich), (update, chosen) => {
        const verdict = admit(update, { policy: chosen })
        if (verdict.kind !== 'admitted') return
        const document = openDocument('meta', { client: BOB, updates: [] })
        applyAdmitted(document, update)
        expect(isComplete(document)).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('admitted one after the other leave two documents equal, whoever applies them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, fc.boolean()), { maxLength: 12 }), (updates) => {
        const one = openDocument('meta', { client: 1, updates: [] })
        const taken: Uint8Array[] = []
        let state = empty
        for (const [update, isRich] of updates) {
          const verdict = admit(update, { state, policy: isRich ? rich : policy })
          if (verdict.kind !== 'admitted') continue
          state = verdict.state
          applyAdmitted(one, update)
          taken.push(update)
        }
        expect(isComplete(one)).toBe(true)
        const other = openDocument('meta', { client: 2, updates: taken })
        expect(other.doc.getMap('meta').toJSON()).toEqual(one.doc.getMap('meta').toJSON())
      }),
      { numRuns: 300 },
    )
  })
})

function capture(doc: Y.Doc, change: () => unknown): Uint8Array {
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  doc.transact(change)
  return updates[updates.length - 1] as Uint8Array
}
