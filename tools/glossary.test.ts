// The glossary names each term once and points at files that use it. CONTRIBUTING.md asks for one word for one thing.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './dist.ts'

const GLOSSARY = 'docs/glossary.md'
const LINKED_FROM = ['ARCHITECTURE.md', 'CONTRIBUTING.md']

type Row = { readonly terms: readonly string[]; readonly meaning: string; readonly files: readonly string[] }

const rows: readonly Row[] = [
  ...readFileSync(join(ROOT, GLOSSARY), 'utf8').matchAll(/^\| (?!term |-)([^|]+?) +\| ([^|]+?) +\| (.+?) +\|$/gm),
].map(([, terms = '', meaning = '', links = '']) => ({
  terms: terms.split(', '),
  meaning,
  files: [...links.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map((link) => String(link[1])),
}))

/** Letters alone, so that `order key` is found in `orderKey` and `order-key.ts`. */
const lettersOf = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '')

describe('the glossary', () => {
  it('has a sentence and a file for each term', () => {
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter(({ meaning, files }) => meaning.length < 20 || files.length === 0).map(({ terms }) => terms)).toEqual([])
  })

  it('defines no term twice', () => {
    const terms = rows.flatMap((row) => row.terms)
    expect(terms.filter((term, at) => terms.indexOf(term) !== at)).toEqual([])
  })

  it('points at files that use the term', () => {
    const unused = rows.flatMap(({ terms: [term = ''], files }) =>
      files.filter((file) => !lettersOf(`${file}${readFileSync(join(ROOT, file), 'utf8')}`).includes(lettersOf(term))),
    )
    expect(unused).toEqual([])
  })

  it('is linked from where newcomers begin', () => {
    expect(LINKED_FROM.filter((file) => !readFileSync(join(ROOT, file), 'utf8').includes(`(${GLOSSARY})`))).toEqual([])
  })
})
