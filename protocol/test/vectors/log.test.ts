import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contentVectors, entryVectors } from './log.ts'

const frozen = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

describe('the log of suite 1', () => {
  it('writes every content as it was frozen', () => {
    expect(contentVectors()).toEqual(frozen('log-content.json'))
  })

  it('makes the same entries, ids, signatures and order keys as when it was frozen', () => {
    expect(entryVectors()).toEqual(frozen('log-entry.json'))
  })
})
