// Two devices of one person that change the list of devices at the same moment, and what a thief of one of them may make of that (docs/protocol.md §2.3, §13.10).

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, deviceIdFromKeys, devicePublicOf } from '../../src/identity/device.ts'
import { createDraft } from '../../src/node/draft.ts'
import { step } from '../../src/node/step.ts'
import { laterPart } from '../../src/node/part.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { link, showCode, until, watchLinking } from './linking-stage.ts'
import { createStage, meet, MINUTE_MS, say, texts } from './stage.ts'
import type { DeviceId } from '../../src/bytes/ids.ts'
import type { DeviceList, PinnedDeviceList } from '../../src/identity/device-list.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

/** Bob with a tablet, and Alice who knows both. */
async function household(how: 'direct' | 'mailbox' = 'mailbox') {
  const stage = createStage(how)
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(2 * MINUTE_MS)
  return { stage, alice, bob, tablet, id }
}

/** As far as the digits, on both ends; what is left is to confirm them. */
async function compared(stage: Stage, old: Person, fresh: Person): Promise<() => Promise<unknown>> {
  const { seen, code } = await showCode(stage, old)
  const other = watchLinking(fresh)
  await stage.done(fresh.engine().linkDevice({ kind: 'enter', code, name: fresh.name }))
  await until(stage, seen, 'comparing')
  await until(stage, other, 'comparing')
  return () => old.engine().linkDevice({ kind: 'confirm' })
}

const listOf = (person: Person): PinnedDeviceList => nodeOn(person.disk()).self.list
const listedBy = (person: Person): readonly DeviceId[] =>
  listOf(person)
    .devices.map(({ id }) => id)
    .toSorted()
const ids = (...people: readonly Person[]): readonly DeviceId[] => people.map((person) => person.ownDevice()).toSorted()
const pinnedBy = (person: Person, of: Person): PinnedDeviceList | undefined => nodeOn(person.disk()).peers.get(of.ownDevice())?.list

describe.each(['mailbox', 'direct'] as const)('two own devices at the same moment (%s)', (how) => {
  test('that each link another one end with both, and a contact hears all of them', async () => {
    const { stage, alice, bob, tablet, id } = await household(how)
    const [phone, watch] = [await stage.enter('phone'), await stage.enter('watch')]
    const confirm = [await compared(stage, bob, phone), await compared(stage, tablet, watch)]
    await stage.done(Promise.all(confirm.map((one) => one())))
    const seen = (): readonly string[] => [bob, tablet].map((person) => `${listOf(person).serial} ${listedBy(person).length}`)
    const isForked = (): boolean => seen().join() === '2 3,2 3' && toHex(listOf(bob).hash) !== toHex(listOf(tablet).hash)
    for (let turn = 0; how === 'direct' && turn < 300 && !isForked(); turn += 1) await stage.pass(10)
    // By mailbox one of them may have heard the other in time.
    if (how === 'direct') expect(isForked()).toBe(true)
    await stage.pass(5 * MINUTE_MS)
    const all = [bob, tablet, phone, watch]
    for (const person of all) expect(listedBy(person)).toEqual(ids(...all))
    expect(new Set(all.map((person) => toHex(listOf(person).hash))).size).toBe(1)
    for (const person of [...all, alice]) await say(stage, person, id, `from ${person.name}`)
    await stage.pass(3 * MINUTE_MS)
    const shown = await texts(stage, alice, id)
    for (const person of [...all, alice]) expect(shown).toContain(`from ${person.name}`)
    for (const person of all) expect(await texts(stage, person, id)).toEqual(shown)
    for (const person of all) expect(toHex(pinnedBy(alice, person)?.hash ?? new Uint8Array(0))).toBe(toHex(listOf(bob).hash))
  })

  test('of which one links another and one removes a third: the third is out, and the other is in', async () => {
    const { stage, alice, bob, tablet, id } = await household(how)
    const [phone, watch] = [await stage.enter('phone'), await stage.enter('watch')]
    await link(stage, bob, phone)
    await stage.pass(2 * MINUTE_MS)
    const confirm = await compared(stage, tablet, watch)
    await stage.done(Promise.all([confirm(), bob.engine().revokeDevice({ device: phone.ownDevice() })]))
    await stage.pass(5 * MINUTE_MS)
    for (const person of [bob, tablet, watch]) expect(listedBy(person)).toEqual(ids(bob, tablet, watch))
    for (const person of [bob, tablet, watch, alice]) await say(stage, person, id, `from ${person.name}`)
    await stage.pass(3 * MINUTE_MS)
    for (const person of [bob, tablet, watch]) expect(await texts(stage, alice, id)).toContain(`from ${person.name}`)
    expect(await texts(stage, phone, id)).not.toContain('from alice')
    expect(await texts(stage, watch, id)).toContain('from alice')
  })

  test('that remove two others end without either of these', async () => {
    const { stage, alice, bob, tablet, id } = await household(how)
    const [phone, watch] = [await stage.enter('phone'), await stage.enter('watch')]
    await link(stage, bob, phone)
    await link(stage, bob, watch)
    await stage.pass(3 * MINUTE_MS)
    await stage.done(
      Promise.all([bob.engine().revokeDevice({ device: phone.ownDevice() }), tablet.engine().revokeDevice({ device: watch.ownDevice() })]),
    )
    await stage.pass(5 * MINUTE_MS)
    for (const person of [bob, tablet]) expect(listedBy(person)).toEqual(ids(bob, tablet))
    await say(stage, bob, id, 'the two of us')
    await stage.pass(2 * MINUTE_MS)
    expect(
      pinnedBy(alice, bob)
        ?.devices.map((device) => device.id)
        .toSorted(),
    ).toEqual(ids(bob, tablet))
  })
})

