// What new members of a group are shown of what was said before they came: what the group has said that it shows, as its authors wrote it (docs/protocol.md
// §12.3). Somebody in the middle of a direct link plays a member who hands on something else.

import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../src/bytes/codec.ts'
import { timelineRow } from '../../src/conversation/timeline-row.ts'
import { frame as frameCodec } from '../../src/wire/frame.ts'
import { accountOf, group, three } from './group-stage.ts'
import { messages, MINUTE_MS, revive, say, texts, view } from './stage.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { OpenedBody } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const show = (stage: Stage, person: Person, conversation: ConversationId, isShown = true) =>
  stage.done(person.engine().setGroupHistory({ conversation, isShown }))
const add = (stage: Stage, person: Person, conversation: ConversationId, who: Person) =>
  stage.done(person.engine().addMembers({ conversation, members: [accountOf(who)] }))

/** A club of Alice and Bob, in which both have written before and after it began to show its history. Carol is to come. */
async function club(how: 'direct' | 'mailbox') {
  const all = await three(how)
  const { stage, alice, bob } = all
  const id = await group(stage, alice, [bob])
  await stage.pass(2 * MINUTE_MS)
  for (const person of [alice, bob]) await say(stage, person, id, `${person.name}, hidden`)
  await stage.pass(MINUTE_MS)
  expect(await show(stage, alice, id)).toEqual({ kind: 'saved' })
  await stage.pass(MINUTE_MS)
  for (const person of [alice, bob]) await say(stage, person, id, `${person.name}, shown`)
  await stage.pass(MINUTE_MS)
  return { ...all, id }
}

const SHOWN = ['alice, shown', 'bob, shown']

/** What somebody has of messages, by what they say. */
function bodiesOn(person: Person, id: ConversationId): ReadonlyMap<string, OpenedBody> {
  const rows = [...(person.disk().tables.get('timeline') ?? new Map<string, { readonly value: Uint8Array }>())]
  return new Map(
    rows.flatMap(([key, { value }]) => {
      const { id: entry, content } = key.startsWith(id) ? decode(timelineRow, value) : { id: undefined, content: undefined }
      return entry === undefined || content?.kind !== 'text' ? [] : [[content.text, { entry, ...content.kept }] as const]
    }),
  )
}

/** From now on all bodies that go to somebody by direct links are those that `change` makes of them. */
function forge(stage: Stage, to: Person, change: (bodies: readonly OpenedBody[]) => readonly OpenedBody[]): void {
  const { send } = stage.network.direct
  stage.network.direct.send = (client, device, bytes, kind) => {
    const frame = device === to.ownDevice() && kind !== 'file-frame' ? decode(frameCodec, bytes) : undefined
    const given = frame?.kind === 'opened' ? encode(frameCodec, { ...frame, bodies: change(frame.bodies) }) : bytes
    return send(client, device, given, kind)
  }
}

