// Contacts who make this device work or store without end: own messages and other contacts do not wait for it, and it has an end.

import { expect, test } from 'vitest'
import { decode, encode } from '../../src/bytes/codec.ts'
import { chainIdOf, entryIdOf } from '../../src/bytes/ids.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { accountKeyOf, createAccount } from '../../src/identity/account.ts'
import { createDevice, devicePublicOf } from '../../src/identity/device.ts'
import { parseDeviceList, signDeviceList } from '../../src/identity/device-list.ts'
import { createChain, handoutOf } from '../../src/group/sender-chain.ts'
import {
  ANSWERS_PER_MINUTE_MAX,
  ASKS_MAX,
  COSTLY_PER_MINUTE_MAX,
  DEVICES_PER_ACCOUNT_MAX,
  LOST_PER_MINUTE_MAX,
  PREKEYS_PER_MINUTE_MAX,
  RIDING_ENVELOPES_MAX,
  SEQ_MAX,
  STEPS_PER_MINUTE_MAX,
  TAKEN_BYTES_PER_DAY_MAX,
} from '../../src/limits.ts'
import { entryIdOfHeader } from '../../src/log/entry.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { grantOf } from '../../src/mailbox/keys.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { EMPTY_ANSWER_BYTES, PAYLOAD_ITEMS_MAX, STEPS_LEFT_OUT_FREELY_MAX } from '../../src/session/limits.ts'
import { openFrom } from '../../src/session/opening.ts'
import { initiate, sealTo } from '../../src/session/pairing.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { bundleOf, oneTimeLeft } from '../../src/session/prekeys.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { StoreError } from '../../src/ports.ts'
import { frame } from '../../src/wire/frame.ts'
import { haveOf } from '../fixtures/have.ts'
import { conversationOn, diskWith, nodeOn, peerOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, DAY_MS, invite, meet, MINUTE_MS, open, revive, say, texts, ticks } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { PayloadItem } from '../../src/session/payload.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Head, WireEntry } from '../../src/wire/entry.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const random = createSeeded(5).bytes

/** Own entries of somebody, as they lie on the disk. */
const entriesOf = (person: Person, id: ConversationId): readonly WireEntry[] =>
  [...(person.disk().tables.get('entries') ?? [])]
    .filter(([key]) => key.startsWith(`${id}/${person.device()}`))
    .map(([, row]) => decode(storedEntry, row.value).wire)

const listOf = (person: Person): Uint8Array => nodeOn(person.disk()).self.list.signed

/** A list as costly as one can be: the keys are many, and only its signature shows that it is none of theirs. */
function forgedList(of: Person): Uint8Array {
  const list = parseDeviceList(listOf(of))
  if (list === undefined) throw new Error('no list')
  const devices = Array.from({ length: DEVICES_PER_ACCOUNT_MAX }, () => ({ ...devicePublicOf(createDevice(random)), added: 1 }))
  return signDeviceList({ ...list, issued: list.issued + 1, devices }, createAccount(random))
}

function foreignList(): Uint8Array {
  const secret = createAccount(random)
  const devices = [{ ...devicePublicOf(createDevice(random)), added: 1 }]
  return signDeviceList({ accountKey: accountKeyOf(secret), serial: 0, prev: new Uint8Array(32), issued: 1, devices, revoked: [] }, secret)
}

/** How often a line of the log says that something of a kind was refused. */
function refusals(person: Person, what: string): number {
  const counts = person.lines.flatMap((line) => new RegExp(`refused: ${what}(?: \\((\\d+) times\\))?$`).exec(line) ?? [])
  return counts.filter((_, at) => at % 2 === 1).reduce((sum, count) => sum + Number(count ?? 1), 0)
}

function give(stage: Stage, to: Person, { from, frames }: { readonly from: Person; readonly frames: readonly Frame[] }): void {
  for (const item of frames) stage.network.inject(to.device(), { kind: 'frame', device: from.device(), frame: encode(frame, item) })
}

