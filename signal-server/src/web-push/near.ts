// Addresses that a name from outside may not lead to: this machine, its own networks, and what no public service has (RFC 6890 and its registries).

import { BlockList, isIP } from 'node:net'

const NEAR: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** Of IPv6 only 2000::/3 is given out, and of that these are not, or stand for an IPv4 address. */
const NEAR_6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const near = new BlockList()
for (const [net, prefix] of NEAR) near.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of NEAR_6) near.addSubnet(net, prefix, 'ipv6')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')

export function isNear(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return near.check(address, 'ipv4')
  return family !== 6 || !given.check(address, 'ipv6') || near.check(address, 'ipv6')
}
