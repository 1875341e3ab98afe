// Two lists of one person's devices that contradict each other, and a feed with two histories: proof is kept, told on, and shown until it is settled
// (docs/protocol.md §14.3).

import { describe, expect, test } from 'vitest'
import { equalBytes } from '../../src/bytes/bytes.ts'
import { IdMap } from '../../src/bytes/id-map.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { createAccount } from '../../src/identity/account.ts'
import { contradictedBy } from '../../src/identity/contradiction.ts'
import { parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, deviceIdFromKeys, devicePublicOf } from '../../src/identity/device.ts'
import { ALARM_TOLD_MAX, ALARMS_KEPT_MAX, ALARMS_TOLD_AT_ONCE_MAX, LISTS_JUDGED_PER_MINUTE_MAX } from '../../src/limits.ts'
import { withConversation } from '../../src/node/change.ts'
import { createDraft } from '../../src/node/draft.ts'
import { laterPart } from '../../src/node/part.ts'
import { step } from '../../src/node/step.ts'
import { diskWith, nodeOn } from '../simulation/disk.ts'
import { createPerson } from '../simulation/person.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { accountOf, group, three } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, meet, MINUTE_MS, revive, say } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { DeviceList } from '../../src/identity/device-list.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { AlarmView } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

async function alarms(stage: Stage, person: Person, conversation: ConversationId): Promise<readonly AlarmView[]> {
  let shown: readonly AlarmView[] = []
  const stop = person.engine().watchAlarms({ conversation }, (views) => (shown = views))
  await stage.pass(200)
  stop()
  return shown
}

const random = createSeeded(21).bytes
const fresh = () => {
  const { signingKey, agreementKey } = devicePublicOf(createDevice(random))
  return { signingKey, agreementKey, added: 1 }
}

/** Two next lists of somebody, each of which names a device that the other does not. */
function twoLists(of: NodeState, change: Partial<DeviceList> = {}): readonly [Uint8Array, Uint8Array] {
  const list = parseDeviceList(of.self.list.signed) ?? expect.fail('no list')
  const next = (more: Partial<DeviceList>) =>
    signDeviceList(
      { ...list, serial: list.serial + 1, prev: of.self.list.hash, devices: [...list.devices, fresh()], ...more },
      of.self.secret,
    )
  return [next({}), next(change)]
}

const env = (stage: Stage) => ({ now: toUnixMs(stage.scheduler.now()), random })

/** What somebody’s disk holds after a device has handed over lists to it. */
function handed(stage: Stage, to: NodeState, from: DeviceId, ...items: readonly (readonly Uint8Array[])[]) {
  const draft = createDraft(to, env(stage))
  for (const lists of items) laterPart().acceptLists(draft, from, lists)
  return {
    state: draft.state,
    splits: [...(draft.state.terms.alarms?.splits ?? [])].map(([account]) => account),
    refused: draft.effects.flatMap((effect) => (effect.kind === 'refused' ? [`${effect.what}: ${effect.reason}`] : [])),
  }
}

describe('two lists with one number contradict each other', () => {
  test('where each says what the other does not, and where one thing about that is changed they do not', async () => {
    const stage = createStage()
    const { bob } = await meet(stage)
    const node = nodeOn(bob.disk())
    const list = parseDeviceList(node.self.list.signed) ?? expect.fail('no list')
    const [one, other] = twoLists(node)
    expect(contradictedBy(one, other)).toBe(node.self.account)
    expect(contradictedBy(other, one)).toBe(node.self.account)
    expect(contradictedBy(one, one)).toBeUndefined()
    // The later one of two, one that says less, and one that revokes what the other names.
    expect(contradictedBy(one, twoLists(node, { serial: list.serial + 2 })[1])).toBeUndefined()
    expect(contradictedBy(one, twoLists(node, { devices: list.devices })[1])).toBeUndefined()
    const named = parseDeviceList(one) ?? expect.fail('no list')
    const revoked = named.devices.slice(-1).map((device) => ({ device: deviceIdFromKeys(device), at: 1, cut: new Uint8Array(32) }))
    expect(contradictedBy(one, twoLists(node, { devices: list.devices, revoked })[1])).toBeUndefined()
    // Signed by somebody else, of somebody else, and with a byte of it changed.
    const stranger = createAccount(random)
    expect(contradictedBy(one, signDeviceList(parseDeviceList(other) ?? expect.fail('no list'), stranger))).toBeUndefined()
    expect(
      contradictedBy(
        one,
        other.map((byte, at) => (at === other.length - 1 ? byte ^ 1 : byte)),
      ),
    ).toBeUndefined()
    expect(contradictedBy(one, other.subarray(1))).toBeUndefined()
  })
})

