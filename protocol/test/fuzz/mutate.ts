// What is done to valid bytes: flips, cuts, insertions, repetitions, splices of two, and integers and lengths at the ends of their range.

import { concatBytes } from '../../src/bytes/bytes.ts'
import type { Seeded } from '../simulation/seeded.ts'

type Mutation = (bytes: Uint8Array, luck: Seeded, others: readonly Uint8Array[]) => Uint8Array

const MUTATIONS_AT_ONCE_MAX = 4
const INSERTED_MAX = 64

const place = (bytes: Uint8Array, luck: Seeded): number => luck.whole(0, Math.max(0, bytes.length - 1))
const changed = (bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array => {
  const copy = bytes.slice()
  change(copy)
  return copy
}

/** Integers that stand where another one stood: none, one, the ends of 7, 8, 15, 16, 31, 32 and 53 bits, and their neighbours. */
const EXTREMES = [
  0,
  1,
  0x7f,
  0x80,
  0xff,
  0x100,
  0x7fff,
  0x8000,
  0xffff,
  0x1_0000,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_ffff,
  2 ** 53 - 1,
  2 ** 53,
]
const WIDTHS = [1, 2, 4, 6, 7]

function putInteger(copy: Uint8Array, at: number, width: number, value: number): void {
  let rest = value
  for (let digit = Math.min(at + width, copy.length) - 1; digit >= at; digit -= 1) {
    copy[digit] = rest % 256
    rest = Math.floor(rest / 256)
  }
}

const MUTATIONS: readonly Mutation[] = [
  // One bit, and one byte.
  (bytes, luck) =>
    changed(bytes, (copy) => {
      const at = place(copy, luck)
      copy[at] = (copy[at] ?? 0) ^ (1 << luck.whole(0, 7))
    }),
  (bytes, luck) => changed(bytes, (copy) => void (copy[place(copy, luck)] = luck.whole(0, 255))),
  // Cut at the end, at the beginning, in the middle.
  (bytes, luck) => bytes.slice(0, place(bytes, luck)),
  (bytes, luck) => bytes.slice(place(bytes, luck)),
  (bytes, luck) => {
    const from = place(bytes, luck)
    return concatBytes(bytes.subarray(0, from), bytes.subarray(from + luck.whole(1, 32)))
  },
  // More of it: luck, zeros, and a part again.
  (bytes, luck) => {
    const at = luck.whole(0, bytes.length)
    return concatBytes(bytes.subarray(0, at), luck.bytes(luck.whole(1, 8)), bytes.subarray(at))
  },
  (bytes, luck) => concatBytes(bytes, new Uint8Array(luck.whole(1, INSERTED_MAX))),
  (bytes, luck) => {
    const from = place(bytes, luck)
    const part = bytes.subarray(from, from + luck.whole(1, INSERTED_MAX))
    return concatBytes(bytes.subarray(0, from), part, bytes.subarray(from))
  },
  // Integers and lengths.
  (bytes, luck) => changed(bytes, (copy) => putInteger(copy, place(copy, luck), pick(WIDTHS, luck) ?? 1, pick(EXTREMES, luck) ?? 0)),
  (bytes, luck) =>
    changed(bytes, (copy) => {
      const at = place(copy, luck)
      copy[at] = ((copy[at] ?? 0) + (luck.chance(0.5) ? 1 : 255)) & 255
    }),
  // Numbers whose last bit says that they go on, for ever.
  (bytes, luck) => changed(bytes, (copy) => void copy.fill(0xff, place(copy, luck), place(copy, luck) + luck.whole(1, 12))),
  // The beginning of one, the end of another.
  (bytes, luck, others) => {
    const other = pick(others, luck) ?? bytes
    return concatBytes(bytes.subarray(0, place(bytes, luck)), other.subarray(place(other, luck)))
  },
  // Two parts change places.
  (bytes, luck) =>
    changed(bytes, (copy) => {
      const length = luck.whole(1, 32)
      const [a, b] = [place(copy, luck), place(copy, luck)]
      const part = copy.slice(a, a + length)
      copy.copyWithin(a, b, b + length)
      copy.set(part.subarray(0, Math.max(0, copy.length - b)), b)
    }),
]

const pick = <T>(from: readonly T[], luck: Seeded): T | undefined => from[luck.whole(0, from.length - 1)]

/** A few of these, one after the other, on one of the seeds; now and then the seed as it is, or nothing but luck. */
export function mutated(seeds: readonly Uint8Array[], luck: Seeded): Uint8Array {
  const seed = pick(seeds, luck)
  if (seed === undefined || luck.chance(0.03)) return luck.bytes(luck.whole(0, 300))
  if (luck.chance(0.03)) return seed
  let bytes = seed
  for (let left = luck.whole(1, MUTATIONS_AT_ONCE_MAX); left > 0; left -= 1) bytes = pick(MUTATIONS, luck)?.(bytes, luck, seeds) ?? bytes
  return bytes
}
