// What somebody wrote anew in a note, line by line: so that what others wrote between those lines meanwhile stays where it is.

import { COMPARED_LINES_MAX } from './living-limits.ts'

/** `at`, `remove`: letters of the text before. */
export type Hunk = { readonly at: number; readonly remove: number; readonly insert: string }

/** What makes `after` of `before`, in order. */
export function hunksBetween(before: string, after: string): readonly Hunk[] {
  if (before === after) return []
  const [a, b] = [linesOf(before), linesOf(after)]
  const head = sameAtStart(a, b, Math.min(a.length, b.length))
  const tail = sameAtEnd(a, b, Math.min(a.length, b.length) - head)
  const start = a.slice(0, head).join('').length
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const rough = left.length * right.length > COMPARED_LINES_MAX ? [whole(left, right)] : inLines(left, right)
  return rough.map((hunk) => trimmed(before, { ...hunk, at: hunk.at + start }))
}

/** `hunks` of a text, made of what has become of that text meanwhile. */
export function rebased(hunks: readonly Hunk[], { from, to }: { readonly from: string; readonly to: string }): readonly Hunk[] {
  const places = placesIn(from, to)
  return hunks.flatMap(({ at, remove, insert }) => {
    let place = 0
    for (let i = at - 1; i >= 0; i--) {
      const left = places[i] ?? -1
      if (left < 0) continue
      place = left + 1
      break
    }
    const kept = places.slice(at, at + remove).filter((one) => one >= 0)
    return [...(insert === '' ? [] : [{ at: place, remove: 0, insert }]), ...runsIn(kept)]
  })
}

// For each letter of `from` its place in `to`, or -1 where it is gone.
function placesIn(from: string, to: string): readonly number[] {
  const places: number[] = []
  let shift = 0
  let at = 0
  for (const hunk of hunksBetween(from, to)) {
    for (; at < hunk.at; at++) places.push(at + shift)
    for (; at < hunk.at + hunk.remove; at++) places.push(-1)
    shift += hunk.insert.length - hunk.remove
  }
  for (; at < from.length; at++) places.push(at + shift)
  return places
}

function runsIn(places: readonly number[]): readonly Hunk[] {
  const runs: { at: number; remove: number; insert: string }[] = []
  for (const place of places) {
    const last = runs.at(-1)
    if (last !== undefined && last.at + last.remove === place) last.remove += 1
    else runs.push({ at: place, remove: 1, insert: '' })
  }
  return runs
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/gu) ?? []

function sameAtStart<T>(a: ArrayLike<T>, b: ArrayLike<T>, most: number): number {
  let same = 0
  while (same < most && a[same] === b[same]) same += 1
  return same
}

function sameAtEnd<T>(a: ArrayLike<T>, b: ArrayLike<T>, most: number): number {
  let same = 0
  while (same < most && a[a.length - 1 - same] === b[b.length - 1 - same]) same += 1
  return same
}

const whole = (a: readonly string[], b: readonly string[]): Hunk => ({ at: 0, remove: a.join('').length, insert: b.join('') })

// The longest common run of lines, by the table of all pairs.
function inLines(a: readonly string[], b: readonly string[]): readonly Hunk[] {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0)
  const hunks: { at: number; remove: number; insert: string }[] = []
  let open: (typeof hunks)[number] | undefined
  for (let i = 0, j = 0, at = 0; i < a.length || j < b.length;) {
    const [one = '', other = ''] = [a[i], b[j]]
    if (i < a.length && j < b.length && one === other) {
      open = undefined
      at += one.length
      i += 1
      j += 1
      continue
    }
    if (open === undefined) hunks.push((open = { at, remove: 0, insert: '' }))
    if (j >= b.length || (i < a.length && (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0))) {
      open.remove += one.length
      at += one.length
      i += 1
    } else {
      open.insert += other
      j += 1
    }
  }
  return hunks
}

// Without the letters that are the same at either end.
function trimmed(before: string, { at, remove, insert }: Hunk): Hunk {
  const gone = before.slice(at, at + remove)
  const start = sameAtStart(gone, insert, Math.min(gone.length, insert.length))
  const head = isHalf(gone, start) || isHalf(insert, start) ? start - 1 : start
  const same = sameAtEnd(gone, insert, Math.min(gone.length, insert.length) - head)
  const tail = isHalf(gone, gone.length - same) || isHalf(insert, insert.length - same) ? same - 1 : same
  return { at: at + head, remove: remove - head - tail, insert: insert.slice(head, insert.length - tail) }
}

// Of a character of two halves none is left alone.
const isHalf = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800
