import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { accountIdOf } from '../../bytes/ids.ts'
import { LINK_RELAYS_MAX, SILENT_MS } from '../../limits.ts'
import { NO_NET } from '../../node/net.ts'
import { fetchLink } from './fetch-invite.ts'
import type { NodeInput } from '../../node/input.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { FetchParts } from './fetch-invite.ts'

const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value)
const relayAt = (at: number): RelayAddress => ({ key: bytes(at), url: `wss://relay-${at}.example` })
const link = { origin: '', relay: relayAt(1), account: accountIdOf(bytes(200)), token: bytes(3, 16), key: bytes(4), expires: 2_000_000_000 }

/** Which relays are looked at, and when, where none of them answers. */
async function looked(relays: FetchParts['relays']): Promise<readonly { readonly relay: string; readonly at: number }[]> {
  let now = 0
  const seen: { relay: string; at: number }[] = []
  const state = partialState({ self: { account: accountIdOf(bytes(201)) }, net: NO_NET })
  const push = (input: NodeInput): void => void (input.kind === 'visit' && seen.push({ relay: toHex(input.relay.key), at: now }))
  const timers: { due: number; ring: () => void }[] = []
  const timer = (ms: number, ring: () => void): void => void timers.push({ due: now + ms, ring })
  const parts = { loop: { state: () => state, push }, relays, clock: () => now, timer, origin: '' } as unknown as FetchParts
  const found = fetchLink(parts, link)
  let isOver = false
  void found.finally(() => (isOver = true))
  while (!isOver) {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    const next = timers.toSorted((a, b) => a.due - b.due)[0]
    if (next === undefined) continue
    timers.splice(timers.indexOf(next), 1)
    now = Math.max(now, next.due)
    next.ring()
  }
  expect(await found).toEqual({ kind: 'refused', reason: 'unreachable' })
  return seen
}

test('a link is looked for at the relay that it names, and after a silence at the others of the page, so many at most', async () => {
  const listed = Array.from({ length: LINK_RELAYS_MAX + 3 }, (_, at) => relayAt(at + 1))
  const seen = await looked(() => Promise.resolve(listed))
  expect(seen[0]).toEqual({ relay: toHex(link.relay.key), at: 0 })
  expect(seen).toHaveLength(1 + LINK_RELAYS_MAX)
  expect(new Set(seen.map(({ relay }) => relay)).size).toBe(1 + LINK_RELAYS_MAX)
  expect(Math.min(...seen.slice(1).map(({ at }) => at))).toBeGreaterThanOrEqual(SILENT_MS)
})

test('where nobody knows the relays of the page, it is looked for at its own alone', async () => {
  expect(await looked(() => Promise.reject(new Error('out of reach')))).toHaveLength(1)
})
