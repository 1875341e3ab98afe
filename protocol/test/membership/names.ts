// Ids for stories of groups: the same name gives the same id.

import { toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { hash } from '../../src/crypto/hash.ts'
import type { AccountId, DeviceId, EntryId } from '../../src/bytes/ids.ts'
import type { Seeded } from '../simulation/seeded.ts'

const known = new Map<string, string>()

function idNamed(name: string): string {
  const id = known.get(name) ?? toHex(hash(utf8ToBytes(name)))
  known.set(name, id)
  return id
}

export const accountNamed = (name: string): AccountId => idNamed(`account ${name}`) as AccountId
export const deviceNamed = (name: string): DeviceId => idNamed(`device ${name}`) as DeviceId
export const entryNamed = (name: string): EntryId => idNamed(`entry ${name}`) as EntryId

/** An id that is random at its beginning, where ids are told apart. */
export const randomId = (seeded: Seeded): string =>
  Math.floor(seeded.next() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0')
    .padEnd(64, '0')
