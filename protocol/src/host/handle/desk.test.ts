// What lies at the desk of a handle: so much of what strangers leave, and the newest keys that they sealed it to.

import { expect, test } from 'vitest'
import { seededRandom } from '../../../test/vectors/seeded-random.ts'
import { accountId, toUnixMs } from '../../bytes/ids.ts'
import { decode } from '../../bytes/codec.ts'
import { DESK_SEEDS_MAX, HELLOS_UNREAD_MAX } from '../../handle/limits.ts'
import { createMailboxKeys } from '../../mailbox/keys.ts'
import { createDesk } from './desk.ts'
import { readHandleRow, writeHandleRow } from './row.ts'
import type { StoreWrite } from '../../ports.ts'
import type { RelayRequest } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'
import type { OwnHandle } from './row.ts'

const random = seededRandom('desk')
const inbox = { keys: createMailboxKeys({ key: random(32), url: 'wss://relay.example.org' }, random), registered: true }
const ownWith = (seeds: number): OwnHandle => ({
  handle: 'alice',
  isListed: false,
  inbox,
  seeds: Array.from({ length: seeds }, () => random(32)),
  issued: 1,
})

function rowsIn() {
  const rows = new Map<string, Uint8Array>()
  return {
    get: (_: string, key: string) => Promise.resolve(rows.get(key)),
    commit(writes: readonly StoreWrite[]) {
      for (const write of writes) if (write.kind === 'put') rows.set(write.key, write.value)
      return Promise.resolve()
    },
  }
}

test('keeps so many keys, and no more can be written', async () => {
  const rows = rowsIn()
  await writeHandleRow(rows, ownWith(DESK_SEEDS_MAX))
  expect((await readHandleRow(rows))?.seeds).toHaveLength(DESK_SEEDS_MAX)
  expect(() => writeHandleRow(rows, ownWith(DESK_SEEDS_MAX + 1))).toThrow()
})

test('has so many first words at hand that are not judged yet, and leaves the others at the relay', async () => {
  const rows = rowsIn()
  await writeHandleRow(rows, ownWith(1))
  const requests: RelayRequest[] = []
  const self = { account: decode(accountId, random(32)) }
  const loop = {
    state: () => ({ self, net: { relays: new Map() } }),
    push: () => undefined,
    ask: () => Promise.resolve(),
  } as unknown as Loop
  const network = {
    request(_: string, request: RelayRequest) {
      requests.push(request)
      return Promise.resolve({ kind: 'done' } as const)
    },
  }
  const desk = createDesk({ rows, network, clock: () => toUnixMs(0), random, loop, log: () => undefined })
  await desk.read()
  for (let n = 0; n <= HELLOS_UNREAD_MAX; n += 1) expect(desk.take('relay', { mailbox: inbox.keys.mailbox, blob: random(40) })).toBe(true)
  for (let n = 0; n <= HELLOS_UNREAD_MAX + 1; n += 1) {
    desk.tick()
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
  }
  expect(requests.filter(({ kind }) => kind === 'acknowledge')).toHaveLength(HELLOS_UNREAD_MAX)
})
