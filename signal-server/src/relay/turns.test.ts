// Fair turns, told by the order in which the storage is asked, never by time.

import { describe, expect, test } from 'vitest'
import {
  CREATE_TURN_BYTES,
  TURNS_ADDRESS_BYTES_MAX,
  TURNS_ADDRESS_UNDER_WAY_BYTES_MAX,
  TURNS_BYTES_MAX,
  TURNS_MAX,
  TURNS_UNDER_WAY_BYTES_MAX,
} from '../limits.ts'
import { createMemoryStorage } from './index.ts'
import { bindMailbox, connectCore, createWorld } from '../../test/core-client.ts'
import { createMailboxKit, depositOf, randomBlob, shortOf } from '../../test/mailbox-keys.ts'
import { createTurns } from './turns.ts'
import type { Storage } from './index.ts'
import type { MailboxId } from '@kith/protocol'

const FLOOD = '192.0.2.1'
const HOME = '192.0.2.2'

/** A storage that does one thing after the other, as a disk does, and tells which mailboxes had their deposits or were made. */
function slowStorage() {
  const memory = createMemoryStorage()
  const order: MailboxId[] = []
  let last: Promise<unknown> = Promise.resolve()
  const deposit: Storage['deposit'] = (ask) => {
    const outcome = last
      .then(() => new Promise(setImmediate))
      .then(() => (order.push(...ask.deposits.flatMap(({ mailboxes }) => mailboxes)), memory.deposit(ask)))
    last = outcome
    return outcome
  }
  const createMailbox: Storage['createMailbox'] = (ask) => {
    const outcome = last.then(() => new Promise(setImmediate)).then(() => (order.push(ask.mailbox), memory.createMailbox(ask)))
    last = outcome
    return outcome
  }
  return { storage: { ...memory, deposit, createMailbox }, order }
}

describe('an address with many connections', () => {
  test('does not keep another one waiting: a deposit from there is stored after as many as are under way, not after all that wait', async () => {
    const { storage, order } = slowStorage()
    const world = createWorld({ storage })
    const depositor = async (address: string) => {
      const client = await connectCore(world, address)
      const kit = createMailboxKit()
      await client.ask(kit.create)
      await bindMailbox(client, kit)
      return { kit, deposit: () => client.ask(depositOf(kit.mailbox, randomBlob(200))) }
    }
    const alice = await depositor(HOME)
    const mallory = await Promise.all(Array.from({ length: 24 }, () => depositor(FLOOD)))
    order.length = 0
    const flood = mallory.flatMap(({ deposit }) => Array.from({ length: 100 }, deposit))
    expect(shortOf(await alice.deposit())).toBe('deposited')
    const before = order.indexOf(alice.kit.mailbox)
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThanOrEqual(TURNS_MAX + 1)
    const answers = await Promise.all(flood)
    expect(answers.every((answer) => shortOf(answer) === 'deposited')).toBe(true)
  })
})

describe('an address that creates many mailboxes', () => {
  test('has few of them checked at once, and a deposit from elsewhere comes after those', async () => {
    const { storage, order } = slowStorage()
    const world = createWorld({ storage })
    const alice = await connectCore(world, HOME)
    const kit = createMailboxKit()
    await alice.ask(kit.create)
    await bindMailbox(alice, kit)
    const streams = await Promise.all(Array.from({ length: 4 }, () => connectCore(world, FLOOD)))
    order.length = 0
    const flood = Array.from({ length: 40 }, async (_, n) => streams[n % 4]?.ask(createMailboxKit().create))
    expect(shortOf(await alice.ask(depositOf(kit.mailbox, randomBlob(200))))).toBe('deposited')
    expect(order.indexOf(kit.mailbox)).toBeLessThanOrEqual(TURNS_ADDRESS_UNDER_WAY_BYTES_MAX / CREATE_TURN_BYTES)
    for (const answer of await Promise.all(flood)) expect(answer?.kind).toBe('done')
    expect(order).toHaveLength(41)
  })
})