test('an own message does not wait for what a contact has sent before', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const list: Frame = { kind: 'device-list', list: foreignList() }
  give(stage, alice, { from: bob, frames: Array.from({ length: 2_000 }, () => list) })
  await say(stage, alice, id, 'mine')
  expect(refusals(alice, 'device list, stranger')).toBeLessThan(500)
  await stage.pass(5_000)
  expect(refusals(alice, 'device list, stranger')).toBe(2_000)
})

test.each(['bob', 'alice'] as const)('an entry far ahead in the feed of %s is not asked for without end', async (author) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.setOnline(bob.device(), 'offline')
  const [own] = entriesOf(author === 'bob' ? bob : alice, id)
  if (own === undefined) throw new Error('nothing was written')
  const header = encode(entryHeader, { ...decode(entryHeader, own.header), conversation: id, seq: SEQ_MAX, chain: chainIdOf(random(16)) })
  give(stage, alice, {
    from: bob,
    frames: [{ kind: 'entries', conversation: id, entries: [{ header, signature: undefined, body: undefined }] }],
  })
  await stage.pass(1_000)
  stage.network.inject(alice.device(), { kind: 'peer-down', device: bob.device() })
  let questions = 0
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'deposit') questions += 1
    return undefined
  }
  for (let at = 0; at < ASKS_MAX + 5; at++) {
    alice.skew += 90 * MINUTE_MS
    await stage.pass(2_000)
  }
  // Seven times it says that it lacks what opens it.
  expect(questions).toBe(author === 'bob' ? ASKS_MAX + 7 : 0)
})

/** So many bytes are left of what contacts may have written at somebody on this day. */
async function leaveOfDay(stage: Stage, person: Person, left: number): Promise<void> {
  const taken = { day: Math.floor(stage.scheduler.now() / DAY_MS), bytes: TAKEN_BYTES_PER_DAY_MAX - left }
  person.restore(
    diskWith(person.disk(), (node) => ({
      ...node,
      peers: node.peers.values().reduce((peers, peer) => peers.with(peer.device.id, { ...peer, taken }), node.peers),
    })),
  )
  await revive(stage, person)
}

test('a contact who writes without end is read up to so many bytes a day, and the rest comes on the days after', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await leaveOfDay(stage, alice, 60_000)
  const long = Array.from({ length: 6 }, (_, at) => `${at}`.padEnd(15_000, 'x'))
  for (const text of long) {
    await say(stage, bob, id, text)
    await stage.pass(5_000)
  }
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...long.slice(0, 3)])
  let requests = 0
  stage.network.relay.refuse = () => void (requests += 1)
  await stage.pass(10 * MINUTE_MS)
  expect(requests).toBeLessThan(60)
  expect(await texts(stage, alice, id)).toHaveLength(5)
  alice.skew += DAY_MS
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...long])
})

test('a contact is not heard later because another one sends much', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const carol = await stage.enter('carol')
  const { id: other, link } = await invite(stage, alice, 'for carol')
  await open(stage, carol, link)
  await say(stage, carol, other, 'carol is here')
  await stage.pass(5_000)
  stage.network.setOnline(bob.device(), 'offline')
  await say(stage, bob, id, 'can you hear me?')
  const list: Frame = { kind: 'device-list', list: foreignList() }
  give(stage, alice, { from: carol, frames: Array.from({ length: 3_000 }, () => list) })
  give(stage, alice, { from: bob, frames: [{ kind: 'entries', conversation: id, entries: entriesOf(bob, id) }] })
  await stage.pass(20)
  expect((await texts(stage, alice, id)).at(-1)).toBe('can you hear me?')
  expect(refusals(alice, 'device list, stranger')).toBeLessThan(2_000)
})

