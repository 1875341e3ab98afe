// What is said before the app is there stands in index.html, and beside it in the other languages.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { LANGUAGES, directionOf } from '../languages.ts'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

it('says all of it in each language', () => {
  const said = [...read('index.html').matchAll(/data-says="(\w+)"/g)].map((match) => String(match[1]))
  expect(said).toEqual(['title', 'broken', 'old', 'slow', 'reload', 'copy'])
  const words = JSON.parse(read('public/start-words.json')) as Readonly<Record<string, Readonly<Record<string, string>>>>
  const foreign = LANGUAGES.filter((language) => language !== 'en')
  expect(Object.keys(words)).toEqual(foreign.map((language) => language.split('-')[0]))
  for (const language of foreign) {
    const here = words[language.split('-')[0] ?? ''] ?? {}
    expect(Object.keys(here), language).toEqual(['dir', ...said])
    expect(here['dir']).toBe(directionOf(language))
    expect(Object.values(here).filter((text) => text.trim() === '')).toEqual([])
  }
})
