import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import * as Y from 'yjs'
import { livingClientOf } from './client.ts'
import { formOf } from './living-form.ts'
import { authorsOf, eventsOf } from './living-events.ts'
import { hexOf, noteIn, openLiving, ownName, takeChange } from './living.ts'
import { itemsNow, noteNow, pollNow } from './living-view.ts'
import { updateFor } from './living-write.ts'
import {
  CHANGES_PER_ACCOUNT_MAX,
  COMPARED_LINES_MAX,
  FIRST_ITEMS_MAX,
  ITEMS_SHOWN_MAX,
  LIVING_BYTES_PER_AUTHOR_MAX,
  LIVING_EVENTS_SHOWN_MAX,
  LIVING_LINE_LENGTH_MAX,
  LIVING_VALUES_PER_AUTHOR_MAX,
  NOTE_LENGTH_MAX,
  NOTE_LETTERS_PER_AUTHOR_MAX,
  NOTE_SHOWN_LENGTH_MAX,
  OPTIONS_MAX,
} from './living-limits.ts'
import { hunksBetween } from './note-diff.ts'
import { withinShare } from '../host/living/keeper.ts'
import { DOCUMENT_UPDATE_BYTES_MAX } from '../limits.ts'
import type { AccountId, ConversationId, DeviceId } from '../bytes/ids.ts'
import type { LivingAct } from '../engine.ts'
import type { LivingForm } from './living-form.ts'
import type { LivingChange, LivingDocument } from './living.ts'

const conversation = 'c0'.repeat(32) as ConversationId
const NOBODY: ReadonlySet<AccountId> = new Set()

type Person = { readonly account: AccountId; readonly client: number; readonly name: string }
const person = (name: string, number: number): Person => {
  const byte = number.toString(16).padStart(2, '0')
  return { name, account: byte.repeat(32) as AccountId, client: livingClientOf(byte.repeat(32) as DeviceId, conversation) }
}
const [ana, ben, cleo] = [person('ana', 0xa1), person('ben', 0xb2), person('cleo', 0xc3)]

const LUNCH: LivingForm = { kind: 'poll', title: 'Lunch?', isMultiple: false, options: ['Soup', 'Salad', 'Pizza'] }
const SHOPPING: LivingForm = { kind: 'checklist', title: 'Shopping', items: ['Milk', 'Bread'] }
const PLAN: LivingForm = { kind: 'note', title: 'Plan', text: 'First line\nSecond line\nThird line' }

/** One device’s copy: it writes, and takes in what others have written. */
class Copy {
  all: LivingChange[] = []
  readonly form: LivingForm
  constructor(form: LivingForm) {
    this.form = form
  }
  get living(): LivingDocument {
    const living = openLiving(this.form, ana.account)
    for (const change of this.all.toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))) takeChange(living, change)
    return living
  }
  put(who: Person, act: LivingAct, at: number): ReturnType<typeof updateFor> {
    const update = updateFor(this.living, act, { ...who, time: at })
    if (typeof update !== 'string') this.all.push(changeOf(who, update, at))
    return update
  }
  meet(other: Copy): void {
    const both = new Map([...this.all, ...other.all].map((change) => [change.orderKey, change]))
    this.all = [...both.values()]
    other.all = [...both.values()].toReversed()
  }
}

const changeOf = ({ account, client }: Person, update: Uint8Array, at: number): LivingChange => ({
  account,
  client,
  update,
  time: at,
  orderKey: `${String(at).padStart(8, '0')}-${hexOf(client)}`,
})

/** An update as `who` would make it who keeps no rules. */
function forged(living: LivingDocument, client: number, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(living.doc))
  doc.clientID = client
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  doc.transact(() => change(doc))
  return updates[0] ?? expect.fail('nothing was changed')
}

const votesOf = (living: LivingDocument, without = NOBODY): readonly (readonly AccountId[])[] =>
  pollNow(living, without).votes.map((voters) => [...voters].toSorted())
const textsOf = (living: LivingDocument, without = NOBODY): readonly string[] =>
  itemsNow(living, without).map(({ text, isDone }) => `${isDone ? 'x' : '-'} ${text}`)