test('of the device lists that a contact sends, few are judged in a minute', async () => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  const lists = Array.from({ length: 100 }, (): Frame => ({ kind: 'device-list', list: forgedList(bob) }))
  give(stage, alice, { from: bob, frames: lists })
  await stage.pass(3_000)
  expect(refusals(alice, 'device list, signature')).toBe(COSTLY_PER_MINUTE_MAX)
  expect(refusals(alice, 'device list, too-many')).toBe(100 - COSTLY_PER_MINUTE_MAX)
  await stage.pass(MINUTE_MS)
  give(stage, alice, { from: bob, frames: lists.slice(0, 1) })
  await stage.pass(3_000)
  expect(refusals(alice, 'device list, signature')).toBe(COSTLY_PER_MINUTE_MAX + 1)
})

test('the list that is known costs nothing, however often it comes', async () => {
  const stage = createStage()
  const { alice, bob } = await meet(stage)
  const list: Frame = { kind: 'device-list', list: listOf(bob) }
  give(stage, alice, { from: bob, frames: Array.from({ length: 100 }, () => list) })
  await stage.pass(3_000)
  expect(alice.lines.filter((line) => line.includes('device list'))).toEqual([])
})

test('of the sessions that a contact begins, few are tried in a minute, and the one that is under way goes on', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const endOf = (person: Person) => {
    const { account, device, list } = nodeOn(person.disk()).self
    return { account, device, listHash: list.hash }
  }
  const bundle = bundleOf(nodeOn(alice.disk()).prekeys, { oneTime: undefined })
  const now = { now: stage.scheduler.now(), random }
  const frames = Array.from({ length: 60 }, (): Frame => {
    const initiation = initiate(undefined, { self: endOf(bob), peer: endOf(alice) }, bundle, now)
    if (initiation.kind === 'refused') throw new Error(initiation.reason)
    const { envelope } = sealTo(initiation.pairing, new Uint8Array(10), now)
    return { kind: 'envelope', from: bob.device(), envelope: envelope.map((byte, at) => (at === envelope.length - 1 ? byte ^ 1 : byte)) }
  })
  give(stage, alice, { from: bob, frames })
  await stage.pass(3_000)
  expect(refusals(alice, 'envelope, sealed')).toBe(COSTLY_PER_MINUTE_MAX)
  expect(refusals(alice, 'envelope, too-many')).toBe(60 - COSTLY_PER_MINUTE_MAX)
  await say(stage, bob, id, 'still here')
  await stage.pass(5_000)
  expect((await texts(stage, alice, id)).at(-1)).toBe('still here')
})

test('of the envelopes that are said to come after very many others, few are tried in a minute', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  let { pairing } = peerOn(bob, alice.device())
  const now = { now: stage.scheduler.now(), random }
  const sealed = Array.from({ length: STEPS_LEFT_OUT_FREELY_MAX + 60 }, (): Uint8Array => {
    const next = pairing && sealTo(pairing, new Uint8Array(1), now)
    if (next === undefined) throw new Error('no session')
    pairing = next.pairing
    return next.envelope
  })
  const frames = sealed.map((envelope): Frame => ({
    kind: 'envelope',
    from: bob.device(),
    envelope: envelope.with(-1, (envelope.at(-1) ?? 0) ^ 1),
  }))
  give(stage, alice, { from: bob, frames })
  await stage.pass(3_000)
  // Those whose steps do not sum up to more than the bound, and as many of those that leave out more as may cost.
  const free = sealed.findIndex((_, at) => (at * (at + 1)) / 2 > STEPS_PER_MINUTE_MAX)
  expect(free).toBeLessThan(STEPS_LEFT_OUT_FREELY_MAX)
  const tried = refusals(alice, 'envelope, sealed')
  expect(tried).toBeGreaterThanOrEqual(free + COSTLY_PER_MINUTE_MAX)
  expect(tried).toBeLessThanOrEqual(free + 1 + COSTLY_PER_MINUTE_MAX)
  expect(refusals(alice, 'envelope, too-many')).toBe(sealed.length - tried)
  await say(stage, bob, id, 'still here')
  await stage.pass(5_000)
  expect((await texts(stage, alice, id)).at(-1)).toBe('still here')
})

