// What libp2p asks of ranges of addresses, in the place of `netmask` and `@chainsafe/netmask` (tools/instead.ts): whether an IPv4 address is in one, and
// whether an IPv6 address begins with the few bits of one. Nothing of Kith has lists of addresses to allow or deny.

const BITS = 32
const GROUP_BITS = 16

const numberOf = (address: string): number => address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)

/** A range of IPv4 addresses, as 10.0.0.0/8. */
export class Netmask {
  readonly #size: number
  readonly #first: number

  constructor(range: string) {
    const [address = '', bits = ''] = range.split('/')
    this.#size = 2 ** (BITS - Number(bits))
    this.#first = this.#startOf(address)
  }

  contains(address: string): boolean {
    return this.#startOf(address) === this.#first
  }

  #startOf(address: string): number {
    return Math.floor(numberOf(address) / this.#size)
  }
}

/** Of IPv6, where a range is told by bits of the first group alone, as 2000::/3. Throws RangeError for another. */
export function cidrContains(range: string, address: string): boolean {
  const [start = '', bits = ''] = range.split('/')
  if (Number(bits) > GROUP_BITS) throw new RangeError(`not told by its first group: ${range}`)
  const beginningOf = (of: string): number => Number.parseInt(of.split(':')[0] || '0', 16) >> (GROUP_BITS - Number(bits))
  return beginningOf(address) === beginningOf(start)
}

/** Throws Error. */
export class IpNet {
  constructor() {
    throw new Error('no lists of addresses to allow or deny')
  }
}
