import { StoreError } from '@kith/protocol'
import { describe, expect, test } from 'vitest'
import { isNoRoom, toStoreError } from './requests.ts'

describe('"no room"', () => {
  test.each([
    [
      'Chromium, LevelDB',
      'UnknownError',
      'Connection is closing because of: IO error: .../000003.log: FILE_ERROR_NO_SPACE (ChromeMethodBFE: 3::WritableFileAppend::8)',
    ],
    ['Chromium, SQLite', 'UnknownError', 'Internal error: database or disk is full'],
    ['Chromium, opening', 'QuotaExceededError', 'Encountered full disk while opening backing store for indexedDB.open.'],
    ['Chromium, opening, older', 'UnknownError', 'Encountered full disk while opening backing store for indexedDB.open.'],
    ['Firefox', 'UnknownError', 'NS_ERROR_FILE_NO_DEVICE_SPACE'],
    ['Firefox, its share', 'QuotaExceededError', 'The current transaction exceeded its quota limitations.'],
    ['WebKit', 'UnknownError', 'Error executing statement: SQLITE_FULL'],
    ['WebKit, words', 'UnknownError', 'Failed to store record in object store: disk full'],
  ])('is understood from %s', (_, name, message) => {
    expect(isNoRoom(new DOMException(message, name))).toBe(true)
    expect(isNoRoom(new StoreError('failed', 'x', { cause: new DOMException(message, name) }))).toBe(true)
  })

  test.each([
    ['UnknownError', 'Internal error opening backing store for indexedDB.open.'],
    ['InvalidStateError', 'The database connection is closing.'],
    ['DataError', 'no key'],
  ])('is not read into %s: %s', (name, message) => {
    expect(isNoRoom(new DOMException(message, name))).toBe(false)
  })

  test('of the browser’s own limit leaves a whole database; of the disk, one that was cut off', () => {
    expect(toStoreError(new DOMException('x', 'QuotaExceededError')).code).toBe('quota')
    expect(toStoreError(new DOMException('FILE_ERROR_NO_SPACE', 'UnknownError')).code).toBe('failed')
  })
})
