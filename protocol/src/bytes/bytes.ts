// Small byte tools that every folder of the protocol uses. Text conversion comes from noble because this package has no DOM.

import { bytesToUtf8 } from '@noble/ciphers/utils.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

export { concatBytes, utf8ToBytes }

/** Lower-case hex of `bytes`. */
export const toHex = bytesToHex

/** Bytes of a hex text; throws on anything that is not an even number of hex digits. */
export const fromHex = hexToBytes

/** UTF-8 text, or undefined when `bytes` is not the one valid encoding of a text (lone surrogates, overlong forms). */
export function parseUtf8(bytes: Uint8Array): string | undefined {
  // The platform's decoder drops a leading byte order mark, which is a character like any other here.
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = hasMark ? `\ufeff${bytesToUtf8(bytes)}` : bytesToUtf8(bytes)
  return equalBytes(utf8ToBytes(text), bytes) ? text : undefined
}

/** Equality of two byte strings in time that depends on the lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += ALPHABET[(held >> bits) & 63]
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(held << (6 - bits)) & 63] : text
}

/** Bytes of an unpadded base64url text, or undefined when the text is not the one valid encoding of anything. */
export function parseBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let at = 0
  let bits = 0
  let held = 0
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) return undefined
    held = (held << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 255
      held &= (1 << bits) - 1
    }
  }
  return held === 0 ? bytes : undefined
}
