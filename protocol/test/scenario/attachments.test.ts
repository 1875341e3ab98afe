// Photos and files between two people: they come directly, are checked, go on where they were, and go with their message.

import { describe, expect, it } from 'vitest'
import {
  CHUNKS_PER_ROW_MAX,
  CHUNKS_READ_MAX,
  CHUNKS_WANTED_MAX,
  FETCHES_MAX,
  OPEN_FILES_MAX,
  WANT_MS_MAX,
  WANTS_PER_DEVICE_MAX,
} from '../../src/attachments/limits.ts'
import { CHUNK_BYTES } from '../../src/limits.ts'
import { chunksOf } from '../../src/attachments/chunk.ts'
import { fileFrame } from '../../src/attachments/file-frame.ts'
import { encode } from '../../src/bytes/codec.ts'
import {
  ask,
  bytesOf,
  file,
  framesTo,
  jpeg,
  onTheWay,
  photo,
  read,
  rowsAbout,
  send,
  shownFirst,
  wantsOf,
  withoutParcels,
} from './attachments-stage.ts'
import { createStage, meet, messages, revive, say, view } from './stage.ts'
import type { FileFrame } from '../../src/attachments/file-frame.ts'
import type { FileView } from '../../src/views.ts'
import type { NewFile } from '../../src/engine.ts'

