// Voice notes and videos between two people, what is recorded and not sent, and files that are removed from a device by hand.

import { describe, expect, it } from 'vitest'
import { FILES_LISTED_MAX } from '../../src/attachments/limits.ts'
import { CHUNK_BYTES, VOICE_BYTES_MAX, VOICE_MS_MAX, VOICE_PART_BYTES_MAX, VOICE_PARTS_MAX, VOICE_REF_BYTES_MAX } from '../../src/limits.ts'
import { ask, bytesOf, file, jpeg, onTheWay, photo, read, rowsAbout, send, sourceOf } from './attachments-stage.ts'
import { createStage, invite, meet, messages, revive } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { NewFile, VoiceAct, VoiceDraft } from '../../src/engine.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const WAVEFORM = Uint8Array.of(3, 200, 40)

function ogg(length: number): Uint8Array {
  const bytes = bytesOf(length)
  bytes.set([0x4f, 0x67, 0x67, 0x53])
  return bytes
}
const voice = (bytes: Uint8Array, duration = 42_000): NewFile => ({
  source: sourceOf(bytes),
  name: '',
  photo: undefined,
  voice: { duration, waveform: WAVEFORM },
})

function mp4(length: number): Uint8Array {
  const bytes = bytesOf(length)
  bytes.set([0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70])
  return bytes
}
const video = (bytes: Uint8Array): NewFile => ({
  source: sourceOf(bytes),
  name: 'waves.mp4',
  photo: undefined,
  video: { width: 640, height: 360, thumbhash: new Uint8Array(24).fill(7), duration: 9_000, hasPoster: true },
})

describe('a voice note', () => {
  it('comes by itself with what is said of it, and stands in words where only words are shown', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const recording = ogg(2 * CHUNK_BYTES + 5)
    const message = await send(stage, alice, id, [voice(recording)])
    await stage.pass(5_000)
    const [shown] = (await messages(stage, bob, id)).slice(-1)
    expect(shown?.files).toEqual([{ name: '', size: recording.length, voice: { duration: 42_000, waveform: WAVEFORM } }])
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: recording })
    const { chats } = await stage.done(bob.engine().readFirstChats({ alias: undefined }))
    expect(chats[0]?.last?.text).toBe('🎤 0:42')
  })

  it('that is no recording is given to no player', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const page = Uint8Array.from('<!doctype html><script>alert(1)</script>', (letter) => letter.charCodeAt(0))
    const message = await send(stage, alice, id, [voice(page), { ...video(page), name: '' }, photo(jpeg(16, 9), [16, 9])])
    await stage.pass(5_000)
    await stage.done(bob.engine().fetchFile({ conversation: id, message, item: 1, isWanted: true }))
    await stage.pass(5_000)
    for (const item of [0, 1]) expect(await read(stage, bob, id, message, item)).toEqual({ kind: 'refused', reason: 'broken' })
  })

  it('is refused beyond its bounds', async () => {
    const stage = createStage('direct')
    const { alice, id } = await meet(stage)
    const tooLarge = { ...voice(ogg(10)), source: { ...sourceOf(ogg(10)), size: VOICE_BYTES_MAX + 1 } }
    for (const one of [tooLarge, voice(ogg(10), VOICE_MS_MAX + 1)])
      expect(await stage.done(alice.engine().sendFiles({ conversation: id, files: [one], text: '', ref: 'long' }))).toEqual({
        kind: 'refused',
        reason: 'too-large',
      })
  })
})

describe('a video', () => {
  it('waits to be asked for, while its poster comes by itself', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const [film, poster] = [mp4(3 * CHUNK_BYTES), jpeg(640, 360)]
    const message = await send(stage, alice, id, [video(film), photo(poster, [640, 360])])
    await stage.pass(5_000)
    const own = await stage.done(alice.engine().readFilesHere({ conversation: id }))
    expect(own.files.toSorted((a, b) => a.item - b.item).map(({ item, isPoster }) => [item, isPoster])).toEqual([
      [0, undefined],
      [1, true],
    ])
    expect(await onTheWay(stage, bob, id)).toMatchObject([{ item: 0, state: 'offered' }])
    expect(await read(stage, bob, id, message, 1)).toEqual({ kind: 'bytes', bytes: poster })
    await ask(stage, bob, id, message)
    await stage.pass(5_000)
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: film })
  })
})

const draftOf = async (stage: Stage, person: Person, conversation: ConversationId): Promise<VoiceDraft | undefined> =>
  (await stage.done(person.engine().voiceDraft({ conversation, act: { kind: 'read' } }))).draft

