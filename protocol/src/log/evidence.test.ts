import { expect, test } from 'vitest'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { entryIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { RUN_ENTRIES_MAX } from '../limits.ts'
import { proveFork } from './evidence.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { Witness } from './evidence.ts'

const idOf = (name: string): EntryId => entryIdOf(hash(utf8ToBytes(name)))
const SIGNATURE = new Uint8Array(64).fill(7)

/** So many entries one after the other; the last of them is signed. */
const branch = (name: string, length: number): readonly Witness[] =>
  Array.from({ length }, (_, at) => ({
    id: idOf(`${name} ${at}`),
    prev: idOf(at === 0 ? 'before' : `${name} ${at - 1}`),
    headerBytes: utf8ToBytes(`${name} ${at}`),
    signature: at === length - 1 ? SIGNATURE : undefined,
  }))

const ids = [idOf('left 0'), idOf('right 0')] as const

test('a fork is proven by the headers of each branch up to the next signature', () => {
  const [left, right] = [branch('left', 1), branch('right', 3)]
  expect(proveFork(ids, [...left, ...right])).toEqual({
    first: { headers: left.map(({ headerBytes }) => headerBytes), signature: SIGNATURE },
    second: { headers: right.map(({ headerBytes }) => headerBytes), signature: SIGNATURE },
  })
})

test.each(['left', 'right'])('a fork is not proven where nothing is signed of one branch, or it is not there (%s)', (bare) => {
  const branches = [branch('left', 2), branch('right', 2)]
  const isBare = ([one]: readonly Witness[]): boolean => one?.id === idOf(`${bare} 0`)
  expect(proveFork(ids, branches.flat())).toBeDefined()
  const unsigned = branches.map((all) => (isBare(all) ? all.map((one) => ({ ...one, signature: undefined })) : all))
  expect(proveFork(ids, unsigned.flat())).toBeUndefined()
  expect(proveFork(ids, branches.filter((all) => !isBare(all)).flat())).toBeUndefined()
})

test('a fork is proven by no more headers than a run has entries', () => {
  const proofWith = (length: number) => proveFork(ids, [...branch('left', 1), ...branch('right', length)])
  expect(proofWith(RUN_ENTRIES_MAX)?.second.headers).toHaveLength(RUN_ENTRIES_MAX)
  expect(proofWith(RUN_ENTRIES_MAX + 1)).toBeUndefined()
})
