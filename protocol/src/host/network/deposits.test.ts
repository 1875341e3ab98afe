import { describe, expect, test } from 'vitest'
import { toHex } from '../../bytes/bytes.ts'
import { mailboxIdOf } from '../../bytes/ids.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import {
  BLOB_BYTES_MAX,
  DEPOSIT_CALLS_MAX,
  DEPOSITS_PER_REQUEST_MAX,
  MAILBOXES_PER_DEPOSIT_MAX,
  RELAY_FRAME_BYTES_MAX,
} from '../../limits.ts'
import { blobIdOfSealed } from '../../mailbox/blob.ts'
import { NetworkError } from '../../ports.ts'
import { encode } from '../../bytes/codec.ts'
import { relayCall } from '../../wire/relay.ts'
import { depositedStatement } from '../../wire/relay-proof.ts'
import { createDeposits } from './deposits.ts'
import type { RelayAnswer, RelayRequest, RelayRequestOf } from '../../wire/relay.ts'

const seed = new Uint8Array(32).fill(1)
const RELAY = toHex(signingKeyOf(seed))
const mailbox = mailboxIdOf(new Uint8Array(32).fill(2))

/** A relay that answers when it is told to. */
function bench() {
  const calls: { readonly asked: RelayRequestOf<'deposit'>; readonly answer: () => void; readonly fail: (error: Error) => void }[] = []
  const request = (_relay: string, asked: RelayRequest): Promise<RelayAnswer> => {
    if (asked.kind !== 'deposit') throw new Error(asked.kind)
    return new Promise((resolve, reject) => calls.push({ asked, answer: () => resolve(storedAll(asked)), fail: reject }))
  }
  return { calls, deposits: createDeposits({ request }), sizes: () => calls.map(({ asked }) => asked.deposits.length) }
}

function storedAll({ deposits }: RelayRequestOf<'deposit'>): RelayAnswer {
  const places = deposits.flatMap(({ mailboxes, blob }) => mailboxes.map((to) => ({ mailbox: to, blob: blobIdOfSealed(blob) })))
  const verdicts = deposits.map(({ mailboxes }) => mailboxes.map(() => ({ kind: 'done' }) as const))
  return { kind: 'deposited', time: 1, signature: sign(seed, depositedStatement(1, places)), path: [], verdicts }
}

const one = (fill: number, length = 100) => ({ mailboxes: [mailbox], blob: new Uint8Array(length).fill(fill) })
/** Longer than any chain of promises here. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('deposits', () => {
  test('leave at once while few are under way; those that come meanwhile go together, and each hears of its own', async () => {
    const { calls, deposits, sizes } = bench()
    const answers = Array.from({ length: 7 }, (_, at) => deposits.leave(RELAY, { ...one(at), mailboxes: Array(at + 1).fill(mailbox) }))
    expect(sizes()).toEqual(Array(DEPOSIT_CALLS_MAX).fill(1))
    calls[0]?.answer()
    await settled()
    expect(sizes()).toEqual([1, 1, 5])
    for (const { answer } of calls) answer()
    expect((await Promise.all(answers)).map((each) => each.length)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await answers[3]).toEqual(Array(4).fill({ kind: 'stored' }))
  })

  test('go in calls of as many as one may hold', async () => {
    const { calls, deposits, sizes } = bench()
    for (let at = 0; at < DEPOSITS_PER_REQUEST_MAX + 4; at++) void deposits.leave(RELAY, one(at % 200))
    for (const { answer } of calls.slice(0, 2)) answer()
    await settled()
    expect(sizes()).toEqual([1, 1, DEPOSITS_PER_REQUEST_MAX, 2])
  })

  test('go in calls that fit into a frame, also those that fill one alone', async () => {
    const { calls, deposits, sizes } = bench()
    for (let at = 0; at < 5; at++) void deposits.leave(RELAY, one(at, BLOB_BYTES_MAX))
    for (let at = 0; at < 40; at++) void deposits.leave(RELAY, one(at, 4_000))
    for (let at = 0; at < calls.length; at++) {
      calls[at]?.answer()
      await settled()
    }
    expect(sizes()).toEqual([1, 1, 1, 1, 17, 24])
    for (const { asked } of calls) expect(encode(relayCall, { id: 1, request: asked }).length).toBeLessThanOrEqual(RELAY_FRAME_BYTES_MAX)
  })

  test('fail together when the relay is lost, and later ones are asked anew', async () => {
    const { calls, deposits, sizes } = bench()
    const first = [deposits.leave(RELAY, one(1)), deposits.leave(RELAY, one(2))]
    const waiting = [deposits.leave(RELAY, one(3)), deposits.leave(RELAY, one(4))]
    const lost = new NetworkError('disconnected', 'lost')
    for (const { fail } of calls) fail(lost)
    for (const each of first) await expect(each).rejects.toBe(lost)
    await settled()
    expect(sizes()).toEqual([1, 1, 2])
    calls[2]?.answer()
    expect(await Promise.all(waiting)).toEqual([[{ kind: 'stored' }], [{ kind: 'stored' }]])
  })

  test('of one blob for many count as far as they were answered', async () => {
    const { calls, deposits } = bench()
    const mailboxes = Array.from({ length: MAILBOXES_PER_DEPOSIT_MAX + 2 }, (_, at) =>
      mailboxIdOf(
        new Uint8Array(32)
          .fill(7)
          .with(0, at & 255)
          .with(1, at >> 8),
      ),
    )
    const partly = deposits.leaveForMany(RELAY, mailboxes, new Uint8Array(100))
    calls[0]?.answer()
    calls[1]?.fail(new NetworkError('disconnected', 'lost'))
    const answers = await partly
    expect(answers.slice(0, MAILBOXES_PER_DEPOSIT_MAX).every(({ kind }) => kind === 'stored')).toBe(true)
    expect(answers.slice(MAILBOXES_PER_DEPOSIT_MAX)).toEqual([{ kind: 'unproven' }, { kind: 'unproven' }])
    const lost = deposits.leaveForMany(RELAY, mailboxes, new Uint8Array(100))
    for (const { fail } of calls.slice(2)) fail(new NetworkError('disconnected', 'lost'))
    await expect(lost).rejects.toThrow('lost')
  })

  test('to one relay do not wait for those to another', () => {
    const { deposits, sizes } = bench()
    for (let at = 0; at < 3; at++) void deposits.leave(RELAY, one(at))
    void deposits.leave(toHex(new Uint8Array(32).fill(9)), one(4))
    expect(sizes()).toEqual([1, 1, 1])
  })
})
