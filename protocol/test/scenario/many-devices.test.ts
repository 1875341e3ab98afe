// A chat of more devices than are written to one by one: a message goes to all of them as one blob, each mailbox is answered for by itself, and
// whoever it did not reach gets it another way (docs/decisions/0040).

import { beforeAll, describe, expect, test } from 'vitest'
import { ONE_BY_ONE_MAILBOXES_MAX } from '../../src/limits.ts'
import { blobIdOfSealed } from '../../src/mailbox/blob.ts'
import { sealJointBlob } from '../../src/mailbox/joint-blob.ts'
import { depositedStatement } from '../../src/wire/relay-proof.ts'
import { linkDevice } from '../simulation/devices.ts'
import { conversationOn, nodeOn } from '../simulation/disk.ts'
import { createPerson } from '../simulation/person.ts'
import { earlyDeposits } from '../simulation/promises.ts'
import { NO_RELAY_FAULTS } from '../simulation/relay-path.ts'
import { SABOTAGES } from '../simulation/sabotage.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { haveOf } from '../fixtures/have.ts'
import { createStage, meet, MINUTE_MS, revive, say, texts, ticks } from './stage.ts'
import type { ConversationId, MailboxId } from '../../src/bytes/ids.ts'
import type { Frame } from '../../src/wire/frame.ts'
import type { Deposit, RelayAnswer, RelayAnswerOf, RelayRefusal, Verdict } from '../../src/wire/relay.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'
import type { Person } from '../simulation/person.ts'
import type { Sabotage } from '../simulation/sabotage.ts'
import type { Stage } from './stage.ts'

const DEVICES = ONE_BY_ONE_MAILBOXES_MAX + 2

type Deposited = RelayAnswerOf<'deposited'>
type Many = { readonly stage: Stage; readonly alice: Person; readonly bobs: readonly Person[]; readonly id: ConversationId }
type Disks = {
  readonly id: ConversationId
  readonly now: number
  readonly disks: readonly MemoryStoreImage[]
  readonly documents: ReturnType<Person['documents']>
}

let made: Disks

/** Alice, and Bob with so many devices, all away, as they lie on their disks. Made once: linking takes a handshake for each two. */
beforeAll(async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(30_000)
  for (const person of [alice, bob]) person.crash()
  const now = stage.scheduler.now()
  const linking = { conversation: id, relay: stage.network.address, now, random: createSeeded(7).bytes }
  let disks: readonly MemoryStoreImage[] = [bob.disk(), alice.disk()]
  while (disks.length - 1 < DEVICES) disks = await linkDevice(disks[0] as MemoryStoreImage, disks.slice(1), linking)
  made = { id, now, disks, documents: bob.documents() }
}, 120_000)

/** All of them on a fresh stage. */
async function many(sabotage?: Sabotage): Promise<Many> {
  const stage = createStage()
  await stage.pass(made.now - stage.scheduler.now())
  const luck = createSeeded(11)
  const people = made.disks.map((image, at) => {
    const name = at === 1 ? 'alice' : `bob ${at}`
    const person = createPerson({
      name,
      scheduler: stage.scheduler,
      network: stage.network,
      luck: luck.fork(),
      image,
      ...(sabotage === undefined ? {} : { sabotage }),
    })
    person.putDocuments(made.documents)
    return person
  })
  await reviveAll(stage, people)
  await stage.pass(5_000)
  const [first, alice, ...others] = people as [Person, Person, ...Person[]]
  return { stage, alice, bobs: [first, ...others], id: made.id }
}

async function reviveAll(stage: Stage, people: readonly Person[]): Promise<void> {
  await stage.done(Promise.all(people.filter((person) => !person.isUp()).map((person) => person.start())))
  await stage.pass(3_000)
}

/** The first message goes to each with the key for those after it, and the next one to whoever had asked for something meanwhile. Then all but Alice leave. */
async function begun(sabotage?: Sabotage): Promise<Many> {
  const all = await many(sabotage)
  for (const text of ['first', 'second']) {
    await say(all.stage, all.alice, all.id, text)
    await all.stage.pass(10_000)
  }
  for (const bob of all.bobs) bob.crash()
  return all
}