describe('a stolen device that signs a list of its own', () => {
  /** What Alice, and Bob's other device, make of lists that the tablet and Bob hand over. */
  async function scene() {
    const { stage, alice, bob, tablet } = await household()
    const thief = nodeOn(tablet.disk())
    const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(11).bytes }
    const fresh = devicePublicOf(createDevice(env.random))
    const base = thief.self.list
    const signed = (change: (list: DeviceList) => Partial<DeviceList>, after = base): PinnedDeviceList => {
      const list = parseDeviceList(after.signed) ?? expect.fail('no list')
      const next = { ...list, serial: list.serial + 1, prev: after.hash, issued: list.issued + 1, ...change(list) }
      const acceptance = acceptDeviceList(undefined, signDeviceList(next, thief.self.secret))
      return acceptance.kind === 'accepted' ? acceptance.pinned : expect.fail(acceptance.reason)
    }
    const without = (device: DeviceId) => (list: DeviceList) => ({
      devices: list.devices.filter((listed) => deviceIdFromKeys(listed) !== device),
      revoked: [...list.revoked, { device, at: 1, cut: new Uint8Array(32) }],
    })
    const withFresh = (list: DeviceList) => ({
      devices: [...list.devices, { signingKey: fresh.signingKey, agreementKey: fresh.agreementKey, added: 1 }],
    })
    const give = (state: NodeState, ...given: readonly (readonly [DeviceId, PinnedDeviceList])[]) => {
      const draft = createDraft(state, env)
      for (const [from, list] of given) laterPart().acceptList(draft, from, list.signed)
      const end = draft.state.peers.get(tablet.ownDevice())?.end
      const list = state.self.account === thief.self.account ? draft.state.self.list : draft.state.peers.get(bob.ownDevice())?.list
      return {
        names: list?.devices.map(({ id }) => id).toSorted(),
        isOut: end?.isRevoked === true,
        refused: draft.effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.reason] : [])),
      }
    }
    const removal = signed(without(tablet.ownDevice()))
    const theft = signed(withFresh)
    return { alice: nodeOn(alice.disk()), bob, tablet, fresh, removal, theft, signed, without, withFresh, give }
  }

  test('before it was removed is removed all the same, with whom it has added, and a contact sees both lists in either order', async () => {
    const { alice, bob, tablet, removal, theft, give } = await scene()
    const owner = [bob.ownDevice(), removal] as const
    const stolen = [tablet.ownDevice(), theft] as const
    expect(give(alice, stolen, owner)).toEqual({ names: [bob.ownDevice()], isOut: true, refused: [] })
    expect(give(alice, owner, stolen)).toEqual({ names: [bob.ownDevice()], isOut: true, refused: ['revoked'] })
  })

  test('after it was removed is taken by nobody: a fork, a longer one, and one that takes the others out', async () => {
    const { alice, bob, tablet, removal, theft, signed, without, give } = await scene()
    const longer = signed(
      () => ({}),
      signed(() => ({}), theft),
    )
    const revenge = signed(without(bob.ownDevice()))
    for (const list of [theft, longer, revenge]) {
      const after = give(alice, [bob.ownDevice(), removal], [tablet.ownDevice(), list])
      expect(after).toEqual({ names: [bob.ownDevice()], isOut: true, refused: ['revoked'] })
      // The same bytes by a device that counts: nobody comes back.
      const handed = give(alice, [bob.ownDevice(), removal], [bob.ownDevice(), list])
      expect(handed.names).not.toContain(tablet.ownDevice())
    }
  })

  test('is heard by an own device no more once that one has removed it, and was before', async () => {
    const { bob, tablet, fresh, theft, give } = await scene()
    const mine = nodeOn(bob.disk())
    expect(give(mine, [tablet.ownDevice(), theft]).names).toContain(fresh.id)
    const env = { now: toUnixMs(1_900_000_000_000), random: createSeeded(12).bytes }
    const { state } = step(mine, { kind: 'revoke-device', device: tablet.ownDevice() }, env)
    expect(give(state, [tablet.ownDevice(), theft])).toEqual({ names: [bob.ownDevice()], isOut: true, refused: ['revoked'] })
  })
})
