// Records and prekeys: ownership, serials, ends, and the queue of one-time prekeys.

import { describe, expect, test } from 'vitest'
import {
  prekeysPutStatement,
  RECORD_BYTES_MAX,
  RECORD_WORD_BYTES_MAX,
  recordClaimStatement,
  recordedStatement,
  recordEndStatement,
  recordIdOf,
  recordPutStatement,
  sign,
  signingKeyOf,
  verify,
} from '@kith/protocol'
import { connectCore, createWorld } from '../../test/core-client.ts'
import { shortOf } from '../../test/mailbox-keys.ts'
import { ONE_TIME_PREKEYS_KEPT_MAX, PREKEYS_MS_MAX, RECORD_GET_RATE, RECORD_MS_MAX, RECORDS_PER_OWNER_MAX } from '../limits.ts'
import type { RecordId, RelayRequestOf } from '@kith/protocol'
import type { CoreClient, World } from '../../test/core-client.ts'

const RECORD = recordIdOf(new Uint8Array(32).fill(3))
const DAY_MS = 86_400_000
const ALICE = new Uint8Array(32).fill(1)
const MALLORY = new Uint8Array(32).fill(2)

type Put = {
  readonly serial?: number
  readonly blob?: Uint8Array
  readonly expires?: number
  readonly seed?: Uint8Array
  readonly record?: RecordId
}
function recordPut(
  world: World,
  { serial = 1, blob = Uint8Array.of(1), expires = world.now + DAY_MS, seed = ALICE, record = RECORD }: Put = {},
): RelayRequestOf<'put-record'> {
  const signature = sign(seed, recordPutStatement(record, serial, expires, blob))
  return { kind: 'put-record', record, owner: signingKeyOf(seed), serial, expires, blob, signature }
}
type PutPrekeys = {
  readonly serial?: number
  readonly oneTime?: readonly Uint8Array[]
  readonly reusable?: Uint8Array
  readonly seed?: Uint8Array
}
function prekeysPut({
  serial = 1,
  oneTime = [Uint8Array.of(1), Uint8Array.of(2)],
  reusable = Uint8Array.of(9),
  seed = ALICE,
}: PutPrekeys = {}) {
  const signature = sign(seed, prekeysPutStatement(RECORD, serial, reusable, oneTime))
  return { kind: 'put-prekeys', record: RECORD, owner: signingKeyOf(seed), serial, reusable, oneTime, signature } as const
}
async function start() {
  const world = createWorld()
  return { world, client: await connectCore(world) }
}