describe('a contact', () => {
  test('whose devices hand over such lists is shown so, in whichever order they come, and the proof outlives a restart', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    const [one, other] = twoLists(nodeOn(bob.disk()))
    alice.crash()
    for (const lists of [
      [one, other],
      [other, one],
    ])
      expect(handed(stage, nodeOn(alice.disk()), bob.ownDevice(), lists).splits).toEqual([accountOf(bob)])
    alice.put(diskWith(alice.disk(), (node) => handed(stage, node, bob.ownDevice(), [one, other]).state))
    await revive(stage, alice)
    expect(await alarms(stage, alice, id)).toMatchObject([{ kind: 'lists', account: accountOf(bob), alarm: accountOf(bob), mine: false }])
    alice.crash()
    await revive(stage, alice)
    expect(await alarms(stage, alice, id)).toHaveLength(1)
    const kept = nodeOn(alice.disk()).terms.alarms?.splits.get(accountOf(bob))?.lists ?? expect.fail('no proof')
    expect(contradictedBy(...kept)).toBe(accountOf(bob))
  })

  test('is shown so no more once the person has seen to it, until there is another proof', async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    const [one, other] = twoLists(nodeOn(bob.disk()))
    const third = twoLists(nodeOn(bob.disk()))[0]
    alice.crash()
    alice.put(diskWith(alice.disk(), (node) => handed(stage, node, bob.ownDevice(), [one, other]).state))
    await revive(stage, alice)
    await stage.done(alice.engine().dismissAlarm({ alarm: accountOf(bob) }))
    expect(await alarms(stage, alice, id)).toEqual([])
    alice.crash()
    const again = nodeOn(alice.disk())
    expect(handed(stage, again, bob.ownDevice(), [other, one]).state.terms.alarms?.splits.get(accountOf(bob))?.isSeen).toBe(true)
    expect(handed(stage, again, bob.ownDevice(), [third]).state.terms.alarms?.splits.get(accountOf(bob))?.isSeen).toBe(false)
  })

  test('whose devices have found to each other is shown so no more', async () => {
    const stage = createStage()
    const { alice, bob } = await meet(stage)
    const node = nodeOn(bob.disk())
    const [one, other] = twoLists(node)
    const [a, b] = [parseDeviceList(one), parseDeviceList(other)]
    if (a === undefined || b === undefined) return expect.fail('no list')
    const both = signDeviceList({ ...a, serial: a.serial + 1, devices: [...a.devices, ...b.devices.slice(-1)] }, node.self.secret)
    const lacking = signDeviceList({ ...a, serial: a.serial + 1 }, node.self.secret)
    const mine = nodeOn(alice.disk())
    expect(handed(stage, mine, bob.ownDevice(), [one], [other], [lacking]).splits).toEqual([accountOf(bob)])
    expect(handed(stage, mine, bob.ownDevice(), [one], [other], [both]).splits).toEqual([])
    // What is settled is no news.
    expect(handed(stage, mine, bob.ownDevice(), [one], [other], [both], [other]).splits).toEqual([])
  })

  test('whom two people know is noticed by both of them, as soon as one of them has both lists; so are their own devices', async () => {
    const { stage, alice, bob, carol } = await three()
    const id = await group(stage, alice, [bob, carol])
    await stage.pass(5 * MINUTE_MS)
    const [one, other] = twoLists(nodeOn(bob.disk()))
    alice.crash()
    alice.put(diskWith(alice.disk(), (node) => handed(stage, node, bob.ownDevice(), [one, other]).state))
    expect(await alarms(stage, carol, id)).toEqual([])
    await revive(stage, alice)
    await stage.pass(3 * MINUTE_MS)
    expect(await alarms(stage, carol, id)).toMatchObject([{ kind: 'lists', account: accountOf(bob), mine: false }])
    expect(await alarms(stage, bob, id)).toMatchObject([{ kind: 'lists', account: accountOf(bob), mine: true }])
    // Nobody tells the same twice: nothing is left to be said.
    await stage.pass(3 * MINUTE_MS)
    for (const person of [alice, bob, carol]) expect(nodeOn(person.disk()).terms.alarms?.splits.get(accountOf(bob))?.untold).toEqual([])
    // What was told changes no pinned list.
    expect(nodeOn(carol.disk()).peers.get(bob.ownDevice())?.list.serial).toBe(0)
    await say(stage, bob, id, 'what is this')
  })
})

test('a contradiction is told on to so many devices, a few at a time', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  const mine = nodeOn(alice.disk())
  const chat = mine.conversations.get(id)
  if (chat?.group === undefined) throw new Error('no group')
  const many = Array.from({ length: ALARM_TOLD_MAX }, (_, at) => [`${at}`.padStart(64, '0') as DeviceId, true] as const)
  const crowded = withConversation(mine, { ...chat, group: { ...chat.group, devices: IdMap.of([...chat.group.devices, ...many]) } })
  const untold = (node: NodeState) => node.terms.alarms?.splits.get(accountOf(bob))?.untold.length
  const { state } = handed(stage, crowded, carol.ownDevice(), twoLists(nodeOn(bob.disk())))
  expect(untold(state)).toBe(ALARM_TOLD_MAX)
  const draft = createDraft(state, env(stage))
  laterPart().tellSplits(draft)
  expect(untold(draft.state)).toBe(ALARM_TOLD_MAX - ALARMS_TOLD_AT_ONCE_MAX)
})

