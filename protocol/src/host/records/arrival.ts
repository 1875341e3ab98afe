// How this device came to a conversation, as it lies in the core row: its own invite, or that of somebody else. The row has a place for whatever
// there may be of either; what does not go together is refused.

import { bytes, DecodeError, fixed, flag, list, mapped, oneOf, optional, struct, u32, u48 } from '../../bytes/codec.ts'
import { chainId, deviceId, recordId } from '../../bytes/ids.ts'
import { RECORD_WORD_BYTES_MAX } from '../../limits.ts'
import { signedEndsOf } from '../../node/invites/invite-end.ts'
import { prekeyBundle } from '../../session/prekey-bundle.ts'
import { mailboxGrant, relayAddress } from '../../wire/capability.ts'
import { feedLength } from '../../wire/receipt.ts'
import { inbox } from './people.ts'
import { MANY, orNone, secret } from './row.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { Arrival, Conversation, Invitation, InviteHandout, OwnInvite, SignedEnds } from '../../node/state.ts'

const signedWord = struct({ word: bytes(RECORD_WORD_BYTES_MAX), signature: fixed(64) })
const signedEnds: Codec<SignedEnds> = struct({ record: recordId, used: signedWord, revoked: signedWord })
const handout: Codec<InviteHandout> = struct({ handout: struct({ chain: chainId, step: u32, key: fixed(32) }), from: u32 })

const inviteRow = struct({
  secret: optional(secret),
  relay: relayAddress,
  created: u48,
  expires: u48,
  inbox,
  bundle: optional(prekeyBundle),
  handouts: list(handout, MANY),
  serial: u32,
  upTo: feedLength,
  isFull: flag,
  status: oneOf<OwnInvite['status']>(['open', 'used', 'revoked', 'expired']),
  ends: optional(signedEnds),
  proof: optional(secret),
  guest: optional(deviceId),
  admitted: orNone(u32),
  ended: flag,
  isUntouched: flag,
})

/** An own invite with a place for all that any of them has. */
export type InviteRow = typeof inviteRow extends Codec<infer Row> ? Row : never

const NO_PACKET = { upTo: 0, isFull: false }
const packetOf = ({ upTo, isFull }: typeof NO_PACKET): OwnInvite['packet'] => (upTo === 0 ? undefined : { upTo, isFull })

/** Throws DecodeError where an open invite lacks what its link leads to. */
export function inviteOf(stored: InviteRow): OwnInvite {
  const { relay, created, expires, inbox: own, serial, upTo, isFull, isUntouched } = stored
  const packet = packetOf({ upTo, isFull })
  const record = { relay, created, expires, inbox: own, serial, packet, isUntouched }
  const { status, secret: kept, bundle, handouts, guest, proof, admitted } = stored
  if (status === 'open') {
    if (kept === undefined || bundle === undefined) throw new DecodeError('an open invite has lost what its link leads to')
    return { ...record, status, secret: kept, bundle, handouts }
  }
  const ends = stored.ended ? undefined : endsIn(stored)
  if (status !== 'used') return { ...record, status, ends }
  return { ...record, status, ends, guest, proof, admitted }
}

// Versions before 0.1 kept the secret of an invite that was over, and signed its end when the relay was there.
const endsIn = ({ ends, secret: kept }: InviteRow): SignedEnds | undefined =>
  ends ?? (kept && signedEndsOf({ status: 'open', secret: kept }))

const NOTHING_OF_IT = {
  secret: undefined,
  bundle: undefined,
  handouts: [],
  ends: undefined,
  proof: undefined,
  guest: undefined,
  admitted: undefined,
} satisfies Partial<InviteRow>

function inviteRowOf({ packet, ...invite }: OwnInvite): InviteRow {
  const { upTo, isFull } = packet ?? NO_PACKET
  return {
    ...NOTHING_OF_IT,
    ...invite,
    upTo,
    isFull,
    ended: invite.status !== 'open' && invite.ends === undefined,
  }
}

export const invite: Codec<OwnInvite> = mapped(inviteRow, inviteOf, inviteRowOf)

export const invitation: Codec<Invitation> = struct({
  token: secret,
  key: secret,
  founderDevice: deviceId,
  bundle: prekeyBundle,
  grant: mailboxGrant,
  expires: u48,
  serial: orNone(u48),
  isClaimed: flag,
  hasAnswered: flag,
  late: optional(
    struct({ since: u48, ms: u48, reason: oneOf<NonNullable<Invitation['late']>['reason']>(['used', 'revoked', 'expired', 'claimed']) }),
  ),
})

/** What a row of before does not have: where the packet, or the mailbox of somebody else's, lies a second time. */
export const atTwo = struct({
  copy: optional(
    struct({ relay: relayAddress, registered: flag, serial: u32, upTo: feedLength, isFull: flag, ends: optional(signedEnds) }),
  ),
  spare: optional(struct({ grant: mailboxGrant, isFirst: flag })),
})

type AtTwo = typeof atTwo extends Codec<infer Part> ? Part : never

export function atTwoOf({ invite: own, invitation: others }: Arrival): AtTwo | undefined {
  const { copy, inbox: { second } = {} } = own ?? {}
  const spare = others?.spare
  if (copy === undefined && spare === undefined) return undefined
  const { upTo, isFull } = copy?.packet ?? NO_PACKET
  return { copy: copy && { ...copy, registered: second?.registered === true, upTo, isFull }, spare }
}

/** Puts it back where it belongs. Throws DecodeError where that is nowhere. */
export function withAtTwo({ invite: own, invitation: others, ...told }: Told, { copy, spare }: AtTwo): Told {
  if ((copy !== undefined && own === undefined) || (spare !== undefined && others === undefined))
    throw new DecodeError('a second relay of nothing')
  return {
    ...told,
    invite: own && copy ? copied(own, copy) : own,
    invitation: others && spare ? { ...others, spare } : others,
  }
}

function copied(own: OwnInvite, { relay, registered, serial, ends, ...left }: NonNullable<AtTwo['copy']>): OwnInvite {
  return { ...own, inbox: { ...own.inbox, second: { relay, registered } }, copy: { relay, serial, ends, packet: packetOf(left) } }
}

type Told = { readonly phase: Conversation['phase']; readonly invite: OwnInvite | undefined; readonly invitation: Invitation | undefined }

/** Throws DecodeError where the phase does not go with the rest. */
export function arrivalOf({ phase, invite: own, invitation: others }: Told): Arrival {
  if (phase === 'open') {
    if (others === undefined) return { phase, invite: own, invitation: others }
    if (own === undefined) return { phase, invite: own, invitation: others }
  } else if (phase === 'inviting') {
    if (own !== undefined && others === undefined) return { phase, invite: own, invitation: others }
  } else if (own === undefined && others !== undefined) return { phase, invite: own, invitation: others }
  throw new DecodeError('a conversation says two things of how it came to be')
}