test('who says again and again that it was restored uses up no prekeys that others need', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  let { pairing } = peerOn(bob, alice.device())
  const now = { now: stage.scheduler.now(), random }
  const lost = encodePayload(Array.from({ length: PAYLOAD_ITEMS_MAX }, () => ({ kind: 'lost', conversation: id })))
  const flood = Array.from({ length: 60 }, (): Frame => {
    const sealed = pairing && sealTo(pairing, lost, now)
    if (sealed === undefined) throw new Error('no session')
    pairing = sealed.pairing
    return { kind: 'envelope', from: bob.device(), envelope: sealed.envelope }
  })
  const held = () => nodeOn(alice.disk()).prekeys.oneTime
  const before = held().filter((prekey) => prekey.with !== undefined).length
  const waiting = () => peerOn(alice, bob.device()).envelopes.length
  const waited = waiting()
  give(stage, alice, { from: bob, frames: flood.slice(0, 1) })
  await stage.pass(50)
  expect(waiting()).toBe(waited + 1)
  give(stage, alice, { from: bob, frames: flood.slice(1) })
  await stage.pass(200)
  expect(refusals(alice, 'envelope, .*')).toBe(0)
  expect(waiting()).toBeLessThanOrEqual(waited + RIDING_ENVELOPES_MAX)
  expect(held().filter((prekey) => prekey.with !== undefined).length).toBe(before + PREKEYS_PER_MINUTE_MAX)
  expect(oneTimeLeft(nodeOn(alice.disk()).prekeys)).toBeGreaterThan(0)
})

test('who offers key upon key for healing is answered a few times in a minute', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  bob.crash()
  const now = { now: stage.scheduler.now(), random }
  const answers = () => peerOn(alice, bob.ownDevice()).envelopes.filter(({ envelope }) => envelope.length === EMPTY_ANSWER_BYTES)
  const { account, device, list } = nodeOn(bob.disk()).self
  const { self } = nodeOn(alice.disk())
  const ends = {
    self: { account, device, listHash: list.hash },
    peer: { account: self.account, device: self.device, listHash: self.list.hash },
  }
  let pairing = peerOn(bob, alice.device()).pairing ?? expect.fail('no session')
  let answered = 0
  for (let at = 0; at < ANSWERS_PER_MINUTE_MAX + 3; at++) {
    const handout = handoutOf(createChain(now))
    const sealed = sealTo(pairing, encodePayload([{ kind: 'chain', conversation: id, handout }]), { ...now, offers: true })
    stage.network.inject(alice.device(), {
      kind: 'frame',
      device: bob.ownDevice(),
      frame: encode(frame, { kind: 'envelope', from: bob.ownDevice(), envelope: sealed.envelope }),
    })
    await stage.pass(500)
    const [answer, ...others] = answers()
    expect(others).toEqual([])
    const opening = openFrom(sealed.pairing, ends, nodeOn(bob.disk()).prekeys, answer?.envelope ?? expect.fail('no answer'), now)
    if (opening.kind === 'opened') answered += 1
    pairing = opening.kind === 'opened' ? opening.pairing : sealed.pairing
  }
  expect(answered).toBe(ANSWERS_PER_MINUTE_MAX)
  expect(refusals(alice, 'healing, too-many')).toBe(3)
})

test('who says without end that it lacks everything gets it a few times, and is served again later', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  for (let at = 0; at < 20; at++) await say(stage, alice, id, `alice ${at}`)
  await stage.pass(5_000)
  const own = entriesOf(alice, id).map(({ header }) => ({ id: entryIdOfHeader(header), ...decode(entryHeader, header) }))
  const last = own.at(-1) ?? expect.fail('nothing was written')
  let sent = 0
  const { send } = stage.network.direct
  const count: typeof send = (client, to, bytes) => {
    const said = decode(frame, bytes)
    if (client.device === alice.device() && said.kind === 'entries')
      sent += said.entries.filter(({ header }) => decode(entryHeader, header).device === alice.device()).length
    return send(client, to, bytes)
  }
  Object.assign(stage.network.direct, { send: count })
  const have = (heads: readonly Head[]): Frame => ({ kind: 'have', have: [haveOf(id, heads)] })
  const flip = async (times: number, ms: number): Promise<void> => {
    for (let at = 0; at < times; at++) {
      give(stage, alice, { from: bob, frames: [have([{ device: alice.device(), seq: last.seq, id: last.id }]), have([])] })
      await stage.pass(ms)
    }
  }
  await flip(40, 100)
  expect(sent).toBe(own.length)
  await flip(40, 100)
  expect(sent).toBeLessThanOrEqual(3 * own.length)
  sent = 0
  await stage.pass(MINUTE_MS)
  await flip(1, 1_000)
  expect(sent).toBe(own.length)
})

