import { expect, test } from 'vitest'
import { IdMap } from '../../bytes/id-map.ts'
import { deviceIdOf } from '../../bytes/ids.ts'
import { BLOB_KEYS_PER_DEVICE_MAX, ONE_BY_ONE_MAILBOXES_MAX } from '../../limits.ts'
import { hasMany, withBlobKey } from './blob-keys.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Conversation } from '../state.ts'

const device = (at: number): DeviceId => deviceIdOf(new Uint8Array(32).fill(at))
const key = (at: number): Uint8Array => new Uint8Array(32).fill(at)

test('so many keys of a device are kept, the newest first; of one more the oldest goes, and others keep theirs', () => {
  const others = withBlobKey(IdMap.empty(), device(2), key(200))
  let keys: typeof others = others
  for (let at = 0; at < BLOB_KEYS_PER_DEVICE_MAX; at++) keys = withBlobKey(keys, device(1), key(at))
  const newestFirst = Array.from({ length: BLOB_KEYS_PER_DEVICE_MAX }, (_, at) => BLOB_KEYS_PER_DEVICE_MAX - 1 - at)
  expect(keys.get(device(1))?.map(([first]) => first)).toEqual(newestFirst)
  expect(
    withBlobKey(keys, device(1), key(99))
      .get(device(1))
      ?.map(([first]) => first),
  ).toEqual([99, ...newestFirst.slice(0, -1)])
  expect(withBlobKey(keys, device(1), key(99)).get(device(2))).toEqual([key(200)])
})

test('one that is known changes nothing', () => {
  const keys = withBlobKey(withBlobKey(IdMap.empty(), device(1), key(1)), device(1), key(2))
  expect(withBlobKey(keys, device(1), key(1))).toBe(keys)
})

test('a conversation has many devices from so many others on', () => {
  const of = (others: number) => ({ log: { feeds: { size: 1 + others } } }) as unknown as Conversation
  expect([hasMany(of(ONE_BY_ONE_MAILBOXES_MAX)), hasMany(of(ONE_BY_ONE_MAILBOXES_MAX + 1))]).toEqual([false, true])
})
