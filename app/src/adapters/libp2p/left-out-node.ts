// Parts of a libp2p node that no device of Kith uses, in their place (tools/instead.ts): looking for peers and relays in a network, telling how others see its
// addresses, connecting again by itself. A device knows its relays and the devices it dials, and relay-link.ts connects again.

/** In the place of what is made with every node and would do nothing. */
class Idle {}
export { Idle as ConnectionMonitor, Idle as RandomWalk, Idle as ReconnectQueue }

export class RelayDiscovery extends EventTarget {
  startDiscovery(): void {}
  stopDiscovery(): void {}
}

/** Of a device that is reached through its relays alone. */
class NoAddresses {
  has(): boolean {
    return false
  }

  getAll(): readonly [] {
    return []
  }
}
export { NoAddresses as DNSMappings, NoAddresses as IPMappings, NoAddresses as ObservedAddresses }

/** An address with such a name stays as it is, and no transport dials it. */
export const dnsaddrResolver = { canResolve: (): boolean => false }

/** Whoever connects comes through a relay, whose one address stands for all of them. They are counted in direct-links.ts. */
export class RateLimiter {
  consume(): void {}
}