describe('a form', () => {
  it('has its title in the first line of its words, and one option or item in each other', () => {
    expect(formOf({ form: 1, words: 'Lunch?\nSoup\n \nSalad\nPizza' })).toEqual(LUNCH)
    expect(formOf({ form: 2, words: 'Lunch?\nSoup\nSalad\nPizza' })).toEqual({ ...LUNCH, isMultiple: true })
    expect(formOf({ form: 3, words: 'Shopping\nMilk\nBread' })).toEqual(SHOPPING)
    expect(formOf({ form: 4, words: 'Plan\nFirst line\nSecond line\nThird line' })).toEqual(PLAN)
    expect(formOf({ form: 4, words: 'Plan' })).toEqual({ ...PLAN, text: '' })
  })
  it('has no more lines, and no longer ones, than it may', () => {
    const many = formOf({ form: 1, words: `${'T'.repeat(301)}${'\nx'.repeat(OPTIONS_MAX + 1)}` })
    expect(many).toMatchObject({ title: 'T'.repeat(LIVING_LINE_LENGTH_MAX), options: Array.from({ length: OPTIONS_MAX }, () => 'x') })
    expect(formOf({ form: 3, words: `T${'\nx'.repeat(FIRST_ITEMS_MAX + 1)}` })).toMatchObject({ items: { length: FIRST_ITEMS_MAX } })
  })
  it('is only words where a newer version made it', () => expect(formOf({ form: 5, words: 'Something' })).toBeUndefined())
})

