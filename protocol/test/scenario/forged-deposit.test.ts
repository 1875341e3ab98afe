// A relay that says that a deposit is durable without proving it: the tick stays where it is, and the entry is deposited again.

import { expect, test } from 'vitest'
import { mailboxIdOf } from '../../src/bytes/ids.ts'
import { blobIdOfSealed } from '../../src/mailbox/blob.ts'
import { depositedStatement } from '../../src/wire/relay-proof.ts'
import { toRelayKey } from '../../../signal-server/src/key.ts'
import { createStage, meet, MINUTE_MS, revive, say, texts, ticks } from './stage.ts'
import type { BlobId, MailboxId } from '../../src/bytes/ids.ts'
import type { RelayAnswer, RelayRequest } from '../../src/wire/relay.ts'
import type { Stage } from './stage.ts'

type Deposit = Extract<RelayRequest, { kind: 'deposit' }>
type Deposited = Extract<RelayAnswer, { kind: 'deposited' }>
type Place = { readonly mailbox: MailboxId; readonly blob: BlobId }
type Forgery = (genuine: Deposited, asked: Deposit, stage: Stage) => RelayAnswer

const other = mailboxIdOf(new Uint8Array(32).fill(9))
/** The same answer, signed for another place. */
const signedFor = (genuine: Deposited, sign: (statement: Uint8Array) => Uint8Array, places: readonly Place[]): Deposited => ({
  ...genuine,
  signature: sign(depositedStatement(genuine.time, places)),
  path: [],
})
const placesOf = ({ deposits }: Deposit): readonly Place[] =>
  deposits.flatMap(({ mailboxes, blob }) => mailboxes.map((mailbox) => ({ mailbox, blob: blobIdOfSealed(blob) })))

const FORGERIES: readonly (readonly [what: string, forge: Forgery])[] = [
  [
    'a signature in which one bit is wrong',
    (genuine) => ({ ...genuine, signature: genuine.signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) }),
  ],
  ['no signature', (genuine) => ({ ...genuine, signature: new Uint8Array(64) })],
  ['another time than the one that was signed', (genuine) => ({ ...genuine, time: genuine.time + 1 })],
  [
    'its signature for another blob',
    (genuine, asked, { network }) =>
      signedFor(
        genuine,
        network.relay.sign,
        placesOf(asked).map(({ mailbox }) => ({ mailbox, blob: blobIdOfSealed(new Uint8Array(9)) })),
      ),
  ],
  [
    'its signature for another mailbox',
    (genuine, asked, { network }) =>
      signedFor(
        genuine,
        network.relay.sign,
        placesOf(asked).map(({ blob }) => ({ mailbox: other, blob })),
      ),
  ],
  ['its signature for nothing', (genuine, _asked, { network }) => signedFor(genuine, network.relay.sign, [])],
  ['the signature of another relay', (genuine, asked) => signedFor(genuine, toRelayKey(new Uint8Array(32).fill(5)).sign, placesOf(asked))],
  ['no verdict', (genuine) => ({ ...genuine, verdicts: [] })],
  ['two verdicts where it was asked for one', (genuine) => ({ ...genuine, verdicts: [[{ kind: 'done' }, { kind: 'done' }]] })],
  ['“done” instead', () => ({ kind: 'done' })],
]

test('a relay that proves a deposit moves the tick, and is given it once', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  let deposits = 0
  stage.network.relay.forge = (asked, answer) => {
    if (asked.kind === 'deposit') deposits += 1
    return answer
  }
  await say(stage, bob, id, 'proven')
  await stage.pass(MINUTE_MS)
  expect(await ticks(stage, bob, id)).toMatchObject({ proven: 'relay' })
  expect(deposits).toBe(1)
})

test.each(FORGERIES)('a deposit that is answered with %s leaves the tick at “saved”, and is made again', async (_what, forge) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const deposits: Uint8Array[] = []
  stage.network.relay.forge = (asked, answer) => {
    if (asked.kind !== 'deposit' || answer.kind !== 'deposited') return answer
    deposits.push(...asked.deposits.map(({ blob }) => blob))
    return forge(answer, asked, stage)
  }
  await say(stage, bob, id, 'unproven')
  await stage.pass(5_000)
  expect(await ticks(stage, bob, id)).toMatchObject({ unproven: 'saved' })
  expect(deposits.length).toBeGreaterThan(1)
  // The same blob again and again, which an honest relay keeps once.
  expect(new Set(deposits.map(blobIdOfSealed)).size).toBe(1)
  expect(bob.lines.some((line) => line.includes('deposit'))).toBe(true)

  // The next one that proves it is believed, though the first was not.
  stage.network.relay.forge = undefined
  await stage.pass(2 * MINUTE_MS)
  expect(await ticks(stage, bob, id)).toMatchObject({ unproven: 'relay' })
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'unproven'])
})
