// What people show of themselves beside their names (docs/protocol.md §5.18): who sees it, when it goes, and what of it is refused.

import { describe, expect, it } from 'vitest'
import { ABOUT_LETTERS_MAX, FACES_READ_MAX, FACES_SAID_PER_TICK_MAX, PICTURE_BYTES_MAX } from '../../src/wire/face-limits.ts'
import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { jpeg, webp } from '../fixtures/pictures.ts'
import { diskWith, nodeOn } from '../simulation/disk.ts'
import { accountOf, group, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, invite, meet, MINUTE_MS, open, revive, say, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Face } from '../../src/engine.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const NONE = new Uint8Array(0)
const PICTURE = webp()

const show = (stage: Stage, person: Person, { about = '', picture = NONE }: Partial<Face>) =>
  stage.done(person.engine().setFace({ about, picture }))

/** What `person` sees of somebody there. */
async function face(stage: Stage, person: Person, conversation: ConversationId | undefined, of: Person) {
  const [seen] = await stage.done(person.engine().readFaces({ places: [{ conversation, account: accountOf(of) }] }))
  return seen
}

const rowsOf = (person: Person): readonly string[] =>
  [...(person.disk().tables.get('bodies')?.keys() ?? [])].filter((key) => key.includes('/face/'))

/** The person comes back with a client that says this, whatever it is. */
async function forge(stage: Stage, person: Person, { about = '', picture = NONE }: Partial<Face>): Promise<void> {
  person.crash()
  person.put(
    diskWith(person.disk(), (node) => ({
      ...node,
      self: { ...node.self, face: { about, picture, at: node.self.face?.at ?? '', told: '' } },
    })),
  )
  await revive(stage, person)
  await stage.pass(MINUTE_MS)
}

