import { expect, test } from 'vitest'
import { replaceModules } from './replace-modules.ts'

test('a module that is not there is not silently left alone', () => {
  expect(() => replaceModules([{ wanted: '../../src/host/reachability.ts', given: 'audited-reachability.ts' }])).toThrow('reachability')
  expect(() => replaceModules([{ wanted: '../../src/host/duty-book.ts', given: 'audited-nothing.ts' }])).toThrow('audited-nothing')
})