/** What Alice deposits from here on. `answer`: what she hears instead of the relay's word. */
function watch(
  { stage }: Many,
  answer: (genuine: Deposited, deposits: readonly Deposit[]) => RelayAnswer = (genuine) => genuine,
): Deposit[] {
  const seen: Deposit[] = []
  stage.network.relay.forge = (asked, genuine) => {
    if (asked.kind !== 'deposit' || genuine.kind !== 'deposited') return genuine
    seen.push(...asked.deposits)
    return answer(genuine, asked.deposits)
  }
  return seen
}

/** The relay says that it did not take what was for one of many mailboxes, and proves the rest. */
const without =
  ({ network }: Stage, mailbox: MailboxId, reason: RelayRefusal) =>
  ({ time, verdicts }: Deposited, deposits: readonly Deposit[]): RelayAnswer => {
    const refused: Verdict = { kind: 'refused', reason, retryMs: 0 }
    const isRefused = (at: number, named: MailboxId): boolean => named === mailbox && (deposits[at]?.mailboxes.length ?? 0) > 1
    const stored = deposits.flatMap(({ mailboxes, blob }, at) =>
      mailboxes.filter((named) => !isRefused(at, named)).map((named) => ({ mailbox: named, blob: blobIdOfSealed(blob) })),
    )
    return {
      kind: 'deposited',
      time,
      signature: network.relay.sign(depositedStatement(time, stored)),
      path: [],
      verdicts: verdicts.map((each, at) =>
        each.map((verdict, index) => (isRefused(at, deposits[at]?.mailboxes[index] as MailboxId) ? refused : verdict)),
      ),
    }
  }

const outboxOf = ({ alice }: Many, bob: Person): MailboxId => {
  const mailbox = nodeOn(alice.disk()).peers.get(bob.ownDevice())?.outbox?.mailbox
  if (mailbox === undefined) throw new Error('there is no way to him')
  return mailbox
}
const outboxesOf = (all: Many): readonly MailboxId[] => all.bobs.map((bob) => outboxOf(all, bob)).toSorted()
const placesOf = (deposits: readonly Deposit[]): readonly (readonly MailboxId[])[] => deposits.map(({ mailboxes }) => mailboxes.toSorted())

async function shownTo({ stage, id }: Many, people: readonly Person[]): Promise<readonly (readonly string[])[]> {
  await reviveAll(stage, people)
  await stage.pass(20_000)
  const shown: (readonly string[])[] = []
  for (const person of people) shown.push(await texts(stage, person, id))
  return shown
}

const BEFORE = ['welcome', 'hello', 'first', 'second']

