// What is begun before its turn, for whom, and what it counts for.

import { describe, expect, test } from 'vitest'
import { CONVERSATION, createAuthor, NOW, OTHER_CONVERSATION, signed, unsigned, writeRun } from '../../test/fixtures/feeds.ts'
import { partialState } from '../../test/fixtures/node-state.ts'
import { accountIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { verify as ours } from '../crypto/sign.ts'
import { AHEAD_ENTRIES_MAX, AHEAD_SIGNATURES_MAX } from '../limits.ts'
import { runStatement } from '../log/entry.ts'
import { addFeed, createLog, withFeed } from '../log/log.ts'
import { NO_NET } from '../node/net.ts'
import { NOTHING_YET } from '../node/state.ts'
import { createVerifyAhead } from './verify-ahead.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { DueSignature } from '../log/ahead.ts'
import type { Feed, Log } from '../log/log.ts'
import type { Source } from '../node/input.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Frame } from '../wire/frame.ts'

const [alice, bob, carol] = [createAuthor('alice'), createAuthor('bob'), createAuthor('carol')]
const founder = accountIdOf(hash(new Uint8Array(2)))
const log = [alice, bob].reduce((before, author) => addFeed(before, author), createLog(CONVERSATION))
const bobs = writeRun(bob, 6)
const entries = bobs.map(signed)

/** Alice, to whom Bob belongs, and what the platform was asked. */
function createAlice(at: Log = log) {
  const asked: { readonly key: Uint8Array; readonly signature: Uint8Array }[] = []
  const platform: PlatformVerify = (key, statement, signature) => {
    asked.push({ key, signature })
    return Promise.resolve(ours(key, statement, signature))
  }
  const state = partialState({
    self: { account: founder, device: { id: alice.device } },
    conversations: new Map([[CONVERSATION, { ...NOTHING_YET, id: CONVERSATION, founder, log: at }]]),
    peers: new Map([[bob.device, { account: founder, device: { id: bob.device } }]]),
    net: NO_NET,
  })
  const { begin, verify } = createVerifyAhead(platform)
  const from = (device: DeviceId): Source => ({ kind: 'link', device, frame: new Uint8Array(0) })
  return { asked, verify, take: (frames: readonly Frame[], device = bob.device) => begin(state, from(device), frames) }
}

const framed = (wires: readonly WireEntry[], conversation = CONVERSATION): Frame => ({ kind: 'entries', conversation, entries: wires })
/** As it is asked for in its turn, when all before it are here. */
const dueAt = (at: number, [wire] = entries.slice(at)): DueSignature => {
  const { id, header } = bobs[at] ?? expect.fail('too short')
  const statement = runStatement({ conversation: CONVERSATION, device: bob.device, seq: header.seq, id })
  return { id, key: bob.signingKey, statement, signature: wire?.signature ?? expect.fail('not signed') }
}

describe('what waits for its turn', () => {
  test('is verified once, and whoever asks later gets that verdict', async () => {
    const { asked, verify, take } = createAlice()
    // Each in a frame of its own: the later ones follow what is not here yet.
    for (const wire of entries) take([framed([wire])])
    expect(asked).toHaveLength(entries.length)
    const verdicts = await Promise.all(
      entries.map((_, at) => dueAt(at)).map(({ key, statement, signature }) => verify(key, statement, signature)),
    )
    expect(verdicts).toEqual(entries.map(() => true))
    expect(asked).toHaveLength(entries.length)
  })

  test('is no better for it where the signature is wrong', async () => {
    const { verify, take } = createAlice()
    const [first] = entries as [WireEntry]
    const wrong = { ...first, signature: (first.signature as Uint8Array).with(40, 1) }
    take([framed([wrong])])
    const due = dueAt(0, [wrong])
    expect(await verify(due.key, due.statement, due.signature)).toBe(false)
  })

  test('counts for that key and that statement alone', async () => {
    const { asked, verify, take } = createAlice()
    for (const wire of entries) take([framed([wire])])
    const [first, second] = [dueAt(0), dueAt(1)]
    const begun = asked.length
    expect(await verify(alice.signingKey, first.statement, first.signature)).toBe(false)
    expect(await verify(first.key, second.statement, first.signature)).toBe(false)
    expect(await verify(first.key, first.statement, first.signature.slice())).toBe(true)
    expect(asked).toHaveLength(begun + 3)
  })

  test.each([
    ['a stranger brings it', [framed(entries)], carol.device],
    ['it is of a chat that is not here', [framed(entries, OTHER_CONVERSATION)], bob.device],
    ['nobody here knows its author', [framed(writeRun(carol, 2).map(signed))], bob.device],
    ['it is not signed', [framed(bobs.map(unsigned))], bob.device],
    ['it brings many entries, which are verified in runs', [framed(writeRun(bob, AHEAD_ENTRIES_MAX + 1).map(signed))], bob.device],
    ['it brings no entries', [{ kind: 'have', have: [] } as const], bob.device],
  ])('is left alone where %s', (_, frames, device) => {
    const { asked, take } = createAlice()
    take(frames, device)
    expect(asked).toEqual([])
  })

  test('is left alone as far as it is here already', () => {
    const tip = { seq: 3, id: bobs[3]?.id ?? expect.fail('too short'), order: { time: NOW, depth: 1 } }
    const { asked, take } = createAlice(withFeed(log, { ...(log.feeds.get(bob.device) as Feed), tips: [tip] }))
    for (const wire of entries) take([framed([wire])])
    expect(asked.map(({ signature }) => signature)).toEqual(entries.slice(4).map(({ signature }) => signature))
  })

  test('is verified at the end of each run and nowhere else, as in its turn', () => {
    const { asked, take } = createAlice()
    take([framed(entries)])
    expect(asked.map(({ signature }) => signature)).toEqual([entries.at(-1)?.signature])
  })

  test('is begun up to a bound, and then again as it is read', () => {
    const { asked, take } = createAlice()
    const reads = Array.from({ length: AHEAD_SIGNATURES_MAX + 10 }, () => take([framed(entries)]))
    expect(asked).toHaveLength(AHEAD_SIGNATURES_MAX)
    reads[0]?.()
    reads.at(-1)?.()
    for (let at = 0; at < 3; at += 1) take([framed(entries)])
    expect(asked).toHaveLength(AHEAD_SIGNATURES_MAX + 1)
  })
})