describe('a poll', () => {
  it('counts the last vote of each person', () => {
    const copy = new Copy(LUNCH)
    copy.put(ana, { kind: 'vote', options: [0] }, 1)
    copy.put(ben, { kind: 'vote', options: [0] }, 2)
    copy.put(ana, { kind: 'vote', options: [2] }, 3)
    expect(votesOf(copy.living)).toEqual([[ben.account], [], [ana.account]])
    expect(copy.put(ana, { kind: 'vote', options: [2] }, 4)).toBe('done')
    copy.put(ana, { kind: 'vote', options: [] }, 5)
    expect(votesOf(copy.living)).toEqual([[ben.account], [], []])
  })

  it('takes one choice, or as many as it says', () => {
    const [one, many] = [new Copy(LUNCH), new Copy({ ...LUNCH, isMultiple: true })]
    for (const copy of [one, many]) copy.put(ben, { kind: 'vote', options: [2, 1, 7, -1] }, 1)
    expect(votesOf(one.living)).toEqual([[], [ben.account], []])
    expect(votesOf(many.living)).toEqual([[], [ben.account], [ben.account]])
  })

  it('takes two devices of one person for one person, whose last word counts', () => {
    const phone = { ...person('ana’s phone', 0xd4), account: ana.account }
    const copy = new Copy(LUNCH)
    copy.put(ana, { kind: 'vote', options: [0] }, 1)
    copy.put(phone, { kind: 'vote', options: [1] }, 2)
    expect(votesOf(copy.living)).toEqual([[], [ana.account], []])
  })

  it('is closed by whoever made it, for good', () => {
    const copy = new Copy(LUNCH)
    copy.put(ben, { kind: 'vote', options: [0] }, 1)
    expect(copy.put(ben, { kind: 'close' }, 2)).toBe('not-yours')
    copy.put(ana, { kind: 'close' }, 3)
    expect(copy.put(ben, { kind: 'vote', options: [1] }, 4)).toBe('over')
    expect(copy.put(ana, { kind: 'close' }, 5)).toBe('over')
    expect(votesOf(copy.living)).toEqual([[ben.account], [], []])
  })

  it('does not count a vote that its closing had not seen, whatever clock it claims', () => {
    const copy = new Copy(LUNCH)
    copy.put(ben, { kind: 'vote', options: [0] }, 10)
    const before = copy.living
    copy.put(ana, { kind: 'close' }, 20)
    const backdated = forged(before, ben.client, (doc) => doc.getMap('votes').set(ownName('', ben.client), '2'))
    copy.all.push(changeOf(ben, backdated, 15))
    const stranger = forged(before, cleo.client, (doc) => doc.getMap('votes').set(ownName('', cleo.client), '2'))
    copy.all.push(changeOf(cleo, stranger, 1))
    expect(votesOf(copy.living)).toEqual([[ben.account], [], []])
    expect(eventsOf(copy.living, NOBODY).filter(({ isCounted }) => !isCounted)).toHaveLength(2)
  })

  it('is not closed by anybody else, nor in the name of whoever made it', () => {
    const copy = new Copy(LUNCH)
    const { living } = copy
    const close = forged(living, ben.client, (doc) => doc.getMap('closed').set(ownName('', ben.client), ''))
    expect(takeChange(copy.living, changeOf(ben, close, 1))).toBe('not-theirs')
    const inAnasName = forged(living, ben.client, (doc) => doc.getMap('closed').set(ownName('', ana.client), ''))
    expect(takeChange(copy.living, changeOf(ben, inAnasName, 1))).toBe('not-theirs')
  })

  it('lets nobody write into another one’s vote', () => {
    const copy = new Copy(LUNCH)
    copy.put(ana, { kind: 'vote', options: [0] }, 1)
    const own = forged(copy.living, ben.client, (doc) => doc.getMap('votes').set(ownName('', ben.client), '2'))
    expect(takeChange(copy.living, changeOf(ben, own, 2))).toBeUndefined()
    const over = forged(copy.living, ben.client, (doc) => doc.getMap('votes').set(ownName('', ana.client), '2'))
    expect(takeChange(copy.living, changeOf(ben, over, 2))).toBe('deletion')
    // The same without the deletion that Yjs adds: a second value in that place.
    const { living } = copy
    const added = forged(openLiving(LUNCH, ana.account), ben.client, (doc) => doc.getMap('votes').set(ownName('', ana.client), '2'))
    expect(takeChange(living, changeOf(ben, added, 2))).toBe('not-theirs')
    const gone = forged(copy.living, ben.client, (doc) => doc.getMap('votes').delete(ownName('', ana.client)))
    expect(takeChange(copy.living, changeOf(ben, gone, 2))).toBe('deletion')
    expect(votesOf(copy.living)).toEqual([[ana.account], [], []])
  })

  it('refuses a forged author: an update under the client of another device', () => {
    const copy = new Copy(LUNCH)
    const asAna = forged(copy.living, ana.client, (doc) => doc.getMap('votes').set(ownName('', ana.client), '2'))
    expect(takeChange(copy.living, changeOf(ana, asAna, 1))).toBeUndefined()
    expect(takeChange(copy.living, changeOf(ben, asAna, 1))).toBe('client')
  })

  it('shows nothing strange for what is no vote', () => {
    const copy = new Copy(LUNCH)
    for (const [at, value] of ['999', '-1', 'x', '0,0,0', '1e999', ',,,'].entries()) {
      const update = forged(copy.living, ben.client, (doc) => doc.getMap('votes').set(ownName('', ben.client), value))
      copy.all.push(changeOf(ben, update, at))
    }
    expect(votesOf(copy.living).flat().length).toBeLessThanOrEqual(1)
    const number = forged(copy.living, ben.client, (doc) => doc.getMap('votes').set(ownName('', ben.client), 1))
    expect(takeChange(copy.living, changeOf(ben, number, 99))).toBe('content')
  })
})

