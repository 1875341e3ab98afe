// This device's own identity, its contacts' devices, on which terms it is with others, and what is left of removed conversations, as they lie in rows.

import { bytes, DecodeError, fixed, flag, list, mapped, optional, struct, text, u32, u48, u8 } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { accountId, conversationId, deviceId, mailboxId, recordId } from '../../bytes/ids.ts'
import { pinnedFrom } from '../../identity/device-list.ts'
import { ACCOUNT_VECTOR_BYTES_MAX, ENVELOPE_BYTES_MAX, RECORD_WORD_BYTES_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../../limits.ts'
import { ABOUT_BYTES_MAX, PICTURE_BYTES_MAX } from '../../wire/face-limits.ts'
import { REQUEST_TEXT_BYTES_MAX } from '../../session/limits.ts'
import { offer } from '../../session/payload.ts'
import { prekeyBundle } from '../../session/prekey-bundle.ts'
import { mailboxGrant, relayAddress } from '../../wire/capability.ts'
import { MANY, mapOf, row, withTail } from './row.ts'
import { pairing } from './sessions.ts'
import type { AccountId } from '../../bytes/ids.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { DevicePublic, DeviceSecret } from '../../identity/device.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { MailboxKeys } from '../../mailbox/keys.ts'
import type { Inbox } from '../../node/mailboxes/inbox.ts'
import type { Peer, PendingEnvelope, RecordEnd, Removals, Self, OwnFace } from '../../node/state.ts'
import type { Pairing } from '../../session/pairing-state.ts'
import type { Circle, DeviceEnd, OwnAccount } from '../../node/devices/circle-state.ts'
import type { Alarms, ReceivedRequest, Split, Terms } from '../../node/terms/terms-state.ts'

const device: Codec<DevicePublic> = struct({ id: deviceId, signingKey: fixed(32), agreementKey: fixed(32) })

const ownDevice: Codec<DeviceSecret & DevicePublic> = struct({
  id: deviceId,
  signingKey: fixed(32),
  agreementKey: fixed(32),
  signSeed: fixed(32),
  agreeSecret: fixed(32),
})

/** As it was signed; it was judged before it was stored. */
const pinnedList: Codec<PinnedDeviceList> = mapped(
  bytes(SIGNED_DEVICE_LIST_BYTES_MAX),
  (signed) => {
    const pinned = pinnedFrom(signed)
    if (pinned === undefined) throw new DecodeError('not a device list')
    return pinned
  },
  ({ signed }) => signed,
)

/** Hex digits of a mark, of an id and of an order key. */
const MARK_DIGITS = 64
const ORDER_DIGITS = 84

const ownFace: Codec<OwnFace> = struct({
  about: text(ABOUT_BYTES_MAX),
  picture: bytes(PICTURE_BYTES_MAX),
  at: text(ORDER_DIGITS),
  told: optional(text(MARK_DIGITS)),
})

export const selfRow: Codec<Self> = row(
  1,
  withTail(
    struct({
      secret: struct({ entropy: fixed(32) }),
      account: accountId,
      device: ownDevice,
      list: pinnedList,
      name: optional(text(MANY)),
      readReceipts: flag,
    }),
    'face',
    ownFace,
  ),
)

const ownAccount: Codec<OwnAccount> = struct({
  vector: bytes(ACCOUNT_VECTOR_BYTES_MAX),
  said: optional(text(MARK_DIGITS)),
  told: optional(text(MARK_DIGITS)),
})

export const circleRow: Codec<Circle | undefined> = row(
  1,
  optional(
    withTail(
      struct({
        conversation: conversationId,
        lists: list(bytes(SIGNED_DEVICE_LIST_BYTES_MAX), MANY),
        names: mapped(
          mapOf(deviceId, text(MANY)),
          (names): Circle['names'] => IdMap.of(names),
          (names) => new Map(names),
        ),
        untold: list(deviceId, MANY),
        removed: list(conversationId, MANY),
        mark: optional(text(MARK_DIGITS)),
        accounts: mapped(
          mapOf(deviceId, ownAccount),
          (accounts): Circle['accounts'] => IdMap.of(accounts),
          (accounts) => new Map(accounts),
        ),
      }),
      'made',
      list(deviceId, MANY),
    ),
  ),
)

export const homeRow = row(1, optional(relayAddress))

const mailboxKeys: Codec<MailboxKeys> = struct({
  relay: relayAddress,
  mailbox: mailboxId,
  readSeed: fixed(32),
  sendSeed: fixed(32),
  sealKey: fixed(32),
})

export const inbox: Codec<Inbox> = struct({ keys: mailboxKeys, registered: flag })

const pendingEnvelope: Codec<PendingEnvelope> = struct({
  envelope: bytes(ENVELOPE_BYTES_MAX),
  conversation: conversationId,
  from: u32,
  until: u32,
  deposited: flag,
})

const end: Codec<DeviceEnd> = struct({ isRevoked: flag, cuts: mapOf(conversationId, u32) })

/** What begins the part of a row behind its fields where there are two relays: in all rows of before a flag of the end is there. */
const TWO_RELAYS = 2

const more = struct({
  mark: u8,
  end: optional(end),
  second: optional(struct({ relay: relayAddress, registered: flag })),
  spare: optional(struct({ grant: mailboxGrant, isFirst: flag })),
})

const withMore = (fields: Codec<Omit<Peer, 'end' | 'spare'>>): Codec<Peer> => ({
  write: (writer, { end: over, spare, ...peer }) => {
    fields.write(writer, peer)
    const second = peer.inbox?.second
    if (second !== undefined || spare !== undefined) more.write(writer, { mark: TWO_RELAYS, end: over, second, spare })
    else if (over !== undefined) end.write(writer, over)
  },
  read: (reader) => {
    const peer = fields.read(reader)
    if (reader.at === reader.bytes.length) return peer
    if (reader.bytes[reader.at] !== TWO_RELAYS) return { ...peer, end: end.read(reader) }
    const { end: over, second, spare } = more.read(reader)
    if ((second === undefined && spare === undefined) || (second !== undefined && peer.inbox === undefined))
      throw new DecodeError('a second relay of nothing')
    return {
      ...peer,
      ...(peer.inbox !== undefined && second !== undefined && { inbox: { ...peer.inbox, second } }),
      ...(over !== undefined && { end: over }),
      ...(spare !== undefined && { spare }),
    }
  },
})

export const peerRow: Codec<Peer> = peerRowOf(2, pairing)

/** Rows of peers as a version writes them. */
export function peerRowOf(version: number, sessions: Codec<Pairing>): Codec<Peer> {
  return row(version, withMore(peerFields(sessions)))
}

function peerFields(sessions: Codec<Pairing>): Codec<Omit<Peer, 'end' | 'spare'>> {
  return struct({
    device,
    account: accountId,
    list: pinnedList,
    pairing: optional(sessions),
    inbox: optional(inbox),
    outbox: optional(mailboxGrant),
    envelopes: list(pendingEnvelope, MANY),
    bundle: optional(prekeyBundle),
    lastHeard: u48,
    taken: optional(struct({ day: u32, bytes: u48 })),
  })
}

const recordEnd: Codec<RecordEnd> = struct({
  relay: relayAddress,
  record: recordId,
  word: bytes(RECORD_WORD_BYTES_MAX),
  signature: fixed(64),
  expires: u48,
})

export const removalsRow: Codec<Removals> = row(
  1,
  struct({
    erasing: mapOf(conversationId, optional(accountId)),
    ends: list(recordEnd, MANY),
    answered: mapOf(conversationId, u48),
  }),
)

const blockedAccounts: Codec<ReadonlySet<AccountId>> = mapped(
  list(accountId, MANY),
  (accounts): ReadonlySet<AccountId> => new Set(accounts),
  (accounts) => [...accounts],
)

const receivedRequest: Codec<ReceivedRequest> = struct({
  group: conversationId,
  offer,
  text: text(REQUEST_TEXT_BYTES_MAX),
  at: u48,
  isIgnored: flag,
})

const alarms: Codec<Alarms> = struct({
  splits: mapOf(
    accountId,
    struct({
      lists: mapped(
        list(bytes(SIGNED_DEVICE_LIST_BYTES_MAX), 2),
        (lists) => lists as unknown as Split['lists'],
        (lists) => lists,
      ),
      since: u48,
      isSeen: flag,
      untold: list(deviceId, MANY),
    }),
  ),
  seen: list(text(MANY), MANY),
})

export const termsRow: Codec<Terms> = row(
  1,
  withTail(
    withTail(
      struct({
        blocked: blockedAccounts,
        closing: list(struct({ keys: mailboxKeys, since: u48 }), MANY),
        requests: mapOf(accountId, receivedRequest),
        asked: mapOf(conversationId, struct({ account: accountId, group: conversationId })),
      }),
      'alarms',
      alarms,
    ),
    'names',
    mapOf(accountId, text(MANY)),
  ),
)