describe('photos and files', () => {
  it('come directly: a photo by itself, a file where it is asked for', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const [picture, document] = [jpeg(1_600, 1_200), bytesOf(3 * CHUNK_BYTES + 11)]
    const message = await send(stage, alice, id, [photo(picture, [1_600, 1_200]), file(document)], 'from the ridge')
    await stage.pass(5_000)

    const [shown] = (await messages(stage, bob, id)).slice(-1)
    expect(shown?.text).toBe('from the ridge')
    expect(shown?.files?.map(({ name, size, photo: of }) => [name, size, of?.width])).toEqual([
      ['', 200, 1_600],
      ['walk.pdf', document.length, undefined],
    ])
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: picture })
    expect(await read(stage, bob, id, message, 1)).toEqual({ kind: 'refused', reason: 'not-here' })
    expect(await onTheWay(stage, bob, id)).toMatchObject([{ message, item: 1, state: 'offered', done: 0 }])
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ message, item: 1, state: 'ready' }])

    await stage.done(bob.engine().fetchFile({ conversation: id, message, item: 1, isWanted: true }))
    await stage.pass(5_000)
    expect(await read(stage, bob, id, message, 1)).toEqual({ kind: 'bytes', bytes: document })
    expect(await onTheWay(stage, bob, id)).toEqual([])
    expect(await onTheWay(stage, alice, id)).toEqual([])
  })

  it('wait for a device that has them, and come when there is one', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    stage.network.relay.request = withoutParcels(stage)
    const message = await send(stage, alice, id, [photo(jpeg(10, 20), [10, 20])])
    await stage.pass(60_000)
    expect(await onTheWay(stage, bob, id)).toMatchObject([{ state: 'waits' }])
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'ready' }])

    stage.network.direct.faults = { dials: 1, linkBreaks: 0 }
    await stage.done(bob.engine().retry())
    await stage.pass(60_000)
    expect(await read(stage, bob, id, message)).toMatchObject({ kind: 'bytes' })
  })

  it('are shown once it is known how far they are: after a restart nothing is said before, and then all of it', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const message = await send(stage, alice, id, [file(bytesOf(CHUNK_BYTES))])
    await stage.pass(5_000)
    bob.crash()
    await revive(stage, bob)
    const shown: (readonly FileView[])[] = []
    const stop = bob.engine().watchFiles({ conversation: id }, (views) => void shown.push(views))
    expect(shown, 'it is not known yet').toEqual([])
    await stage.pass(200)
    expect(shown[0]).toMatchObject([{ message, item: 0, state: 'offered' }])
    stop()

    await ask(stage, bob, id, message)
    await stage.pass(5_000)
    expect(await shownFirst(stage, bob, id), 'where none is on its way, that is said').toEqual([])
  })

  it('go on where they were after a crash of whoever gets them', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const document = bytesOf(110 * CHUNK_BYTES)
    const message = await send(stage, alice, id, [file(document)])
    await stage.pass(3_000)
    await ask(stage, bob, id, message)
    const asked = wantsOf(stage, alice)
    for (let seconds = 0; seconds < 600 && asked.at(-1) !== 3 * CHUNKS_WANTED_MAX; seconds += 1) await stage.pass(50)
    bob.crash()
    asked.length = 0
    await revive(stage, bob)
    await stage.pass(120_000)
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: document.slice(0, CHUNKS_READ_MAX * CHUNK_BYTES) })
    expect(asked[0], 'it begins where its row says that it was').toBe(CHUNKS_PER_ROW_MAX)
    expect(await onTheWay(stage, bob, id)).toEqual([])
  })

  it('are paused and go on', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const message = await send(stage, alice, id, [file(bytesOf(100 * CHUNK_BYTES))])
    await stage.pass(3_000)
    await ask(stage, bob, id, message)
    await stage.pass(400)
    await stage.done(bob.engine().fetchFile({ conversation: id, message, item: 0, isWanted: false }))
    const [paused] = await onTheWay(stage, bob, id)
    expect(paused).toMatchObject({ state: 'paused' })
    await stage.pass(60_000)
    expect(await onTheWay(stage, bob, id)).toEqual([paused])
    await ask(stage, bob, id, message)
    await stage.pass(60_000)
    expect(await onTheWay(stage, bob, id)).toEqual([])
  })

  it('say that there is no room, and come once there is', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    bob.files.roomBytes = 2 * CHUNK_BYTES
    const message = await send(stage, alice, id, [file(bytesOf(4 * CHUNK_BYTES))])
    await stage.pass(3_000)
    await ask(stage, bob, id, message)
    await stage.pass(5_000)
    expect(await onTheWay(stage, bob, id)).toMatchObject([{ state: 'full' }])
    bob.files.roomBytes = Infinity
    await ask(stage, bob, id, message)
    await stage.pass(5_000)
    expect(await read(stage, bob, id, message)).toMatchObject({ kind: 'bytes' })

    alice.files.roomBytes = 0
    const outcome = await stage.done(alice.engine().sendFiles({ conversation: id, files: [file(bytesOf(10))], text: '', ref: 'no room' }))
    expect(outcome).toEqual({ kind: 'refused', reason: 'no-room' })
    await stage.pass(5_000)
    expect(rowsAbout(alice).filter((key) => key.startsWith('files/'))).toEqual([])
  })
})

