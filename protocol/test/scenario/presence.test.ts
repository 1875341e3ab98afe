// Who is here and who writes (docs/protocol.md §6.3): told over direct links, believed for a while, and seen by nobody who does not let it be seen.

import { expect, test } from 'vitest'
import { encode } from '../../src/bytes/codec.ts'
import { conversationIdOf } from '../../src/bytes/ids.ts'
import { HERE_MS, PRESENCE_PER_MINUTE_MAX, TYPING_MS } from '../../src/limits.ts'
import { frame } from '../../src/wire/frame.ts'
import { accountOf, group, three } from './group-stage.ts'
import { createStage, meet, MINUTE_MS, revive } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { PresenceView } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const ELSEWHERE = conversationIdOf(new Uint8Array(32).fill(9))

/** What a person sees now. */
async function seen(stage: Stage, person: Person): Promise<PresenceView> {
  let shown: PresenceView | undefined
  const stop = person.engine().watchPresence((view) => (shown = view))
  await stage.pass(100)
  stop()
  if (shown === undefined) throw new Error('nothing is shown')
  return shown
}
const tell = (stage: Stage, person: Person, typing?: ConversationId, isHere = true) =>
  stage.done(person.engine().tellPresence({ isHere, typing }))
const set = (stage: Stage, person: Person, settings: { readonly presence?: boolean; readonly typing?: boolean }) =>
  stage.done(person.engine().setSettings({ settings }))
const lastSeen = async (stage: Stage, person: Person, other: Person) =>
  (await stage.done(person.engine().readSeen({ account: accountOf(other) }))).seen

async function linked() {
  const stage = createStage('direct')
  const met = await meet(stage)
  await stage.pass(10_000)
  return { stage, ...met }
}
/** Says anything at all, as one device to another. */
async function mouthOf(stage: Stage, person: Person, to: Person) {
  const { direct } = stage.network
  const { send } = direct
  let client: Parameters<typeof send>[0] | undefined
  const listen: typeof send = (from, ...rest) => {
    if (from.device === person.device()) client = from
    return send(from, ...rest)
  }
  Object.assign(direct, { send: listen })
  await tell(stage, person)
  return async (said: Extract<Frame, { kind: 'presence' }>): Promise<void> => {
    if (client === undefined) throw new Error('nothing was said yet')
    await send(client, to.device(), encode(frame, said))
    await stage.pass(200)
  }
}

const NOBODY: PresenceView = { here: [], typing: [] }

test('somebody who is here is seen, and for so long after their page said so last', async () => {
  const { stage, alice, bob } = await linked()
  expect(await seen(stage, bob)).toEqual(NOBODY)
  await tell(stage, alice)
  expect(await seen(stage, bob)).toEqual({ here: [accountOf(alice)], typing: [] })
  expect(await seen(stage, alice), 'one’s own is nothing to see').toEqual(NOBODY)
  await stage.pass(HERE_MS + 2_000)
  expect(await seen(stage, bob)).toEqual(NOBODY)
  const at = await lastSeen(stage, bob, alice)
  expect(at).toBeGreaterThan(0)
  bob.crash()
  await revive(stage, bob)
  expect(await lastSeen(stage, bob, alice), 'it outlives a restart').toBe(at)
})

test('whoever goes is gone at once, and was here last then; also where the link only breaks', async () => {
  const { stage, alice, bob } = await linked()
  await tell(stage, alice)
  await stage.pass(1_000)
  await tell(stage, alice, undefined, false)
  expect(await seen(stage, bob)).toEqual(NOBODY)
  const first = await lastSeen(stage, bob, alice)
  await stage.pass(5_000)
  await tell(stage, alice)
  await stage.pass(1_000)
  stage.network.direct.cut()
  await stage.pass(5_000)
  expect(await lastSeen(stage, bob, alice)).toBeGreaterThan(first ?? Infinity)
})

test('whoever writes is seen writing as long as they do, in that chat, by its members', async () => {
  const { stage, alice, bob, id } = await linked()
  await tell(stage, alice, id)
  const writing = { conversation: id, account: accountOf(alice), name: undefined }
  expect((await seen(stage, bob)).typing).toEqual([writing])
  for (let n = 0; n < 3; n++) {
    await stage.pass(TYPING_MS / 2)
    await tell(stage, alice, id)
  }
  expect((await seen(stage, bob)).typing, 'who goes on is told anew').toEqual([writing])
  await stage.pass(2 * TYPING_MS)
  expect((await seen(stage, bob)).typing).toEqual([])
  await tell(stage, alice, id)
  await tell(stage, alice, undefined)
  expect((await seen(stage, bob)).typing).toEqual([])
})

test('who lets neither be seen tells neither, and sees neither of others; and what was known of them is forgotten', async () => {
  const { stage, alice, bob, id } = await linked()
  await tell(stage, alice)
  await stage.pass(1_000)
  await tell(stage, alice, undefined, false)
  await stage.pass(1_000)
  expect(await lastSeen(stage, bob, alice)).toBeDefined()
  await set(stage, alice, { presence: false, typing: false })
  await tell(stage, alice, id)
  await tell(stage, bob, id)
  await stage.pass(2_000)
  expect(await seen(stage, bob)).toEqual(NOBODY)
  expect(await seen(stage, alice)).toEqual(NOBODY)
  expect(await lastSeen(stage, alice, bob)).toBeUndefined()
  expect(await lastSeen(stage, bob, alice)).toBeUndefined()
  await set(stage, alice, { presence: true, typing: true })
  await tell(stage, alice, id)
  await stage.pass(2_000)
  expect((await seen(stage, bob)).here).toEqual([accountOf(alice)])
})

test('in a group those are seen writing who are linked, and nobody outside it', async () => {
  const { stage, alice, bob, carol } = await three('direct')
  const id = await group(stage, alice, [bob])
  await stage.pass(10_000)
  await tell(stage, alice, id)
  expect((await seen(stage, bob)).typing.map(({ conversation }) => conversation)).toEqual([id])
  expect((await seen(stage, carol)).typing).toEqual([])
})

test('a device is heard so often in a minute, of chats that it is in, and never through a mailbox', async () => {
  const { stage, alice, bob, id } = await linked()
  const from = await mouthOf(stage, alice, bob)
  await from({ kind: 'presence', here: true, typing: ELSEWHERE })
  expect(await seen(stage, bob), 'of a chat that there is not').toEqual({ here: [accountOf(alice)], typing: [] })
  await stage.pass(MINUTE_MS)
  for (let n = 0; n <= PRESENCE_PER_MINUTE_MAX; n++) await from({ kind: 'presence', here: true, typing: id })
  await from({ kind: 'presence', here: undefined, typing: undefined })
  expect((await seen(stage, bob)).here, 'what is over is not heard').toEqual([accountOf(alice)])
  await stage.pass(MINUTE_MS)
  await from({ kind: 'presence', here: undefined, typing: undefined })
  expect(await seen(stage, bob)).toEqual(NOBODY)
})
