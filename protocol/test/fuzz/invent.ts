// Valid bytes for any codec, without knowing its grammar: the codec reads from a reader that makes up what it is asked for, and what was made up is
// what it accepts. Integers are small or at an end of their range, so that lists stay short and tags are ones that exist.

import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { DecodeError, Reader } from '../../src/bytes/codec.ts'
import type { Codec } from '../../src/bytes/codec.ts'
import type { Seeded } from '../simulation/seeded.ts'

/** No made-up value is longer; what asks for more is given up. */
const INVENTED_BYTES_MAX = 65_536
const TRIES_MAX = 1_500

/** What no luck would spell: wherever so many bytes are asked for behind their length. */
const ADDRESS = utf8ToBytes('wss://ab.example.org')

class InventingReader extends Reader {
  private readonly luck: Seeded
  /** The integer that was made up last: what is asked for next may be as long as it says. */
  private last = 0

  constructor(luck: Seeded) {
    super(new Uint8Array(INVENTED_BYTES_MAX))
    this.luck = luck
  }

  override skip(length: number): number {
    const from = super.skip(length)
    const made = this.bytes.subarray(from, this.at)
    if (length === ADDRESS.length && this.last === length) made.set(ADDRESS)
    else if (length === this.last && this.luck.chance(0.7)) made.forEach((_, at) => (made[at] = this.luck.whole(LETTER_A, LETTER_Z)))
    else if (length > INTEGER_BYTES_MAX) made.set(this.luck.bytes(length))
    else this.putInteger(made)
    return from
  }

  // Mostly zeros in front, as in lengths, counts and tags.
  private putInteger(made: Uint8Array): void {
    const end = made.length - 1
    for (let at = 0; at < end; at += 1) made[at] = this.luck.chance(0.95) ? 0 : this.luck.whole(0, 255)
    if (end < 0) return
    const value = this.luck.chance(0.6) ? this.luck.whole(0, 3) : this.luck.chance(0.4) ? ADDRESS.length : this.luck.whole(0, 40)
    made[end] = value
    this.last = value
  }
}
const INTEGER_BYTES_MAX = 7
const LETTER_A = 97
const LETTER_Z = 122

/** So many different encodings that the codec reads, or as many as come of that many tries. */
export function invent(codec: Codec<unknown>, count: number, luck: Seeded): readonly Uint8Array[] {
  const reader = new InventingReader(luck)
  const found: Uint8Array[] = []
  for (let tries = 0; tries < TRIES_MAX && found.length < count; tries += 1) {
    reader.at = 0
    try {
      codec.read(reader)
      found.push(reader.bytes.slice(0, reader.at))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
  }
  return found
}
