// A byte that changes here breaks the talk with every device that was not updated.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { suiteOneVectors } from './suite-1.ts'
import type { Vectors } from './suite-1.ts'

const frozen = JSON.parse(readFileSync(new URL('suite-1.json', import.meta.url), 'utf8')) as Vectors
const made = suiteOneVectors()

test.each(Object.keys(made))('the vectors of suite 1 are what they were when they were frozen: %s', (section) => {
  expect(made[section]).toEqual(frozen[section])
})

test('no frozen vector is forgotten', () => {
  expect(Object.keys(frozen)).toEqual(Object.keys(made))
})