describe.each(['mailbox', 'direct'] as const)('a group (%s)', (how) => {
  test('shows new members nothing at first', async () => {
    const { stage, alice, bob, carol } = await three(how)
    const id = await group(stage, alice, [bob])
    await stage.pass(2 * MINUTE_MS)
    await say(stage, bob, id, 'before Carol')
    await stage.pass(MINUTE_MS)
    await add(stage, alice, id, carol)
    await stage.pass(3 * MINUTE_MS)
    await say(stage, bob, id, 'with Carol')
    await stage.pass(2 * MINUTE_MS)
    expect(await texts(stage, carol, id)).toEqual(['with Carol'])
    expect((await view(stage, carol, id)).isHistoryShown).toBeUndefined()
  })

  test('that shows its history shows them all from there on, with what was done to it, and nothing from before', async () => {
    const { stage, alice, bob, carol, id } = await club(how)
    const [edited, liked, deleted] = [`to be edited`, `to be liked`, `to be deleted`]
    for (const text of [edited, liked, deleted]) await say(stage, alice, id, text)
    await stage.pass(MINUTE_MS)
    const found = new Map((await messages(stage, bob, id)).map((message) => [message.text, message.id]))
    const messageOf = (text: string): EntryId => found.get(text) ?? expect.fail(text)
    await stage.done(alice.engine().edit({ conversation: id, message: messageOf(edited), text: 'edited' }))
    await stage.done(bob.engine().react({ conversation: id, message: messageOf(liked), emoji: '👍', isSet: true }))
    await stage.done(alice.engine().deleteMessage({ conversation: id, message: messageOf(deleted) }))
    await stage.pass(MINUTE_MS)
    await add(stage, alice, id, carol)
    await stage.pass(4 * MINUTE_MS)
    expect((await texts(stage, carol, id)).toSorted()).toEqual([...SHOWN, 'edited', liked].toSorted())
    const seen = await messages(stage, carol, id)
    expect(seen.find(({ text }) => text === 'edited')?.isEdited).toBe(true)
    expect(seen.find(({ text }) => text === liked)?.reactions).toMatchObject([{ emoji: '👍', count: 1 }])
    for (const person of [alice, bob, carol]) expect((await view(stage, person, id)).isHistoryShown).toBe(true)
    for (const person of [carol, alice, bob]) await say(stage, person, id, `${person.name}, after`)
    await stage.pass(2 * MINUTE_MS)
    for (const person of [alice, bob, carol])
      expect(await texts(stage, person, id)).toEqual(expect.arrayContaining(['alice, after', 'bob, after', 'carol, after']))
  })

  test('that shows it no more shows nothing of it to whoever comes then', async () => {
    const { stage, alice, carol, id } = await club(how)
    await show(stage, alice, id, false)
    await stage.pass(MINUTE_MS)
    await add(stage, alice, id, carol)
    await stage.pass(3 * MINUTE_MS)
    await say(stage, alice, id, 'with Carol')
    await stage.pass(2 * MINUTE_MS)
    expect(await texts(stage, carol, id)).toEqual(['with Carol'])
  })

  test('shows a member who was removed and comes back what was said meanwhile', async () => {
    const { stage, alice, bob, carol, id } = await club(how)
    await add(stage, alice, id, carol)
    await stage.pass(3 * MINUTE_MS)
    await stage.done(alice.engine().removeMember({ conversation: id, account: accountOf(carol) }))
    await stage.pass(2 * MINUTE_MS)
    await say(stage, bob, id, 'behind her back')
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, carol, id)).not.toContain('behind her back')
    await add(stage, alice, id, carol)
    await stage.pass(4 * MINUTE_MS)
    expect((await texts(stage, carol, id)).toSorted()).toEqual([...SHOWN, 'behind her back'].toSorted())
  })

  test('goes on showing it where it had got to when a new member’s device is closed on the way', async () => {
    const { stage, alice, carol, id } = await club(how)
    const said = Array.from({ length: 120 }, (_, at) => `line ${at}`)
    await stage.done(Promise.all(said.map((text) => alice.engine().send({ conversation: id, text, ref: text }))))
    await stage.pass(2 * MINUTE_MS)
    await add(stage, alice, id, carol)
    for (let turn = 0; turn < 5; turn += 1) {
      carol.crashAt(60)
      await stage.pass(2_000)
      if (carol.isUp()) carol.crash()
      await revive(stage, carol)
    }
    await stage.pass(5 * MINUTE_MS)
    const seen = await texts(stage, carol, id)
    expect(seen.toSorted()).toEqual([...SHOWN, ...said].toSorted())
  })
})

test('its history is for owners and admins to show', async () => {
  const { stage, bob, id } = await club('mailbox')
  expect(await show(stage, bob, id, false)).toEqual({ kind: 'refused', reason: 'not-allowed' })
})

describe('a member who hands on', () => {
  test('what an author never said, or what belongs elsewhere, has nothing of it shown', async () => {
    for (const change of [
      (bodies: readonly OpenedBody[]) =>
        bodies.map((body) => ({ ...body, content: body.content.map((byte, at) => (at === body.content.length - 1 ? byte ^ 1 : byte)) })),
      (bodies: readonly OpenedBody[]) =>
        bodies.map((body) => ({ ...body, salt: body.salt.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) })),
    ]) {
      const { stage, alice, carol, id } = await club('direct')
      const said = new Set([...bodiesOn(alice, id).values()].map(({ entry }) => entry))
      forge(stage, carol, (bodies) => bodies.flatMap((body) => (said.has(body.entry) ? change([body]) : [body])))
      await add(stage, alice, id, carol)
      await stage.pass(3 * MINUTE_MS)
      expect(await texts(stage, carol, id)).toEqual([])
      // She is a member like any other.
      await say(stage, alice, id, 'with Carol')
      await stage.pass(2 * MINUTE_MS)
      expect(await texts(stage, carol, id)).toEqual(['with Carol'])
    }
  })

  test('what was said before the group showed it has nothing of it shown', async () => {
    const { stage, alice, carol, id } = await club('direct')
    const all = [...bodiesOn(alice, id).values()]
    expect(all).toHaveLength(4)
    const said = new Set(all.map(({ entry }) => entry))
    // All four by this hand alone, in every frame: those that the group shows are taken.
    forge(stage, carol, (bodies) => [...bodies.filter(({ entry }) => !said.has(entry)), ...all])
    await add(stage, alice, id, carol)
    await stage.pass(3 * MINUTE_MS)
    expect((await texts(stage, carol, id)).toSorted()).toEqual(SHOWN)
  })

  test('what its author has deleted for everyone has it shown for no longer than the deletion takes', async () => {
    const { stage, alice, bob, carol, id } = await club('direct')
    const body = bodiesOn(bob, id).get('alice, shown') ?? expect.fail('no body')
    await stage.done(alice.engine().deleteMessage({ conversation: id, message: body.entry }))
    await stage.pass(MINUTE_MS)
    forge(stage, carol, (bodies) => [...bodies, body])
    await add(stage, alice, id, carol)
    await stage.pass(3 * MINUTE_MS)
    expect(await texts(stage, carol, id)).toEqual(['bob, shown'])
  })
})
