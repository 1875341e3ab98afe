// Photos and files where chats rest, answers fail to come, and things go while they are on their way.

import { expect, it } from 'vitest'
import { fileFrame } from '../../src/attachments/file-frame.ts'
import { decode, encode } from '../../src/bytes/codec.ts'
import { CHUNKS_WANTED_MAX, WANT_DOUBLINGS_MAX, WANT_MS_MAX } from '../../src/attachments/limits.ts'
import { CHUNK_BYTES } from '../../src/limits.ts'
import { waitAfter } from '../../src/host/attachments/fetch-state.ts'
import { ask, bytesOf, file, framesTo, jpeg, onTheWay, photo, read, rowsAbout, send } from './attachments-stage.ts'
import { createStage, meet, MINUTE_MS, revive } from './stage.ts'
import type { Stage } from './stage.ts'

/** Two people who sent a photo, that came, and a file, that nobody asked for; then their chat went to rest. */
async function resting() {
  const stage = createStage('direct')
  const met = await meet(stage)
  const message = await send(stage, met.alice, met.id, [photo(jpeg(8, 8), [8, 8]), file(bytesOf(100))])
  await stage.pass(5_000)
  stage.network.direct.faults = { dials: 0, linkBreaks: 0 }
  stage.network.direct.cut()
  await stage.pass(5 * MINUTE_MS)
  return { stage, ...met, message }
}

/** The next `count` wants are lost on their way. */
function loseWants({ network: { direct } }: Stage, count: number): void {
  const { send } = direct
  let left = count
  direct.send = (client, device, frame, kind) =>
    kind === 'file-frame' && decode(fileFrame, frame).kind === 'want' && (left -= 1) >= 0
      ? Promise.resolve()
      : send(client, device, frame, kind)
}

it('files are there after a start that finds an unfetched one in a chat at rest', async () => {
  const { stage, bob, id, message } = await resting()
  bob.crash()
  await revive(stage, bob)
  await stage.pass(5_000)
  expect(bob.lines.filter((line) => line.includes('files wait'))).toEqual([])
  // Whoever reads is no reason to wake a chat.
  expect(await read(stage, bob, id, message)).toMatchObject({ kind: 'bytes' })
  expect(await onTheWay(stage, bob, id)).toMatchObject([{ message, item: 1, state: 'offered' }])
})

it('a want is answered though the chat is at rest', async () => {
  const { stage, alice, bob, id, message } = await resting()
  const heard = framesTo(stage, alice, bob.device())
  const want = encode(fileFrame, { kind: 'want', conversation: id, message, item: 1, from: 0, count: 1 })
  stage.network.inject(alice.device(), { kind: 'file-frame', device: bob.device(), frame: want })
  await stage.pass(3_000)
  expect(heard.map(({ kind }) => kind)).toEqual(['chunk'])
})

it('whoever said nothing is asked again, over the same link', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  const message = await send(stage, alice, id, [file(bytesOf(100))])
  await stage.pass(3_000)
  loseWants(stage, 2)
  await ask(stage, bob, id, message)
  await stage.pass(5 * WANT_MS_MAX + 5_000)
  expect(await read(stage, bob, id, message)).toMatchObject({ kind: 'bytes' })
})

it('a pause before the first chunk is kept', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  const message = await send(stage, alice, id, [file(bytesOf(100))])
  await stage.pass(3_000)
  loseWants(stage, Infinity)
  await ask(stage, bob, id, message)
  await stage.pass(1_000)
  await stage.done(bob.engine().fetchFile({ conversation: id, message, item: 0, isWanted: false }))
  bob.crash()
  await revive(stage, bob)
  expect(await onTheWay(stage, bob, id)).toMatchObject([{ state: 'paused', done: 0 }])
})

it('what goes while it is given is given no further, and leaves nothing', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  const message = await send(stage, alice, id, [file(bytesOf(3 * CHUNKS_WANTED_MAX * CHUNK_BYTES))])
  await stage.pass(3_000)
  const heard = framesTo(stage, alice, bob.device())
  await ask(stage, bob, id, message)
  for (let tries = 0; tries < 2_000 && heard.length < 4; tries += 1) await stage.pass(10)
  await stage.done(alice.engine().forgetMessage({ conversation: id, message }))
  await stage.pass(100)
  const given = heard.filter(({ kind }) => kind === 'chunk').length
  expect(given).toBeLessThan(3 * CHUNKS_WANTED_MAX)
  await stage.pass(MINUTE_MS)
  expect(heard.filter(({ kind }) => kind === 'chunk').length).toBe(given)
  expect(heard.at(-1)?.kind).toBe('none')
  expect([alice.files.image().size, rowsAbout(alice)]).toEqual([0, []])
  expect(alice.lines.filter((line) => line.includes('files wait'))).toEqual([])
})

it('what is sealed for a chat that goes meanwhile leaves not even where it lay', async () => {
  const stage = createStage('direct')
  const { alice, id } = await meet(stage)
  const { promise: held, resolve: release } = Promise.withResolvers<ArrayBuffer>()
  const slow = { ...file(bytesOf(1)), source: { size: 1, slice: () => ({ arrayBuffer: () => held }) } }
  const sent = alice.engine().sendFiles({ conversation: id, files: [slow], text: '', ref: 'too late' })
  await stage.pass(500)
  await stage.done(alice.engine().removeConversation({ conversation: id }))
  const removed: string[] = []
  const { removeAll } = alice.files
  alice.files.removeAll = (of) => (removed.push(of), removeAll(of))
  release(new ArrayBuffer(1))
  expect(await stage.done(sent)).toEqual({ kind: 'refused', reason: 'unknown-conversation' })
  expect(removed).toEqual([id])
  expect([alice.files.image().size, rowsAbout(alice)]).toEqual([0, []])
})

it('photos that nobody asked for are counted in the chat, and the count goes with it', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await send(stage, alice, id, [photo(jpeg(8, 8), [8, 8])])
  await stage.pass(5_000)
  const counts = () => [...(bob.disk().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('unasked/'))
  expect(counts()).toEqual([`unasked/${id}/day`])
  await stage.done(bob.engine().removeConversation({ conversation: id }))
  expect(counts()).toEqual([])
})

it('whoever does not give a file is asked less and less often, and never less than once in some hours', () => {
  expect([0, 1, 2].map(waitAfter)).toEqual([WANT_MS_MAX, 2 * WANT_MS_MAX, 4 * WANT_MS_MAX])
  expect(waitAfter(WANT_DOUBLINGS_MAX + 5)).toBe(WANT_MS_MAX * 2 ** WANT_DOUBLINGS_MAX)
  expect(waitAfter(WANT_DOUBLINGS_MAX + 5)).toBeLessThan(2 * 3_600_000)
})
