// The vectors of groups: every act as bytes, and the hash of a member state. What they were when they were frozen stands in membership-*.json.

import { toHex, utf8ToBytes } from '../../src/bytes/bytes.ts'
import { encode } from '../../src/bytes/codec.ts'
import { accountIdOf, conversationIdOf, deviceIdOf, entryIdOf, toUnixMs } from '../../src/bytes/ids.ts'
import { hash } from '../../src/crypto/hash.ts'
import { act as actCodec } from '../../src/membership/act.ts'
import { memberStateHash } from '../../src/membership/member-state.ts'
import { NO_PLACES, placeEntry } from '../../src/membership/past.ts'
import type { Act, ControlEntry, Person } from '../../src/membership/types.ts'

const seed = (name: string): Uint8Array => hash(utf8ToBytes(`kith vector ${name}`))
const person = (name: string): Person => ({ account: accountIdOf(seed(name)), deviceList: seed(`list of ${name}`) })
const device = deviceIdOf(seed('device'))
const link = entryIdOf(seed('link'))

const [smaller, greater] = [person('guest'), person('other guest')].toSorted((one, other) => (one.account < other.account ? -1 : 1)) as [
  Person,
  Person,
]

export const ACTS: readonly Act[] = [
  { kind: 'create-group', ...person('founder'), nonce: seed('nonce').subarray(0, 16) },
  {
    kind: 'grant',
    items: [
      { ...smaller, role: 'owner' },
      { ...greater, role: 'member' },
    ],
  },
  { kind: 'demote', ...person('guest'), role: 'admin' },
  {
    kind: 'remove',
    items: [
      { account: smaller.account, cuts: [{ device, seq: 7, id: link }] },
      { account: greater.account, cuts: [] },
    ],
  },
  { kind: 'resign', role: 'member' },
  { kind: 'leave' },
  {
    kind: 'open-link',
    key: seed('link key'),
    expires: toUnixMs(1_800_000_000_000),
    uses: 50,
    secret: seed('link secret').slice(0, 16),
    place: seed('link place'),
    relay: { key: seed('relay'), url: 'wss://relay.example.org' },
    second: { key: seed('second relay'), url: 'wss://second.example.org' },
  },
  { kind: 'close-link', link },
  { kind: 'let-in', link, ...person('guest'), proof: new Uint8Array(64).fill(5) },
  { kind: 'set-history', history: 'all' },
]

/** Each act and its bytes. */
export const actVectors = (): readonly unknown[] => ACTS.map((act) => ({ kind: act.kind, bytes: toHex(encode(actCodec, act)) }))

/** A create entry, and two after it that do not know of each other; the member states of what has none, one and both of these in its past. */
export function memberStateVectors(): readonly unknown[] {
  const conversation = conversationIdOf(seed('conversation'))
  const entry = (name: string, past: readonly string[]): ControlEntry => ({
    id: entryIdOf(seed(name)),
    author: person('founder').account,
    device: deviceIdOf(seed(`device of ${name}`)),
    weightBefore: 0,
    past: past.map((id) => entryIdOf(seed(id))),
    act: { kind: 'leave' },
  })
  let places = NO_PLACES
  for (const each of [entry('create', []), entry('left', ['create']), entry('right', ['create'])]) places = placeEntry(places, each)
  const stateOf = (names: readonly string[]): unknown => ({
    conversation,
    past: names.map((name) => entryIdOf(seed(name))),
    members: toHex(
      memberStateHash(
        places,
        conversation,
        names.map((name) => entryIdOf(seed(name))),
      ),
    ),
  })
  return [stateOf([]), stateOf(['create']), stateOf(['create', 'left']), stateOf(['right', 'left', 'create'])]
}
