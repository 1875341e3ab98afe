// What the two devices say to each other before the account goes over (docs/protocol.md §13.2). The old one commits to its share before it sees that of
// the new one, so whoever stands between them has one try, and one chance in a million that both show the same six digits.

import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { bytes, encode, fixed, struct, text, tryDecode, union } from '../bytes/codec.ts'
import { accountId } from '../bytes/ids.ts'
import { NAMED_NONCE_BYTES, open, openNamed, seal, sealNamed } from '../crypto/aead.ts'
import { agree, agreementKeyOf, isAgreementKey } from '../crypto/agree.ts'
import { hash, labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { decapsulate, encapsulate, isKemKey, KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES, kemKeysOf } from '../crypto/kem.ts'
import { pad, unpad } from '../crypto/pad.ts'
import { areDeviceKeys } from '../identity/device.ts'
import { BLOB_BUCKETS, NAME_BYTES_MAX, HANDOVER_BYTES_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { AccountId, RecordId } from '../bytes/ids.ts'
import type { Random } from '../crypto/random.ts'

/** The share of the old device. `agreementKey`: X25519, of this linking alone. */
export type LinkOffer = { readonly account: AccountId; readonly agreementKey: Uint8Array; readonly nonce: Uint8Array }

/** The share of the new device. `device`: its keys for good; the others are of this linking alone. */
export type LinkAnswer = {
  readonly device: { readonly signingKey: Uint8Array; readonly agreementKey: Uint8Array }
  readonly agreementKey: Uint8Array
  readonly kemKey: Uint8Array
  readonly nonce: Uint8Array
  readonly name: string
}

/** What lies in the place of the offer, one after the other. */
export type OfferStage =
  | { readonly kind: 'committed'; readonly commitment: Uint8Array }
  | { readonly kind: 'revealed'; readonly offer: LinkOffer }
  /** The person has compared the digits: the account, for the new device alone. */
  | { readonly kind: 'confirmed'; readonly offer: LinkOffer; readonly kemCiphertext: Uint8Array; readonly handover: Uint8Array }

export type OfferSecrets = { readonly offer: LinkOffer; readonly secret: Uint8Array }
export type AnswerSecrets = { readonly answer: LinkAnswer; readonly secret: Uint8Array; readonly kemSecret: Uint8Array }

const NONCE_BYTES = 32
const DIGITS = 6

export function createOffer(account: AccountId, random: Random): OfferSecrets {
  const secret = random(32)
  return { secret, offer: { account, agreementKey: agreementKeyOf(secret), nonce: random(NONCE_BYTES) } }
}

export function createAnswer(device: LinkAnswer['device'], name: string, random: Random): AnswerSecrets {
  const secret = random(32)
  const kem = kemKeysOf(random(64))
  const { signingKey, agreementKey } = device
  const answer = {
    device: { signingKey, agreementKey },
    agreementKey: agreementKeyOf(secret),
    kemKey: kem.publicKey,
    nonce: random(NONCE_BYTES),
    name,
  }
  return { answer, secret, kemSecret: kem.secret }
}

export const commitmentTo = (offer: LinkOffer): Uint8Array => labelHash('kith/1/link-commitment', encode(linkOffer, offer))

export const isCommittedTo = (commitment: Uint8Array, offer: LinkOffer): boolean => equalBytes(commitment, commitmentTo(offer))

/** What both have seen. `commitment`: as it lay there before the answer was given. */
type Seen = { readonly commitment: Uint8Array; readonly offer: LinkOffer; readonly answer: LinkAnswer }

const transcriptOf = ({ commitment, offer, answer }: Seen): Uint8Array =>
  labelHash('kith/1/link-transcript', commitment, hash(encode(linkAnswer, answer)), encode(linkOffer, offer))

/** Six digits for people to compare. */
export function digitsOf(seen: Seen): string {
  const number = derive(transcriptOf(seen), new Uint8Array(0), 'kith/1/link-digits', 6).reduce((value, byte) => value * 256 + byte, 0)
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** Seals the handover for the device that gave the answer; undefined where its keys do not serve. */
export function sealHandover(
  { secret, ...seen }: Seen & Pick<OfferSecrets, 'secret'>,
  handover: Uint8Array,
  random: Random,
): Extract<OfferStage, { kind: 'confirmed' }> | undefined {
  const agreed = agree(secret, seen.answer.agreementKey)
  const encapsulated = encapsulate(seen.answer.kemKey, random(32))
  if (agreed === undefined || encapsulated === undefined) return undefined
  const { key, nonce } = handoverKeyOf(seen, agreed, encapsulated.shared)
  const sealed = seal(key, nonce, handover, encapsulated.ciphertext)
  return { kind: 'confirmed', offer: seen.offer, kemCiphertext: encapsulated.ciphertext, handover: sealed }
}

export function openHandover(
  { secret, kemSecret, ...seen }: Seen & Omit<AnswerSecrets, 'answer'>,
  { kemCiphertext, handover }: Extract<OfferStage, { kind: 'confirmed' }>,
): Uint8Array | undefined {
  const agreed = agree(secret, seen.offer.agreementKey)
  const shared = decapsulate(kemSecret, kemCiphertext)
  if (agreed === undefined || shared === undefined) return undefined
  const { key, nonce } = handoverKeyOf(seen, agreed, shared)
  return open(key, nonce, handover, kemCiphertext)
}

// Used once: both shares are fresh in each linking.
function handoverKeyOf(seen: Seen, agreed: Uint8Array, shared: Uint8Array) {
  const derived = derive(concatBytes(agreed, shared), transcriptOf(seen), 'kith/1/link-handover', 44)
  return { key: derived.subarray(0, 32), nonce: derived.subarray(32) }
}

const linkOffer: Codec<LinkOffer> = struct({ account: accountId, agreementKey: fixed(32), nonce: fixed(NONCE_BYTES) })

export const linkAnswer: Codec<LinkAnswer> = struct({
  device: struct({ signingKey: fixed(32), agreementKey: fixed(32) }),
  agreementKey: fixed(32),
  kemKey: fixed(KEM_PUBLIC_BYTES),
  nonce: fixed(NONCE_BYTES),
  name: text(NAME_BYTES_MAX),
})

export const offerStage: Codec<OfferStage> = union<OfferStage>({
  committed: [1, struct({ commitment: fixed(32) })],
  revealed: [2, struct({ offer: linkOffer })],
  confirmed: [3, struct({ offer: linkOffer, kemCiphertext: fixed(KEM_CIPHERTEXT_BYTES), handover: bytes(HANDOVER_BYTES_MAX) })],
})

/** As it lies at the relay, under the key of the code. */
export const sealSaid = <T>(
  codec: Codec<T>,
  value: T,
  { key, record, random }: { readonly key: Uint8Array; readonly record: RecordId; readonly random: Random },
): Uint8Array => sealNamed(key, random(NAMED_NONCE_BYTES), pad(encode(codec, value), BLOB_BUCKETS), fromHex(record))

export function openSaid<T>(
  codec: Codec<T>,
  blob: Uint8Array,
  { key, record }: { readonly key: Uint8Array; readonly record: RecordId },
): T | undefined {
  const padded = openNamed(key, blob, fromHex(record))
  const content = padded && unpad(padded, BLOB_BUCKETS)
  return content && tryDecode(codec, content)
}

/** Whether the keys of an answer can be used. */
export const isUsable = ({ device, agreementKey, kemKey }: LinkAnswer): boolean =>
  areDeviceKeys(device) && isAgreementKey(agreementKey) && isKemKey(kemKey)