describe('a message to many devices', () => {
  test('is sealed and deposited once, and shown by each', async () => {
    const all = await begun()
    const deposits = watch(all)
    const rows: string[] = []
    all.alice.refuse = (writes) => void rows.push(...writes.flatMap((write) => ('key' in write ? [write.key] : [])))
    await say(all.stage, all.alice, all.id, 'for all')
    await all.stage.pass(5_000)
    expect(placesOf(deposits)).toEqual([outboxesOf(all)])
    expect(await ticks(all.stage, all.alice, all.id)).toMatchObject({ 'for all': 'relay' })
    // One row for all of them, and none for any.
    expect(rows.filter((key) => /\/(?:joint|device)/.test(key))).toEqual([`${all.id}/joint`])
    for (const shown of await shownTo(all, all.bobs)) expect(shown).toEqual([...BEFORE, 'for all'])
  })

  test.each<RelayRefusal>(['full', 'unknown', 'denied', 'too-large'])(
    'that one mailbox refuses as “%s” goes to that one again, and to no other',
    async (reason) => {
      const all = await begun()
      const [bob, other] = all.bobs as [Person, Person, ...Person[]]
      const lost = outboxOf(all, bob)
      const refuse = without(all.stage, lost, reason)
      let times = 0
      const deposits = watch(all, (genuine, asked) => ((times += 1) === 1 ? refuse(genuine, asked) : genuine))
      await say(all.stage, all.alice, all.id, 'for all')
      await all.stage.pass(4 * MINUTE_MS)
      const [joint, ...again] = placesOf(deposits)
      expect(joint).toEqual(outboxesOf(all))
      expect(new Set(again.flat())).toEqual(new Set([lost]))
      // The next one is for all of them again.
      deposits.length = 0
      await say(all.stage, all.alice, all.id, 'and this')
      await all.stage.pass(5_000)
      expect(placesOf(deposits)).toEqual([outboxesOf(all)])
      for (const shown of await shownTo(all, [bob, other])) expect(shown).toEqual([...BEFORE, 'for all', 'and this'])
    },
  )

  test('whose answer proves nothing is deposited again as the same blob, and is there once', async () => {
    const all = await begun()
    const forged = (genuine: Deposited): RelayAnswer => ({ ...genuine, signature: new Uint8Array(64) })
    const deposits = watch(all, (genuine) => (deposits.length < 3 ? forged(genuine) : genuine))
    await say(all.stage, all.alice, all.id, 'for all')
    await all.stage.pass(MINUTE_MS)
    expect(placesOf(deposits)).toEqual([outboxesOf(all), outboxesOf(all), outboxesOf(all)])
    expect(new Set(deposits.map(({ blob }) => blobIdOfSealed(blob))).size).toBe(1)
    const [bob] = all.bobs as [Person, ...Person[]]
    const pushed: string[] = []
    all.stage.network.relay.tamper = (push) => {
      pushed.push(blobIdOfSealed(push.blob))
      return [push]
    }
    expect(await shownTo(all, [bob])).toEqual([[...BEFORE, 'for all']])
    expect(pushed.filter((id) => id === blobIdOfSealed((deposits[0] as Deposit).blob))).toHaveLength(1)
  })

  test('is there once for all, whenever its author dies', async () => {
    const all = await begun()
    const said: string[] = []
    for (let moment = 1; moment <= 8; moment++) {
      said.push(`${moment}`)
      all.alice.say(all.id, `${moment}`)
      all.alice.crashAt(moment)
      await all.stage.pass(3_000)
      if (!all.alice.isUp()) await revive(all.stage, all.alice)
      await all.stage.pass(3_000)
    }
    const [bob, other] = all.bobs as [Person, Person, ...Person[]]
    for (const shown of await shownTo(all, [bob, other])) expect(shown).toEqual([...BEFORE, ...said])
  })
})

/** What Alice believes to have left and has not, after she has written while mailboxes refuse. */
async function mistaken(sabotage?: Sabotage): Promise<readonly string[]> {
  const all = await begun(sabotage)
  const { relay } = all.stage.network
  relay.faults = { ...NO_RELAY_FAULTS, refusals: 0.3 }
  for (const text of ['one', 'two', 'three']) {
    all.alice.say(all.id, text)
    await all.stage.pass(3_000)
  }
  const around = {
    deeds: new Map(),
    ledger: relay.ledger,
    losses: { atRelay: new Set<never>(), gone: new Set<never>(), unreadable: new Set<never>() },
    restores: 0,
  }
  return earlyDeposits(around, { id: all.id, link: '', sides: [[all.alice], all.bobs] }, () => false)
}

test('what some of many mailboxes refuse never counts as left there', async () => {
  expect(await mistaken()).toEqual([])
})

test('a planted bug that takes a refusal for a receipt is noticed', async () => {
  expect((await mistaken(SABOTAGES['refused-as-stored'])).join()).toContain('was never in that mailbox')
})