describe('turns', () => {
  /** Work that ends when it is told to, and what has begun so far. */
  function desk() {
    const turns = createTurns()
    const begun: string[] = []
    const ends: (() => void)[] = []
    const ask = (stream: ReturnType<ReturnType<typeof createTurns>['of']>, name: string, bytes = 0) =>
      stream.take(bytes, () => {
        begun.push(name)
        return new Promise<void>((end) => ends.push(end))
      })
    const endAll = async (): Promise<void> => {
      while (ends.length > 0) {
        for (const end of ends.splice(0)) end()
        await new Promise(setImmediate)
      }
    }
    return { turns, begun, ask, endAll }
  }

  test('are so many at once; the next waits, and connections of one address take turns like addresses', async () => {
    const { turns, begun, ask, endAll } = desk()
    const [greedy, quiet, other] = [turns.of(FLOOD), turns.of(FLOOD), turns.of(HOME)]
    for (let n = 0; n < TURNS_MAX + 6; n++) void ask(greedy, `greedy ${n}`)
    expect(begun).toHaveLength(TURNS_MAX)
    for (let n = 0; n < 3; n++) void ask(quiet, `quiet ${n}`)
    for (let n = 0; n < 3; n++) void ask(other, `other ${n}`)
    await endAll()
    const later = begun.slice(TURNS_MAX).map((name) => name.split(' ')[0])
    expect(later).toEqual(
      ['greedy', 'other', 'quiet', 'other', 'greedy', 'other', 'quiet', 'greedy', 'quiet', 'greedy', 'greedy', 'greedy'].slice(
        0,
        later.length,
      ),
    )
    expect(begun.filter((name) => name.startsWith('greedy'))).toEqual(Array.from({ length: TURNS_MAX + 6 }, (_, n) => `greedy ${n}`))
  })

  test('bring so many bytes at once; the next waits, however few calls are under way', async () => {
    const { turns, begun, ask, endAll } = desk()
    const half = TURNS_UNDER_WAY_BYTES_MAX / 2
    for (const [name, bytes] of [
      ['first', half],
      ['second', half - 1],
      ['third', 1],
      ['fourth', 1],
    ] as const)
      void ask(turns.of(FLOOD), name, bytes)
    expect(begun).toEqual(['first', 'second', 'third'])
    await endAll()
    expect(begun).toEqual(['first', 'second', 'third', 'fourth'])
  })

  test('bring few bytes of one address at once where there are others, who would wait for them; whoever is alone has all', async () => {
    const { turns, begun, ask, endAll } = desk()
    const greedy = turns.of(FLOOD)
    const home = turns.of(HOME)
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `greedy ${from + n}`)
    for (const name of names(0, 6)) void ask(greedy, name, TURNS_ADDRESS_UNDER_WAY_BYTES_MAX / 2)
    expect(begun).toEqual(names(0, 2))
    void ask(home, 'home', TURNS_ADDRESS_UNDER_WAY_BYTES_MAX)
    expect(begun).toEqual([...names(0, 2), 'home'])
    home.close()
    home.close()
    expect(begun).toEqual([...names(0, 2), 'home', ...names(2, 6)])
    await endAll()
  })

  test('hold so many bytes of one address and of all; one more is refused, and there is room again when they were taken', async () => {
    const { turns, ask, endAll } = desk()
    const busy = turns.of('198.51.100.1')
    for (let n = 0; n < TURNS_MAX; n++) void ask(busy, `busy ${n}`)
    const fill = (address: string): unknown => ask(turns.of(address), address, TURNS_ADDRESS_BYTES_MAX)
    expect(fill(FLOOD)).toBeInstanceOf(Promise)
    expect(ask(turns.of(FLOOD), 'one more', 1)).toBeUndefined()
    for (let n = 1; n < TURNS_BYTES_MAX / TURNS_ADDRESS_BYTES_MAX; n++) expect(fill(`192.0.3.${n}`)).toBeInstanceOf(Promise)
    expect(ask(turns.of(HOME), 'no room at all', 1)).toBeUndefined()
    await endAll()
    expect(fill(FLOOD)).toBeInstanceOf(Promise)
    await endAll()
  })
})