describe('a record', () => {
  test('is read as it was put', async () => {
    const { world, client } = await start()
    expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('unknown')
    expect(shortOf(await client.ask(recordPut(world)))).toBe('recorded')
    expect(await client.ask({ kind: 'get-record', record: RECORD })).toEqual({
      kind: 'record',
      serial: 1,
      expires: world.now + DAY_MS,
      blob: Uint8Array.of(1),
    })
  })
  test('is answered with the signature of the relay, which stands for this content of this record alone', async () => {
    const { world, client } = await start()
    const put = recordPut(world)
    const answer = await client.ask(put)
    if (answer.kind !== 'recorded') throw new Error(answer.kind)
    expect(verify(world.key, recordedStatement(put, answer.time), answer.signature)).toBe(true)
    for (const change of [{ serial: 2 }, { blob: Uint8Array.of(2) }, { record: recordIdOf(new Uint8Array(32)) }])
      expect(verify(world.key, recordedStatement({ ...put, ...change }, answer.time), answer.signature)).toBe(false)
    expect(verify(world.key, recordedStatement(put, answer.time + 1), answer.signature)).toBe(false)
  })
  test('ends with no more than a short word', async () => {
    const { world, client } = await start()
    await client.ask(recordPut(world))
    const end = (word: Uint8Array) =>
      client.ask({ kind: 'end-record', record: RECORD, word, signature: sign(ALICE, recordEndStatement(RECORD, word)) })
    expect(shortOf(await end(new Uint8Array(RECORD_WORD_BYTES_MAX + 1)))).toBe('too-large')
    expect(shortOf(await end(new Uint8Array(RECORD_WORD_BYTES_MAX)))).toBe('done')
  })
  test('needs the signature of its owner over exactly this', async () => {
    const { world, client } = await start()
    const valid = recordPut(world)
    for (const change of [
      { serial: 2 },
      { expires: valid.expires + 1 },
      { blob: Uint8Array.of(2) },
      { owner: signingKeyOf(MALLORY) },
      { owner: new Uint8Array(32) },
    ]) {
      expect(shortOf(await client.ask({ ...valid, ...change }))).toBe('denied')
    }
    expect(shortOf(await client.ask(valid))).toBe('recorded')
  })
  test('belongs to its first writer', async () => {
    const { world, client } = await start()
    await client.ask(recordPut(world))
    expect(shortOf(await client.ask(recordPut(world, { serial: 2, seed: MALLORY })))).toBe('denied')
  })
  test('does not roll back: an older serial, or the same with other content, is stale', async () => {
    const { world, client } = await start()
    const first = recordPut(world)
    expect(shortOf(await client.ask(recordPut(world, { serial: 2 })))).toBe('recorded')
    expect(shortOf(await client.ask(first))).toBe('stale')
    expect(shortOf(await client.ask(recordPut(world, { serial: 2, blob: Uint8Array.of(7) })))).toBe('stale')
    expect(shortOf(await client.ask(recordPut(world, { serial: 2 })))).toBe('recorded')
  })
  test('is gone at its expiry, and cannot be brought back by replaying its put', async () => {
    const { world, client } = await start()
    const put = recordPut(world)
    await client.ask(put)
    world.now = put.expires - 1
    expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('record')
    world.now = put.expires
    expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('unknown')
    expect(shortOf(await client.ask(put))).toBe('stale')
  })
  test('is kept no longer than the relay keeps records', async () => {
    const { world, client } = await start()
    await client.ask(recordPut(world, { expires: world.now + 10 * RECORD_MS_MAX }))
    expect(await client.ask({ kind: 'get-record', record: RECORD })).toMatchObject({ expires: world.now + RECORD_MS_MAX })
  })
  test('once ended gives the last word of its owner until its expiry, and only its owner can end it', async () => {
    const { world, client } = await start()
    const word = Uint8Array.of(1, 2, 3)
    const end = (seed: Uint8Array, over = word) =>
      client.ask({ kind: 'end-record', record: RECORD, word, signature: sign(seed, recordEndStatement(RECORD, over)) })
    expect(shortOf(await end(ALICE))).toBe('unknown')
    await client.ask(recordPut(world))
    expect(shortOf(await end(MALLORY))).toBe('denied')
    expect(shortOf(await end(ALICE, Uint8Array.of(9)))).toBe('denied')
    expect(shortOf(await end(ALICE))).toBe('done')
    expect(shortOf(await end(ALICE))).toBe('done')
    expect(await client.ask({ kind: 'get-record', record: RECORD })).toEqual({ kind: 'ended', word })
    expect(shortOf(await client.ask(recordPut(world, { serial: 2 })))).toBe('ended')
    world.now += DAY_MS
    expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('unknown')
  })
  test('one byte too large, or one record too many of an owner, is refused', async () => {
    const { world, client } = await start()
    expect(shortOf(await client.ask(recordPut(world, { blob: new Uint8Array(RECORD_BYTES_MAX + 1) })))).toBe('too-large')
    for (let n = 0; n < RECORDS_PER_OWNER_MAX; n++) {
      world.now += 1_000
      const record = recordIdOf(Uint8Array.from({ length: 32 }, (_, i) => (i < 2 ? (n >> (8 * i)) & 255 : 5)))
      expect(shortOf(await client.ask(recordPut(world, { record })))).toBe('recorded')
    }
    expect(shortOf(await client.ask(recordPut(world)))).toBe('full')
    expect(shortOf(await client.ask(recordPut(world, { seed: MALLORY })))).toBe('recorded')
  })
})

describe('prekeys', () => {
  test('are drained one by one and then only the reusable ones are left', async () => {
    const { client } = await start()
    const take = () => client.ask({ kind: 'take-prekeys', record: RECORD })
    expect(shortOf(await take())).toBe('unknown')
    expect(shortOf(await client.ask(prekeysPut()))).toBe('done')
    expect(await take()).toEqual({ kind: 'prekeys', reusable: Uint8Array.of(9), oneTime: Uint8Array.of(1), left: 1 })
    expect(await take()).toMatchObject({ oneTime: Uint8Array.of(2), left: 0 })
    expect(await take()).toEqual({ kind: 'prekeys', reusable: Uint8Array.of(9), oneTime: undefined, left: 0 })
  })
  test('need the signature of their owner over exactly this', async () => {
    const { client } = await start()
    const valid = prekeysPut()
    for (const change of [
      { serial: 2 },
      { reusable: Uint8Array.of(8) },
      { oneTime: [Uint8Array.of(2), Uint8Array.of(1)] },
      { owner: signingKeyOf(MALLORY) },
    ]) {
      expect(shortOf(await client.ask({ ...valid, ...change }))).toBe('denied')
    }
    expect(shortOf(await client.ask(valid))).toBe('done')
    expect(shortOf(await client.ask(prekeysPut({ serial: 2, seed: MALLORY })))).toBe('denied')
    expect(shortOf(await client.ask(prekeysPut({ serial: 0 })))).toBe('stale')
  })
  test('keep the newest when there are too many, and are forgotten when nobody renews them', async () => {
    const { world, client } = await start()
    const batch = (from: number) => Array.from({ length: 50 }, (_, n) => Uint8Array.of(from + n))
    for (const serial of [1, 2, 3]) await client.ask(prekeysPut({ serial, oneTime: batch((serial - 1) * 50) }))
    expect(await client.ask({ kind: 'take-prekeys', record: RECORD })).toMatchObject({
      oneTime: Uint8Array.of(50),
      left: ONE_TIME_PREKEYS_KEPT_MAX - 1,
    })
    world.now += PREKEYS_MS_MAX
    expect(shortOf(await client.ask({ kind: 'take-prekeys', record: RECORD }))).toBe('unknown')
  })
  test('too large or too many at once are refused', async () => {
    const { client } = await start()
    expect(shortOf(await client.ask(prekeysPut({ reusable: new Uint8Array(4_097) })))).toBe('too-large')
    expect(shortOf(await client.ask(prekeysPut({ oneTime: [new Uint8Array(2_049)] })))).toBe('too-large')
    expect(shortOf(await client.ask(prekeysPut({ oneTime: Array.from({ length: 51 }, () => Uint8Array.of(1)) })))).toBe('too-large')
  })
})

