// Strangers at an open invite: whoever has its mailbox, and not its token, makes its maker work within bounds, and keeps nobody out.

import { expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { COSTLY_PER_MINUTE_MAX } from '../../src/limits.ts'
import { inviteSecretsOf } from '../../src/invite/secrets.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { grantOf } from '../../src/mailbox/keys.ts'
import { createNode } from '../../src/node/create-node.ts'
import { endsOf } from '../../src/node/incoming/ends.ts'
import { initiate, sealTo } from '../../src/session/pairing.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { conversationOn, nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, invite, meet, MINUTE_MS, open, say, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { OpenInvite } from '../../src/node/state.ts'
import type { SessionPayload } from '../../src/session/payload.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const random = createSeeded(3).bytes

function inviteOf(person: Person, id: ConversationId): OpenInvite {
  const own = conversationOn(person, id)?.invite
  return own?.status === 'open' ? own : expect.fail('no open invite')
}

/** What a stranger leaves who has everything but the token: a genuine list, a session that opens, and an entry that has to wait. */
function blobOf(stage: Stage, maker: Person, id: ConversationId, items: SessionPayload): Uint8Array {
  const { list, device, account } = nodeOn(maker.disk()).self
  const env = { now: toUnixMs(stage.scheduler.now()), random }
  const stranger = createNode(env)
  const own = inviteOf(maker, id)
  const initiation = initiate(undefined, endsOf(stranger, { account, device, list }), own.bundle, env)
  if (initiation.kind === 'refused') throw new Error(initiation.reason)
  const { envelope } = sealTo(initiation.pairing, encodePayload(items), env)
  const entries = [{ header: random(300), signature: undefined, body: undefined }]
  const frames: readonly Frame[] = [
    { kind: 'device-list', list: stranger.self.list.signed },
    { kind: 'envelope', from: stranger.self.device.id, envelope },
    { kind: 'entries', conversation: id, entries },
  ]
  return sealBlob(grantOf(own.inbox.keys), frames)
}

function leave(stage: Stage, maker: Person, id: ConversationId, blob: Uint8Array): void {
  const { relay, inbox } = inviteOf(maker, id)
  stage.network.inject(maker.device(), { kind: 'blobs', relay: toHex(relay.key), blobs: [{ mailbox: inbox.keys.mailbox, blob }] })
}

const refusals = (person: Person, what: string): number =>
  person.lines
    .flatMap((line) => [...line.matchAll(new RegExp(`refused: ${what}(?: \\((\\d+) times\\))?$`, 'g'))])
    .reduce((sum, [, count]) => sum + Number(count ?? 1), 0)

const wrongToken = (id: ConversationId): SessionPayload => [{ kind: 'token', conversation: id, token: new Uint8Array(16) }]

test('strangers without the token come in by no invite, one after the other or all at once, and use up no prekey', async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  const { id } = await invite(stage, alice, 'welcome')
  const other = await invite(stage, alice, 'another')
  await stage.pass(10_000)
  const { token } = inviteSecretsOf(inviteOf(alice, other.id).secret)
  const unused = (): readonly unknown[] => nodeOn(alice.disk()).prekeys.oneTime
  const before = unused().length
  const [relay, peers] = [inviteOf(alice, id), alice.disk().tables.get('peers')]
  // Nothing, a wrong token, and the right one of another invite: in that one's conversation, and in this one's.
  for (const items of [
    [],
    wrongToken(id),
    [{ kind: 'token', conversation: other.id, token }],
    [{ kind: 'token', conversation: id, token }],
  ] as const)
    leave(stage, alice, id, blobOf(stage, alice, id, items))
  await stage.pass(5_000)
  expect(refusals(alice, 'envelope, token')).toBe(4)
  expect(alice.disk().tables.get('peers')).toEqual(peers)
  expect(inviteOf(alice, id)).toEqual(relay)
  expect(unused().length).toBeGreaterThanOrEqual(before)
  for (const each of [id, other.id]) expect((await view(stage, alice, each)).summary.phase).toBe('inviting')
})

test('a flood of strangers is judged in bounded steps, and a guest who answers in the middle of it gets in', async () => {
  const stage = createStage()
  const { alice, bob, id: old } = await meet(stage)
  const guest = await stage.enter('carol')
  const { id, link } = await invite(stage, alice, 'for carol')
  await open(stage, guest, link)
  const blobs = Array.from({ length: 30 }, () => blobOf(stage, alice, id, wrongToken(id)))
  for (const blob of blobs.slice(0, 20)) leave(stage, alice, id, blob)
  await say(stage, guest, id, 'hello')
  await stage.pass(3_000)
  for (const blob of blobs.slice(20)) leave(stage, alice, id, blob)
  // Meanwhile everybody else is heard.
  await say(stage, bob, old, 'can you hear me?')
  await stage.pass(3_000)
  expect((await texts(stage, alice, old)).at(-1)).toBe('can you hear me?')
  const judged = refusals(alice, 'envelope, token')
  expect(judged).toBeLessThanOrEqual(COSTLY_PER_MINUTE_MAX)
  expect(refusals(alice, 'device list, too-many')).toBeGreaterThan(10)
  await stage.pass(5 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['for carol', 'hello'])
  expect((await view(stage, guest, id)).summary.phase).toBe('open')
})