describe('lists that somebody hands on', () => {
  test('count where they contradict each other and their account is known, and so many are judged in a minute', async () => {
    const { stage, alice, bob, carol } = await three()
    const mallory = nodeOn((await stage.enter('mallory')).disk())
    const mine = nodeOn(alice.disk())
    const told = (lists: readonly Uint8Array[]) => handed(stage, mine, carol.ownDevice(), lists)
    const [one, other] = twoLists(nodeOn(bob.disk()))
    expect(told([one, other])).toMatchObject({ splits: [accountOf(bob)], refused: [] })
    expect(told([one, one])).toMatchObject({ splits: [], refused: ['told lists: no contradiction'] })
    expect(told([one, twoLists(mallory)[1]])).toMatchObject({ splits: [], refused: ['told lists: no contradiction'] })
    expect(told([...twoLists(mallory)])).toMatchObject({ splits: [], refused: ['told lists: unknown account'] })
    // Bob’s present list is Bob’s to hand over.
    expect(told([one]).refused).toEqual(['device list: wrong-account'])
    const flood = Array.from({ length: LISTS_JUDGED_PER_MINUTE_MAX + 1 }, () => [one, one])
    expect(handed(stage, mine, carol.ownDevice(), ...flood).refused.at(-1)).toBe('told lists: too-many')
  })

  test('are kept of so many accounts and no more', async () => {
    const stage = createStage()
    const { alice, bob } = await meet(stage)
    const mine = nodeOn(alice.disk())
    const [one, other] = twoLists(nodeOn(bob.disk()))
    const lists = [one, other] as const
    const names = Array.from({ length: ALARMS_KEPT_MAX }, (_, at) => `${at}`.padStart(64, '0') as typeof mine.self.account)
    const full = (count: number): NodeState => {
      const splits = new Map(names.slice(0, count).map((account) => [account, { lists, since: 1, isSeen: false, untold: [] }]))
      return { ...mine, terms: { ...mine.terms, alarms: { splits, seen: [] } } }
    }
    expect(handed(stage, full(ALARMS_KEPT_MAX - 1), bob.ownDevice(), [one, other]).splits).toContain(accountOf(bob))
    // Somebody whom one writes to has a place in any case: strangers cannot take all of them.
    const crowded = handed(stage, full(ALARMS_KEPT_MAX), bob.ownDevice(), [one, other]).splits
    expect(crowded).toContain(accountOf(bob))
    expect(crowded).toHaveLength(ALARMS_KEPT_MAX)
  })
})

test('own devices that link others at the same moment leave no alarm with a contact, and a removal does not either', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(2 * MINUTE_MS)
  await stage.done(bob.engine().revokeDevice({ device: tablet.ownDevice() }))
  await stage.pass(2 * MINUTE_MS)
  // What the tablet, which has not heard of it, would renew.
  const { self } = nodeOn(bob.disk())
  const list = parseDeviceList(self.list.signed) ?? expect.fail('no list')
  const { devices } = parseDeviceList(nodeOn(tablet.disk()).self.list.signed) ?? expect.fail('no list')
  const renewed = signDeviceList({ ...list, devices: [...list.devices, ...devices.slice(-1)], revoked: [] }, self.secret)
  const after = handed(stage, nodeOn(alice.disk()), bob.ownDevice(), [renewed])
  expect(after.splits).toEqual([])
  expect(equalBytes(after.state.peers.get(bob.ownDevice())?.list.hash ?? new Uint8Array(0), self.list.hash)).toBe(true)
  expect(await alarms(stage, alice, id)).toEqual([])
})

test('a feed with two histories is shown to whoever has the proof, until they have seen to it', { timeout: 60_000 }, async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const parts = { scheduler: stage.scheduler, network: stage.network, luck: createSeeded(9) }
  const copy = createPerson({ ...parts, name: 'copy', image: bob.disk() })
  await revive(stage, copy)
  await stage.pass(10_000)
  expect(await alarms(stage, alice, id)).toEqual([])
  for (let round = 0; round < 2; round += 1)
    for (const person of [bob, copy]) {
      await say(stage, person, id, `${person.name} ${round}`)
      await stage.pass(5_000)
    }
  await stage.pass(MINUTE_MS)
  const shown = await alarms(stage, alice, id)
  expect(shown).toMatchObject([{ kind: 'fork', account: accountOf(bob), mine: false }])
  await stage.done(alice.engine().dismissAlarm({ alarm: shown[0]?.alarm ?? '' }))
  expect(await alarms(stage, alice, id)).toEqual([])
  alice.crash()
  await revive(stage, alice)
  expect(await alarms(stage, alice, id)).toEqual([])
})

test('what is dismissed without being there changes nothing that is shown, and is kept within bounds', async () => {
  const stage = createStage()
  const { alice } = await meet(stage)
  let state = nodeOn(alice.disk())
  for (let count = 0; count <= ALARMS_KEPT_MAX; count += 1)
    state = step(state, { kind: 'dismiss-alarm', alarm: `${count}` }, env(stage)).state
  expect(state.terms.alarms?.seen).toHaveLength(ALARMS_KEPT_MAX)
  expect(state.terms.alarms?.splits.size).toBe(0)
})