describe('what is said by a relay, or with its help', () => {
  test('another’s joint blob, shown in a mailbox of somebody else, opens for nobody and stays there', async () => {
    const all = await begun()
    const [bob, other] = all.bobs as [Person, Person, ...Person[]]
    const deposits = watch(all)
    await say(all.stage, all.alice, all.id, 'for all')
    await all.stage.pass(5_000)
    const [{ blob }] = deposits as [Deposit]
    // What Alice wrote never comes to him from her, and comes from his own other device instead.
    const hers = outboxOf(all, bob)
    await reviveAll(all.stage, [other])
    const theirs = nodeOn(other.disk()).peers.get(bob.ownDevice())?.outbox?.mailbox as MailboxId
    all.stage.network.relay.tamper = (push) => (push.mailbox === hers ? [{ ...push, mailbox: theirs, blob }] : [push])
    other.crash()
    expect(await shownTo(all, [bob])).toEqual([BEFORE])
    all.stage.network.relay.tamper = undefined
    bob.crash()
    expect(await shownTo(all, [bob])).toEqual([[...BEFORE, 'for all']])
  })

  test('a question, sealed by somebody who knows the key, counts for nothing', async () => {
    const all = await begun()
    const [bob, other] = all.bobs as [Person, Person, ...Person[]]
    const [key] = conversationOn(other, all.id)?.blobKeys.get(all.alice.ownDevice()) ?? []
    if (key === undefined) throw new Error('he never got the key')
    const seal = { conversation: all.id, device: all.alice.ownDevice(), key }
    const put = (frames: readonly Frame[]) => {
      const hers = outboxOf(all, bob)
      const blob = sealJointBlob(seal, frames as Parameters<typeof sealJointBlob>[1])
      all.stage.network.relay.tamper = (push) => (push.mailbox === hers ? [{ ...push, blob }] : [push])
    }
    const nothing = haveOf(all.id, [])
    put([{ kind: 'have', have: [nothing] }])
    await say(all.stage, all.alice, all.id, 'lost')
    const before = conversationOn(bob, all.id)?.delivery.get(all.alice.ownDevice())
    await shownTo(all, [bob])
    expect(conversationOn(bob, all.id)?.delivery.get(all.alice.ownDevice())?.announced).toBe(before?.announced)
  })

  test('a device that was restored and has lost the key gets what it lacks all the same', async () => {
    const all = await many()
    const [bob] = all.bobs as [Person, ...Person[]]
    const old = bob.disk()
    for (const text of ['first', 'second']) {
      await say(all.stage, all.alice, all.id, text)
      await all.stage.pass(10_000)
    }
    for (const one of all.bobs) one.crash()
    bob.restore(old)
    const deposits = watch(all)
    await say(all.stage, all.alice, all.id, 'for all')
    await all.stage.pass(5_000)
    expect(placesOf(deposits)).toEqual([outboxesOf(all)])
    await reviveAll(all.stage, [bob])
    await all.stage.pass(5 * MINUTE_MS)
    expect(await texts(all.stage, bob, all.id)).toContain('for all')
  })

  test('what opens with no key stays at the relay, and is asked for less and less often', async () => {
    const all = await begun()
    const [bob] = all.bobs as [Person, ...Person[]]
    const hers = outboxOf(all, bob)
    await say(all.stage, all.alice, all.id, 'hidden')
    await all.stage.pass(5_000)
    all.alice.crash()
    all.stage.network.relay.tamper = (push) => (push.mailbox === hers ? [{ ...push, blob: push.blob.map((byte) => byte ^ 1) }] : [push])
    const asked = watch(all)
    expect(await shownTo(all, [bob])).toEqual([BEFORE])
    await all.stage.pass(60 * MINUTE_MS)
    const writer = nodeOn(bob.disk()).peers.get(all.alice.ownDevice())?.outbox?.mailbox
    const times = asked.filter(({ mailboxes }) => mailboxes.some((mailbox) => mailbox === writer)).length
    expect(times).toBeGreaterThan(0)
    // After 10 s, 20 s, 40 s …: nine questions in an hour, and with seven of them what a restored device says.
    expect(times).toBeLessThanOrEqual(16)
    all.stage.network.relay.tamper = undefined
    bob.crash()
    expect(await shownTo(all, [bob])).toEqual([[...BEFORE, 'hidden']])
  })

  test('is forgotten once more has come from whoever left it, who hears what this device has', async () => {
    const all = await begun()
    const [bob] = all.bobs as [Person, ...Person[]]
    const hers = outboxOf(all, bob)
    const junk = createSeeded(3).bytes(1_064)
    const forgotten: string[] = []
    const { relay } = all.stage.network
    let times = 0
    relay.tamper = (push) => (push.mailbox === hers && (times += 1) === 1 ? [{ ...push, blob: junk }, push] : [push])
    relay.forge = (asked, genuine) => {
      if (asked.kind === 'acknowledge') forgotten.push(...asked.stored.flatMap(({ blobs }) => blobs))
      return genuine
    }
    await say(all.stage, all.alice, all.id, 'for all')
    await all.stage.pass(5_000)
    await reviveAll(all.stage, [bob])
    expect(await texts(all.stage, bob, all.id)).toEqual([...BEFORE, 'for all'])
    expect(forgotten).toContain(blobIdOfSealed(junk))
    expect(conversationOn(bob, all.id)?.missing).toMatchObject({ asks: 0, shut: [all.alice.ownDevice()] })
    await all.stage.pass(MINUTE_MS)
    expect(conversationOn(bob, all.id)?.missing).toBeUndefined()
  })
})