describe('what goes with a message', () => {
  it.each(['deleteMessage', 'forgetMessage'] as const)('%s leaves no chunk and no row', async (how) => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const message = await send(stage, alice, id, [photo(jpeg(8, 8), [8, 8]), file(bytesOf(100))])
    await stage.pass(5_000)
    expect([alice.files.image().size, bob.files.image().size]).toEqual([2, 1])
    await stage.done(alice.engine()[how]({ conversation: id, message }))
    await stage.pass(5_000)
    expect(alice.files.image().size).toBe(0)
    expect(rowsAbout(alice)).toEqual([])
    expect(bob.files.image().size).toBe(how === 'deleteMessage' ? 0 : 1)
    expect(rowsAbout(bob).length).toBe(how === 'deleteMessage' ? 0 : 2)
    expect(await read(stage, alice, id, message)).toEqual({ kind: 'refused', reason: 'unknown' })
  })

  it('goes after its time, and while it is still coming', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const outcome = alice
      .engine()
      .sendFiles({ conversation: id, files: [file(bytesOf(90 * CHUNK_BYTES))], text: '', ref: 'brief', ttl: 10 })
    const sent = await stage.done(outcome)
    if (sent.kind !== 'saved') throw new Error(sent.reason)
    await stage.pass(2_000)
    await ask(stage, bob, id, sent.message)
    await stage.pass(500)
    expect(bob.files.image().size).toBe(1)
    await stage.pass(30_000)
    for (const person of [alice, bob]) expect([person.files.image().size, rowsAbout(person)]).toEqual([0, []])
  })

  it('goes with the chat', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    await send(stage, alice, id, [photo(jpeg(8, 8), [8, 8]), file(bytesOf(100))])
    await stage.pass(5_000)
    for (const person of [alice, bob]) {
      await stage.done(person.engine().removeConversation({ conversation: id }))
      expect([person.files.image().size, rowsAbout(person)]).toEqual([0, []])
    }
  })

  it('goes where the process dies at any moment of deleting it', async () => {
    for (let moment = 1; moment < 8; moment += 1) {
      const stage = createStage('direct')
      const { alice, id } = await meet(stage)
      const message = await send(stage, alice, id, [file(bytesOf(100))])
      await stage.pass(3_000)
      alice.crashAt(moment)
      alice
        .engine()
        .deleteMessage({ conversation: id, message })
        .catch(() => undefined)
      await stage.pass(5_000)
      if (alice.isUp()) alice.crash()
      await revive(stage, alice)
      await stage.pass(10_000)
      const isThere = (await messages(stage, alice, id)).some((shown) => shown.id === message)
      expect([moment, alice.files.image().size], 'with its message').toEqual([moment, isThere ? 1 : 0])
    }
  })

  it('is tidied where the process dies before the message is written', async () => {
    for (let moment = 1; moment < 6; moment += 1) {
      const stage = createStage('direct')
      const { alice, id } = await meet(stage)
      alice.crashAt(moment)
      alice
        .engine()
        .sendFiles({ conversation: id, files: [file(bytesOf(100))], text: 'lost?', ref: 'once' })
        .catch(() => undefined)
      await stage.pass(3_000)
      if (alice.isUp()) alice.crash()
      await revive(stage, alice)
      await stage.pass(10_000)
      const outcome = await stage.done(
        alice.engine().sendFiles({ conversation: id, files: [file(bytesOf(100))], text: 'lost?', ref: 'once' }),
      )
      expect(outcome).toMatchObject({ kind: 'saved' })
      await stage.pass(3_000)
      expect([moment, alice.files.image().size]).toEqual([moment, 1])
      expect((await messages(stage, alice, id)).filter(({ text }) => text === 'lost?').length).toBe(1)
    }
  })
})

