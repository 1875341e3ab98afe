// A short run of the fuzzer over every decoder there is, and that none is missing and no broken promise overlooked.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createSeeded } from '../simulation/seeded.ts'
import { SOURCE, sourceFiles } from './codecs.ts'
import { READING_MS_MAX } from './decoder.ts'
import { allDecoders, LEFT_OUT } from './decoders.ts'
import { mutated } from './mutate.ts'
import { attempt, fuzz, memoryFailure } from './run.ts'
import type { Decoder, Reading } from './decoder.ts'

const EXECUTIONS = 40
const decoders = await allDecoders()

describe('the decoders', () => {
  test.each(decoders.map((decoder) => ({ name: decoder.name, decoder })))('keep their promises: $name', ({ decoder }) => {
    const { executions, failures } = fuzz(decoder, { seed: 1, executions: EXECUTIONS })
    expect(failures).toEqual([])
    expect(executions).toBe(EXECUTIONS)
  })

  test('are all there, each with valid bytes to begin with', () => {
    expect(decoders.length).toBeGreaterThan(90)
    expect(decoders.filter(({ seeds }) => seeds.length === 0).map(({ name }) => name)).toEqual([])
    // Functions that parse, and those that make something of bytes. What reads from a store has codecs for its rows.
    const declared =
      /^export (?:async )?(?:function|const) ((?:parse|open|read|accept|admit|decode|unpad|frames|picture|refusalOf)\w*) ?(?:=|\()/gm
    const takesBytes =
      /^[^{]*?(?:bytes|signed|sealed|blob|text|input|update|wire|header|plaintext|padded|value)\w*: (?:Uint8Array|string|WireEntry)/i
    const found = sourceFiles().flatMap((file) => {
      const text = readFileSync(join(SOURCE, file), 'utf8')
      return [...text.matchAll(declared)].flatMap((match) => {
        const head = text.slice(match.index + match[0].length, match.index + match[0].length + 200)
        return takesBytes.test(head) ? [`${file} ${match[1]}`] : []
      })
    })
    expect(found.length).toBeGreaterThan(20)
    expect(found.filter((name) => LEFT_OUT[name] === undefined && !decoders.some((decoder) => decoder.name.startsWith(name)))).toEqual([])
    expect(Object.keys(LEFT_OUT).filter((name) => !existsIn(name))).toEqual([])
  })
})

function existsIn(name: string): boolean {
  const [file = '', exported = ''] = name.split(' ')
  return new RegExp(`^export .*\\b${exported}\\b`, 'm').test(readFileSync(join(SOURCE, file), 'utf8'))
}

describe('the fuzzer', () => {
  const decoderOf = (read: (bytes: Uint8Array) => Reading): Decoder => ({ name: 'planted', seeds: [Uint8Array.of(1, 2, 3, 4)], read })
  const isLong = (bytes: Uint8Array): boolean => bytes.length > 4

  test('finds what is thrown, and the shortest bytes that do it', () => {
    const { failures } = fuzz(
      decoderOf((bytes) => {
        if (isLong(bytes)) throw new TypeError('of no promised kind')
        return { kind: 'read' }
      }),
      { seed: 1, executions: 200 },
    )
    expect(failures).toEqual([{ kind: 'thrown', what: 'TypeError: of no promised kind', input: new Uint8Array(5) }])
  })

  test('finds two encodings of one value', () => {
    const { failures } = fuzz(
      decoderOf((bytes) => ({ kind: 'read', again: isLong(bytes) ? bytes.subarray(0, 4) : bytes })),
      { seed: 1, executions: 200 },
    )
    expect(failures.map(({ kind }) => kind)).toEqual(['not canonical'])
  })

  test('finds what takes long, and what takes much memory for few bytes', () => {
    const slow = decoderOf(() => {
      const end = performance.now() + READING_MS_MAX + 5
      while (performance.now() < end);
      return { kind: 'read' }
    })
    expect(attempt(slow, new Uint8Array(1)).failure?.kind).toBe('slow')
    // What is let go of at once may be gone before it is counted.
    const held: Uint8Array[] = []
    const bomb = decoderOf(() => ({ kind: 'read', again: held[held.push(new Uint8Array(4_000_000)) - 1] }))
    expect(memoryFailure(bomb, new Uint8Array(1))?.kind).toBe('memory')
    expect(
      memoryFailure(
        decoderOf(() => ({ kind: 'read' })),
        new Uint8Array(1),
      ),
    ).toBeUndefined()
  })

  test('looks at the memory of readings one by one only until it knows how many to look at together', () => {
    const executions = 800
    const left: Uint8Array[] = []
    let readings = 0
    const { failures } = fuzz(
      decoderOf((bytes) => {
        readings += 1
        left.push(new Uint8Array(100_000 + bytes.length))
        return { kind: 'read' }
      }),
      { seed: 1, executions },
    )
    expect(failures).toEqual([])
    // Sixteen of them leave more than one may, and eight do not.
    expect(readings).toBeGreaterThan(executions + 1)
    expect(readings).toBeLessThan(executions + 100)
  })

  test('makes the same bytes of the same seed, and others of another', () => {
    const seeds = [Uint8Array.from({ length: 40 }, (_, at) => at)]
    const some = (seed: number): readonly Uint8Array[] => {
      const luck = createSeeded(seed)
      return Array.from({ length: 20 }, () => mutated(seeds, luck))
    }
    expect(some(1)).toEqual(some(1))
    expect(some(1)).not.toEqual(some(2))
  })
})