const GUEST = new Uint8Array(32).fill(4)
const PROOF = new Uint8Array(32).fill(5)

function claimOf({ greeting }: Pick<CoreClient, 'greeting'>, seed = GUEST, more: Partial<RelayRequestOf<'claim-record'>> = {}) {
  const signature = sign(seed, recordClaimStatement(greeting.key, greeting.challenge, { record: RECORD, proof: PROOF }))
  return { kind: 'claim-record', record: RECORD, claimant: signingKeyOf(seed), proof: PROOF, signature, ...more } as const
}

describe('a claim of a record', () => {
  const claimed = { kind: 'claimed', claimant: signingKeyOf(GUEST), proof: PROOF }

  test('keeps the record for whoever proves the key; everybody else is told that it is claimed, and by which proof', async () => {
    const { world, client } = await start()
    expect(shortOf(await client.ask(claimOf(client)))).toBe('unknown')
    await client.ask(recordPut(world))
    expect(await client.ask(claimOf(client))).toMatchObject({ kind: 'record', serial: 1, blob: Uint8Array.of(1) })
    expect(await client.ask({ kind: 'get-record', record: RECORD })).toEqual(claimed)
    const other = await connectCore(world)
    expect(await other.ask({ kind: 'get-record', record: RECORD })).toEqual(claimed)
    expect(await other.ask(claimOf(other, MALLORY))).toEqual(claimed)
    // The same key on another stream: a reload, another tab, an answer that was lost.
    expect(shortOf(await other.ask(claimOf(other)))).toBe('record')
    expect(shortOf(await client.ask(claimOf(client)))).toBe('record')
  })
  test('counts for its own key, stream, relay and proof only', async () => {
    const { world, client } = await start()
    await client.ask(recordPut(world))
    const other = await connectCore(world)
    const elsewhere = createWorld({ seed: 2 })
    const wrong = [
      claimOf(client, GUEST, { claimant: signingKeyOf(MALLORY) }),
      claimOf(client, GUEST, { proof: new Uint8Array(32) }),
      claimOf(client, GUEST, { claimant: new Uint8Array(32) }),
      claimOf(other),
      claimOf({ greeting: { ...client.greeting, key: elsewhere.key } }),
    ]
    for (const claim of wrong) expect(shortOf(await client.ask(claim))).toBe('denied')
    expect(shortOf(await other.ask({ kind: 'get-record', record: RECORD }))).toBe('record')
    // Nor does somebody else's key open what it has claimed, without that key's signature.
    await other.ask(claimOf(other))
    expect(shortOf(await client.ask(claimOf(other)))).toBe('denied')
    expect(shortOf(await client.ask(claimOf(client)))).toBe('record')
  })
  test('of two at the same moment the first stays', async () => {
    const { world, client } = await start()
    await client.ask(recordPut(world))
    const other = await connectCore(world)
    const answers = await Promise.all([client.ask(claimOf(client)), other.ask(claimOf(other, MALLORY))])
    expect(answers.map(shortOf)).toEqual(['record', 'claimed'])
  })
  test('takes nothing from the owner: the record is replaced, and its end is read by everybody', async () => {
    const { world, client } = await start()
    await client.ask(recordPut(world))
    const guest = await connectCore(world)
    await guest.ask(claimOf(guest))
    expect(shortOf(await client.ask(recordPut(world, { serial: 2, blob: Uint8Array.of(2) })))).toBe('recorded')
    expect(await guest.ask(claimOf(guest))).toMatchObject({ kind: 'record', serial: 2, blob: Uint8Array.of(2) })
    expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('claimed')
    const word = Uint8Array.of(7)
    const end = { kind: 'end-record', record: RECORD, word, signature: sign(ALICE, recordEndStatement(RECORD, word)) } as const
    expect(shortOf(await client.ask(end))).toBe('done')
    for (const asked of [claimOf(guest), claimOf(guest, MALLORY), { kind: 'get-record', record: RECORD } as const])
      expect(await guest.ask(asked)).toEqual({ kind: 'ended', word })
  })
  test('costs what reading costs, and both share one rate', async () => {
    const { client } = await start()
    const half = RECORD_GET_RATE.burst / 2
    for (let n = 0; n < half; n++) expect(shortOf(await client.ask(claimOf(client)))).toBe('unknown')
    for (let n = 0; n < half; n++) expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('unknown')
    expect(shortOf(await client.ask(claimOf(client)))).toBe('too-many')
    expect(shortOf(await client.ask({ kind: 'get-record', record: RECORD }))).toBe('too-many')
  })
})