describe('what is recorded and not sent', () => {
  const part = (at: number, bytes: Uint8Array, more: Partial<Extract<VoiceAct, { kind: 'keep' }>> = {}): VoiceAct => ({
    kind: 'keep',
    ref: 'voice-1',
    part: at,
    bytes,
    voice: { duration: (at + 1) * 1_000, waveform: WAVEFORM },
    ...more,
  })

  it('is here after a crash, of each chat one, and goes when it is sent or thrown away', async () => {
    const stage = createStage('direct')
    const { alice, id } = await meet(stage)
    const tell = (act: VoiceAct) => stage.done(alice.engine().voiceDraft({ conversation: id, act }))
    expect(await draftOf(stage, alice, id)).toBeUndefined()
    await Promise.all([tell(part(0, Uint8Array.of(1, 2))), tell(part(1, Uint8Array.of(3)))])
    alice.crash()
    await revive(stage, alice)
    expect(await draftOf(stage, alice, id)).toEqual({ ref: 'voice-1', duration: 2_000, waveform: WAVEFORM, bytes: Uint8Array.of(1, 2, 3) })

    await tell(part(3, Uint8Array.of(9)))
    await tell(part(2, Uint8Array.of(9), { ref: 'another' }))
    await tell({ kind: 'drop', ref: 'another' })
    expect((await draftOf(stage, alice, id))?.bytes, 'nothing that does not go on where it ended').toEqual(Uint8Array.of(1, 2, 3))
    await tell(part(0, Uint8Array.of(7), { ref: 'voice-2' }))
    expect(await draftOf(stage, alice, id)).toMatchObject({ ref: 'voice-2', bytes: Uint8Array.of(7) })
    await tell({ kind: 'drop', ref: 'voice-2' })
    expect(await draftOf(stage, alice, id)).toBeUndefined()
    expect(spokenRows(alice)).toEqual([])
  })

  it('is not kept beyond its bounds, and goes with its chat', async () => {
    const stage = createStage('direct')
    const { alice, id } = await meet(stage)
    const tell = (act: VoiceAct) => stage.done(alice.engine().voiceDraft({ conversation: id, act }))
    await tell(part(0, new Uint8Array(VOICE_PART_BYTES_MAX + 1)))
    await tell(part(0, Uint8Array.of(1), { voice: { duration: VOICE_MS_MAX + 1, waveform: WAVEFORM } }))
    await tell(part(VOICE_PARTS_MAX, Uint8Array.of(1)))
    await tell(part(0, Uint8Array.of(1), { ref: 'x'.repeat(VOICE_REF_BYTES_MAX + 1) }))
    expect(spokenRows(alice)).toEqual([])
    await tell(part(0, Uint8Array.of(1)))
    expect(spokenRows(alice)).toHaveLength(2)
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    await stage.pass(60_000)
    expect(spokenRows(alice)).toEqual([])
  })
})

const spokenRows = (person: Person): readonly string[] =>
  [...(person.disk().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('spoken/'))

describe('files that are here', () => {
  it('are listed by what they take, go by hand, and come again from whoever still has them', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const [small, large] = [jpeg(40, 30), ogg(4 * CHUNK_BYTES)]
    const message = await send(stage, alice, id, [photo(small, [40, 30]), voice(large)], 'both')
    await stage.pass(5_000)
    const { files, count, bytes } = await stage.done(bob.engine().readFilesHere({ conversation: id }))
    expect(files).toMatchObject([
      { message, item: 1, size: large.length, mine: false, isNeeded: false },
      { message, item: 0, size: small.length },
    ])
    expect([count, bytes]).toEqual([2, small.length + large.length])

    const remove = () => stage.done(bob.engine().removeFiles({ conversation: id, files: [{ message, item: 1 }] }))
    expect([await remove(), await remove()]).toEqual([1, 0])
    expect(await onTheWay(stage, bob, id)).toMatchObject([{ item: 1, state: 'removed', done: 0 }])
    expect(await read(stage, bob, id, message, 1)).toEqual({ kind: 'refused', reason: 'not-here' })
    expect((await messages(stage, bob, id)).at(-1)?.text).toBe('both')
    bob.crash()
    await revive(stage, bob)
    await stage.pass(60_000)
    expect(await onTheWay(stage, bob, id), 'nobody fetches it unasked').toMatchObject([{ item: 1, state: 'removed' }])
    await stage.done(bob.engine().fetchFile({ conversation: id, message, item: 1, isWanted: true }))
    await stage.pass(60_000)
    expect(await read(stage, bob, id, message, 1)).toEqual({ kind: 'bytes', bytes: large })
    expect(rowsAbout(bob).filter((key) => key.startsWith('files/'))).toEqual([])
  })

  it('are summed up by chat, the largest first, without those of a chat that was removed', async () => {
    const stage = createStage('direct')
    const { alice, id } = await meet(stage)
    const other = await invite(stage, alice, 'for carol')
    const here = async () => (await stage.done(alice.engine().readChatsHere())).chats
    expect(await here()).toEqual([])
    await send(stage, alice, id, [file(bytesOf(10)), file(bytesOf(20))])
    await send(stage, alice, other.id, [file(bytesOf(40))])
    expect(await here()).toEqual([
      { conversation: other.id, count: 1, bytes: 40 },
      { conversation: id, count: 2, bytes: 30 },
    ])
    await stage.done(alice.engine().removeConversation({ conversation: other.id }))
    expect(await here()).toEqual([{ conversation: id, count: 2, bytes: 30 }])
  })

  it('stay where nobody else is known to have them', async () => {
    const stage = createStage('mailbox')
    const { alice, id } = await meet(stage)
    const message = await send(stage, alice, id, [file(bytesOf(10))])
    const { files } = await stage.done(alice.engine().readFilesHere({ conversation: id }))
    expect(files).toMatchObject([{ message, item: 0, mine: true, isNeeded: true }])
    expect(await stage.done(alice.engine().removeFiles({ conversation: id, files: [{ message, item: 0 }] }))).toBe(0)
    expect(await read(stage, alice, id, message)).toMatchObject({ kind: 'bytes' })
  })

  it('are listed up to a number, and counted all', async () => {
    const stage = createStage('direct')
    const { alice, id } = await meet(stage)
    const each = 10
    for (let sent = 0; sent <= FILES_LISTED_MAX; sent += each)
      await send(
        stage,
        alice,
        id,
        Array.from({ length: each }, (_, at) => file(bytesOf(sent + at))),
      )
    await stage.pass(1_000)
    const { files, count } = await stage.done(alice.engine().readFilesHere({ conversation: id }))
    expect([files.length, count]).toEqual([FILES_LISTED_MAX, FILES_LISTED_MAX + each])
    expect([files[0]?.size, files.at(-1)?.size]).toEqual([FILES_LISTED_MAX + each - 1, each])
  })
})
