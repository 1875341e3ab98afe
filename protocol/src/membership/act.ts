// The acts of a group's control entries as bytes, and what they weigh (docs/protocol.md §11.1, §11.2).

import { DecodeError, fixed, list, mapped, nothing, oneOf, optional, struct, u16, u32, u48, union } from '../bytes/codec.ts'
import { accountId, deviceId, entryId, toUnixMs } from '../bytes/ids.ts'
import { relayAddress } from '../wire/capability.ts'
import { CUTS_PER_ACCOUNT_MAX, GRANT_ITEMS_MAX, LINK_USES_MAX, REMOVE_ITEMS_MAX } from './limits.ts'
import { HISTORIES, ROLES } from './types.ts'
import type { Codec } from '../bytes/codec.ts'
import type { UnixMs } from '../bytes/ids.ts'
import type { Act, Cut, GrantItem, LinkGrant, RemoveItem, Role } from './types.ts'

const personFields = { account: accountId, deviceList: fixed(32) }
const role = oneOf(ROLES)

const lowerRole: Codec<Exclude<Role, 'owner'>> = mapped(
  role,
  (value) => {
    if (value === 'owner') throw new DecodeError('nobody is lowered to an owner')
    return value
  },
  (value) => value,
)

/** A list whose items' keys ascend, which has each key once, and which is not shorter than `min`. */
const ascending = <T>(item: Codec<T>, bounds: { readonly min: number; readonly max: number }, keyOf: (value: T) => string) => {
  const isValid = (values: readonly T[]): boolean => {
    const keys = values.map(keyOf)
    return values.length >= bounds.min && keys.every((key, at) => at === 0 || String(keys[at - 1]) < key)
  }
  return mapped(
    list(item, bounds.max),
    (values) => {
      if (!isValid(values)) throw new DecodeError('too few items, or not in order')
      return values
    },
    (values) => {
      if (!isValid(values)) throw new RangeError('too few items, or not in order')
      return values
    },
  )
}

const grantItem: Codec<GrantItem> = struct({ ...personFields, role })
const cut: Codec<Cut> = struct({ device: deviceId, seq: u32, id: entryId })
const removeItem: Codec<RemoveItem> = struct({
  account: accountId,
  cuts: ascending(cut, { min: 0, max: CUTS_PER_ACCOUNT_MAX }, ({ device, id }) => device + id),
})
const unixMs: Codec<UnixMs> = mapped(u48, toUnixMs, (value) => value)

const areUses = (value: number): boolean => value > 0 && value <= LINK_USES_MAX
const linkUses: Codec<number> = mapped(
  u16,
  (value) => {
    if (!areUses(value)) throw new DecodeError('a link for nobody, or for too many')
    return value
  },
  (value) => {
    if (!areUses(value)) throw new RangeError('a link for nobody, or for too many')
    return value
  },
)
const linkGrant: Codec<LinkGrant> = struct({
  key: fixed(32),
  expires: unixMs,
  uses: linkUses,
  secret: fixed(16),
  place: fixed(32),
  relay: relayAddress,
  second: optional(relayAddress),
}) as Codec<LinkGrant>

/** What a control entry of a group holds. */
export const act: Codec<Act> = union<Act>({
  'create-group': [4, struct({ ...personFields, nonce: fixed(16) })],
  grant: [5, struct({ items: ascending(grantItem, { min: 1, max: GRANT_ITEMS_MAX }, ({ account }) => account) })],
  demote: [6, struct({ ...personFields, role: lowerRole })],
  remove: [7, struct({ items: ascending(removeItem, { min: 1, max: REMOVE_ITEMS_MAX }, ({ account }) => account) })],
  resign: [8, struct({ role: lowerRole })],
  leave: [9, nothing],
  'open-link': [10, linkGrant],
  'close-link': [11, struct({ link: entryId })],
  'let-in': [12, struct({ link: entryId, ...personFields, proof: fixed(64) })],
  'set-history': [13, struct({ history: oneOf(HISTORIES) })],
})

/** How much of a feed's allowance ({@link FEED_WEIGHT_MAX}) an act takes. Whoever goes away may do so always. */
export function weightOf(value: Act): number {
  switch (value.kind) {
    case 'grant':
    case 'remove':
      return value.items.length
    case 'leave':
    case 'resign':
      return 0
    case 'create-group':
    case 'demote':
    case 'open-link':
    case 'close-link':
    case 'let-in':
    case 'set-history':
      return 1
  }
}
