// A device that was revoked has the account's key all the same. It signs the next list, with itself under a new name in it and the others out of it, and
// leaves it at the door of a group that it was in.

import { expect, test } from 'vitest'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { isTakenOut } from '../../src/node/members.ts'
import { step } from '../../src/node/step.ts'
import { initiate, sealTo } from '../../src/session/pairing.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { group, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { MINUTE_MS, say } from './stage.ts'
import type { DeviceList, PinnedDeviceList } from '../../src/identity/device-list.ts'
import type { NodeInput } from '../../src/node/input.ts'
import type { NodeState } from '../../src/node/state.ts'

test('a revoked device that signs itself in again is taken by nobody, and takes nobody out', async () => {
  const { stage, alice, bob, carol } = await three('mailbox')
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(3 * MINUTE_MS)
  await say(stage, tablet, id, 'from the tablet')
  await stage.pass(2 * MINUTE_MS)
  await stage.done(bob.engine().revokeDevice({ device: tablet.ownDevice() }))
  await stage.pass(3 * MINUTE_MS)

  const thief = nodeOn(tablet.disk())
  const random = createSeeded(99).bytes
  const secret = createDevice(random)
  const fresh = { ...secret, ...devicePublicOf(secret) }
  const groupOf = (state: NodeState) => state.conversations.get(id)?.group ?? expect.fail('no group')
  const signed = (change: (list: DeviceList) => Partial<DeviceList>, after: PinnedDeviceList): PinnedDeviceList => {
    const list = parseDeviceList(after.signed) ?? expect.fail('no list')
    const next = { ...list, serial: list.serial + 1, prev: after.hash, issued: list.issued + 1, ...change(list) }
    const acceptance = acceptDeviceList(after, signDeviceList(next, thief.self.secret))
    return acceptance.kind === 'accepted' ? acceptance.pinned : expect.fail(acceptance.reason)
  }
  const mine = signed(
    (list) => ({
      devices: [{ signingKey: fresh.signingKey, agreementKey: fresh.agreementKey, added: 1 }],
      revoked: [...list.revoked, { device: bob.ownDevice(), at: 1, cut: new Uint8Array(32) }],
    }),
    thief.self.list,
  )
  const later = signed(() => ({}), mine)
  for (const person of [alice, carol, bob]) {
    const state = nodeOn(person.disk())
    const env = { now: toUnixMs(stage.scheduler.now()), random }
    const door = groupOf(state).door ?? expect.fail('no door')
    const bundle = groupOf(thief).cards.get(person.ownDevice())?.bundle ?? expect.fail('no card')
    const ends = {
      self: { account: thief.self.account, device: fresh, listHash: mine.hash },
      peer: { account: state.self.account, device: state.self.device, listHash: state.self.list.hash },
    }
    const begun = initiate(undefined, ends, bundle, env)
    const { envelope } =
      begun.kind === 'initiated' ? sealTo(begun.pairing, encodePayload([{ kind: 'lists', lists: [later.signed] }]), env) : expect.fail()
    const knock: NodeInput = {
      kind: 'received',
      source: { kind: 'mailbox', relay: 'relay', mailbox: door.keys.mailbox, blob: new Uint8Array(0) },
      part: 'more',
      lookups: new Map(),
      frames: [
        { kind: 'device-list', list: mine.signed },
        { kind: 'envelope', from: fresh.id, envelope },
      ],
    }
    const { state: after, effects } = step(state, knock, env)
    expect(effects).toContainEqual({ kind: 'refused', what: 'device list', reason: 'unheard' })
    expect([after.peers.has(fresh.id), groupOf(after).devices.has(fresh.id)]).toEqual([false, false])
    expect([after.peers.get(bob.ownDevice())?.end?.isRevoked === true, isTakenOut(after)]).toEqual([false, false])
  }
})
