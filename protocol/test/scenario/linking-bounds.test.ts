// How much own devices hand each other, and how often they try.

import { describe, expect, test } from 'vitest'
import { encode } from '../../src/bytes/codec.ts'
import { deviceIdOf, toUnixMs } from '../../src/bytes/ids.ts'
import {
  CIRCLE_SAID_BYTES_MAX,
  HANDOVER_BYTES_MAX,
  LISTS_HANDED_MAX,
  LISTS_TOLD_AT_ONCE_MAX,
  REACHED_PER_WORD_MAX,
  REVOKED_TOLD_TIMES_MAX,
  SHARED_FEEDS_MAX,
} from '../../src/limits.ts'
import { offerStage } from '../../src/linking/exchange.ts'
import { circleSaid } from '../../src/linking/said.ts'
import { createDraft } from '../../src/node/draft.ts'
import { laterPart } from '../../src/node/part.ts'
import { encodePayload } from '../../src/session/payload.ts'
import { content } from '../../src/wire/content.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { SAID } from '../vectors/wire.ts'
import { link } from './linking-stage.ts'
import { createStage, MINUTE_MS } from './stage.ts'
import type { CircleSaid } from '../../src/linking/said.ts'

const many = <T>(item: T, count: number): readonly T[] => Array.from({ length: count }, () => item)
const share = SAID.share as Extract<CircleSaid, { kind: 'share' }>
const reach = SAID.reach as Extract<CircleSaid, { kind: 'reach' }>

describe('what own devices say to each other', () => {
  test('is so long and no longer, in as many parts as its bounds say', () => {
    const said = (bytes: number) => encode(content, { kind: 'circle', said: new Uint8Array(bytes) })
    expect(() => said(CIRCLE_SAID_BYTES_MAX)).not.toThrow()
    expect(() => said(CIRCLE_SAID_BYTES_MAX + 1)).toThrow(RangeError)
    const sharing = (feeds: number, lists: number): CircleSaid => ({
      ...share,
      feeds: many(share.feeds[0] as (typeof share.feeds)[0], feeds),
      lists: many(new Uint8Array(1), lists),
    })
    expect(encode(circleSaid, sharing(SHARED_FEEDS_MAX, LISTS_HANDED_MAX)).length).toBeLessThan(CIRCLE_SAID_BYTES_MAX)
    expect(() => encode(circleSaid, sharing(SHARED_FEEDS_MAX + 1, 1))).toThrow(RangeError)
    expect(() => encode(circleSaid, sharing(1, LISTS_HANDED_MAX + 1))).toThrow(RangeError)
    const reaching = (grants: number): CircleSaid => ({ ...reach, grants: many(reach.grants[0] as (typeof reach.grants)[0], grants) })
    expect(encode(circleSaid, reaching(REACHED_PER_WORD_MAX)).length).toBeLessThan(CIRCLE_SAID_BYTES_MAX)
    expect(() => encode(circleSaid, reaching(REACHED_PER_WORD_MAX + 1))).toThrow(RangeError)
  })

  test('over a session is so many lists at once', () => {
    const lists = (count: number) => encodePayload([{ kind: 'lists', lists: many(new Uint8Array(1), count) }])
    expect(() => lists(LISTS_HANDED_MAX)).not.toThrow()
    expect(() => lists(LISTS_HANDED_MAX + 1)).toThrow(RangeError)
  })

  test('when one is linked fits a record', () => {
    const offer = {
      account: SAID.share.kind === 'share' ? SAID.share.founder : ('' as never),
      agreementKey: new Uint8Array(32),
      nonce: new Uint8Array(32),
    }
    const confirmed = (bytes: number) =>
      encode(offerStage, { kind: 'confirmed', offer, kemCiphertext: new Uint8Array(1_088), handover: new Uint8Array(bytes) })
    expect(() => confirmed(HANDOVER_BYTES_MAX)).not.toThrow()
    expect(() => confirmed(HANDOVER_BYTES_MAX + 1)).toThrow(RangeError)
  })
})

test('of many who are to hear of a new list a few are told at once', async () => {
  const stage = createStage()
  const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
  await link(stage, phone, laptop)
  await stage.pass(MINUTE_MS)
  const node = nodeOn(phone.disk())
  if (node.circle === undefined) throw new Error('no circle')
  const random = createSeeded(3).bytes
  const untold = Array.from({ length: LISTS_TOLD_AT_ONCE_MAX + 1 }, () => deviceIdOf(random(32)))
  const draft = createDraft({ ...node, circle: { ...node.circle, untold } }, { now: toUnixMs(stage.scheduler.now()), random })
  laterPart().tellLists(draft)
  expect(draft.state.circle?.untold).toEqual(untold.slice(-1))
  laterPart().tellLists(draft)
  expect(draft.state.circle?.untold).toEqual([])
})

test('a relay that takes nothing is asked so often to tell a revoked device, and no more', async () => {
  const stage = createStage()
  const [phone, laptop] = [await stage.enter('phone'), await stage.enter('laptop')]
  await link(stage, phone, laptop)
  await stage.pass(MINUTE_MS)
  const mailbox = nodeOn(phone.disk()).peers.get(laptop.ownDevice())?.outbox?.mailbox
  let times = 0
  stage.network.relay.forge = (asked, genuine) => {
    if (asked.kind !== 'deposit' || !asked.deposits.some(({ mailboxes }) => mailboxes.some((one) => one === mailbox))) return genuine
    times += 1
    return { kind: 'refused', reason: 'disk', retryMs: 0 }
  }
  await stage.done(phone.engine().revokeDevice({ device: laptop.ownDevice() }))
  await stage.pass(20 * MINUTE_MS)
  expect(times).toBe(REVOKED_TOLD_TIMES_MAX)
})
