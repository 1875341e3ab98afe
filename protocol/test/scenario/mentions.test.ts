// Mentions in a group: whom they name, what of them leaves the device, and what is plain words.

import { describe, expect, it } from 'vitest'
import { toMarked } from '../../src/conversation/mention.ts'
import { CAPTION_BYTES_MAX } from '../../src/limits.ts'
import { accountOf, group, three } from './group-stage.ts'
import { file } from './attachments-stage.ts'
import { messages, MINUTE_MS, view } from './stage.ts'
import type { AccountId, ConversationId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

/** A text with one mention, as a page gives it. */
const marked = (text: string, name: string, account: AccountId): string => {
  const start = text.indexOf(`@${name}`)
  return toMarked({ text, mentions: [{ start, end: start + 1 + name.length, account }] })
}

async function club() {
  const { stage, alice, bob, carol } = await three('direct')
  await stage.done(bob.engine().setName({ name: 'Ben' }))
  await stage.pass(3_000)
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(10_000)
  return { stage, alice, bob, carol, id }
}

const last = async (stage: Stage, person: Person, id: ConversationId) => (await messages(stage, person, id)).at(-1)

const send = async (stage: Stage, person: Person, conversation: ConversationId, text: string) => {
  const outcome = await stage.done(person.engine().send({ conversation, text, ref: `m ${text}` }))
  await stage.pass(5_000)
  return outcome
}

describe('a mention in a group', () => {
  it('is still one in a message with a date that is written anew', async () => {
    const { stage, alice, bob, carol, id } = await club()
    await stage.done(alice.engine().setPetname({ account: accountOf(bob), name: 'Grumpy' }))
    const later = (minutes: number) => stage.scheduler.now() + minutes * MINUTE_MS
    const first = marked('Hi @Grumpy!', 'Grumpy', accountOf(bob))
    await stage.done(alice.engine().schedule({ conversation: id, text: first, due: later(60), ref: 'planned' }))
    await stage.pass(5_000)
    const [planned] = await stage.done(alice.engine().readScheduled({ conversation: id }))
    expect(planned).toMatchObject({ text: 'Hi @Grumpy!', mentions: [{ start: 3, end: 10, account: accountOf(bob) }] })
    if (planned === undefined) throw new Error('nothing waits')
    // As a page gives back what it was shown.
    const { text, mentions = [], message } = planned
    await stage.done(alice.engine().schedule({ conversation: id, text: toMarked({ text, mentions }), ref: 'now', instead: message }))
    await stage.pass(5_000)
    expect(await last(stage, carol, id)).toMatchObject({ text: 'Hi @Ben!', mentions: [{ start: 3, end: 7, account: accountOf(bob) }] })
  })

  it('names its member to everybody, by the name that they know, and tells whom it means', async () => {
    const { stage, alice, bob, carol, id } = await club()
    await stage.done(alice.engine().setPetname({ account: accountOf(bob), name: 'Grumpy' }))
    await send(stage, alice, id, marked('Hi @Grumpy!', 'Grumpy', accountOf(bob)))
    const mention = { start: 3, end: 7, account: accountOf(bob) }
    // What a person is called here stays here.
    expect(await last(stage, carol, id)).toMatchObject({ text: 'Hi @Ben!', mentions: [{ ...mention, mine: false }] })
    expect(await last(stage, bob, id)).toMatchObject({ text: 'Hi @Ben!', mentions: [{ ...mention, mine: true }] })
    expect(await last(stage, alice, id)).toMatchObject({ text: 'Hi @Grumpy!', mentions: [{ ...mention, end: 10, mine: false }] })
    expect((await view(stage, carol, id)).summary.last?.text).toBe('Hi @Ben!')

    await stage.done(bob.engine().setName({ name: 'Benedikt' }))
    await stage.pass(5_000)
    const renamed = (await messages(stage, carol, id)).find(({ text }) => text.startsWith('Hi'))
    expect(renamed).toMatchObject({ text: 'Hi @Benedikt!', mentions: [{ ...mention, end: 12 }] })
  })

  it('is kept by an edit and by a draft, and ends with an edit that has none', async () => {
    const { stage, alice, bob, carol, id } = await club()
    const first = await send(stage, alice, id, marked('Hi @Ben!', 'Ben', accountOf(bob)))
    if (first.kind !== 'saved') throw new Error(first.reason)
    const edit = async (text: string) => {
      const outcome = await stage.done(alice.engine().edit({ conversation: id, message: first.message, text }))
      await stage.pass(5_000)
      return outcome
    }
    await edit(marked('Hello there, @Ben!', 'Ben', accountOf(bob)))
    const shown = { text: 'Hello there, @Ben!', isEdited: true, mentions: [{ start: 13, end: 17, account: accountOf(bob) }] }
    expect(await last(stage, carol, id)).toMatchObject(shown)
    await stage.done(carol.engine().saveDraft({ conversation: id, text: marked('and @Ben?', 'Ben', accountOf(bob)), ref: 'draft' }))
    expect((await view(stage, carol, id)).draft?.text).toBe(marked('and @Ben?', 'Ben', accountOf(bob)))
    await edit('Hello there, @Ben!')
    expect((await last(stage, carol, id))?.mentions).toBeUndefined()
  })

  it('goes with the words of files too, and counts there', async () => {
    const { stage, alice, bob, carol, id } = await club()
    const sendFiles = (text: string, ref: string) =>
      stage.done(alice.engine().sendFiles({ conversation: id, text, ref, files: [file(new Uint8Array(10))] }))
    await sendFiles(marked('for @Ben', 'Ben', accountOf(bob)), 'files')
    await stage.pass(5_000)
    expect(await last(stage, carol, id)).toMatchObject({ text: 'for @Ben', mentions: [{ start: 4, end: 8 }] })
    const long = `${'a'.repeat(CAPTION_BYTES_MAX - 4)}@Ben`
    expect(await sendFiles(marked(long, 'Ben', accountOf(bob)), 'long')).toEqual({ kind: 'refused', reason: 'too-long' })
  })

  it('attack: of somebody who is no member, or was removed, it is plain words', async () => {
    const { stage, alice, bob, carol, id } = await club()
    await send(stage, alice, id, marked('Hi @Ben!', 'Ben', 'e'.repeat(64) as AccountId))
    // What stood there may be what Alice calls them.
    expect(await last(stage, carol, id)).toMatchObject({ text: 'Hi @…!' })
    expect((await last(stage, carol, id))?.mentions ?? []).toEqual([])
    await send(stage, alice, id, marked('Hello @Ben!', 'Ben', accountOf(bob)))
    await stage.done(alice.engine().removeMember({ conversation: id, account: accountOf(bob) }))
    await stage.pass(10_000)
    const hello = (await messages(stage, carol, id)).find(({ text }) => text.startsWith('Hello'))
    expect(hello).toMatchObject({ text: 'Hello @Ben!', mentions: [] })
  })

  it('is plain words in a chat of two, and wherever it is sent on', async () => {
    const { stage, alice, bob, carol, id } = await club()
    const first = await send(stage, alice, id, marked('Hi @Ben!', 'Ben', accountOf(bob)))
    if (first.kind !== 'saved') throw new Error(first.reason)
    const pair = await pairOf(stage, alice, bob)
    await send(stage, alice, pair, marked('You, @Ben', 'Ben', accountOf(bob)))
    expect((await last(stage, bob, pair))?.text).toBe('You, @Ben')
    expect((await last(stage, bob, pair))?.mentions).toBeUndefined()
    await stage.done(alice.engine().forward({ conversation: id, messages: [first.message], to: [pair], ref: 'on' }))
    await stage.pass(5_000)
    expect(await last(stage, bob, pair)).toMatchObject({ text: 'Hi @Ben!' })
    expect((await last(stage, carol, id))?.text).toBe('Hi @Ben!')
  })
})

async function pairOf(stage: Stage, person: Person, other: Person): Promise<ConversationId> {
  const all = await stage.done(firstOf(person))
  return all.find(({ kind, peer }) => kind === 'pair' && peer === accountOf(other))?.id ?? expect.fail('no chat of two')
}

const firstOf = (person: Person) =>
  new Promise<readonly { readonly id: ConversationId; readonly kind: string; readonly peer: AccountId | undefined }[]>((resolve) => {
    const stop = person.engine().watchConversations((views) => {
      resolve(views)
      queueMicrotask(() => stop())
    })
  })
