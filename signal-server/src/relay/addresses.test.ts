// What the streams of one address may create together.

import { describe, expect, test } from 'vitest'
import { recordIdOf } from '@kith/protocol'
import { connectCore, createWorld } from '../../test/core-client.ts'
import { createMailboxKit, shortOf } from '../../test/mailbox-keys.ts'
import { ADDRESS_CREATES_PER_MINUTE_MAX, ADDRESSES_REMEMBERED_MAX, CREATE_RATE } from '../limits.ts'
import { createAddressRates } from './addresses.ts'
import { perMinute } from './rates.ts'
import type { RelayRequest } from '@kith/protocol'

const ZERO = new Uint8Array(32)
const PUT: RelayRequest = {
  kind: 'put-record',
  record: recordIdOf(ZERO),
  owner: ZERO,
  serial: 1,
  expires: 1,
  blob: ZERO,
  signature: new Uint8Array(64),
}

describe('the streams of one address', () => {
  test('create so much together, however many they are; the next waits, and another address goes on', async () => {
    const world = createWorld()
    const create = async (address: string | undefined): Promise<string> => {
      const client = await connectCore(world, address)
      return shortOf(await client.ask(createMailboxKit().create))
    }
    // Keys that are none are refused before anything is computed, and count all the same.
    const mallory = await Promise.all(
      Array.from({ length: Math.ceil(ADDRESS_CREATES_PER_MINUTE_MAX / CREATE_RATE.burst) }, () => connectCore(world, '192.0.2.1')),
    )
    const empty = { ...createMailboxKit().create, readKey: ZERO }
    for (let n = 0; n < ADDRESS_CREATES_PER_MINUTE_MAX; n++) {
      const client = mallory[n % mallory.length]
      expect(client && shortOf(await client.ask(empty))).toBe('malformed')
    }
    expect(await create('192.0.2.1')).toBe('too-many')
    expect(shortOf(await (await connectCore(world, '192.0.2.1')).ask(PUT))).toBe('too-many')
    expect(world.crowded).toBe(2)
    expect(await create('192.0.2.2')).toBe('done')
    expect(await create(undefined)).toBe('done')
    world.now += 60_000 / ADDRESS_CREATES_PER_MINUTE_MAX
    expect(await create('192.0.2.1')).toBe('done')
    expect(await create('192.0.2.1')).toBe('too-many')
  })
  test('that only use what is there do not wait', async () => {
    const world = createWorld()
    const client = await connectCore(world, '192.0.2.1')
    for (let n = 0; n <= ADDRESS_CREATES_PER_MINUTE_MAX; n++) expect(shortOf(await client.ask({ kind: 'ping' }))).toBe('done')
    expect(world.crowded).toBe(0)
  })
})

describe('addresses', () => {
  test('are told how long to wait', () => {
    const rates = createAddressRates(perMinute(2))
    expect([rates.take('a', 0), rates.take('a', 0), rates.take('a', 0), rates.take('a', 29_999), rates.take('a', 30_000)]).toEqual([
      0, 0, 30_000, 1, 0,
    ])
  })
  test('are remembered, so many, and the one that was quiet for longest is forgotten', () => {
    const rates = createAddressRates(perMinute(1))
    for (let n = 0; n < ADDRESSES_REMEMBERED_MAX; n++) rates.take(`address ${n}`, 0)
    expect(rates.take('address 0', 0)).toBeGreaterThan(0)
    expect(rates.take('one more', 0)).toBe(0)
    expect(rates.take('address 0', 0)).toBeGreaterThan(0)
    expect(rates.take('address 1', 0)).toBe(0)
  })
})
