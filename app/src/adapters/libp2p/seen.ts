// What libp2p takes to know whether it has met something, in the place of its filters (tools/instead.ts). Those are right most of the time in little room; a
// device meets a few relays, of which a set can be sure.

type Item = string | Uint8Array

class Seen {
  readonly #seen = new Set<string>()

  add(item: Item): void {
    this.#seen.add(String(item))
  }

  has(item: Item): boolean {
    return this.#seen.has(String(item))
  }
}

export const createScalableCuckooFilter = (): Seen => new Seen()
