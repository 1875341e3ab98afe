import { describe, expect, test } from 'vitest'
import { encodingsOf } from './encodings.ts'

describe('the forms of a file that are taken', () => {
  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br identity'],
    ['gzip, deflate, br, zstd', 'br gzip identity'],
    ['GZIP ; Q=0.5 , BR', 'br gzip identity'],
    ['x-gzip', 'gzip identity'],
    ['br;q=0, gzip', 'gzip identity'],
    ['br;q=0.000', 'identity'],
    ['br;q=0.001', 'br identity'],
    ['*', 'br gzip identity'],
    ['*;q=0', ''],
    ['*;q=0, identity', 'identity'],
    ['*;q=0, br', 'br'],
    ['identity;q=0', ''],
    ['identity;q=0, gzip', 'gzip'],
    ['br;q=2', 'identity'],
    ['br;q=-1', 'identity'],
    ['br;level=4', 'identity'],
    ['br;q=1;q=0', 'identity'],
    ['brotli, bro, "br"', 'identity'],
    [','.repeat(1_000), 'identity'],
  ])('with %j are: %s', (header, expected) => {
    expect(encodingsOf(header).join(' ')).toBe(expected)
  })
})
