// Addresses and networks such as 203.0.113.0/24 as operators write them, and whether an address is among some.

import { BlockList, isIP } from 'node:net'

export type Networks = { has(address: string): boolean }

export function toNetworks(entries: readonly string[]): Networks {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return { has: (address) => entries.length > 0 && list.check(plainOf(address), familyOf(plainOf(address))) }
}

export function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0 || address.includes('%')) return false
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** An IPv4 address as IPv6 sockets show it counts as what it is. */
const plainOf = (address: string): string => /^::ffff:([0-9.]+)$/i.exec(address)?.[1] ?? address
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