test('who asks through the mailbox without end gets what it lacks a few times, and is served again later', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  for (let at = 0; at < 12; at++) await say(stage, alice, id, `${at}`.padEnd(15_000, 'x'))
  await stage.pass(5_000)
  const { outbox } = peerOn(bob, alice.device())
  if (outbox === undefined) throw new Error('no mailbox')
  // Receipts are none of this: of them nothing is lacking.
  const heard = conversationOn(alice, id)?.delivery.get(bob.device())?.told ?? expect.fail('no receipts')
  let deposits = 0
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'deposit') deposits += 1
    return undefined
  }
  const ask = async (times: number): Promise<void> => {
    for (let at = 0; at < times; at++) {
      const heads = [{ device: bob.device(), seq: SEQ_MAX - at, id: entryIdOf(random(32)) }]
      const blob = sealBlob(outbox, [{ kind: 'have', have: [{ ...haveOf(id, heads), heard }] }])
      stage.network.inject(alice.device(), { kind: 'blobs', relay: toHex(outbox.relay.key), blobs: [{ mailbox: outbox.mailbox, blob }] })
      await stage.pass(100)
    }
  }
  await ask(1)
  await stage.pass(2_000)
  const whole = deposits
  expect(whole).toBeGreaterThan(3)
  await ask(100)
  expect(deposits).toBeLessThanOrEqual(3 * whole)
  deposits = 0
  await stage.pass(2 * MINUTE_MS)
  expect(deposits).toBeLessThan(whole)
  deposits = 0
  await ask(1)
  await stage.pass(2_000)
  expect(deposits).toBe(whole)
})

test('on a full disk everything is shown, writing says so, and with room again nothing is missing', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.refuse = () => new StoreError('quota', 'no room is left')
  await say(stage, bob, id, 'while it was full')
  await stage.pass(20_000)
  await expect(stage.done(alice.engine().send({ conversation: id, text: 'mine', ref: 'm' }))).rejects.toMatchObject({ code: 'quota' })
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  alice.crash()
  await revive(stage, alice)
  await stage.pass(20_000)
  expect(alice.isUp()).toBe(true)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  await expect(stage.done(alice.engine().send({ conversation: id, text: 'mine', ref: 'm' }))).rejects.toMatchObject({ code: 'quota' })
  expect(await ticks(stage, bob, id)).toMatchObject({ 'while it was full': 'relay' })
  alice.refuse = undefined
  await stage.pass(10_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'while it was full'])
  await stage.done(alice.engine().send({ conversation: id, text: 'mine', ref: 'm' }))
  await stage.pass(10_000)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'while it was full', 'mine'])
})

test('a disk that is full for what one contact sends keeps nobody else from being answered once there is room', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  alice.refuse = (writes) => (writes.length > 0 ? new StoreError('quota', 'no room is left') : undefined)
  for (let at = 0; at < 5; at++) await say(stage, bob, id, `direct ${at}`)
  await stage.pass(30_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  alice.refuse = undefined
  await stage.pass(60_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...[0, 1, 2, 3, 4].map((at) => `direct ${at}`)])
})

