// What may be tried with a code for a new device, by who has photographed it and by a relay that helps (docs/protocol.md §13). Each is first a linking that
// goes well, and then one thing about it is changed.

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { encode } from '../../src/bytes/codec.ts'
import { DEVICES_PER_ACCOUNT_MAX, LINK_CODE_MS_MAX, LISTS_JUDGED_PER_MINUTE_MAX } from '../../src/limits.ts'
import { acceptDeviceList, parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { commitmentTo, createAnswer, createOffer, linkAnswer, offerStage, openSaid, sealSaid } from '../../src/linking/exchange.ts'
import { linkCodeText, linkPlacesOf, parseLinkCode } from '../../src/linking/link-code.ts'
import { createDraft } from '../../src/node/draft.ts'
import { step } from '../../src/node/step.ts'
import { laterPart } from '../../src/node/part.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { bundleOf } from '../../src/session/prekeys.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { link, showCode, until, watchLinking } from './linking-stage.ts'
import { createStage, meet, MINUTE_MS, say, texts } from './stage.ts'
import type { OfferStage } from '../../src/linking/exchange.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { RelayAnswer, RelayRequest } from '../../src/wire/relay.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const enter = async (stage: Stage, person: Person, code: string) => {
  const seen = watchLinking(person)
  await stage.done(person.engine().linkDevice({ kind: 'enter', code, name: person.name }))
  return seen
}
const failure = async (stage: Stage, seen: ReturnType<typeof watchLinking>) => (await until(stage, seen, 'failed')).reason
const devicesOf = (person: Person) => nodeOn(person.disk()).self.list.devices.length

describe('a code for a new device', () => {
  test('that was used once adds nobody else', async () => {
    const stage = createStage()
    const [phone, laptop, other] = [await stage.enter('phone'), await stage.enter('laptop'), await stage.enter('other')]
    await link(stage, phone, laptop)
    const { code } = await showCode(stage, phone)
    const fresh = await enter(stage, other, code)
    await until(stage, fresh, 'comparing')
    await stage.done(phone.engine().linkDevice({ kind: 'confirm' }))
    await until(stage, fresh, 'done')
    const late = await stage.enter('late')
    expect(await failure(stage, await enter(stage, late, code))).toBe('over')
    expect(devicesOf(phone)).toBe(3)
  })

  test('that has expired adds nobody', async () => {
    const stage = createStage()
    const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
    const { seen, code } = await showCode(stage, phone)
    await stage.pass(LINK_CODE_MS_MAX + 5_000)
    expect(await failure(stage, seen)).toBe('over')
    expect(await failure(stage, await enter(stage, laptop, code))).toBe('over')
    expect(devicesOf(phone)).toBe(1)
  })

  test('that two devices have scanned adds neither', async () => {
    const stage = createStage()
    const [phone, laptop, other] = [await stage.enter('phone'), await stage.enter('laptop'), await stage.enter('other')]
    const { seen, code } = await showCode(stage, phone)
    const first = await enter(stage, laptop, code)
    await until(stage, first, 'comparing')
    const second = await enter(stage, other, code)
    expect(await failure(stage, second)).toBe('scanned-twice')
    expect(await failure(stage, seen)).toBe('scanned-twice')
    expect(await failure(stage, first)).toBe('over')
    expect(devicesOf(phone)).toBe(1)
  })

  test('is good for nothing when its maker closes the sheet', async () => {
    const stage = createStage()
    const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
    const { code } = await showCode(stage, phone)
    const seen = await enter(stage, laptop, code)
    await until(stage, seen, 'comparing')
    await stage.done(phone.engine().linkDevice({ kind: 'stop' }))
    expect(await failure(stage, seen)).toBe('over')
    expect(devicesOf(phone)).toBe(1)
  })

  test('is none inside an address, and an address is no code', () => {
    const code = linkCodeText({ relay: { key: new Uint8Array(32), url: 'wss://chat.example.org' }, secret: new Uint8Array(16) })
    expect(parseLinkCode(`the code: ${code.slice(0, 30)}\n ${code.slice(30)}.`)).toBeDefined()
    expect(parseLinkCode(`https://chat.example.org/#i/${code.slice(5)}`)).toBeUndefined()
    expect(parseLinkCode(code.slice(0, -8))).toBeUndefined()
    expect(parseLinkCode(code.replace('Kith-A', 'Kith-B'))).toBeUndefined()
  })

  test('is not entered where there are chats', async () => {
    const stage = createStage()
    const { alice, bob } = await meet(stage)
    const { code } = await showCode(stage, alice)
    expect(await failure(stage, await enter(stage, bob, code))).toBe('in-use')
  })
})

/** Somebody who has photographed the code, and a relay that puts her words in the place of others'. */
function between(stage: Stage, code: string, reveal: (own: OfferStage, genuine: OfferStage) => OfferStage) {
  const random = createSeeded(99).bytes
  const secret = parseLinkCode(code)?.secret ?? new Uint8Array(16)
  const { key, offer: offerPlace, answer: answerPlace } = linkPlacesOf(secret)
  const own = createOffer(nodeOnAny(), random)
  const answer = createAnswer(devicePublicOf(createDevice(random)), 'laptop', random).answer
  stage.network.relay.forge = (asked: RelayRequest, genuine: RelayAnswer) => {
    if (asked.kind !== 'get-record' || genuine.kind !== 'record') return genuine
    if (asked.record === answerPlace) return { ...genuine, blob: sealSaid(linkAnswer, answer, { key, record: answerPlace, random }) }
    if (asked.record !== offerPlace) return genuine
    const said = openSaid(offerStage, genuine.blob, { key, record: offerPlace })
    if (said === undefined) return genuine
    const stageOf: OfferStage =
      said.kind === 'committed' ? { kind: 'committed', commitment: commitmentTo(own.offer) } : { kind: 'revealed', offer: own.offer }
    return { ...genuine, blob: sealSaid(offerStage, reveal(stageOf, said), { key, record: offerPlace, random }) }
  }
}

const nodeOnAny = () => '0'.repeat(64) as NodeState['self']['account']

describe('somebody between the two, with the code and the relay’s help', () => {
  test('shows each another number', async () => {
    const stage = createStage()
    const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
    const { seen, code } = await showCode(stage, phone)
    between(stage, code, (own) => own)
    const other = await enter(stage, laptop, code)
    const [mine, theirs] = [await until(stage, seen, 'comparing'), await until(stage, other, 'comparing')]
    expect(mine.digits).not.toBe(theirs.digits)
    await stage.done(phone.engine().linkDevice({ kind: 'stop' }))
    expect(devicesOf(phone)).toBe(1)
  })

  test('cannot choose its share after it has seen the other’s', async () => {
    const stage = createStage()
    const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
    const { code } = await showCode(stage, phone)
    // It lets the commitment through, and reveals something else.
    between(stage, code, (own, genuine) => (genuine.kind === 'committed' ? genuine : own))
    expect(await failure(stage, await enter(stage, laptop, code))).toBe('not-authentic')
  })

  test('opens nothing of what is handed over', async () => {
    const stage = createStage()
    const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
    const blobs: Uint8Array[] = []
    stage.network.relay.forge = (asked, genuine) => {
      if (asked.kind === 'put-record') blobs.push(asked.blob)
      return genuine
    }
    await link(stage, phone, laptop)
    const { entropy } = nodeOn(phone.disk()).self.secret
    expect(nodeOn(laptop.disk()).self.secret.entropy).toEqual(entropy)
    for (const blob of blobs) expect(toHex(blob)).not.toContain(toHex(entropy))
  })
})

test('what is handed over, when it is not whole, or names another device, changes nothing', async () => {
  const stage = createStage()
  const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
  const [old, fresh] = [nodeOn(phone.disk()), nodeOn(laptop.disk())]
  const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(5).bytes }
  const { signingKey, agreementKey } = fresh.self.device
  const linked = step(old, { kind: 'link-device', keys: { signingKey, agreementKey }, name: 'laptop', ownName: 'phone' }, env)
  const answer = linked.effects.flatMap((effect) =>
    effect.kind === 'answer' && effect.answer.kind === 'handover' ? [effect.answer.handover] : [],
  )[0]
  if (answer === undefined) throw new Error('nothing was handed over')
  const joined = (handover: Uint8Array, node = fresh) => step(node, { kind: 'join-account', handover }, env)
  expect(joined(answer).state.self.account).toBe(old.self.account)
  for (const bytes of [answer.subarray(1), answer.slice(0, -1), answer.map((byte, at) => (at === 3 ? byte ^ 1 : byte))])
    expect(joined(bytes).state).toBe(fresh)
  const stranger = nodeOn((await stage.enter('other')).disk())
  expect(joined(answer, stranger).state).toBe(stranger)
})

