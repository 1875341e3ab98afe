// The link code, which an old device shows to a new one of the same person (docs/protocol.md §13.1): where the two meet, and a secret for this once. It is no
// address, so nothing that is opened or clicked can begin a linking.

import { parseBase64Url, toBase64Url } from '../bytes/bytes.ts'
import { encode, fixed, struct, tryDecode, u8 } from '../bytes/codec.ts'
import { recordIdOf } from '../bytes/ids.ts'
import { labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { LINK_TEXT_LENGTH_MAX } from '../limits.ts'
import { relayAddress } from '../wire/capability.ts'
import type { Codec } from '../bytes/codec.ts'
import type { RecordId } from '../bytes/ids.ts'
import type { RelayAddress } from '../wire/capability.ts'

export type LinkCode = { readonly relay: RelayAddress; readonly secret: Uint8Array }

/** Where what is said lies at the relay, and the key that seals it. `spoiled`: a second device has scanned the code. */
export type LinkPlaces = { readonly key: Uint8Array; readonly offer: RecordId; readonly answer: RecordId; readonly spoiled: RecordId }

export const LINK_SECRET_BYTES = 16
const VERSION = 1
const MARK = 'Kith-'
const TOKEN = /Kith-([A-Za-z0-9_-]{40,500})/u

const codec: Codec<LinkCode & { readonly version: number }> = struct({ version: u8, relay: relayAddress, secret: fixed(LINK_SECRET_BYTES) })

export const linkCodeText = (code: LinkCode): string => `${MARK}${toBase64Url(encode(codec, { version: VERSION, ...code }))}`

/** The code in a text, whatever stands around it and wherever it was wrapped; undefined where there is none of this version. */
export function parseLinkCode(text: string): LinkCode | undefined {
  const token = TOKEN.exec(text.slice(0, LINK_TEXT_LENGTH_MAX).replaceAll(/[\s\p{Cf}]/gu, ''))?.[1]
  const bytes = token === undefined ? undefined : parseBase64Url(token)
  const read = bytes && tryDecode(codec, bytes)
  return read?.version === VERSION ? { relay: read.relay, secret: read.secret } : undefined
}

export function linkPlacesOf(secret: Uint8Array): LinkPlaces {
  const part = (info: string): Uint8Array => derive(secret, new Uint8Array(0), info, 32)
  const token = part('kith/1/link-token')
  const place = (label: string): RecordId => recordIdOf(labelHash(label, token))
  return {
    key: part('kith/1/link-key'),
    offer: place('kith/1/link-offer'),
    answer: place('kith/1/link-answer'),
    spoiled: place('kith/1/link-spoiled'),
  }
}