/** Alice has written much that Bob, who is away, has not confirmed. Then he tells her things over their session, one a second. */
async function unconfirmed(stage: Stage) {
  const { alice, bob, id } = await meet(stage)
  const carol = await stage.enter('carol')
  const { id: other, link } = await invite(stage, bob, 'for carol')
  await open(stage, carol, link)
  await say(stage, carol, other, 'carol is here')
  await stage.pass(10_000)
  let { pairing } = peerOn(bob, alice.device())
  const { outbox = expect.fail('no mailbox') } = peerOn(bob, alice.device())
  stage.network.setOnline(bob.device(), 'offline')
  let deposits = 0
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'deposit') deposits += request.deposits.length
    return undefined
  }
  for (let at = 0; at < 12; at++) await say(stage, alice, id, `${at}`.padEnd(15_000, 'x'))
  await stage.pass(5_000)
  return {
    id,
    mailboxes: [carol, alice].map((of) => grantOf((peerOn(bob, of.device()).inbox ?? expect.fail('no mailbox')).keys)),
    /** Deposits since this was asked last. */
    deposits: (): number => {
      const count = deposits
      deposits = 0
      return count
    },
    tell: async (items: readonly PayloadItem[]): Promise<void> => {
      for (const item of items) {
        const sealed = pairing && sealTo(pairing, encodePayload([item]), { now: stage.scheduler.now(), random })
        if (sealed === undefined) throw new Error('no session')
        pairing = sealed.pairing
        const blob = sealBlob(outbox, [{ kind: 'envelope', from: bob.device(), envelope: sealed.envelope }])
        stage.network.inject(alice.device(), { kind: 'blobs', relay: toHex(outbox.relay.key), blobs: [{ mailbox: outbox.mailbox, blob }] })
        await stage.pass(1_000)
      }
    },
  }
}

test('envelopes that change something are opened up to what a contact may have written in a day, and on the next day again', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(5_000)
  let { pairing } = peerOn(bob, alice.device())
  const closed = encodePayload([{ kind: 'closed', conversation: id, seq: 0 }])
  const flood = (count: number): readonly Frame[] =>
    Array.from({ length: count }, () => {
      const sealed = pairing && sealTo(pairing, closed, { now: stage.scheduler.now(), random })
      if (sealed === undefined) throw new Error('no session')
      pairing = sealed.pairing
      return { kind: 'envelope', from: bob.device(), envelope: sealed.envelope }
    })
  await leaveOfDay(stage, alice, 50_000)
  give(stage, alice, { from: bob, frames: flood(60) })
  await stage.pass(3_000)
  const refused = refusals(alice, 'envelope, too-much')
  expect(refused).toBeGreaterThan(60 - 50_000 / 4_096)
  expect(refused).toBeLessThan(60)
  alice.skew += DAY_MS
  give(stage, alice, { from: bob, frames: flood(5) })
  await stage.pass(3_000)
  expect(refusals(alice, 'envelope, too-much')).toBe(refused)
})

test('who names another mailbox without end is given everything there a few times, and again later', async () => {
  const stage = createStage()
  const { deposits, mailboxes, tell } = await unconfirmed(stage)
  const whole = deposits()
  expect(whole).toBeGreaterThan(3)
  await tell(Array.from({ length: 40 }, (_, at) => ({ kind: 'mailbox', grant: mailboxes[at % 2] ?? expect.fail('no mailbox') })))
  const given = deposits()
  expect(given).toBeGreaterThanOrEqual(whole)
  expect(given).toBeLessThanOrEqual(5 * whole)
  // The last one was named too soon after those before it. It gets everything all the same.
  await stage.pass(2 * MINUTE_MS)
  expect(deposits()).toBeGreaterThanOrEqual(whole - 1)
})

test('who says without end that it was restored is answered a few times, and again later', async () => {
  const stage = createStage()
  const { id, deposits, tell } = await unconfirmed(stage)
  deposits()
  await tell(Array.from({ length: 40 }, () => ({ kind: 'lost', conversation: id })))
  expect(deposits()).toBe(LOST_PER_MINUTE_MAX)
  await stage.pass(MINUTE_MS)
  deposits()
  await tell([{ kind: 'lost', conversation: id }])
  expect(deposits()).toBe(1)
})