describe('a relay that stored it for one call of several', () => {
  test('is given the rest once more, and those alone', async () => {
    const all = await begun()
    const half = Math.ceil(DEVICES / 2)
    // As if no more went into one deposit: what the relay hears of the others is that it has no time.
    let isBusy = true
    const deposits = watch(all, ({ time }, asked) => {
      const [{ mailboxes, blob }] = asked as [Deposit]
      const taken = isBusy ? mailboxes.slice(0, half) : mailboxes
      isBusy = false
      const stored = taken.map((mailbox) => ({ mailbox, blob: blobIdOfSealed(blob) }))
      const busy: Verdict = { kind: 'refused', reason: 'busy', retryMs: 0 }
      const verdicts = [mailboxes.map((mailbox): Verdict => (taken.includes(mailbox) ? { kind: 'done' } : busy))]
      return { kind: 'deposited', time, signature: all.stage.network.relay.sign(depositedStatement(time, stored)), path: [], verdicts }
    })
    await say(all.stage, all.alice, all.id, 'for all')
    await all.stage.pass(10_000)
    expect(deposits.map(({ mailboxes }) => mailboxes.length)).toEqual([DEVICES, DEVICES - half])
    expect(deposits[1]?.mailboxes).toEqual(deposits[0]?.mailboxes.slice(half))
    expect(new Set(deposits.map(({ blob }) => blobIdOfSealed(blob))).size).toBe(1)
    expect(await ticks(all.stage, all.alice, all.id)).toMatchObject({ 'for all': 'relay' })
    for (const shown of await shownTo(all, all.bobs)) expect(shown).toEqual([...BEFORE, 'for all'])
  })
})

describe('what waits for many is put together', () => {
  /** So many messages, each at the relay before the next is written. */
  async function write({ stage, alice, id }: Many, count: number, from = 0): Promise<readonly string[]> {
    const written = Array.from({ length: count }, (_, at) => `${from + at}: some words, as in a message`)
    for (const text of written) {
      await say(stage, alice, id, text)
      await stage.pass(1_000)
    }
    return written
  }
  /** Blobs that are pushed to a person from now on. */
  function countPushes({ stage }: Many): (person: Person) => number {
    const pushes: string[] = []
    stage.network.relay.tamper = (push) => {
      pushes.push(push.device)
      return [push]
    }
    return (person) => pushes.filter((device) => device === person.device()).length
  }
  const COUNT = 40
  const FEW_BLOBS = 16

  test('where all are away, once for all of them', async () => {
    const all = await begun()
    const deposits = watch(all)
    const written = await write(all, COUNT)
    expect(deposits.every(({ mailboxes }) => mailboxes.length === DEVICES)).toBe(true)
    const [first, second] = all.bobs as [Person, Person]
    const pushesTo = countPushes(all)
    expect(await shownTo(all, [first])).toEqual([[...BEFORE, ...written]])
    expect(pushesTo(first)).toBeLessThan(FEW_BLOBS)
    expect(await shownTo(all, [second])).toEqual([[...BEFORE, ...written]])
  })

  test('where few of them are away, for each of these', async () => {
    const all = await begun()
    await reviveAll(all.stage, all.bobs.slice(1))
    await all.stage.pass(10_000)
    const written = await write(all, COUNT)
    const [first] = all.bobs as [Person]
    const pushesTo = countPushes(all)
    expect(await shownTo(all, [first])).toEqual([[...BEFORE, ...written]])
    expect(pushesTo(first)).toBeLessThan(FEW_BLOBS)
  })

  test('and whoever has fetched some of it gets the rest as it lies there', async () => {
    const all = await begun()
    const [first, second] = all.bobs as [Person, Person]
    const before = await write(all, 4)
    expect(await shownTo(all, [first])).toEqual([[...BEFORE, ...before]])
    first.crash()
    const after = await write(all, COUNT, before.length)
    expect(await shownTo(all, [first, second])).toEqual([
      [...BEFORE, ...before, ...after],
      [...BEFORE, ...before, ...after],
    ])
  })
})
