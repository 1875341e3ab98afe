// A handle as an account claims it at a relay (docs/protocol.md §16.2): signed by one of its devices, with the device list that says so. The relay judges it
// before it keeps it, and whoever looks the handle up judges it again: nobody has to take a relay's word for whose it is.

import { bytes, encode, fixed, flag, optional, struct, text, tryDecode, u48 } from '../bytes/codec.ts'
import { deviceId, mailboxId } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { sign, verify } from '../crypto/sign.ts'
import { accountIdFromKey } from '../identity/account.ts'
import { acceptDeviceList, parseDeviceList } from '../identity/device-list.ts'
import { SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { HANDLE_CLAIM_BYTES_MAX, HANDLE_LENGTH_MAX } from './limits.ts'
import { isHandle } from './handle.ts'
import type { Codec } from '../bytes/codec.ts'
import type { DeviceId, MailboxId } from '../bytes/ids.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'

/** Where first words go, and what they are sealed to: X25519 and ML-KEM-768. `isListed`: it may be found by its beginning. */
export type HandleDesk = {
  readonly mailbox: MailboxId
  readonly key: Uint8Array
  readonly kemKey: Uint8Array
  readonly isListed: boolean
}

/** `issued`: by the relay's clock, ms; of two claims of an account the later one counts. `desk`: undefined where the handle is given up. */
export type HandleClaim = {
  readonly handle: string
  readonly list: Uint8Array
  readonly device: DeviceId
  readonly issued: number
  readonly desk: HandleDesk | undefined
}

export type JudgedClaim = Omit<HandleClaim, 'list'> & { readonly list: PinnedDeviceList }

/** `malformed`: not the grammar, or no handle. `denied`: not signed by a device of the account that it names. */
export type ClaimJudgement =
  | { readonly kind: 'genuine'; readonly claim: JudgedClaim }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'denied' }

const fields: Codec<HandleClaim> = struct({
  handle: text(HANDLE_LENGTH_MAX),
  list: bytes(SIGNED_DEVICE_LIST_BYTES_MAX),
  device: deviceId,
  issued: u48,
  desk: optional(struct({ mailbox: mailboxId, key: fixed(32), kemKey: fixed(1_184), isListed: flag })),
})

const signedClaim = struct({ fields, signature: fixed(64) })

// It names the relay, so that what was said at one is worth nothing at another.
const statementOf = (relayKey: Uint8Array, claim: HandleClaim): Uint8Array => labelHash('kith/1/handle', relayKey, encode(fields, claim))

export const signHandleClaim = (claim: HandleClaim, relayKey: Uint8Array, seed: Uint8Array): Uint8Array =>
  encode(signedClaim, { fields: claim, signature: sign(seed, statementOf(relayKey, claim)) })

export function judgeHandleClaim(signed: Uint8Array, relayKey: Uint8Array): ClaimJudgement {
  const read = signed.length <= HANDLE_CLAIM_BYTES_MAX ? tryDecode(signedClaim, signed) : undefined
  if (read === undefined || !isHandle(read.fields.handle)) return { kind: 'refused', reason: 'malformed' }
  const acceptance = acceptDeviceList(undefined, read.fields.list)
  const list = acceptance.kind === 'accepted' ? acceptance.pinned : undefined
  const device = list?.devices.find(({ id }) => id === read.fields.device)
  if (list === undefined || device === undefined) return { kind: 'refused', reason: 'denied' }
  if (!verify(device.signingKey, statementOf(relayKey, read.fields), read.signature)) return { kind: 'refused', reason: 'denied' }
  return { kind: 'genuine', claim: { ...read.fields, list } }
}

/** What a claim says that was judged before it was kept. */
export const readHandleClaim = (signed: Uint8Array): HandleClaim | undefined => tryDecode(signedClaim, signed)?.fields

/** Whether a claim that is kept has a later device list of the same account: whoever comes with an earlier one may have been taken out since. */
export function hasLaterList(kept: Uint8Array, { account, serial }: Pick<PinnedDeviceList, 'account' | 'serial'>): boolean {
  const claim = readHandleClaim(kept)
  const list = claim && parseDeviceList(claim.list)
  return list !== undefined && list.serial > serial && accountIdFromKey(list.accountKey) === account
}
