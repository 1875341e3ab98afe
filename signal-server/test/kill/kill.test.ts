// A few rounds of `npm run relay:kill`, and the account itself: it sees what it is there to see.

import { describe, expect, test } from 'vitest'
import { mailboxIdOf } from '@kith/protocol'
import { createAccount } from './account.ts'
import { killInRounds } from './rounds.ts'

const MAILBOX = mailboxIdOf(new Uint8Array(32))
const BLOB = new Uint8Array([1])

describe('the account', () => {
  test('counts what was acknowledged and is not there as lost', () => {
    const account = createAccount()
    account.brought(MAILBOX, BLOB)
    account.kept(MAILBOX, BLOB)
    expect(account.sum()).toMatchObject({ acknowledged: 1, lost: 1 })
    account.beginSearch()
    account.reading()(MAILBOX, BLOB)
    expect(account.sum()).toMatchObject({ found: 1, lost: 0, doubled: 0 })
  })
  test('counts what comes twice on one stream as doubled, and so what comes after it was fetched', () => {
    const account = createAccount()
    account.brought(MAILBOX, BLOB)
    account.settled(MAILBOX, BLOB)
    const heard = account.reading()
    heard(MAILBOX, BLOB)
    expect(account.sum().doubled).toBe(0)
    heard(MAILBOX, BLOB)
    expect(account.sum().doubled).toBe(1)
    account.reading()(MAILBOX, BLOB)
    expect(account.sum().doubled).toBe(1)
    account.forgetting(MAILBOX, BLOB)('done')
    account.reading()(MAILBOX, BLOB)
    expect(account.sum().doubled).toBe(2)
  })
  test('calls it repeated when the writer, who had no answer, brought it again', () => {
    const account = createAccount()
    account.brought(MAILBOX, BLOB)
    account.settled(MAILBOX, BLOB)
    account.reading()(MAILBOX, BLOB)
    account.forgetting(MAILBOX, BLOB)('done')
    account.brought(MAILBOX, BLOB)
    account.reading()(MAILBOX, BLOB)
    expect(account.sum()).toMatchObject({ doubled: 0, repeated: 1 })
  })
  test('counts what nobody brought', () => {
    const account = createAccount()
    account.reading()(MAILBOX, BLOB)
    expect(account.sum().invented).toBe(1)
  })
})

test('a relay that is killed under load loses no acknowledged blob, and keeps none twice', { timeout: 120_000 }, async () => {
  const sum = await killInRounds({ rounds: 2, seed: 3, loadMs: 600 })
  expect(sum).toMatchObject({ lost: 0, doubled: 0, invented: 0 })
  expect(sum.acknowledged).toBeGreaterThan(100)
})
