// Opening a packet: whose device may stand in it.

import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/vectors/seeded-random.ts'
import { chainIdOf, conversationIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { accountIdFromKey, accountKeyOf, createAccount } from '../../identity/account.ts'
import { acceptDeviceList, signDeviceList } from '../../identity/device-list.ts'
import { createDevice, devicePublicOf } from '../../identity/device.ts'
import { createPrekeys, takeOneTime } from '../../session/prekeys.ts'
import { withPeer } from '../change.ts'
import { createDraft } from '../draft.ts'
import { createNode } from '../create-node.ts'
import { isTooLate } from './invitee.ts'
import { openInvitation } from './open.ts'
import { createPeer } from './pair.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { DeviceSecret } from '../../identity/device.ts'
import type { InvitePacket } from '../../invite/packet.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Conversation } from '../state.ts'

const random = seededRandom('invitee')
const now = toUnixMs(1_800_000_000_000)
const device = createDevice(random)
const relay = { key: new Uint8Array(32), url: 'ws://127.0.0.1:1' }

/** A genuine list of some account, with this device on it: nobody asks the device whether it belongs there. */
function listOf(listed: DeviceSecret): PinnedDeviceList {
  const account = createAccount(random)
  const accountKey = accountKeyOf(account)
  const { signingKey, agreementKey } = devicePublicOf(listed)
  const devices = [{ signingKey, agreementKey, added: now }]
  const signed = signDeviceList({ accountKey, serial: 0, prev: new Uint8Array(32), issued: now, devices, revoked: [] }, account)
  const acceptance = acceptDeviceList(undefined, signed, accountIdFromKey(accountKey))
  if (acceptance.kind === 'refused') throw new Error(acceptance.reason)
  return acceptance.pinned
}

function openingOf(inviter: PinnedDeviceList, contact: PinnedDeviceList | undefined, outbox?: MailboxGrant) {
  const state = createNode({ now, random })
  const known = contact?.devices.map((listed) => createPeer({ device: listed, list: contact, outbox })) ?? []
  const draft = createDraft(known.reduce(withPeer, state), { now, random })
  const packet: InvitePacket = {
    deviceList: inviter.signed,
    bundle: takeOneTime(createPrekeys({ device, now, random, oneTime: 1 })).bundle,
    name: '',
    grant: { relay, mailbox: mailboxIdOf(new Uint8Array(32)), sendSeed: new Uint8Array(32), sealKey: new Uint8Array(32) },
    conversation: conversationIdOf(new Uint8Array(32).fill(9)),
    chains: [{ chain: chainIdOf(new Uint8Array(16)), step: 0, key: new Uint8Array(32) }],
    entries: [],
    created: now,
  }
  const link = { origin: '', relay, account: inviter.account, token: new Uint8Array(16), key: new Uint8Array(32), expires: 0 }
  return { opened: openInvitation(draft, { link, relay, packet, inviter }), draft }
}

test('the device of a contact opens nothing under another account, whoever listed it there', () => {
  const [own, other] = [listOf(device), listOf(device)]
  expect(openingOf(own, undefined).opened).toBeDefined()
  expect(openingOf(own, own).opened).toBeDefined()
  const { opened, draft } = openingOf(other, own)
  expect(opened).toBeUndefined()
  expect(draft.state.conversations.size).toBe(0)
  expect([...draft.state.peers.values()].map(({ account }) => account)).toEqual([own.account])
})

test('a packet whose prekeys are of a device that the list does not have opens nothing', () => {
  expect(openingOf(listOf(createDevice(random)), undefined).opened).toBeUndefined()
})

test('the mailbox of a contact stays the one that it gave for itself, whatever a link of its says', () => {
  const list = listOf(device)
  const own = { relay, mailbox: mailboxIdOf(new Uint8Array(32).fill(5)), sendSeed: new Uint8Array(32), sealKey: new Uint8Array(32) }
  const outboxIn = ({ draft }: ReturnType<typeof openingOf>) => [...draft.state.peers.values()].map(({ outbox }) => outbox?.mailbox)
  expect(outboxIn(openingOf(list, list, own))).toEqual([own.mailbox])
  expect(outboxIn(openingOf(list, list))).toEqual([mailboxIdOf(new Uint8Array(32))])
})

test('whoever was let in after all did not come too late', () => {
  const isLate = (phase: Conversation['phase'], at: number): boolean =>
    isTooLate({ phase, invitation: { late: { reason: 'used', since: now, ms: 10 } } } as unknown as Conversation, at)
  for (const phase of ['invited', 'joining'] as const) expect([isLate(phase, now + 9), isLate(phase, now + 10)]).toEqual([false, true])
  expect(isLate('open', now + 10)).toBe(false)
})