describe('a checklist', () => {
  it('has items added, ticked, renamed and removed by anybody', () => {
    const copy = new Copy(SHOPPING)
    copy.put(ben, { kind: 'add', text: '  Butter \n' }, 1)
    const id = itemsNow(copy.living, NOBODY)[2]?.id ?? expect.fail('not added')
    copy.put(ana, { kind: 'tick', item: id, isDone: true }, 2)
    copy.put(ana, { kind: 'rename', item: 'f0', text: 'Oat milk' }, 3)
    copy.put(ben, { kind: 'remove', item: 'f1' }, 4)
    expect(textsOf(copy.living)).toEqual(['- Oat milk', 'x Butter'])
    expect(itemsNow(copy.living, NOBODY)[1]?.by).toBe(ana.account)
    expect(copy.put(ana, { kind: 'tick', item: 'f1', isDone: true }, 5)).toBe('unknown-message')
    expect(copy.put(ana, { kind: 'add', text: ' \n ' }, 5)).toBe('empty')
    expect(copy.put(ana, { kind: 'add', text: 'x'.repeat(301) }, 5)).toBe('too-long')
    expect(eventsOf(copy.living, NOBODY).map(({ what, text }) => `${what} ${text}`)).toEqual([
      'removed Bread',
      'renamed Oat milk',
      'ticked Butter',
      'added Butter',
    ])
  })

  it('takes no item in another one’s name', () => {
    const copy = new Copy(SHOPPING)
    const name = `${hexOf(ana.client)}-0`
    const update = forged(copy.living, ben.client, (doc) => doc.getMap('text').set(ownName(name, ben.client), 'Not by Ana'))
    copy.all.push(changeOf(ben, update, 1))
    expect(textsOf(copy.living)).toEqual(['- Milk', '- Bread'])
  })

  it('merges what two did apart', () => {
    const [left, right] = [new Copy(SHOPPING), new Copy(SHOPPING)]
    left.put(ana, { kind: 'tick', item: 'f0', isDone: true }, 1)
    right.put(ben, { kind: 'add', text: 'Eggs' }, 1)
    right.put(ben, { kind: 'rename', item: 'f0', text: 'Soy milk' }, 2)
    left.meet(right)
    expect(textsOf(left.living)).toEqual(['x Soy milk', '- Bread', '- Eggs'])
    expect(textsOf(right.living)).toEqual(textsOf(left.living))
  })
})

describe('a note', () => {
  const write = (copy: Copy, who: Person, change: (text: string) => string, at: number) => {
    const from = noteNow(copy.living, NOBODY)
    return copy.put(who, { kind: 'write', from, to: change(from) }, at)
  }

  it('merges what two wrote apart, and says who wrote what', () => {
    const [left, right] = [new Copy(PLAN), new Copy(PLAN)]
    write(left, ben, (text) => text.replace('First', 'Very first'), 1)
    write(right, cleo, (text) => text.replace('Third line', 'Third line, and more'), 1)
    left.meet(right)
    expect(noteNow(left.living, NOBODY)).toEqual(noteNow(right.living, NOBODY))
    expect(noteNow(left.living, NOBODY)).toBe('Very first line\nSecond line\nThird line, and more')
    const events = eventsOf(left.living, NOBODY)
    const wroteBy = (who: Person) => events.filter(({ account }) => account === who.account).map(({ text }) => text)
    expect([wroteBy(ben), wroteBy(cleo)]).toEqual([['Very f'], [', and more']])
  })

  it('keeps what others wrote between two lines of one that was written anew while they did', () => {
    const copy = new Copy(PLAN)
    const from = noteNow(copy.living, NOBODY)
    write(copy, cleo, (text) => text.replace('Second line\n', 'Second line\nBetween\n'), 1)
    copy.put(ben, { kind: 'write', from, to: 'First!\nSecond line\nThird!' }, 2)
    expect(noteNow(copy.living, NOBODY)).toBe('First!\nSecond line\nBetween\nThird!')
  })

  it('is rebuilt without one author: their letters go, and what they took out is back', () => {
    const copy = new Copy(PLAN)
    write(copy, ben, () => 'SPAM', 1)
    write(copy, cleo, (text) => `${text}\nMine stays`, 2)
    expect(noteNow(copy.living, NOBODY)).toBe('SPAM\nMine stays')
    expect(noteNow(copy.living, new Set([ben.account]))).toBe('First line\nSecond line\nThird line\nMine stays')
    expect(authorsOf(copy.living).map(({ account }) => account)).toEqual([ben.account, cleo.account])
  })

  it('says what Yjs says, whatever was written in whatever order', () => {
    const edit = fc.record({
      who: fc.constantFrom(ana, ben, cleo),
      at: fc.nat(40),
      remove: fc.nat(8),
      insert: fc.string({ unit: 'grapheme', maxLength: 6 }),
      apart: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const [left, right] = [new Copy(PLAN), new Copy(PLAN)]
        for (const [turn, { who, at, remove, insert, apart }] of edits.entries()) {
          // One device writes in one place at a time.
          if (!apart) left.meet(right)
          const copy = who === ben ? right : left
          write(copy, who, (text) => text.slice(0, at) + insert + text.slice(at + remove), turn)
        }
        left.meet(right)
        const { living } = left
        expect(noteNow(living, NOBODY)).toBe(noteIn(living).toJSON())
        expect(noteNow(right.living, NOBODY)).toEqual(noteNow(living, NOBODY))
        expect(living.changes).toHaveLength(left.all.length)
      }),
      { numRuns: 150 },
    )
  })

  it('lets nobody take the text itself away, put another in its place, or hang anything beside it', () => {
    const copy = new Copy(PLAN)
    const attacks: readonly ((doc: Y.Doc) => void)[] = [
      (doc) => doc.getMap('note').delete('text'),
      (doc) => doc.getMap('note').set('text', 'x'),
      (doc) => doc.getMap('note').set('other', new Y.Text('x')),
      (doc) => doc.getMap<Y.Text>('note').get('text')?.insertEmbed(0, { image: 'x' }),
      (doc) => doc.getMap<Y.Text>('note').get('text')?.insert(0, 'bold', { bold: true }),
      (doc) => doc.getMap<Y.Text>('note').get('text')?.setAttribute('x', 'y'),
      (doc) => doc.getText('elsewhere').insert(0, 'x'),
    ]
    for (const attack of attacks)
      expect(takeChange(copy.living, changeOf(ben, forged(copy.living, ben.client, attack), 1))).toMatch(/not-theirs|content|root|place/u)
    expect(noteNow(copy.living, NOBODY)).toBe(PLAN.kind === 'note' ? PLAN.text : '')
  })
})

