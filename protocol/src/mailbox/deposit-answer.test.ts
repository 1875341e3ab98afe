import { describe, expect, test } from 'vitest'
import { mailboxIdOf } from '../bytes/ids.ts'
import { sign, signingKeyOf } from '../crypto/sign.ts'
import { depositedStatement, signedFor } from '../wire/relay-proof.ts'
import { blobIdOfSealed } from './blob.ts'
import { depositAnswersIn } from './deposit-answer.ts'
import type { MailboxId } from '../bytes/ids.ts'
import type { RelayAnswer, Verdict } from '../wire/relay.ts'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const mailbox = (fill: number): MailboxId => mailboxIdOf(bytes(fill))
const seed = bytes(1)
const key = signingKeyOf(seed)
const DONE: Verdict = { kind: 'done' }
const FULL: Verdict = { kind: 'refused', reason: 'full', retryMs: 0 }
const STORED = { kind: 'stored' }
const UNPROVEN = { kind: 'unproven' }

const deposits = [
  { mailboxes: [mailbox(2), mailbox(3)], blob: bytes(7) },
  { mailboxes: [mailbox(2)], blob: bytes(8) },
]
type Place = readonly [to: number, blob: number]
const answer = (
  verdicts: readonly (readonly Verdict[])[],
  places: readonly Place[],
  time = 5,
): Extract<RelayAnswer, { kind: 'deposited' }> => {
  const stored = places.map(([to, blob]) => ({ mailbox: mailbox(to), blob: blobIdOfSealed(bytes(blob)) }))
  return { kind: 'deposited', time, signature: sign(seed, depositedStatement(time, stored)), path: [], verdicts }
}
const ALL: readonly Place[] = [
  [2, 7],
  [3, 7],
  [2, 8],
]
const genuine = answer([[DONE, DONE], [DONE]], ALL)

describe("the relay's answer to deposits", () => {
  test('proves all that it says is stored, with one signature', () => {
    expect(depositAnswersIn(key, deposits, genuine)).toEqual([[STORED, STORED], [STORED]])
  })

  test('proves it also where the relay signed once for many answers, and nothing on a path that leads elsewhere', () => {
    const stored = ALL.map(([to, blob]) => ({ mailbox: mailbox(to), blob: blobIdOfSealed(bytes(blob)) }))
    const path = [
      { isSecond: true, other: bytes(20) },
      { isSecond: false, other: bytes(21) },
    ]
    const signature = sign(seed, signedFor(depositedStatement(genuine.time, stored), path))
    const together = { ...genuine, signature, path }
    expect(depositAnswersIn(key, deposits, together)).toEqual([[STORED, STORED], [STORED]])
    const elsewhere = [
      path.slice(1),
      path.toReversed(),
      [],
      [...path, ...path],
      path.map((step) => ({ ...step, isSecond: !step.isSecond })),
    ]
    for (const other of elsewhere)
      expect(depositAnswersIn(key, deposits, { ...together, path: other })).toEqual([[UNPROVEN, UNPROVEN], [UNPROVEN]])
  })

  test('says of each mailbox by itself what was refused, which the signature leaves out', () => {
    const partly = [[DONE, FULL], [DONE]]
    expect(
      depositAnswersIn(
        key,
        deposits,
        answer(
          partly,
          ALL.filter(([to]) => to === 2),
        ),
      ),
    ).toEqual([[STORED, FULL], [STORED]])
    expect(depositAnswersIn(key, deposits, answer(partly, ALL))).toEqual([[UNPROVEN, FULL], [UNPROVEN]])
  })

  test('that refuses everything needs no proof', () => {
    expect(depositAnswersIn(key, deposits, answer([[FULL, FULL], [FULL]], []))).toEqual([[FULL, FULL], [FULL]])
    expect(depositAnswersIn(key, deposits, FULL)).toEqual([[FULL, FULL], [FULL]])
  })

  test.each<readonly [string, RelayAnswer]>([
    ['the signature', { ...genuine, signature: new Uint8Array(64) }],
    ['the time', { ...genuine, time: 6 }],
    ['a blob', answer(genuine.verdicts, [ALL[0] as Place, [3, 9], ALL[2] as Place])],
    ['a mailbox', answer(genuine.verdicts, [ALL[0] as Place, [4, 7], ALL[2] as Place])],
    ['the order', answer(genuine.verdicts, ALL.toReversed())],
    ['the number of deposits', { ...genuine, verdicts: [[DONE, DONE]] }],
    ['the number of mailboxes', { ...genuine, verdicts: [[DONE], [DONE, DONE]] }],
    ['the kind', { kind: 'done' }],
  ])('in which %s is another one proves nothing', (_what, changed) => {
    expect(depositAnswersIn(key, deposits, changed)).toEqual([[UNPROVEN, UNPROVEN], [UNPROVEN]])
  })

  test('of another relay proves nothing', () => {
    expect(depositAnswersIn(signingKeyOf(bytes(9)), deposits, genuine)).toEqual([[UNPROVEN, UNPROVEN], [UNPROVEN]])
  })
})
