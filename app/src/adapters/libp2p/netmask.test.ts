import { describe, expect, it } from 'vitest'
import { cidrContains, IpNet, Netmask } from './netmask.ts'

describe('a range of IPv4 addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['100.64.0.0/10', '100.127.255.255', true],
    ['100.64.0.0/10', '100.128.0.0', false],
    ['172.16.0.0/12', '172.31.4.5', true],
    ['172.16.0.0/12', '172.32.0.0', false],
    ['192.0.0.8/32', '192.0.0.8', true],
    ['192.0.0.8/32', '192.0.0.9', false],
    ['240.0.0.0/4', '255.255.255.254', true],
    ['240.0.0.0/4', '239.255.255.255', false],
    ['0.0.0.0/8', '0.1.2.3', true],
  ])('%s and %s: %s', (range, address, isIn) => {
    expect(new Netmask(range).contains(address)).toBe(isIn)
  })
})

describe('a range of IPv6 addresses', () => {
  it.each([
    ['2000::', true],
    ['3fff:ffff::1', true],
    ['2a01:4f8::1', true],
    ['4000::', false],
    ['1fff::', false],
    ['fe80::1', false],
    ['::1', false],
    ['::ffff:10.0.0.1', false],
  ])('2000::/3 and %s: %s', (address, isIn) => {
    expect(cidrContains('2000::/3', address)).toBe(isIn)
  })

  it('is refused where it takes more than the first group to tell', () => {
    expect(() => cidrContains('2001:db8::/32', '2001:db8::1')).toThrow(RangeError)
  })
})

it('makes no list of addresses', () => {
  expect(() => new IpNet()).toThrow('no lists')
})
