// Small byte tools that every folder of the protocol uses. What is written here by hand, and why: docs/decisions/0032.

import { equalBytes } from '@noble/ciphers/utils.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** The platform's, which this package's types do not know because they know no DOM. */
declare const TextDecoder: new (
  label: 'utf-8' | 'latin1',
  options?: { readonly fatal: true; readonly ignoreBOM: true },
) => { readonly decode: (bytes: Uint8Array) => string }

/** `equalBytes` compares two byte strings in time that depends on the lengths only. */
export { concatBytes, equalBytes, utf8ToBytes }

/** The same bytes in memory of their own, for what is kept for longer than what it came in. */
export const apartFrom = (bytes: Uint8Array): Uint8Array => (bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice())

const DIGITS = /* @__PURE__ */ utf8ToBytes('0123456789abcdef')
/** What is written as hex often has no more: ids, and keys of the order. */
const HEX_BYTES = 64
const digits = /* @__PURE__ */ new Uint8Array(2 * HEX_BYTES)
const latin1 = /* @__PURE__ */ new TextDecoder('latin1')

/** Lower-case hex of `bytes`. */
export const toHex = (bytes: Uint8Array): string => hexOf(bytes, 0, bytes.length)

/** Lower-case hex of a part of `bytes`. A text that is put together letter by letter takes several times as long to make and to look up. */
export function hexOf(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from
  if (length > HEX_BYTES) return bytesToHex(bytes.subarray(from, to))
  for (let at = from, digit = 0; at < to; at += 1) {
    const byte = bytes[at] as number
    digits[digit++] = DIGITS[byte >> 4] as number
    digits[digit++] = DIGITS[byte & 15] as number
  }
  return latin1.decode(digits.subarray(0, 2 * length))
}

/** Bytes of a hex text; throws on anything that is not an even number of hex digits. */
export const fromHex = hexToBytes

/** A leading byte order mark is a character like any other. */
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 text, or undefined when `bytes` is not the one valid encoding of a text (lone surrogates, overlong forms). */
export function parseUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
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