describe('what somebody shows of themselves', () => {
  it('reaches contacts, is shown to its owner, and is the last one everywhere, in one row', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    expect(await show(stage, bob, { about: ' Mostly \n in the garden ', picture: PICTURE })).toEqual({ kind: 'saved' })
    await stage.pass(10_000)
    const shown = { about: 'Mostly in the garden', picture: { type: 'image/webp', bytes: PICTURE } }
    expect(await face(stage, alice, id, bob)).toEqual(shown)
    expect(await face(stage, bob, undefined, bob)).toEqual(shown)
    expect(await face(stage, bob, undefined, alice)).toBeUndefined()
    await show(stage, bob, { about: 'On the balcony', picture: jpeg({ width: 64 }) })
    await stage.pass(10_000)
    expect(await face(stage, alice, id, bob)).toMatchObject({ about: 'On the balcony', picture: { type: 'image/jpeg' } })
    expect(rowsOf(alice)).toHaveLength(1)
    expect((await view(stage, alice, id)).messages.map(({ kind }) => kind)).not.toContain('unreadable')
  })

  it('is taken back everywhere, and nothing of it stays', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await show(stage, bob, { about: 'Here', picture: PICTURE })
    await stage.pass(10_000)
    await show(stage, bob, {})
    await stage.pass(10_000)
    expect(await face(stage, alice, id, bob)).toEqual({ about: '' })
    expect(await face(stage, bob, undefined, bob)).toEqual({ about: '' })
    expect(rowsOf(alice)).toHaveLength(1)
  })

  it('is told to all chats a few at a time, also after a restart, and to one that opens later', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    const others: { readonly person: Person; readonly id: ConversationId }[] = []
    for (let count = 0; count <= FACES_SAID_PER_TICK_MAX; count += 1) {
      const person = await stage.enter(`guest ${count}`)
      const made = await invite(stage, alice, `welcome ${count}`)
      await open(stage, person, made.link)
      await say(stage, person, made.id, 'hi')
      others.push({ person, id: made.id })
    }
    await stage.pass(10_000)
    await show(stage, alice, { picture: PICTURE })
    alice.crash()
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    for (const { person, id: chat } of [...others, { person: bob, id }])
      expect(await face(stage, person, chat, alice)).toMatchObject({ picture: { bytes: PICTURE } })
    expect(nodeOn(alice.disk()).self.face?.told).toBeUndefined()
    const dora = await stage.enter('dora')
    const made = await invite(stage, alice, 'welcome dora')
    await open(stage, dora, made.link)
    await stage.pass(5_000)
    // Whoever only has a link is nobody yet, to either side.
    expect(await face(stage, dora, made.id, alice)).toBeUndefined()
    expect(nodeOn(alice.disk()).conversations.get(made.id)?.log.feeds.size).toBe(1)
    await say(stage, dora, made.id, 'hi')
    await stage.pass(10_000)
    expect(await face(stage, dora, made.id, alice)).toMatchObject({ picture: { bytes: PICTURE } })
  }, 60_000)

  it('is seen by members of a group, and by those who come later', async () => {
    const { stage, alice, bob, carol } = await three('direct')
    await show(stage, bob, { about: 'Before', picture: PICTURE })
    await stage.pass(5_000)
    const id = await group(stage, alice, [bob])
    await stage.pass(MINUTE_MS)
    await show(stage, bob, { about: 'Ben', picture: PICTURE })
    await show(stage, alice, { about: 'Ali', picture: jpeg() })
    await stage.pass(MINUTE_MS)
    await stage.done(alice.engine().addMembers({ conversation: id, members: [accountOf(carol)] }))
    await stage.pass(2 * MINUTE_MS)
    for (const person of [alice, bob, carol])
      expect(await face(stage, person, id, bob)).toMatchObject({ about: 'Ben', picture: { bytes: PICTURE } })
    expect(await face(stage, carol, id, alice)).toMatchObject({ about: 'Ali', picture: { type: 'image/jpeg' } })
  })

  it('is the same on all own devices, also on one that is linked later', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    await show(stage, alice, { about: 'Phone', picture: PICTURE })
    await stage.pass(5_000)
    const laptop = await stage.enter('laptop')
    await link(stage, alice, laptop)
    await stage.pass(MINUTE_MS)
    expect(await face(stage, laptop, undefined, alice)).toMatchObject({ about: 'Phone', picture: { bytes: PICTURE } })
    await show(stage, laptop, { about: 'Laptop' })
    await stage.pass(MINUTE_MS)
    for (const person of [alice, laptop]) expect(await face(stage, person, undefined, alice)).toEqual({ about: 'Laptop' })
    expect(await face(stage, bob, id, alice)).toEqual({ about: 'Laptop' })
    await show(stage, alice, { about: 'Phone again' })
    await stage.pass(MINUTE_MS)
    for (const person of [alice, laptop]) expect(await face(stage, person, undefined, alice)).toEqual({ about: 'Phone again' })
    expect(await face(stage, bob, id, alice)).toEqual({ about: 'Phone again' })
  })

  it('is not looked at from strangers, nor from who is blocked', async () => {
    const { stage, alice, bob, carol } = await three('direct')
    await show(stage, bob, { about: 'Ben', picture: PICTURE })
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(2 * MINUTE_MS)
    const asked = await stage.done(bob.engine().askToTalk({ conversation: id, account: accountOf(carol), text: 'hello?', ref: 'ask' }))
    if (asked.kind !== 'created') throw new Error(asked.reason)
    await stage.pass(MINUTE_MS)
    expect(await face(stage, carol, asked.conversation, bob)).toBeUndefined()
    await stage.done(carol.engine().acceptRequest({ account: accountOf(bob) }))
    await stage.pass(MINUTE_MS)
    expect(await face(stage, carol, asked.conversation, bob)).toMatchObject({ about: 'Ben', picture: { bytes: PICTURE } })
    await stage.done(carol.engine().setBlocked({ account: accountOf(bob), isBlocked: true }))
    expect(await face(stage, carol, asked.conversation, bob)).toBeUndefined()
    expect(await face(stage, carol, id, bob)).toBeUndefined()
  })

  it('goes with its chat', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await show(stage, bob, { picture: PICTURE })
    await stage.pass(10_000)
    expect(rowsOf(alice)).toHaveLength(1)
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    await stage.pass(10_000)
    expect(rowsOf(alice)).toEqual([])
  })
})

