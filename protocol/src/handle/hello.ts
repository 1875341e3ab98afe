// A first word to somebody whose handle was looked up (docs/protocol.md §16.3): who says it, with proof, an invite of theirs, and a few words, sealed to the
// keys of the handle's desk, X25519 and ML-KEM-768 together. It is no session: whoever accepts it opens the invite, and all else follows as by a link.

import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { bytes, encode, fixed, struct, text, tryDecode } from '../bytes/codec.ts'
import { deviceId } from '../bytes/ids.ts'
import { open, seal } from '../crypto/aead.ts'
import { agree, agreementKeyOf } from '../crypto/agree.ts'
import { labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { decapsulate, encapsulate, KEM_CIPHERTEXT_BYTES, kemKeysOf } from '../crypto/kem.ts'
import { pad, unpad } from '../crypto/pad.ts'
import { sign, verify } from '../crypto/sign.ts'
import { acceptDeviceList } from '../identity/device-list.ts'
import { NAME_BYTES_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { HELLO_BLOB_BYTES_MAX, HELLO_BUCKETS, HELLO_TEXT_BYTES_MAX } from './limits.ts'
import { offer } from '../session/payload.ts'
import type { AccountId, DeviceId, MailboxId } from '../bytes/ids.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Random } from '../crypto/random.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { Offer } from '../session/payload.ts'
import type { HandleDesk } from './claim.ts'

type HelloFields = {
  readonly list: Uint8Array
  readonly device: DeviceId
  readonly name: string
  readonly offer: Offer
  readonly text: string
}
export type Hello = Omit<HelloFields, 'list'> & { readonly list: PinnedDeviceList }

/** To whom: the account of the handle, at its desk. */
export type HelloTo = { readonly account: AccountId; readonly desk: Omit<HandleDesk, 'isListed'> }

/** `seed`: of the keys. */
export type OwnDesk = { readonly account: AccountId; readonly mailbox: MailboxId; readonly seed: Uint8Array }

const fields: Codec<HelloFields> = struct({
  list: bytes(SIGNED_DEVICE_LIST_BYTES_MAX),
  device: deviceId,
  name: text(NAME_BYTES_MAX),
  offer,
  text: text(HELLO_TEXT_BYTES_MAX),
})
const signedHello = struct({ fields, signature: fixed(64) })
const EPHEMERAL_BYTES = 32

// It names whom it is for, so that whoever was told it cannot say it to somebody else.
const statementOf = ({ account, desk }: HelloTo, said: HelloFields): Uint8Array =>
  labelHash('kith/1/hello', fromHex(account), fromHex(desk.mailbox), encode(fields, said))

/** The secret side of a desk, from its seed of 32 bytes. */
export function deskKeysOf(seed: Uint8Array) {
  const derived = derive(seed, new Uint8Array(0), 'kith/1/desk-keys', 96)
  const secret = derived.slice(0, 32)
  const kem = kemKeysOf(derived.slice(32))
  return { secret, key: agreementKeyOf(secret), kemSecret: kem.secret, kemKey: kem.publicKey }
}

type Agreed = { readonly ephemeral: Uint8Array; readonly ciphertext: Uint8Array; readonly agreed: Uint8Array; readonly shared: Uint8Array }

/** Key and nonce, for this one hello: everything that went into it is hashed along. */
function sealOf({ desk }: HelloTo, { ephemeral, ciphertext, agreed, shared }: Agreed) {
  const context = labelHash('kith/1/hello-context', fromHex(desk.mailbox), desk.key, desk.kemKey, ephemeral, ciphertext)
  const derived = derive(concatBytes(agreed, shared), context, 'kith/1/hello-seal', 44)
  return { key: derived.slice(0, 32), nonce: derived.slice(32), context }
}

/** Undefined where the keys of the desk are none. */
export function sealHello(
  to: HelloTo,
  said: HelloFields,
  { signSeed, random }: { readonly signSeed: Uint8Array; readonly random: Random },
): Uint8Array | undefined {
  const secret = random(32)
  const agreed = agree(secret, to.desk.key)
  const encapsulated = encapsulate(to.desk.kemKey, random(32))
  if (agreed === undefined || encapsulated === undefined) return undefined
  const { ciphertext, shared } = encapsulated
  const ephemeral = agreementKeyOf(secret)
  const { key, nonce, context } = sealOf(to, { ephemeral, ciphertext, agreed, shared })
  const plaintext = pad(encode(signedHello, { fields: said, signature: sign(signSeed, statementOf(to, said)) }), HELLO_BUCKETS)
  return concatBytes(ephemeral, ciphertext, seal(key, nonce, plaintext, context))
}

/** What was said, with everything that it says of its sender proven; undefined for anything else. */
export function openHello({ account, mailbox, seed }: OwnDesk, blob: Uint8Array): Hello | undefined {
  if (blob.length > HELLO_BLOB_BYTES_MAX) return undefined
  const ephemeral = blob.subarray(0, EPHEMERAL_BYTES)
  const ciphertext = blob.subarray(EPHEMERAL_BYTES, EPHEMERAL_BYTES + KEM_CIPHERTEXT_BYTES)
  const { secret, key, kemSecret, kemKey } = deskKeysOf(seed)
  const agreed = agree(secret, ephemeral)
  const shared = decapsulate(kemSecret, ciphertext)
  if (agreed === undefined || shared === undefined) return undefined
  const to: HelloTo = { account, desk: { mailbox, key, kemKey } }
  const keys = sealOf(to, { ephemeral, ciphertext, agreed, shared })
  const padded = open(keys.key, keys.nonce, blob.subarray(EPHEMERAL_BYTES + KEM_CIPHERTEXT_BYTES), keys.context)
  const plaintext = padded && unpad(padded, HELLO_BUCKETS)
  return plaintext && judged(to, plaintext)
}

function judged(to: HelloTo, plaintext: Uint8Array): Hello | undefined {
  const read = tryDecode(signedHello, plaintext)
  const acceptance = read && acceptDeviceList(undefined, read.fields.list)
  if (read === undefined || acceptance?.kind !== 'accepted') return undefined
  const list = acceptance.pinned
  const device = list.devices.find(({ id }) => id === read.fields.device)
  if (device === undefined || !verify(device.signingKey, statementOf(to, read.fields), read.signature)) return undefined
  return { ...read.fields, list }
}
