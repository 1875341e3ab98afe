// What is known of a group, as rows beside those of its conversation: one for each control entry, member state, person, card and feed, so that nothing
// that happens writes a row that grows with the group. Loaded with what works with groups (host/later.ts).

import {
  bytes,
  decode,
  DecodeError,
  encode,
  fixed,
  flag,
  hex,
  list,
  mapped,
  optional,
  struct,
  text,
  u16,
  u32,
  u48,
  u8,
} from '../../bytes/codec.ts'
import { accountId, chainId, deviceId, entryId } from '../../bytes/ids.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { storedCard } from '../../group/card.ts'
import { pinnedFrom } from '../../identity/device-list.ts'
import { CARD_BYTES_MAX, LINKS_HEARD_MAX, NAME_BYTES_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../../limits.ts'
import { FORK_BRANCHES_MAX } from '../../log/limits.ts'
import { keptBody } from '../../log/kept-body.ts'
import { act } from '../../membership/act.ts'
import { groupFrom } from '../../node/groups/load.ts'
import type { StoredGroup } from '../../node/groups/load.ts'
import { mailboxGrant, relayAddress } from '../../wire/capability.ts'
import { inbox } from './people.ts'
import { MANY, mapOf, row, withTail } from './row.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Asked, Control, Group, GroupFeed } from '../../node/groups/group.ts'
import type { Card } from '../../group/card.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'

/** Parts of the keys of these rows, behind the id of the conversation. */
const PARTS = ['group', 'control', 'state', 'person', 'card', 'place', 'met'] as const
type Part = (typeof PARTS)[number]

const hex32: Codec<string> = hex(32)

/** Its id is that of the row, and its act in the content. */
const controlRow = row(
  1,
  struct({
    author: accountId,
    device: deviceId,
    seq: u32,
    weightBefore: u32,
    past: list(entryId, MANY),
    known: list(struct({ device: deviceId, length: u32 }), MANY),
    kept: keptBody,
  }),
)

const stateRow = row(1, list(entryId, MANY))
const personRow = row(1, bytes(SIGNED_DEVICE_LIST_BYTES_MAX))
const cardRow = row(1, bytes(CARD_BYTES_MAX))
const placeRow: Codec<GroupFeed> = row(
  1,
  struct({
    tips: list(struct({ id: entryId, members: hex32 }), FORK_BRANCHES_MAX),
    given: list(struct({ maker: entryId, seq: u32 }), MANY),
  }),
)
const metRow = row(1, struct({ since: u32 }))

const askedFields: Codec<Asked> = struct({
  secret: fixed(16),
  grant: mailboxGrant,
  title: text(NAME_BYTES_MAX),
  members: u16,
  expires: u48,
  since: u48,
  left: optional(struct({ since: u48, ms: u32 })),
  host: optional(deviceId),
})

/** Two flags in a byte, of which rows of before have the first. */
const registeredAt: Codec<{ readonly registered: boolean; readonly isAtSecond: boolean }> = mapped(
  u8,
  (value) => {
    if (value > 3) throw new DecodeError('a mailbox at more than two relays')
    return { registered: (value & 1) !== 0, isAtSecond: (value & 2) !== 0 }
  },
  ({ registered, isAtSecond }) => Number(registered) + 2 * Number(isAtSecond),
)

const place = struct({ relay: relayAddress, registered: flag })
const turned = struct({ since: u48, times: u32 })

/** Behind all that rows of before have: where the door lies a second time, and where one asks to be let in. */
const withRelays = <T extends object>(fields: Codec<T>) =>
  withTail(fields, 'two', struct({ door: optional(place), relays: list(relayAddress, MANY), turned: optional(turned) }))

/** What there is one of. `links`: left out where there are none, as in all rows of before. */
const groupRow = row(
  1,
  withTail(
    struct({
      door: optional(inbox),
      isStale: flag,
      unmet: mapOf(accountId, u32),
      handouts: list(struct({ handout: struct({ chain: chainId, step: u32, key: fixed(32) }), from: u32 }), MANY),
      devices: list(deviceId, MANY),
      farewells: mapOf(deviceId, u32),
    }),
    'links',
    withRelays(struct({ desks: list(struct({ link: entryId, at: registeredAt }), LINKS_HEARD_MAX), asked: optional(askedFields) })),
  ),
)

const CORE = ['door', 'isStale', 'unmet', 'handouts', 'devices', 'farewells', 'desks', 'asked'] as const satisfies readonly (keyof Group)[]

/** The rows that differ. */
export function groupRows(id: ConversationId, before: Group | undefined, after: Group): readonly StoreWrite[] {
  const keyOf = (part: Part, name?: string): string => [id, part, name].filter((piece) => piece !== undefined).join('/')
  const put = (part: Part, name: string | undefined, value: Uint8Array): StoreWrite => ({
    kind: 'put',
    table: 'conversations',
    key: keyOf(part, name),
    value,
  })
  const changes = <K extends string, V>(part: Part, map: IdMap<K, V>, was: IdMap<K, V> = IdMap.empty(), write: (value: V) => Uint8Array) =>
    map.changedSince(was).map((key): StoreWrite => {
      const value = map.get(key)
      return value === undefined ? { kind: 'delete', table: 'conversations', key: keyOf(part, key) } : put(part, key, write(value))
    })
  const isSameCore = before !== undefined && CORE.every((name) => before[name] === after[name])
  return [
    ...(isSameCore
      ? []
      : [
          put(
            'group',
            undefined,
            encode(groupRow, {
              ...after,
              unmet: new Map(after.unmet),
              devices: [...after.devices.keys()],
              farewells: new Map(after.farewells),
              ...linksOf(after),
            }),
          ),
        ]),
    ...changes('control', after.controls, before?.controls, encodeControl),
    ...changes('state', after.states, before?.states, (heads) => encode(stateRow, heads)),
    ...changes('person', after.people, before?.people, ({ signed }) => encode(personRow, signed)),
    ...changes('card', after.cards, before?.cards, ({ signed }) => encode(cardRow, signed)),
    ...changes('place', after.feeds, before?.feeds, (feed) => encode(placeRow, feed)),
    ...changes('met', after.met, before?.met, (since) => encode(metRow, { since })),
  ]
}

const encodeControl = ({ entry, seq, salt, content, known }: Control): Uint8Array =>
  encode(controlRow, { ...entry, seq, known, kept: { salt, content } })

function controlFrom(id: EntryId, value: Uint8Array): Control {
  const { kept, seq, known, ...entry } = decode(controlRow, value)
  return { entry: { ...entry, id, act: decode(act, kept.content) }, seq, known, ...kept }
}

/** The group in these rows, which are some of a conversation's. Throws DecodeError or RangeError. */
export function groupIn(id: ConversationId, rows: readonly StoreRow[]): ReturnType<typeof groupFrom> {
  const controls: Control[] = []
  const states: (readonly [string, readonly EntryId[]])[] = []
  const people: (readonly [AccountId, PinnedDeviceList])[] = []
  const cards: (readonly [DeviceId, Card])[] = []
  const feeds: (readonly [DeviceId, GroupFeed])[] = []
  const met: (readonly [DeviceId, number])[] = []
  let core: (typeof groupRow extends Codec<infer T> ? T : never) | undefined
  for (const { key, value } of rows) {
    const [, part, name = ''] = key.split('/')
    if (part === 'group') core = decode(groupRow, value)
    else if (part === 'control') controls.push(controlFrom(name as EntryId, value))
    else if (part === 'state') states.push([name, decode(stateRow, value)])
    else if (part === 'person') people.push([name as AccountId, personFrom(decode(personRow, value))])
    else if (part === 'card') cards.push([name as DeviceId, storedCard(decode(cardRow, value), pinnedFrom)])
    else if (part === 'place') feeds.push([name as DeviceId, decode(placeRow, value)])
    else met.push([name as DeviceId, decode(metRow, value).since])
  }
  if (core === undefined) throw new RangeError('a group has lost its core')
  return groupFrom(id, {
    ...core,
    controls,
    states: IdMap.of(states),
    feeds: IdMap.of(feeds),
    people: IdMap.of(people),
    cards: IdMap.of(cards),
    met: IdMap.of(met),
    unmet: IdMap.of(core.unmet),
    devices: IdMap.of(core.devices.map((device) => [device, true] as const)),
    farewells: IdMap.of(core.farewells),
    ...linksFrom(core),
  })
}

type Links = NonNullable<(typeof groupRow extends Codec<infer T> ? T : never)['links']>

function linksOf({ desks, asked, door }: Group): { readonly links?: Links } {
  const second = door?.second
  const { relays = [], turned: last } = asked ?? {}
  const isAtTwo = second !== undefined || relays.length > 1
  if (desks.length === 0 && asked === undefined && !isAtTwo) return {}
  const stored = desks.map(({ link, registered, second: other }) => ({ link, at: { registered, isAtSecond: other?.registered === true } }))
  return { links: { desks: stored, asked, ...(isAtTwo && { two: { door: second, relays, turned: last } }) } }
}

function linksFrom({ door, links }: Pick<Group, 'door'> & { readonly links?: Links }): Pick<StoredGroup, 'door' | 'desks' | 'asked'> {
  const { desks = [], asked, two } = links ?? {}
  return {
    door: door && two?.door ? { ...door, second: two.door } : door,
    desks: desks.map(({ link, at }) => ({ link, ...at })),
    asked: asked && two ? { ...asked, relays: two.relays, turned: two.turned } : asked,
  }
}

function personFrom(signed: Uint8Array): PinnedDeviceList {
  const list = pinnedFrom(signed)
  if (list === undefined) throw new RangeError('a stored device list is none')
  return list
}
