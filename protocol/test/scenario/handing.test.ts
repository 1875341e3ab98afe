// A new chain in a chat of very many devices: it is handed out so many at a time, to those first who are there, and nobody gets an entry before it
// (docs/decisions/0040).

import { describe, expect, test } from 'vitest'
import { HANDED_AT_ONCE_MAX } from '../../src/limits.ts'
import { lengthOf } from '../../src/log/log.ts'
import { isHanded } from '../../src/node/delivery/reach.ts'
import { conversationOn, diskWith, nodeOn } from '../simulation/disk.ts'
import { createMailboxes, createStrangers, withStrangers } from '../simulation/strangers.ts'
import { createStage, meet, revive, texts } from './stage.ts'
import type { ConversationId, DeviceId, MailboxId } from '../../src/bytes/ids.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const STRANGERS = HANDED_AT_ONCE_MAX + 10
/** Making mailboxes for so many takes seconds. */
const MANY_MS_MAX = 60_000

type Many = {
  readonly stage: Stage
  readonly alice: Person
  readonly bob: Person
  readonly id: ConversationId
  readonly strangers: readonly DeviceId[]
  /** Rows about other devices in each of Alice’s commits. */
  readonly commits: number[]
}

/** Alice and Bob are connected directly, and nobody else is there. */
async function many(): Promise<Many> {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await stage.pass(30_000)
  alice.crash()
  const strangers = createStrangers(stage.network, STRANGERS)
  await createMailboxes(stage.network, strangers, stage.done)
  alice.put(diskWith(alice.disk(), (node) => withStrangers(node, id, strangers)))
  await revive(stage, alice)
  await stage.pass(60_000)
  const commits: number[] = []
  alice.refuse = (writes) => void commits.push(writes.filter((write) => 'table' in write && write.table === 'peers').length)
  return { stage, alice, bob, id, strangers: strangers.map(({ device }) => device), commits }
}

/** How many envelopes wait for each stranger, of those that a chain came with. */
function handed({ alice, id, strangers }: Many): readonly number[] {
  const { peers } = nodeOn(alice.disk())
  return strangers.map(
    (device) => peers.get(device)?.envelopes.filter((pending) => pending.conversation === id && pending.from === pending.until).length ?? 0,
  )
}

const isUnderWay = ({ alice, id }: Many): boolean => conversationOn(alice, id)?.handing !== undefined

describe('a new chain among very many', { timeout: MANY_MS_MAX }, () => {
  test('takes steps of a bounded size, and whoever is there has its turn first', async () => {
    const all = await many()
    all.alice.say(all.id, 'first')
    for (let ms = 0; !isUnderWay(all) && ms < 1_000; ms++) await all.stage.pass(1)
    const conversation = conversationOn(all.alice, all.id)
    if (conversation === undefined) throw new Error('the chat is gone')
    expect(isUnderWay(all)).toBe(true)
    expect(isHanded(conversation, all.bob.ownDevice())).toBe(true)
    await all.stage.pass(3_000)
    expect(isUnderWay(all)).toBe(false)
    expect(Math.max(...all.commits)).toBeLessThanOrEqual(2 * HANDED_AT_ONCE_MAX)
    expect(handed(all)).toEqual(Array(STRANGERS).fill(1))
    expect(await texts(all.stage, all.bob, all.id)).toContain('first')
  })

  test('goes on after a crash at any moment, to whoever has not had its turn, and from its beginning', async () => {
    const all = await many()
    for (let moment = 1; moment <= 6; moment++) {
      if (moment === 1 || isUnderWay(all)) all.alice.say(all.id, `${moment}`)
      all.alice.crashAt(moment)
      await all.stage.pass(2_000)
      if (!all.alice.isUp()) await revive(all.stage, all.alice)
    }
    await all.stage.pass(5_000)
    expect(isUnderWay(all)).toBe(false)
    expect(handed(all)).toEqual(Array(STRANGERS).fill(1))
    const log = conversationOn(all.alice, all.id)?.log
    const length = log === undefined ? 0 : lengthOf(log, all.alice.ownDevice())
    const { peers } = nodeOn(all.alice.disk())
    const froms = new Set(all.strangers.flatMap((device) => peers.get(device)?.envelopes.map(({ from }) => from) ?? []))
    expect(froms.size).toBe(1)
    expect([...froms][0]).toBeLessThan(length)
  })

  test('no entry of it is left for anybody before', async () => {
    const all = await many()
    const before = new Set<MailboxId>()
    const { relay } = all.stage.network
    const names = new Map(
      nodeOn(all.alice.disk())
        .peers.values()
        .map(({ device: { id: device }, outbox }) => [outbox?.mailbox, device] as const),
    )
    relay.forge = (asked, answer) => {
      if (asked.kind === 'deposit' && isUnderWay(all)) {
        const conversation = conversationOn(all.alice, all.id)
        for (const mailbox of asked.deposits.flatMap(({ mailboxes }) => mailboxes)) {
          const device = names.get(mailbox)
          if (conversation !== undefined && device !== undefined && !isHanded(conversation, device)) before.add(mailbox)
        }
      }
      return answer
    }
    for (const text of ['one', 'two', 'three']) all.alice.say(all.id, text)
    await all.stage.pass(5_000)
    expect(isUnderWay(all)).toBe(false)
    expect([...before]).toEqual([])
    expect(handed(all)).toEqual(Array(STRANGERS).fill(1))
  })
})
