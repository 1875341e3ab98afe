// A TURN server (RFC 8656) of a relay's operator, and credentials for it that last for a while (docs/protocol.md §8.8).

import { list, struct, text, u32 } from '../bytes/codec.ts'
import { TURN_URL_BYTES_MAX, TURN_URLS_MAX, TURN_WORD_BYTES_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'

/** `seconds`: how long they are good for, from the answer on. */
export type TurnCredentials = {
  readonly urls: readonly string[]
  readonly username: string
  readonly credential: string
  readonly seconds: number
}

export const turnCredentials: Codec<TurnCredentials> = struct({
  urls: list(text(TURN_URL_BYTES_MAX), TURN_URLS_MAX),
  username: text(TURN_WORD_BYTES_MAX),
  credential: text(TURN_WORD_BYTES_MAX),
  seconds: u32,
})

const TURN_URL =
  /^turns?:(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::([1-9][0-9]{0,4}))?(?:\?transport=(?:udp|tcp))?$/
const LAST_PORT = 65_535

/** The address of a TURN server (RFC 7065) in lower case, and of nothing else that a browser could ask. */
export function isTurnUrl(value: string): boolean {
  const found = value.length <= TURN_URL_BYTES_MAX ? TURN_URL.exec(value) : null
  return found !== null && Number(found[1] ?? 1) <= LAST_PORT
}
