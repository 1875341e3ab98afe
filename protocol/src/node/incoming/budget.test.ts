import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createAuthor, NOW } from '../../../test/fixtures/feeds.ts'
import { OWN_TAKEN_BYTES_PER_DAY_MAX, TAKEN_BYTES_PER_DAY_MAX } from '../../limits.ts'
import { countOpened, countTaken, mayOpen, withinBudget } from './budget.ts'
import { createDraft } from '../draft.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Draft, Env } from '../draft.ts'

const DAY_MS = 86_400_000
const today = Math.floor(NOW / DAY_MS)
const [bob, mallory] = [createAuthor('bob').device, createAuthor('mallory').device]
/** 100 bytes, and 60 without a body. */
const entry = { header: new Uint8Array(60), signature: undefined, body: new Uint8Array(40) }
const bare = { ...entry, body: undefined }

const afterTaking = (taken: { readonly day: number; readonly bytes: number } | undefined): Draft =>
  createDraft(partialState({ peers: [[bob, { device: { id: bob }, taken }]] }), {
    now: NOW as Env['now'],
    random: () => new Uint8Array(0),
  })
const taken = (draft: Draft) => draft.state.peers.get(bob)?.taken

describe('of what a device sent', () => {
  test.each([
    { left: 200, fit: 2 },
    { left: 199, fit: 1 },
    { left: 100, fit: 1 },
    { left: 99, fit: 0 },
    { left: 0, fit: 0 },
  ])('$fit of two entries of 100 bytes fit where $left bytes are left of the day', ({ left, fit }) => {
    const draft = afterTaking({ day: today, bytes: TAKEN_BYTES_PER_DAY_MAX - left })
    expect(withinBudget(draft, bob, [entry, entry])).toHaveLength(fit)
  })

  test('nothing after the first that does not fit is taken, however small', () => {
    const draft = afterTaking({ day: today, bytes: TAKEN_BYTES_PER_DAY_MAX - 170 })
    expect(withinBudget(draft, bob, [entry, entry, bare])).toEqual([entry])
  })

  test.each([today - 1, today + 1])('what was taken on another day does not count', (day) => {
    expect(withinBudget(afterTaking({ day, bytes: TAKEN_BYTES_PER_DAY_MAX }), bob, [entry])).toEqual([entry])
  })
})

test('another device of this person may have more stored, and no more than that', () => {
  const account = 'a' as AccountId
  const draftAt = (bytes: number): Draft =>
    createDraft(
      partialState({
        self: { account, device: { id: mallory } },
        circle: { conversation: 'circle' },
        peers: [[bob, { device: { id: bob }, account, taken: { day: today, bytes } }]],
      }),
      { now: NOW as Env['now'], random: () => new Uint8Array(0) },
    )
  expect(withinBudget(draftAt(TAKEN_BYTES_PER_DAY_MAX), bob, [entry, entry])).toHaveLength(2)
  expect(withinBudget(draftAt(OWN_TAKEN_BYTES_PER_DAY_MAX - 100), bob, [entry, entry])).toHaveLength(1)
})

describe('an envelope', () => {
  const envelope = new Uint8Array(300)

  test('counts with the rows that it changes, and with the keys that it leaves out', () => {
    const draft = afterTaking({ day: today, bytes: 7 })
    countOpened(draft, bob, { envelope, skipped: 0 })
    expect(taken(draft)).toEqual({ day: today, bytes: 7 + 4_096 + 300 })
    countOpened(draft, bob, { envelope, skipped: 100 })
    expect(taken(draft)).toEqual({ day: today, bytes: 7 + 2 * (4_096 + 300) + 12_800 })
    // Keys that are let go of give nothing back.
    countOpened(draft, bob, { envelope, skipped: -100 })
    expect(taken(draft)).toEqual({ day: today, bytes: 7 + 3 * (4_096 + 300) + 12_800 })
  })

  test('is opened where it fits into the day', () => {
    const fits = (left: number) => mayOpen(afterTaking({ day: today, bytes: TAKEN_BYTES_PER_DAY_MAX - left }), bob, envelope)
    expect(fits(4_396)).toBe(true)
    expect(fits(4_395)).toBe(false)
  })
})

describe('what is stored', () => {
  const stored = [
    { headerBytes: entry.header, body: entry.body },
    { headerBytes: entry.header, body: undefined },
  ]

  test('counts with headers and bodies, on top of what was taken today', () => {
    const draft = afterTaking({ day: today, bytes: 7 })
    countTaken(draft, bob, stored)
    expect(taken(draft)).toEqual({ day: today, bytes: 167 })
  })

  test('counts from nothing on a new day', () => {
    const draft = afterTaking({ day: today - 1, bytes: 7 })
    countTaken(draft, bob, stored)
    expect(taken(draft)).toEqual({ day: today, bytes: 160 })
  })

  test('of somebody who is no contact counts nowhere', () => {
    const draft = afterTaking(undefined)
    const before = draft.state
    countTaken(draft, mallory, stored)
    expect(draft.state).toBe(before)
  })
})
