// Messages that are sent on to another chat: what goes, what of them does not, and what is refused before anything has gone.

import { describe, expect, it } from 'vitest'
import { CHUNKS_READ_MAX } from '../../src/attachments/limits.ts'
import { CHUNK_BYTES, FORWARD_CHATS_MAX, FORWARDED_MAX } from '../../src/limits.ts'
import { ask, bytesOf, file, jpeg, photo, read, send } from './attachments-stage.ts'
import { createStage, invite, meet, messages, open, say, texts } from './stage.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

/** Alice has a chat with Bob, and one with Carol. */
async function between() {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  const carol = await stage.enter('carol')
  const { id: other, link } = await invite(stage, alice, 'hi carol')
  await open(stage, carol, link)
  await say(stage, carol, other, 'hi alice')
  await stage.pass(5_000)
  return { stage, alice, bob, carol, id, other }
}

type Given = {
  readonly from: ConversationId
  readonly messages: readonly EntryId[]
  readonly to: readonly ConversationId[]
  readonly ref?: string
}

const forward = (stage: Stage, person: Person, { from, messages: chosen, to, ref = 'on' }: Given) =>
  stage.done(person.engine().forward({ conversation: from, messages: chosen, to, ref }))

const idOf = async (stage: Stage, person: Person, id: ConversationId, text: string): Promise<EntryId> =>
  (await messages(stage, person, id)).find((message) => message.text === text)?.id ?? expect.fail(`no ${text}`)

describe('a message that is sent on', () => {
  it('says what it says now, as a message of whoever sends it on', async () => {
    const { stage, alice, bob, carol, id, other } = await between()
    await say(stage, bob, id, 'first')
    await say(stage, bob, id, 'second')
    await stage.pass(3_000)
    const [first, second] = [await idOf(stage, alice, id, 'first'), await idOf(stage, alice, id, 'second')]
    await stage.done(bob.engine().edit({ conversation: id, message: first, text: 'first, put right' }))
    await stage.pass(3_000)
    expect(await forward(stage, alice, { from: id, messages: [first, second], to: [other] })).toEqual({ kind: 'forwarded' })
    await stage.pass(5_000)
    const shown = await messages(stage, carol, other)
    expect(shown.slice(-2)).toMatchObject([
      { text: 'first, put right', mine: false },
      { text: 'second', mine: false },
    ])
    expect(shown.at(-2)?.isEdited).not.toBe(true)
  })

  it('takes its photos and files along, sealed anew', async () => {
    const { stage, alice, bob, carol, id, other } = await between()
    const document = bytesOf((CHUNKS_READ_MAX + 1) * CHUNK_BYTES + 17)
    const picture = jpeg(12, 9)
    const message = await send(stage, bob, id, [file(document), photo(picture, [12, 9])], 'both')
    await stage.pass(3_000)
    await ask(stage, alice, id, message)
    await stage.pass(20_000)
    expect(await forward(stage, alice, { from: id, messages: [message], to: [other] })).toEqual({ kind: 'forwarded' })
    await stage.pass(5_000)
    const sent = (await messages(stage, carol, other)).at(-1) ?? expect.fail('nothing came')
    expect(sent).toMatchObject({ text: 'both', files: [{ name: 'walk.pdf', size: document.length }, { photo: { width: 12, height: 9 } }] })
    await ask(stage, carol, other, sent.id)
    await stage.pass(20_000)
    expect(await read(stage, carol, other, sent.id, 1)).toEqual({ kind: 'bytes', bytes: picture })
    const rest = await stage.done(
      carol.engine().readFile({ conversation: other, message: sent.id, item: 0, from: CHUNKS_READ_MAX, count: CHUNKS_READ_MAX }),
    )
    expect(rest).toEqual({ kind: 'bytes', bytes: document.slice(CHUNKS_READ_MAX * CHUNK_BYTES) })
  })

  it('goes once under one ref', async () => {
    const { stage, alice, carol, id, other } = await between()
    await say(stage, alice, id, 'once')
    const message = await idOf(stage, alice, id, 'once')
    for (let times = 0; times < 2; times += 1)
      expect(await forward(stage, alice, { from: id, messages: [message], to: [other] })).toEqual({ kind: 'forwarded' })
    await stage.pass(5_000)
    expect((await texts(stage, carol, other)).filter((text) => text === 'once')).toHaveLength(1)
  })
})

describe('nothing is sent on', () => {
  it('of a message whose files are not all here', async () => {
    const { stage, alice, bob, carol, id, other } = await between()
    await say(stage, bob, id, 'words')
    const message = await send(stage, bob, id, [file(bytesOf(100))])
    await stage.pass(3_000)
    const words = await idOf(stage, alice, id, 'words')
    const before = await texts(stage, carol, other)
    expect(await forward(stage, alice, { from: id, messages: [words, message], to: [other] })).toEqual({
      kind: 'refused',
      reason: 'not-here',
      sent: 0,
    })
    await stage.pass(3_000)
    expect(await texts(stage, carol, other)).toEqual(before)
  })

  it('that was deleted, or that people change together', async () => {
    const { stage, alice, id, other } = await between()
    await say(stage, alice, id, 'gone')
    const gone = await idOf(stage, alice, id, 'gone')
    await stage.done(alice.engine().deleteMessage({ conversation: id, message: gone }))
    const made = await stage.done(alice.engine().makeLiving({ conversation: id, form: 1, text: 'Lunch?\nyes\nno', ref: 'poll' }))
    const poll = made.kind === 'saved' ? made.message : expect.fail(made.reason)
    for (const message of [gone, poll])
      expect(await forward(stage, alice, { from: id, messages: [message], to: [other] })).toMatchObject({
        reason: 'unknown-message',
        sent: 0,
      })
  })

  it('beyond its bounds, or to a chat that is not here', async () => {
    const { stage, alice, id, other } = await between()
    await say(stage, alice, id, 'many')
    const message = await idOf(stage, alice, id, 'many')
    const tooMany = { kind: 'refused', reason: 'too-many', sent: 0 }
    const [often, wide] = [
      Array.from({ length: FORWARDED_MAX + 1 }, () => message),
      Array.from({ length: FORWARD_CHATS_MAX + 1 }, () => other),
    ]
    expect(await forward(stage, alice, { from: id, messages: often, to: [other] })).toEqual(tooMany)
    expect(await forward(stage, alice, { from: id, messages: [message], to: wide })).toEqual(tooMany)
    const nowhere = 'ab'.repeat(32) as ConversationId
    expect(await forward(stage, alice, { from: id, messages: [message], to: [other, nowhere] })).toMatchObject({
      reason: 'unknown-conversation',
    })
  })
})
