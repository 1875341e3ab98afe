// Whose address counts, and what counts as one.

import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ADDRESS_PAGE_SOCKETS_MAX } from '../limits.ts'
import { createCrowd, groupOf } from './crowd.ts'
import type { ForwardedFor } from './crowd.ts'

const PROXY = '127.0.0.1'
const socketFrom = (address: string): Socket => Object.create(new Socket(), { remoteAddress: { value: address } }) as Socket

function addressOf(forwardedFor: ForwardedFor, ...headers: readonly string[]): string {
  const request = new IncomingMessage(socketFrom(PROXY))
  request.headersDistinct = headers.length === 0 ? {} : { 'x-forwarded-for': [...headers] }
  return createCrowd({ connectionsMax: 1, forwardedFor, onRefused: () => {} }).addressOf(request)
}

describe('the address of a request', () => {
  test('is that of its socket, whatever it says itself', () => {
    expect(addressOf('ignore', '192.0.2.1')).toBe(PROXY)
  })
  test.each([
    ['192.0.2.1', ['192.0.2.1']],
    ['192.0.2.1', ['198.51.100.9, 192.0.2.1']],
    ['192.0.2.1', ['198.51.100.9', '10.0.0.1,192.0.2.1 ']],
    ['2001:db8::1', ['192.0.2.1, 2001:db8::1']],
    [PROXY, []],
    [PROXY, ['']],
    [PROXY, ['192.0.2.1, unknown']],
    [PROXY, ['192.0.2.1,']],
    [PROXY, ['192.0.2.1:4711']],
  ])('is %s behind a proxy that writes %j', (address, headers) => {
    expect(addressOf('last', ...headers)).toBe(address)
  })
})

describe('the word of a proxy', () => {
  const addressBy = (proxies: readonly string[] | undefined, from: string): string => {
    const request = new IncomingMessage(socketFrom(from))
    request.headersDistinct = { 'x-forwarded-for': ['192.0.2.1'] }
    const options = { connectionsMax: 1, forwardedFor: 'last' as const, onRefused: () => {} }
    return createCrowd(proxies === undefined ? options : { ...options, proxies }).addressOf(request)
  }

  test.each(['127.0.0.1', '::ffff:127.0.0.1', '::1', '10.1.2.3', '172.31.0.1', '192.168.1.1', 'fd00::1'])('counts from %s', (from) => {
    expect(addressBy(undefined, from)).toBe('192.0.2.1')
  })
  test.each(['198.51.100.7', '172.32.0.1', '2001:db8::7'])('does not count from %s, where nobody vouches for it', (from) => {
    expect(addressBy(undefined, from)).toBe(from)
    expect(addressBy([`${from}`], from)).toBe('192.0.2.1')
  })
  test('counts only from those whom the operator names', () => {
    expect(addressBy(['198.51.100.0/24'], '198.51.100.7')).toBe('192.0.2.1')
    expect(addressBy(['198.51.100.0/24'], '127.0.0.1')).toBe('127.0.0.1')
  })
})

describe('sockets that have said nothing', () => {
  const admitted = (forwardedFor: ForwardedFor): number => {
    const crowd = createCrowd({ connectionsMax: 1, forwardedFor, onRefused: () => {} })
    const sockets = Array.from({ length: 2 * ADDRESS_PAGE_SOCKETS_MAX }, () => socketFrom(PROXY))
    return sockets.filter((socket) => crowd.admitSocket(socket)).length
  }

  test('are so many of one address, unless it is the proxy that speaks for everybody', () => {
    expect(admitted('ignore')).toBe(1 + ADDRESS_PAGE_SOCKETS_MAX)
    expect(admitted('last')).toBe(2 * ADDRESS_PAGE_SOCKETS_MAX)
  })
})

describe('one address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (address, group) => {
    expect(groupOf(address)).toBe(group)
  })
})