test('an account has so many devices and no more', async () => {
  const stage = createStage()
  const phone = await stage.enter('phone')
  const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(6).bytes }
  let state = nodeOn(phone.disk())
  const reasonAfter = (): string | undefined => {
    const keys = devicePublicOf(createDevice(env.random))
    const done = step(state, { kind: 'link-device', keys, name: 'one more', ownName: 'phone' }, env)
    state = done.state
    return done.effects.flatMap((effect) => (effect.kind === 'answer' && effect.answer.kind === 'refused' ? [effect.answer.reason] : []))[0]
  }
  for (let count = 1; count < DEVICES_PER_ACCOUNT_MAX; count += 1) expect(reasonAfter()).toBeUndefined()
  expect(reasonAfter()).toBe('too-many')
  expect(state.self.list.devices).toHaveLength(DEVICES_PER_ACCOUNT_MAX)
})

describe('a device list that a contact’s device hands over', () => {
  const talk = async () => {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    await stage.pass(MINUTE_MS)
    const [mine, theirs] = [nodeOn(alice.disk()), nodeOn(bob.disk())]
    const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(8).bytes }
    const first = parseDeviceList(theirs.self.list.signed)
    if (first === undefined) throw new Error('no list')
    const fresh = () => {
      const { signingKey, agreementKey } = devicePublicOf(createDevice(env.random))
      return { signingKey, agreementKey, added: 1 }
    }
    const [listed, another] = [fresh(), fresh()]
    const second = { ...first, serial: 1, prev: theirs.self.list.hash, devices: [...first.devices, listed] }
    const sign = (list: typeof first) => signDeviceList(list, theirs.self.secret)
    const give = (...lists: readonly Uint8Array[]) => {
      const draft = createDraft(mine, env)
      for (const list of lists) laterPart().acceptList(draft, theirs.self.device.id, list)
      const refused = draft.effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.reason] : []))
      return { serial: draft.state.peers.get(theirs.self.device.id)?.list.serial, refused }
    }
    return { stage, alice, bob, id, first, second, listed, another, sign, give }
  }

  test('is taken where it follows the one that is known, and neither an older one, nor one with a gap, nor another in its place', async () => {
    const { first, second, listed, another, sign, give } = await talk()
    const next = sign(second)
    expect(give(next)).toEqual({ serial: 1, refused: [] })
    expect(give(next, sign(first))).toEqual({ serial: 1, refused: [] })
    const acceptance = acceptDeviceList(undefined, next)
    const hash = acceptance.kind === 'accepted' ? acceptance.pinned.hash : new Uint8Array(32)
    expect(give(sign({ ...second, serial: 2, prev: hash, devices: [listed] }))).toEqual({ serial: 0, refused: ['gap'] })
    expect(give(next, sign({ ...second, devices: [...first.devices, another] }))).toEqual({ serial: 1, refused: ['fork'] })
    expect(give(sign({ ...first, devices: [listed] }))).toEqual({ serial: 0, refused: ['fork'] })
  })

  test('is judged so often in a minute and no more', async () => {
    const { first, listed, sign, give } = await talk()
    const forks = Array.from({ length: LISTS_JUDGED_PER_MINUTE_MAX + 1 }, (_, at) =>
      sign({ ...first, devices: [listed], issued: first.issued + 1 + at }),
    )
    const { refused } = give(...forks)
    expect(refused.slice(0, -1)).toEqual(refused.slice(0, -1).map(() => 'fork'))
    expect(refused.at(-1)).toBe('too-many')
  })
})

