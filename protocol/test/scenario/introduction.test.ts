// Who comes by a link introduces himself with a device list and an envelope that shows the link's token: what lets him in, and into what.

import { expect, test } from 'vitest'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { accountKeyOf, createAccount } from '../../src/identity/account.ts'
import { signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { inviteSecretsOf } from '../../src/invite/secrets.ts'
import { createNode } from '../../src/node/create-node.ts'
import { endsOf } from '../../src/node/incoming/ends.ts'
import { step } from '../../src/node/step.ts'
import { initiate, sealTo } from '../../src/session/pairing.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { createSeeded } from '../simulation/seeded.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { Env } from '../../src/node/draft.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Pairing } from '../../src/session/pairing-state.ts'
import type { SessionPayload } from '../../src/session/payload.ts'
import type { Frame } from '../../src/wire/frame.ts'

const { bytes: random } = createSeeded(3)
const env: Env = { now: toUnixMs(1_800_000_000_000), random }
const relay = { key: random(32), url: 'ws://127.0.0.1:1' }
const person = (): NodeState => createNode(env)

/** Alice with so many open invites, and Bob, who has a session with the first of them. */
async function meeting(count: number) {
  const bob = person()
  let alice = person()
  for (let at = 0; at < count; at++) alice = step(alice, { kind: 'create', relay, text: undefined, ref: '00' }, env).state
  const invites = alice.conversations.values().map(({ id, invite }) => ({
    id,
    invite: invite?.status === 'open' ? invite : expect.fail('no invite'),
  }))
  const [first] = invites
  const { account, device, list } = alice.self
  const initiation = initiate(undefined, endsOf(bob, { account, device, list }), first?.invite.bundle ?? expect.fail('no invite'), env)
  if (initiation.kind === 'refused') throw new Error(initiation.reason)
  const token = (at: number): Uint8Array => inviteSecretsOf(invites[at]?.invite.secret ?? expect.fail('no invite')).token
  return { alice, bob, ids: invites.map(({ id }) => id), token, pairing: initiation.pairing }
}

type Written = { readonly bob: NodeState; readonly pairing: Pairing; readonly items: SessionPayload }

function envelopeOf({ bob, pairing, items }: Written): { readonly frame: Frame; readonly pairing: Pairing } {
  const sealed = sealTo(pairing, encodePayload(items), env)
  return { frame: { kind: 'envelope', from: bob.self.device.id, envelope: sealed.envelope }, pairing: sealed.pairing }
}

/** Alice after these frames came in the mailbox of the invite to a conversation. */
function received(alice: NodeState, id: ConversationId, frames: readonly Frame[]): NodeState {
  const mailbox = alice.conversations.get(id)?.invite?.inbox.keys.mailbox ?? expect.fail('no invite')
  const source = { kind: 'mailbox', relay: '00', mailbox, blob: new Uint8Array(0) } as const
  return step(alice, { kind: 'received', source, frames, lookups: new Map(), part: 'last' }, env).state
}

const listOf = ({ self }: NodeState): Frame => ({ kind: 'device-list', list: self.list.signed })
const joined = (alice: NodeState, bob: NodeState): readonly ConversationId[] =>
  [...alice.conversations.values()].filter(({ log }) => log.feeds.has(bob.self.device.id)).map(({ id }) => id)

test('a stranger is let in by the token of the invite that it writes to, said of that conversation', async () => {
  const { alice, bob, ids, token, pairing } = await meeting(2)
  const [first, second] = ids as [ConversationId, ConversationId]
  const after = (conversation: ConversationId, shown: Uint8Array): readonly ConversationId[] => {
    const { frame } = envelopeOf({ bob, pairing, items: [{ kind: 'token', conversation, token: shown }] })
    return joined(received(alice, first, [listOf(bob), frame]), bob)
  }
  expect(after(first, token(0))).toEqual([first])
  expect(after(second, token(0))).toEqual([])
  expect(after(first, token(1))).toEqual([])
  expect(after(second, token(1))).toEqual([])
})

test('a contact comes into one more conversation by the token of its own invite only', async () => {
  const { alice, bob, ids, token, pairing } = await meeting(3)
  const [first, second, third] = ids as [ConversationId, ConversationId, ConversationId]
  const introduction = envelopeOf({ bob, pairing, items: [{ kind: 'token', conversation: first, token: token(0) }] })
  const known = received(alice, first, [listOf(bob), introduction.frame])
  expect(joined(known, bob)).toEqual([first])
  const after = (conversation: ConversationId, shown: Uint8Array): readonly ConversationId[] => {
    const { frame } = envelopeOf({ bob, pairing: introduction.pairing, items: [{ kind: 'token', conversation, token: shown }] })
    return joined(received(known, second, [frame]), bob)
  }
  expect(after(second, token(1))).toEqual([first, second])
  expect(after(second, token(2))).toEqual([first])
  expect(after(third, token(1))).toEqual([first])
})

test('a device list that is refused takes nothing from the one that came before it', async () => {
  const { alice, bob, ids, token, pairing } = await meeting(1)
  const [id] = ids as [ConversationId]
  const { frame } = envelopeOf({ bob, pairing, items: [{ kind: 'token', conversation: id, token: token(0) }] })
  const devices = [{ ...devicePublicOf(createDevice(random)), added: 1 }]
  const list = { accountKey: accountKeyOf(createAccount(random)), serial: 0, prev: new Uint8Array(32), issued: 1, devices, revoked: [] }
  const forged: Frame = { kind: 'device-list', list: signDeviceList(list, createAccount(random)) }
  expect(joined(received(alice, id, [forged, frame]), bob)).toEqual([])
  expect(joined(received(alice, id, [listOf(bob), forged, frame]), bob)).toEqual([id])
})