describe('bounds', () => {
  it('an update is no longer than one may be', () => {
    const copy = new Copy(PLAN)
    expect(takeChange(copy.living, changeOf(ben, new Uint8Array(DOCUMENT_UPDATE_BYTES_MAX + 1), 1))).toBe('malformed')
  })

  it('one author has so many values, and the others theirs', () => {
    const living = openLiving(SHOPPING, ana.account)
    const fill = (who: Person, count: number, from = 0) =>
      forged(living, who.client, (doc) => {
        for (let i = 0; i < count; i++) doc.getMap('done').set(ownName(`${from + i}`, who.client), true)
      })
    const half = LIVING_VALUES_PER_AUTHOR_MAX / 4
    for (let i = 0; i < 4; i++) expect(takeChange(living, changeOf(ben, fill(ben, half, i * half), i))).toBeUndefined()
    expect(takeChange(living, changeOf(ben, fill(ben, 1, 9_999), 5))).toBe('full')
    expect(takeChange(living, changeOf(cleo, fill(cleo, 1), 6))).toBeUndefined()
  })

  it('one author has so many bytes and letters', () => {
    const living = openLiving(PLAN, ana.account)
    const letters = (count: number) =>
      forged(living, ben.client, (doc) => doc.getMap<Y.Text>('note').get('text')?.insert(0, 'x'.repeat(count)))
    let written = 0
    for (; written + 14_000 <= NOTE_LETTERS_PER_AUTHOR_MAX; written += 14_000)
      expect(takeChange(living, changeOf(ben, letters(14_000), written))).toBeUndefined()
    expect(takeChange(living, changeOf(ben, letters(NOTE_LETTERS_PER_AUTHOR_MAX - written + 1), written + 1))).toBe('full')
    // Each letter apart costs bytes: the share of bytes is over before that of letters.
    const apart = openLiving(PLAN, ana.account)
    let refusal: ReturnType<typeof takeChange>
    for (let i = 0; refusal === undefined && i < 100; i++) {
      const update = forged(apart, cleo.client, (doc) => {
        for (let k = 0; k < 900; k++) doc.getMap<Y.Text>('note').get('text')?.insert(0, 'y')
      })
      refusal = takeChange(apart, changeOf(cleo, update, i))
    }
    expect(refusal).toBe('full')
    expect(apart.state.bytes.get(cleo.client)).toBeLessThanOrEqual(LIVING_BYTES_PER_AUTHOR_MAX)
  })

  it('an honest device that is full is told so', () => {
    const copy = new Copy(SHOPPING)
    const quarter = LIVING_VALUES_PER_AUTHOR_MAX / 4
    for (let part = 0; part < 4; part++) {
      const update = forged(copy.living, ben.client, (doc) => {
        for (let i = part === 0 ? 1 : 0; i < quarter; i++) doc.getMap('done').set(ownName(`n${part * quarter + i}`, ben.client), true)
      })
      copy.all.push(changeOf(ben, update, part))
    }
    expect(copy.put(ben, { kind: 'tick', item: 'f0', isDone: true }, 10)).toBeInstanceOf(Uint8Array)
    expect(copy.put(ben, { kind: 'tick', item: 'f1', isDone: true }, 11)).toBe('full')
    expect(textsOf(copy.living)).toEqual(['x Milk', '- Bread'])
  })

  it('so many items and changes are shown, and so many letters of a note', () => {
    const many = new Copy(SHOPPING)
    const halves = [0, 1].map((half) =>
      forged(openLiving(SHOPPING, ana.account), (half === 0 ? ben : cleo).client, (doc) => {
        for (let i = 0; i < ITEMS_SHOWN_MAX / 2; i++) {
          const { client } = half === 0 ? ben : cleo
          doc.getMap('text').set(ownName(`${hexOf(client)}-${i}`, client), 'x')
        }
      }),
    )
    for (const [half, update] of halves.entries()) many.all.push(changeOf(half === 0 ? ben : cleo, update, half))
    expect(itemsNow(many.living, NOBODY)).toHaveLength(ITEMS_SHOWN_MAX)
    expect(eventsOf(many.living, NOBODY)).toHaveLength(LIVING_EVENTS_SHOWN_MAX)
    const long = openLiving({ kind: 'note', title: 'Long', text: 'x'.repeat(NOTE_SHOWN_LENGTH_MAX) }, ana.account)
    const more = forged(long, ben.client, (doc) => doc.getMap<Y.Text>('note').get('text')?.insert(NOTE_SHOWN_LENGTH_MAX, 'y'))
    takeChange(long, changeOf(ben, more, 1))
    expect(noteNow(long, NOBODY)).toHaveLength(NOTE_SHOWN_LENGTH_MAX)
  })

  it('nobody writes a longer note than one may, and one of very many lines is compared as a whole', () => {
    const copy = new Copy(PLAN)
    const from = noteNow(copy.living, NOBODY)
    expect(copy.put(ben, { kind: 'write', from, to: 'x'.repeat(NOTE_LENGTH_MAX + 1) }, 1)).toBe('too-long')
    const lines = (count: number, letter: string) => Array.from({ length: count }, (_, at) => `${letter}${at}\n`).join('')
    const count = Math.ceil(Math.sqrt(COMPARED_LINES_MAX)) + 1
    const hunks = hunksBetween(lines(count, 'a'), `${lines(count, 'b')}a1\n${lines(2, 'c')}`)
    expect(hunks).toHaveLength(1)
    expect(hunksBetween('a\nsame\nb\n', 'A\nsame\nB\n')).toHaveLength(2)
  })

  it('of one account the first changes are looked at, and of the others theirs', () => {
    const of = (account: AccountId, count: number) => Array.from({ length: count }, (_, at) => ({ orderKey: `${at}`, account }))
    const kept = withinShare([...of(ben.account, CHANGES_PER_ACCOUNT_MAX + 1), ...of(cleo.account, 1)])
    expect(kept.map(({ account }) => account)).toEqual(
      [...of(ben.account, CHANGES_PER_ACCOUNT_MAX), ...of(cleo.account, 1)].map(({ account }) => account),
    )
  })
})