test('a contact cannot bring in a device that its list does not name', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(MINUTE_MS)
  const mallory = nodeOn((await stage.enter('mallory')).disk())
  const [mine, theirs] = [nodeOn(alice.disk()), nodeOn(bob.disk())]
  const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(8).bytes }
  const draft = createDraft(mine, env)
  laterPart().acceptDevice(draft, theirs.self.device.id, {
    kind: 'device',
    conversation: id,
    bundle: bundleOf(mallory.prekeys, { oneTime: undefined }),
    grant: undefined,
  })
  expect(draft.state).toBe(mine)
  expect(draft.effects).toContainEqual({ kind: 'refused', what: 'device', reason: 'not-listed' })
})

test('what is said in the circle counts from own devices alone, and nowhere else', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const tablet = await stage.enter('tablet')
  await link(stage, bob, tablet)
  await stage.pass(MINUTE_MS)
  const before = nodeOn(bob.disk())
  await say(stage, alice, id, 'hi')
  await stage.pass(10_000)
  expect(await texts(stage, tablet, id)).toContain('hi')
  const draft = createDraft(before, { now: toUnixMs(stage.scheduler.now()), random: createSeeded(8).bytes })
  laterPart().takeCircleSaid(draft, tablet.ownDevice(), encodeNoise())
  expect(draft.state).toBe(before)
  expect(draft.effects).toContainEqual({ kind: 'refused', what: 'circle', reason: 'malformed' })
})

const encodeNoise = (): Uint8Array =>
  encode(linkAnswer, createAnswer(devicePublicOf(createDevice(createSeeded(1).bytes)), 'x', createSeeded(2).bytes).answer)
