import { expect, test } from 'vitest'
import { createAuthor, NOW } from '../../../test/fixtures/feeds.ts'
import { conversationIdOf } from '../../bytes/ids.ts'
import { hash } from '../../crypto/hash.ts'
import { createDraft } from '../draft.ts'
import { isBusy, mayGoAgain, SERVE_AGAIN_MS } from './serve.ts'
import { UNDER_WAY_ENTRIES_MAX } from '../../limits.ts'
import { NO_NET } from '../net.ts'
import type { Env } from '../draft.ts'
import type { DirectLink, Served } from '../net.ts'
import type { NodeState } from '../state.ts'

const [bob, mallory] = [createAuthor('bob').device, createAuthor('mallory').device]
const conversation = (at: number) => conversationIdOf(hash(Uint8Array.of(at)))
const SECOND_MS = 1_000

/** Asks one after the other, so many seconds after the beginning, and tells who gets everything once more. */
function answers(
  asked: readonly (readonly [seconds: number, device?: typeof bob, id?: ReturnType<typeof conversation>])[],
): readonly boolean[] {
  let state = { net: NO_NET } as unknown as NodeState
  return asked.map(([seconds, device = bob, id = conversation(1)]) => {
    const draft = createDraft(state, { now: (NOW + seconds * SECOND_MS) as Env['now'], random: () => new Uint8Array(0) })
    const isServed = mayGoAgain(draft, { device, id, why: 'lacking' })
    state = draft.state
    return isServed
  })
}

test('who says that it lacks everything gets it at once, and again after 5 s, 10 s, 20 s', () => {
  expect(answers([[0], [4.9], [5], [14.9], [15], [34.9], [35]])).toEqual([true, false, true, false, true, false, true])
})

test('the pause grows to some 43 minutes and no further, for whoever asks as soon as it may', () => {
  const times = [0]
  for (let at = 0; at < 14; at++) times.push((times.at(-1) ?? 0) + 5 * 2 ** Math.min(at, 9))
  expect(answers(times.map((seconds) => [seconds] as const)).every(Boolean)).toBe(true)
  const last = times.at(-1) ?? 0
  expect(answers([...times, last + 2_559, last + 2_560].map((seconds) => [seconds] as const)).slice(-2)).toEqual([false, true])
})

test('it begins anew when nobody has asked for four times as long', () => {
  expect(answers([[0], [5], [15], [95], [99.9], [100]]).slice(-3)).toEqual([true, false, true])
  expect(answers([[0], [5], [15], [94.9], [99.9], [100]]).slice(-2), 'and not before').toEqual([false, false])
})

test('nobody waits for what others asked, or for another conversation', () => {
  expect(answers([[0], [0, mallory], [0, bob, conversation(2)], [0]])).toEqual([true, true, true, false])
})

test('a clock that was put back keeps nobody waiting', () => {
  expect(answers([[0], [-100]])).toEqual([true, true])
})

test('so many entries go to an own device that it has not shown to have, over all conversations, and what was lost holds up nothing for long', () => {
  const linkWith = (...counts: readonly number[]): DirectLink => {
    const served = (count: number): Served => {
      const [sent, lacking] = [
        { device: bob, from: 0, to: 99 + count },
        { device: bob, from: 100, to: 1_000_000 },
      ]
      return { since: NOW, times: 0, ranges: [sent], lacking: [lacking, { ...lacking, device: mallory }] }
    }
    return { served: new Map(counts.map((count, at) => [conversation(at), served(count)])) } as unknown as DirectLink
  }
  expect(isBusy(linkWith(UNDER_WAY_ENTRIES_MAX - 1), NOW)).toBe(false)
  expect(isBusy(linkWith(UNDER_WAY_ENTRIES_MAX), NOW)).toBe(true)
  expect(isBusy(linkWith(UNDER_WAY_ENTRIES_MAX / 2, UNDER_WAY_ENTRIES_MAX / 2), NOW)).toBe(true)
  expect(isBusy(linkWith(UNDER_WAY_ENTRIES_MAX), NOW + SERVE_AGAIN_MS)).toBe(false)
})
