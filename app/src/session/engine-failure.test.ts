import { StoreError } from '@kith/protocol'
import { expect, test } from 'vitest'
import { DatabaseOpenError } from '../adapters/indexeddb/database.ts'
import { detailOf, LostError, toEngineFailure } from './engine-failure.ts'

test.each([
  [new DatabaseOpenError('outdated', 'the tables are newer'), 'outdated'],
  [new StoreError('outdated', 'the rows are newer'), 'outdated'],
  [new StoreError('corrupt', 'a row is not as it was sealed'), 'storage-corrupt'],
  [new StoreError('quota', 'no space'), 'storage-full'],
  [new StoreError('failed', 'cut off', { cause: new DOMException('FILE_ERROR_NO_SPACE', 'UnknownError') }), 'storage-full'],
  [new StoreError('failed', 'no idea'), 'storage-failing'],
  [new StoreError('closed', 'closed'), 'crashed'],
  [new LostError('gone'), 'storage-lost'],
  [new Error('anything else'), 'crashed'],
] as const)('%s is told as %s', (error, code) => {
  expect(toEngineFailure(error)).toBe(code)
})

test('the console is told what a failure came of', () => {
  const cause = new DOMException('Failed to read large IndexedDB value', 'DataError')
  expect(detailOf(new StoreError('corrupt', 'the database cannot be read', { cause }))).toBe(
    'StoreError: the database cannot be read, because of DataError: Failed to read large IndexedDB value',
  )
  expect(detailOf('closed')).toBe('closed')
})