describe('whoever breaks the rules', () => {
  it('gets nothing of a chat that it is not in, and is told no more than that', async () => {
    const stage = createStage('direct')
    const { alice, id } = await meet(stage)
    const message = await send(stage, alice, id, [file(bytesOf(100))])
    const carol = await stage.enter('carol')
    const heard = framesTo(stage, alice, carol.device())
    const want = encode(fileFrame, { kind: 'want', conversation: id, message, item: 0, from: 0, count: 1 })
    stage.network.inject(alice.device(), { kind: 'file-frame', device: carol.device(), frame: want })
    await stage.pass(3_000)
    expect(heard.map(({ kind }) => kind)).toEqual(['none'])
  })

  it('cannot have more chunks at once than may be asked for, nor ask without end', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const message = await send(stage, alice, id, [file(bytesOf(100))])
    await stage.pass(3_000)
    const heard = framesTo(stage, alice, bob.device())
    const want = (count: number) => encode(fileFrame, { kind: 'want', conversation: id, message, item: 0, from: 0, count })
    const ask = (count: number) => stage.network.inject(alice.device(), { kind: 'file-frame', device: bob.device(), frame: want(count) })
    ask(CHUNKS_WANTED_MAX + 1)
    await stage.pass(1_000)
    expect(heard.map(({ kind }) => kind)).toEqual(['none'])
    for (let asked = 0; asked <= WANTS_PER_DEVICE_MAX; asked += 1) ask(1)
    await stage.pass(1_000)
    expect(heard.filter(({ kind }) => kind === 'chunk').length).toBe(WANTS_PER_DEVICE_MAX)
    expect(alice.lines.some((line) => line.includes('want, too much at once'))).toBe(true)
  })

  it('holds up nobody: a few are fetched at once, and from one who says nothing no longer than for a while', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const count = OPEN_FILES_MAX + 2
    await send(stage, alice, id, Array<NewFile>(count).fill(photo(jpeg(8, 8), [8, 8])))
    stage.network.direct.faults = { dials: 1, linkBreaks: 0 }
    await stage.pass(100)
    const coming = (await onTheWay(stage, bob, id)).filter(({ state }) => state === 'comes')
    expect(coming.length).toBeLessThanOrEqual(FETCHES_MAX)
    await stage.pass(2 * WANT_MS_MAX)
    expect(await onTheWay(stage, bob, id)).toEqual([])
    expect(bob.files.image().size).toBe(count)
  })

  it('cannot put another chunk in the place of one, nor one that was not asked for', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const message = await send(stage, alice, id, [file(bytesOf(3 * CHUNK_BYTES))])
    await stage.pass(3_000)
    const place = { conversation: id, message, item: 0 }
    const forged: FileFrame = { kind: 'chunk', ...place, index: 0, proof: [], sealed: new Uint8Array(CHUNK_BYTES + 16) }
    const inject = (frame: Uint8Array) => stage.network.inject(bob.device(), { kind: 'file-frame', device: alice.device(), frame })
    inject(encode(fileFrame, forged))
    await stage.pass(1_000)
    expect(bob.files.image().size, 'nothing was asked for').toBe(0)

    stage.network.direct.cut(undefined)
    await stage.pass(5_000)
    await ask(stage, bob, id, message)
    for (let tries = 0; tries < 2_000 && bob.files.image().size === 0 && !isAsked(await onTheWay(stage, bob, id)); tries += 1)
      await stage.pass(20)
    inject(encode(fileFrame, forged))
    inject(Uint8Array.of(9, 9, 9))
    await stage.pass(60_000)
    const refusals = bob.lines.filter((line) => line.includes('refused'))
    expect(refusals.some((line) => line.includes('file frame, malformed'))).toBe(true)
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: bytesOf(3 * CHUNK_BYTES) })
  })

  it('is shown no picture that is not what it says', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    const message = await send(stage, alice, id, [photo(svg, [10, 10]), photo(jpeg(4_096, 4_096), [10, 10]), photo(jpeg(10, 10), [10, 10])])
    await stage.pass(5_000)
    for (const item of [0, 1]) expect(await read(stage, bob, id, message, item)).toEqual({ kind: 'refused', reason: 'broken' })
    expect(await read(stage, bob, id, message, 2)).toMatchObject({ kind: 'bytes' })
  })
})

it('leaves what is said beside files as any message: answered, edited, found in the list', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  const message = await send(stage, alice, id, [file(bytesOf(5), 'map.gpx')])
  await stage.pass(3_000)
  expect((await view(stage, bob, id)).summary.last?.text).toBe('map.gpx')
  await stage.done(alice.engine().edit({ conversation: id, message, text: 'the way' }))
  await say(stage, bob, id, 'thanks')
  await stage.pass(3_000)
  const shown = (await messages(stage, bob, id)).find((one) => one.id === message)
  expect(shown).toMatchObject({ text: 'the way', isEdited: true, files: [{ name: 'map.gpx' }] })
})

const isAsked = (views: readonly FileView[]): boolean => views.some(({ state }) => state === 'comes')

it('counts chunks as its grammar does', () => {
  expect([0, 1, CHUNK_BYTES, CHUNK_BYTES + 1].map(chunksOf)).toEqual([1, 1, 1, 2])
})