describe('attack:', () => {
  it('an own picture that is none, is too large or no square, or a line that is too long, is refused, and nothing changes', async () => {
    const stage = createStage()
    const alice = await stage.enter('alice')
    await show(stage, alice, { about: 'Here', picture: PICTURE })
    const refused = async (wrong: Partial<Face>) => {
      const outcome = await show(stage, alice, wrong)
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind
    }
    expect(await refused({ about: 'a'.repeat(ABOUT_LETTERS_MAX) })).toBe('saved')
    expect(await refused({ about: '👋'.repeat(ABOUT_LETTERS_MAX), picture: PICTURE })).toBe('saved')
    expect(await refused({ about: 'a'.repeat(ABOUT_LETTERS_MAX + 1) })).toBe('too-long')
    expect(await refused({ picture: utf8ToBytes('<svg xmlns="http://www.w3.org/2000/svg"/>') })).toBe('not-a-picture')
    expect(await refused({ picture: new Uint8Array(PICTURE_BYTES_MAX + 1) })).toBe('too-large')
    expect(await refused({ picture: webp({ width: 8_000 }) })).toBe('wrong-size')
    expect(await face(stage, alice, undefined, alice)).toMatchObject({ about: '👋'.repeat(ABOUT_LETTERS_MAX), picture: { bytes: PICTURE } })
  })

  it('a client that sends an SVG, a bomb or something else as a picture changes nothing of what is shown', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await forge(stage, bob, { about: 'Before', picture: PICTURE })
    expect(await face(stage, alice, id, bob)).toMatchObject({ about: 'Before' })
    for (const picture of [
      utf8ToBytes('<svg><script>alert(1)</script></svg>'),
      webp({ width: 16_000 }),
      new Uint8Array(PICTURE_BYTES_MAX),
    ]) {
      await forge(stage, bob, { about: 'After', picture })
      expect(await face(stage, alice, id, bob)).toMatchObject({ about: 'Before', picture: { bytes: PICTURE } })
    }
    expect(rowsOf(alice)).toHaveLength(1)
    await forge(stage, bob, { about: 'Really', picture: PICTURE })
    expect(await face(stage, alice, id, bob)).toMatchObject({ about: 'Really' })
  })

  it('a line of nothing but marks of direction or controls says nothing, and one that is too long changes nothing', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await forge(stage, bob, { about: '\u202e\u2066\u200f\u0007\u0000' })
    expect(await face(stage, alice, id, bob)).toEqual({ about: '' })
    await forge(stage, bob, { about: 'one\u2028two\u0007 three' })
    expect(await face(stage, alice, id, bob)).toEqual({ about: 'one two three' })
    await forge(stage, bob, { about: 'a'.repeat(ABOUT_LETTERS_MAX + 1) })
    expect(await face(stage, alice, id, bob)).toEqual({ about: 'one two three' })
  })

  it('what somebody shows is theirs alone: no entry can say what another account looks like', async () => {
    const { stage, alice, bob, carol } = await three('direct')
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(MINUTE_MS)
    await show(stage, bob, { about: 'Ben', picture: PICTURE })
    await stage.pass(MINUTE_MS)
    await forge(stage, carol, { about: 'I am Ben', picture: jpeg() })
    expect(await face(stage, alice, id, bob)).toMatchObject({ about: 'Ben', picture: { type: 'image/webp' } })
    expect(await face(stage, alice, id, carol)).toMatchObject({ about: 'I am Ben', picture: { type: 'image/jpeg' } })
    expect(rowsOf(alice).map((key) => key.split('/')[2])).toEqual(expect.arrayContaining([accountOf(bob), accountOf(carol)]))
  })

  it('whoever is asked for thousands of faces reads no more than FACES_READ_MAX', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    const places = Array.from({ length: FACES_READ_MAX + 1 }, () => ({ conversation: id, account: accountOf(bob) }))
    expect(await stage.done(alice.engine().readFaces({ places }))).toHaveLength(FACES_READ_MAX)
  })
})
